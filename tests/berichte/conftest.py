from collections.abc import Callable

import pytest

from jobcenter.berichte.actions import claim_bericht, finish_bericht, request_bericht
from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.canonical import canonical_json, fingerprint
from massnahmen.models import Arbeitsmarktprogramm, Beratung, Fassung, Veroeffentlichung
from massnahmen.queries import collect_inhalt


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test keeps its files to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def bericht(veroeffentlichung, system) -> Bericht:
    """The report on the published Fassung, asked for and waiting."""
    return request_bericht(art=Berichtsart.PROGRAMM, fassung=veroeffentlichung.fassung, by=system)


@pytest.fixture
def finish(system) -> Callable[..., Bericht]:
    """Close a report with a given file, without setting it: finish(bericht, b"%PDF-…")."""

    def make(bericht: Bericht, pdf: bytes = b"%PDF-1.7 small", seiten: int = 12) -> Bericht:
        versuch = claim_bericht(bericht=bericht, by=system)
        done = finish_bericht(bericht=bericht, versuch=versuch, pdf=pdf, seiten=seiten, by=system)
        assert done is not None
        return done

    return make


@pytest.fixture
def publish_year(leitung) -> Callable[[int], Fassung]:
    """A published programme of a year, as rows: many of them would take long through ballots."""

    def make(jahr: int) -> Fassung:
        programm = Arbeitsmarktprogramm.objects.create(jahr=jahr, titel=f"Arbeitsmarktprogramm {jahr}")
        text = canonical_json(collect_inhalt(programm))
        fassung = Fassung.objects.create(programm=programm, nummer=1, inhalt=text, pruefsumme=fingerprint(text), vorgelegt_von=leitung)
        beratung = Beratung.objects.create(
            fassung=fassung, ergebnis="zugestimmt", ja=3, nein=0, enthaltung=0, beschluss="Beschluss 01/2026"
        )
        Veroeffentlichung.objects.create(beratung=beratung, am=clock.now(), von=leitung)
        return fassung

    return make
