"""Input of deliveries and column plans: checked here, written by actions."""

from kennzahlen.forms.eigene import EigeneForm, MesswertForm
from kennzahlen.forms.lieferung import LieferungForm, UebernehmenForm, ZurueckziehenForm
from kennzahlen.forms.rangliste import MonatForm, RanglisteForm
from kennzahlen.forms.spaltenplan import SPALTEN, SpaltenplanForm, Spaltenwort, stored_spaltenplan
from kennzahlen.forms.ziele import ZielAendernForm, ZielForm, stored_ziel
from kennzahlen.forms.zitate import HAND, ZitatForm
from kennzahlen.forms.zuordnungen import ZuordnungenBestaetigenForm, ZuordnungenForm, ZusammenlegenForm

__all__ = [
    "HAND",
    "SPALTEN",
    "EigeneForm",
    "LieferungForm",
    "MesswertForm",
    "MonatForm",
    "RanglisteForm",
    "SpaltenplanForm",
    "Spaltenwort",
    "UebernehmenForm",
    "ZielAendernForm",
    "ZielForm",
    "ZitatForm",
    "ZuordnungenBestaetigenForm",
    "ZuordnungenForm",
    "ZurueckziehenForm",
    "ZusammenlegenForm",
    "stored_spaltenplan",
    "stored_ziel",
]
