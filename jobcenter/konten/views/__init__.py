from jobcenter.konten.views.konten import (
    EinladungSendenView,
    KontoBearbeitenView,
    KontoDetailView,
    KontoEinladenView,
    KontoFaktorZuruecksetzenView,
    KontoListeView,
    KontoOeffnenView,
    KontoSchliessenView,
)
from jobcenter.konten.views.mein_konto import (
    BenachrichtigungenView,
    EinladungAnnehmenView,
    MailAendernView,
    MailBestaetigenView,
    MeinKontoView,
    ZweiterFaktorView,
)
from jobcenter.konten.views.notfallcodes import NotfallcodesTextView

__all__ = [
    "BenachrichtigungenView",
    "EinladungAnnehmenView",
    "EinladungSendenView",
    "KontoBearbeitenView",
    "KontoDetailView",
    "KontoEinladenView",
    "KontoFaktorZuruecksetzenView",
    "KontoListeView",
    "KontoOeffnenView",
    "KontoSchliessenView",
    "MailAendernView",
    "MailBestaetigenView",
    "MeinKontoView",
    "NotfallcodesTextView",
    "ZweiterFaktorView",
]
