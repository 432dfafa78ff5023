"""A publication finds a draft ready, made from the frozen text and the advice alone."""

import pytest
from django.core.exceptions import PermissionDenied

from beirat.actions import cast_stimme, close_abstimmung
from beirat.enums import Wahl
from jobcenter.common import events
from jobcenter.common.models import Zustellung
from jobcenter.presse.actions import release_pressemitteilung, request_release
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import suggest_entwurf
from jobcenter.presse.tasks import prepare_pressemitteilung
from massnahmen.actions import begin_beteiligung, publish_programm
from massnahmen.models import Beratung, Massnahme

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_publication_prepares_one_draft(veroeffentlichung):
    row = Zustellung.objects.get(abonnent="jobcenter.presse.tasks.prepare_pressemitteilung")
    events.deliver(row.pk)
    events.deliver(row.pk)
    prepare_pressemitteilung(veroeffentlichung.pk)
    mitteilung = Pressemitteilung.objects.get()
    assert (mitteilung.status, mitteilung.fassung, mitteilung.nummer) == (Pressestatus.ENTWURF, veroeffentlichung.fassung, None)
    assert str(mitteilung.geaendert_von) == "Hintergrunddienst"


def test_the_draft_tells_figures_vote_and_where_to_read_on(veroeffentlichung, settings):
    Massnahme.objects.update(titel="Inzwischen umbenannt")
    settings.BASE_URL = "https://jobcenter.musterburg.example"
    prepare_pressemitteilung(veroeffentlichung.pk)
    mitteilung = Pressemitteilung.objects.get()
    assert plain(mitteilung.titel) == "Arbeitsmarktprogramm 2027: 1 Maßnahme für 520.000,50 €"
    assert plain(mitteilung.vorspann) == (
        "Das Jobcenter Landkreis Musterburg hat sein Arbeitsmarktprogramm für 2027 veröffentlicht. "
        "Es plant 1 Maßnahme mit 12 Plätzen und 520.000,50 €. Der Beirat hat einstimmig zugestimmt."
    )
    text = plain(mitteilung.text)
    for said in [
        "Beschäftigung schaffende Maßnahmen (520.000,50 €)",
        "Eingliederungstitel (Bund) (420.000 €) und Passiv-Aktiv-Transfer (100.000,50 €)",
        "sind 20 Eintritte in Maßnahmen geplant",
        "„Neuer Start im Betrieb“ (Lohnzuschuss für Betriebe, § 16i SGB II)",
        "3 Ja, 0 Nein, 0 Enthaltungen",
        veroeffentlichung.beratung.beschluss,
        "https://jobcenter.musterburg.example/arbeitsmarktprogramm/2027/",
    ]:
        assert said in text, said
    assert "umbenannt" not in text


def test_a_divided_vote_carries_the_answer(abstimmung, vorsitz, mitglied, mitglied2, decide, leitung):
    for seat, wahl in ((vorsitz, Wahl.JA), (mitglied, Wahl.JA), (mitglied2, Wahl.NEIN)):
        cast_stimme(abstimmung=abstimmung, wahl=wahl, by=seat.konto)
    beschluss = close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    decide(beschluss.fassung)
    veroeffentlichung = publish_programm(beratung=beschluss.fassung.beratung, antwort="Wir prüfen mehr Plätze.", by=leitung)
    prepare_pressemitteilung(veroeffentlichung.pk)
    mitteilung = Pressemitteilung.objects.get()
    assert "Der Beirat hat mehrheitlich zugestimmt." in mitteilung.vorspann
    assert "2 Ja, 1 Nein, 0 Enthaltungen" in mitteilung.text
    assert "„Wir prüfen mehr Plätze.“" in mitteilung.text


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        (("zugestimmt", 3, 0, 0), "einstimmig zugestimmt"),
        (("zugestimmt", 11, 0, 1), "ohne Gegenstimme zugestimmt"),
        (("zugestimmt", 9, 2, 1), "mehrheitlich zugestimmt"),
        (("abgelehnt", 2, 2, 0), "abgelehnt"),
    ],
)
def test_the_vote_in_words(votes, words):
    ergebnis, ja, nein, enthaltung = votes
    assert Beratung(ergebnis=ergebnis, ja=ja, nein=nein, enthaltung=enthaltung).wortlaut == words


def test_the_prepared_draft_needs_two_people_as_well(veroeffentlichung, presse, presse2):
    """The background service wrote it: who asks for the release unchanged cannot release, another person can."""
    prepare_pressemitteilung(veroeffentlichung.pk)
    draft = Pressemitteilung.objects.get()
    asked = request_release(pressemitteilung=draft, version=draft.version, by=presse)
    assert (str(asked.geaendert_von), asked.angefragt_von) == ("Hintergrunddienst", presse)
    with pytest.raises(PermissionDenied):
        release_pressemitteilung(pressemitteilung=asked, version=asked.version, by=presse)
    assert release_pressemitteilung(pressemitteilung=asked, version=asked.version, by=presse2).nummer == 1


def test_the_first_publication_is_no_fortschreibung_though_the_bca_had_the_first_fassung(request, position, planung):
    begin_beteiligung(programm=position.programm, by=planung)
    veroeffentlichung = request.getfixturevalue("veroeffentlichung")
    assert veroeffentlichung.fassung.nummer == 2
    assert "fortgeschrieben" not in suggest_entwurf(veroeffentlichung).titel
