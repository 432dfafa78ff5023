import pytest
from django.conf import settings
from django.urls import reverse

from jobcenter.common.transitions import TransitionError
from jobcenter.portal.actions import answer_barriere
from jobcenter.portal.enums import Meldungsstatus
from jobcenter.portal.models import Barrieremeldung
from jobcenter.post.models import Versand
from tests.html import Page

pytestmark = pytest.mark.django_db


def url(meldung: Barrieremeldung) -> str:
    return reverse("portal:barrieremeldung-detail", args=[meldung.pk])


def test_administration_only(signed_in, administration, planung, client, meldung):
    one = meldung()
    assert signed_in(administration).get(url(one)).status_code == 200
    for send in (signed_in(planung).get, signed_in(planung).post):
        assert send(url(one)).status_code == 403
    assert client.get(url(one)).status_code == 302


def test_an_answer_closes_the_report_and_goes_to_the_visitor(signed_in, administration, meldung):
    one = meldung("Menü klemmt", mail="leser@example.org")
    told = list(Versand.objects.values_list("pk", flat=True))
    response = signed_in(administration).post(url(one), {"antwort": "Das Menü geht jetzt auf."}, follow=True)
    assert f"Die Meldung {one.nummer_text} ist erledigt. Die Antwort geht an leser@example.org." in Page(response.content).one("main").text
    one.refresh_from_db()
    assert (one.status, one.erledigt_von, one.antwort) == (Meldungsstatus.ERLEDIGT, administration, "Das Menü geht jetzt auf.")
    letter = Versand.objects.exclude(pk__in=told).get()
    assert letter.adresse == "leser@example.org"
    assert "Das Menü geht jetzt auf." in letter.text
    assert one.nummer_text in letter.betreff
    assert letter.vertraulich  # its text is forgotten once it is sent


def test_without_an_address_no_mail(signed_in, administration, meldung):
    one = meldung()
    signed_in(administration).post(url(one), {"antwort": "Behoben."})
    assert [letter.adresse for letter in Versand.objects.all()] == [settings.INSTANZ.kontakt.mail]  # only that there is a report


def test_an_answer_is_needed(signed_in, administration, meldung):
    one = meldung()
    response = signed_in(administration).post(url(one), {"antwort": " "})
    assert response.status_code == 422
    assert "Die Antwort fehlt." in Page(response.content).one("div", role="alert").text


def test_what_is_answered_cannot_be_answered_again(signed_in, administration, meldung):
    one = meldung(mail="leser@example.org")
    answer_barriere(meldung=one, antwort="Behoben.", by=administration)
    sent = Versand.objects.count()
    browser = signed_in(administration)
    assert not Page(browser.get(url(one)).content).all("textarea")
    response = browser.post(url(one), {"antwort": "Noch einmal."})
    assert response.status_code == 409
    assert Versand.objects.count() == sent
    with pytest.raises(TransitionError, match=rf"Die Meldung {one.nummer_text} ist im Stand „beantwortet“"):
        answer_barriere(meldung=one, antwort="Noch einmal.", by=administration)
