import pytest
from django.urls import reverse

from beirat.actions import open_abstimmung
from massnahmen.actions import reopen_programm, update_zusammenfassung
from tests.beirat.lesen import targets, words
from tests.massnahmen.verfaelschen import falsify

pytestmark = pytest.mark.django_db


def url(top) -> str:
    return reverse("beirat:vorlage-detail", args=[top.vorlage.pk])


def test_a_member_reads_exactly_the_frozen_text(top, fassung, leitung, planung, mitglied, signed_in):
    programm = reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung="Später geschrieben", by=planung)
    text = words(signed_in(mitglied.konto).get(url(top)))
    assert "Neuer Start im Betrieb" in text
    assert "520.000,50 €" in text
    assert "Später geschrieben" not in text
    assert fassung.pruefsumme in text
    assert "TOP 2 der 22. Sitzung" in text


def test_who_is_outside_does_not_read_it(top, fremd, ehemalig, client, signed_in):
    assert client.get(url(top)).status_code == 302
    for who in (fremd, ehemalig.konto):
        assert signed_in(who).get(url(top)).status_code == 403


def test_staff_read_it_too(top, planung, signed_in):
    assert signed_in(planung).get(url(top)).status_code == 200


def test_a_paper_without_an_agenda_item_cannot_be_read(top, mitglied, signed_in):
    address = url(top)
    type(top).objects.filter(pk=top.pk).update(vorlage=None)
    assert signed_in(mitglied.konto).get(address).status_code == 404


def test_the_way_to_the_ballot_while_it_is_open(top, eroeffnet, vorsitz, mitglied, signed_in):
    browser = signed_in(mitglied.konto)
    assert "Zur Abstimmung" not in words(browser.get(url(top)))
    eroeffnet()
    ballot = open_abstimmung(top=top, by=vorsitz.konto)
    assert reverse("beirat:abstimmung-detail", args=[ballot.pk]) in targets(browser.get(url(top)))


@pytest.mark.parametrize("with_fingerprint", [False, True])
def test_nobody_votes_on_a_text_that_was_changed_in_the_database(top, fassung, mitglied, signed_in, with_fingerprint):
    real = fassung.pruefsumme
    falsify(fassung, "Neuer Start", "Falscher Start", with_fingerprint=with_fingerprint)
    text = words(signed_in(mitglied.konto).get(url(top)))
    assert "Dieser Text wurde verändert. Wir zeigen ihn nicht." in text
    assert real in text
    assert "Start im Betrieb" not in text
