"""Pages of the room: figures for everybody, deliveries and column plans for staff."""

from kennzahlen.views.begriffe import BegriffeView
from kennzahlen.views.eigene import EigeneListeView, EigeneNeuView, MesswertNeuView
from kennzahlen.views.kennzahl import DiagrammView, KennzahlDetailView
from kennzahlen.views.lieferung import (
    LieferungDetailView,
    LieferungFehlerView,
    LieferungListeView,
    LieferungMusterView,
    LieferungNeuView,
    LieferungUebernehmenView,
    LieferungVerwerfenView,
    LieferungWiederholenView,
    LieferungZurueckziehenView,
)
from kennzahlen.views.rangliste import RanglisteView
from kennzahlen.views.spaltenplan import SpaltenplanBearbeitenView, SpaltenplanListeView, SpaltenplanNeuView
from kennzahlen.views.uebersicht import UebersichtView
from kennzahlen.views.vergleich import VergleichView
from kennzahlen.views.ziele import ZielBearbeitenView, ZielListeView, ZielNeuView
from kennzahlen.views.zitate import ZitatListeView, ZitatLoesenView, ZitatPruefungView
from kennzahlen.views.zuordnungen import ZuordnungListeView

__all__ = [
    "BegriffeView",
    "DiagrammView",
    "EigeneListeView",
    "EigeneNeuView",
    "KennzahlDetailView",
    "LieferungDetailView",
    "LieferungFehlerView",
    "LieferungListeView",
    "LieferungMusterView",
    "LieferungNeuView",
    "LieferungUebernehmenView",
    "LieferungVerwerfenView",
    "LieferungWiederholenView",
    "LieferungZurueckziehenView",
    "MesswertNeuView",
    "RanglisteView",
    "SpaltenplanBearbeitenView",
    "SpaltenplanListeView",
    "SpaltenplanNeuView",
    "UebersichtView",
    "VergleichView",
    "ZielBearbeitenView",
    "ZielListeView",
    "ZielNeuView",
    "ZitatListeView",
    "ZitatLoesenView",
    "ZitatPruefungView",
    "ZuordnungListeView",
]
