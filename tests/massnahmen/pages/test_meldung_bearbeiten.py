from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Meldungsangaben, update_meldung
from massnahmen.models import Massnahme, Monatsmeldung
from tests.massnahmen.conftest import sent_by

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def meldung(run, report) -> Monatsmeldung:
    return report(run(), 2026, 10, teilnahmetage=200, eintritte=5, kosten_cent=18_450_20)


@pytest.fixture
def page_url(meldung) -> str:
    return f"/intern/massnahmen/{meldung.massnahme_id}/meldungen/{meldung.pk}/"


def test_a_correction_is_saved(signed_in, controlling, meldung, page_url):
    browser = signed_in(controlling)
    page = browser.get(page_url)
    values = sent_by(page, page_url)
    assert "monat" not in values  # it stays
    assert (values["teilnahmetage"], values["kosten_cent"], values["version"]) == (["200"], ["18.450,20"], ["1"])
    assertContains(page, "Monat gemeldet am")
    response = browser.post(page_url, values | {"teilnahmetage": "210"}, follow=True)
    assertRedirects(response, reverse("massnahmen:meldung-liste", args=[meldung.massnahme_id]))
    assertContains(response, "Die Meldung für Oktober\xa02026 ist korrigiert.")
    meldung.refresh_from_db()
    assert (meldung.teilnahmetage, meldung.version, meldung.kosten_cent) == (210, 2, 18_450_20)


def test_a_newer_correction_is_not_overwritten_unseen(signed_in, controlling, meldung, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    newer = Meldungsangaben(monat=date(2026, 10, 1), teilnahmetage=250, eintritte=6)
    update_meldung(meldung=meldung, version=1, angaben=newer, by=controlling)
    page = browser.post(page_url, values | {"teilnahmetage": "210"})
    assert page.status_code == 409
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"]}
    assert felder["Teilnahmetage"] == ("210", "250")
    again = sent_by(page, page_url)
    assert again["version"] == ["2"]
    assert browser.post(page_url, again).status_code == 302
    meldung.refresh_from_db()
    assert meldung.teilnahmetage == 210


def test_what_would_break_a_later_month_is_refused(signed_in, controlling, meldung, page_url, report, at):
    at(datetime(2026, 12, 2, 9))
    report(meldung.massnahme, 2026, 11, austritte_regulaer=5)
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    response = browser.post(page_url, values | {"eintritte": "4"})
    assertContains(response, "Bis November\xa02026 wären 5 Austritte gemeldet, aber nur 4 Eintritte.", status_code=422)
    assert sent_by(response, page_url)["eintritte"] == ["4"]
    assertContains(browser.post(f"{page_url}entfernen/"), "Bis November", status_code=409)


def test_it_is_taken_back_after_the_question_is_unfolded(signed_in, controlling, meldung, page_url):
    browser = signed_in(controlling)
    assertContains(browser.get(page_url), f'action="{page_url}entfernen/"')
    assert browser.get(f"{page_url}entfernen/").status_code == 405
    assertContains(browser.post(f"{page_url}entfernen/", follow=True), "Die Meldung für Oktober\xa02026 ist zurückgenommen.")
    assert browser.post(f"{page_url}entfernen/").status_code == 404


def test_closed_to_others_and_unknown_elsewhere(signed_in, client, planung, presse, fremd, controlling, meldung, page_url, run):
    assert client.get(page_url).status_code == 302
    for account in (planung, presse, fremd):
        for response in (signed_in(account).get(page_url), signed_in(account).post(f"{page_url}entfernen/")):
            assert response.status_code == 403
    other = run("Andere")
    assert signed_in(controlling).get(f"/intern/massnahmen/{other.pk}/meldungen/{meldung.pk}/").status_code == 404
    assert signed_in(controlling).post(f"/intern/massnahmen/{other.pk}/meldungen/{meldung.pk}/entfernen/").status_code == 404
    assert Massnahme.objects.count() == 2
