from datetime import date

import pytest
from pytest_django.asserts import assertContains

from massnahmen.actions import record_verbleib, update_verbleib
from massnahmen.models import Verbleib
from tests.massnahmen.conftest import sent_by

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def verbleib(run, report, controlling) -> Verbleib:
    massnahme = run()
    report(massnahme, 2026, 2, eintritte=9, austritte_arbeit=4)
    counts = {"austritte": 4, "beschaeftigt": 3, "nicht_arbeitslos": 3}
    return record_verbleib(massnahme=massnahme, monat=date(2026, 2, 1), **counts, by=controlling)


@pytest.fixture
def page_url(verbleib) -> str:
    return f"/intern/massnahmen/{verbleib.massnahme_id}/verbleib/{verbleib.pk}/"


def test_a_correction_is_saved(signed_in, controlling, verbleib, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    response = browser.post(page_url, values | {"nicht_arbeitslos": "4"}, follow=True)
    assertContains(response, "Der Verbleib für Februar\xa02026 ist korrigiert.")
    verbleib.refresh_from_db()
    assert (verbleib.nicht_arbeitslos, verbleib.version) == (4, 2)


def test_a_newer_one_is_not_overwritten_unseen(signed_in, controlling, verbleib, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    update_verbleib(verbleib=verbleib, version=1, austritte=4, beschaeftigt=1, nicht_arbeitslos=1, by=controlling)
    assert browser.post(page_url, values).status_code == 409
    verbleib.refresh_from_db()
    assert verbleib.beschaeftigt == 1


def test_it_is_removed_after_the_question_is_unfolded(signed_in, controlling, page_url):
    browser = signed_in(controlling)
    assertContains(browser.get(page_url), f'action="{page_url}entfernen/"')
    assertContains(browser.post(f"{page_url}entfernen/", follow=True), "Der Verbleib für Februar\xa02026 ist entfernt.")
    assert not Verbleib.objects.exists()


def test_closed_to_others_and_unknown_elsewhere(signed_in, client, planung, fremd, controlling, verbleib, page_url, run):
    assert client.get(page_url).status_code == 302
    for account in (planung, fremd):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(f"{page_url}entfernen/").status_code == 403
    assert signed_in(controlling).get(f"/intern/massnahmen/{run('Andere').pk}/verbleib/{verbleib.pk}/").status_code == 404
