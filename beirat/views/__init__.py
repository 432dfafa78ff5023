from beirat.views.abstimmungen import (
    AbstimmungAbbrechenView,
    AbstimmungDetailView,
    AbstimmungEroeffnenView,
    AbstimmungSchliessenView,
    StimmeBestaetigenView,
)
from beirat.views.oeffentlich import BeiratView, BeschlussListeView, SitzungDetailView, SitzungListeView
from beirat.views.sitzungen import (
    AnwesenheitErfassenView,
    FassungVorlegenView,
    SitzungEinladenView,
    SitzungEroeffnenView,
    SitzungInternDetailView,
    SitzungInternListeView,
    SitzungPlanenView,
    SitzungSchliessenView,
    TopAnlegenView,
    VorlageAenderungenView,
    VorlageDetailView,
)

__all__ = [
    "AbstimmungAbbrechenView",
    "AbstimmungDetailView",
    "AbstimmungEroeffnenView",
    "AbstimmungSchliessenView",
    "AnwesenheitErfassenView",
    "BeiratView",
    "BeschlussListeView",
    "FassungVorlegenView",
    "SitzungDetailView",
    "SitzungEinladenView",
    "SitzungEroeffnenView",
    "SitzungInternDetailView",
    "SitzungInternListeView",
    "SitzungListeView",
    "SitzungPlanenView",
    "SitzungSchliessenView",
    "StimmeBestaetigenView",
    "TopAnlegenView",
    "VorlageAenderungenView",
    "VorlageDetailView",
]
