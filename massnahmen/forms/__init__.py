"""Input of programme and measures, checked before an action sees it."""

from massnahmen.forms.kapitel import KapitelForm, TextForm
from massnahmen.forms.massnahme import InstrumentField, MassnahmeForm, stored_values
from massnahmen.forms.sammel import ArchivForm, HandlungsfeldForm
from massnahmen.forms.weg import (
    AbschliessenForm,
    AnlegenForm,
    AntwortForm,
    BestaetigenForm,
    FortschreibenForm,
    GremienbeschlussForm,
    OeffnenForm,
    RuecknahmeForm,
    StellungnahmeForm,
    UmgangForm,
    VorlageForm,
    list_missing_years,
)
from massnahmen.forms.ziele import BildungszielForm, ProgrammzielForm, stored_bildungsziel, stored_programmziel

__all__ = [
    "AbschliessenForm",
    "AnlegenForm",
    "AntwortForm",
    "ArchivForm",
    "BestaetigenForm",
    "BildungszielForm",
    "FortschreibenForm",
    "GremienbeschlussForm",
    "HandlungsfeldForm",
    "InstrumentField",
    "KapitelForm",
    "MassnahmeForm",
    "OeffnenForm",
    "ProgrammzielForm",
    "RuecknahmeForm",
    "StellungnahmeForm",
    "TextForm",
    "UmgangForm",
    "VorlageForm",
    "list_missing_years",
    "stored_bildungsziel",
    "stored_programmziel",
    "stored_values",
]
