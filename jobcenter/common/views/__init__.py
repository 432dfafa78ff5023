"""What views of every room share."""

from jobcenter.common.views.grundlagen import KernFormView, PermissionMixin
from jobcenter.common.views.kommentare import (
    KommentarAnlegenView,
    KommentarErledigenView,
    KommentarOeffnenView,
    KommentarStandView,
    KommentarView,
)
from jobcenter.common.views.schreiben import (
    EinmalMixin,
    KonfliktMixin,
    Schreibhilfe,
    ZwischenstandMixin,
    ZwischenstandSpeichernView,
    ZwischenstandVerwerfenView,
    ZwischenstandView,
)
from jobcenter.common.views.verlauf import StandMixin, VerlaufMixin, find_asked_stand

__all__ = [
    "EinmalMixin",
    "KernFormView",
    "KommentarAnlegenView",
    "KommentarErledigenView",
    "KommentarOeffnenView",
    "KommentarStandView",
    "KommentarView",
    "KonfliktMixin",
    "PermissionMixin",
    "Schreibhilfe",
    "StandMixin",
    "VerlaufMixin",
    "ZwischenstandMixin",
    "ZwischenstandSpeichernView",
    "ZwischenstandVerwerfenView",
    "ZwischenstandView",
    "find_asked_stand",
]
