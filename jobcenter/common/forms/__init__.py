"""Fields and forms that speak German."""

from jobcenter.common.forms.dateien import DateienField, DateiField
from jobcenter.common.forms.felder import (
    MOST_CENT,
    CentField,
    DatumField,
    DatumInput,
    MehrfachAuswahl,
    MonatField,
    MonatInput,
    ZaehlText,
    ZahlField,
    ZeitpunktField,
    ZeitpunktInput,
    Zeitraum,
    ZeitraumField,
    ZeitraumInput,
)
from jobcenter.common.forms.formulare import KernForm, KernFormMixin, KernModelForm
from jobcenter.common.forms.galerie import GalerieForm
from jobcenter.common.forms.richtext import RichTextField

__all__ = [
    "MOST_CENT",
    "CentField",
    "DateiField",
    "DateienField",
    "DatumField",
    "DatumInput",
    "GalerieForm",
    "KernForm",
    "KernFormMixin",
    "KernModelForm",
    "MehrfachAuswahl",
    "MonatField",
    "MonatInput",
    "RichTextField",
    "ZaehlText",
    "ZahlField",
    "ZeitpunktField",
    "ZeitpunktInput",
    "Zeitraum",
    "ZeitraumField",
    "ZeitraumInput",
]
