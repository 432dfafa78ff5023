from datetime import timedelta

import pytest
from django.urls import reverse

from beirat.actions import add_fassung_to_agenda, invite_sitzung, plan_sitzung
from jobcenter.common import clock
from massnahmen.actions import begin_fortschreibung, update_zusammenfassung
from massnahmen.models import Arbeitsmarktprogramm
from tests.beirat.lesen import targets, words
from tests.massnahmen.verfaelschen import falsify

pytestmark = pytest.mark.django_db


def url(top) -> str:
    return reverse("beirat:vorlage-aenderungen", args=[top.vorlage.pk])


@pytest.fixture
def zweiter_top(veroeffentlichung, leitung, planung, submit, geschaeftsstelle):
    """The programme is written on, and its next Fassung stands on the agenda of the next session."""
    programm = begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Weniger Geld.", by=leitung)
    update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung="Kürzer und ganz anders.", by=planung)
    fassung = submit(Arbeitsmarktprogramm.objects.get())
    beginn = clock.now() + timedelta(days=40)
    naechste = plan_sitzung(nummer=23, beginn=beginn, ort="Saal 1", by=geschaeftsstelle)
    top = add_fassung_to_agenda(sitzung=naechste, fassung=fassung, by=geschaeftsstelle)
    invite_sitzung(sitzung=naechste, by=geschaeftsstelle)
    return top


def test_a_member_sees_what_is_new_since_the_published_fassung(zweiter_top, mitglied, signed_in):
    browser = signed_in(mitglied.konto)
    assert url(zweiter_top) in targets(browser.get(reverse("beirat:vorlage-detail", args=[zweiter_top.vorlage.pk])))
    text = words(browser.get(url(zweiter_top)))
    assert "2027, Fassung 2, über die Sie beraten, neben dem, was öffentlich ist: 2027, Fassung 1." in text
    assert "[eingefügt: Kürzer" in text


def test_the_first_programme_has_nothing_to_compare(top, mitglied, signed_in):
    browser = signed_in(mitglied.konto)
    assert url(top) not in targets(browser.get(reverse("beirat:vorlage-detail", args=[top.vorlage.pk])))
    assert browser.get(url(top)).status_code == 404


def test_who_is_outside_does_not_read_it(zweiter_top, fremd, ehemalig, client, signed_in):
    assert client.get(url(zweiter_top)).status_code == 302
    for who in (fremd, ehemalig.konto):
        assert signed_in(who).get(url(zweiter_top)).status_code == 403


def test_a_text_that_was_changed_in_the_database_is_not_compared(zweiter_top, fassung, mitglied, signed_in):
    falsify(fassung, "Neuer Start", "Falscher Start")
    text = words(signed_in(mitglied.konto).get(url(zweiter_top)))
    assert "Fassung 1 lässt sich nicht vergleichen." in text
    assert "Falscher Start" not in text
