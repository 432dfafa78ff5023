from collections.abc import Callable

import pytest

from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release
from jobcenter.presse.models import Pressemitteilung

TEXTE = {
    "titel": "Mehr Betriebe nutzen den Lohnzuschuss",
    "vorspann": "38 Betriebe haben einen Zuschuss erhalten.",
    "text": "Der Zuschuss hilft beim Anfang.\n\n„Der erste Tag entscheidet“, sagt die Leiterin.",
}


@pytest.fixture
def texte() -> dict[str, str]:
    return dict(TEXTE)


@pytest.fixture
def draft(presse) -> Callable[..., Pressemitteilung]:
    """A draft of presse: draft(titel="…", sperrfrist=…)."""

    def make(**fields) -> Pressemitteilung:
        return create_pressemitteilung(**{**TEXTE, **fields}, by=presse)

    return make


@pytest.fixture
def requested(draft, presse) -> Callable[..., Pressemitteilung]:
    """A text of presse that waits for a second person."""

    def make(**fields) -> Pressemitteilung:
        entwurf = draft(**fields)
        return request_release(pressemitteilung=entwurf, version=entwurf.version, by=presse)

    return make


@pytest.fixture
def released(requested, presse2) -> Callable[..., Pressemitteilung]:
    """Written by presse, released by presse2."""

    def make(**fields) -> Pressemitteilung:
        mitteilung = requested(**fields)
        return release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)

    return make
