from datetime import date

import pytest
from django.urls import reverse

from massnahmen.imports import load_stammdaten
from massnahmen.models import Instrument
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    return lambda: Page(client.get(reverse("portal:betriebe")).content)


def test_subsidies_of_today_in_plain_words_with_the_law_behind(page):
    load_stammdaten()
    text = page().one("main").text
    assert "Lohnzuschuss für Betriebe, solange jemand eingearbeitet wird" in text
    assert "Eingliederungszuschuss (§ 16 Abs. 1 SGB II, §§ 88 bis 90 SGB III)" in text
    assert "Förderung von Arbeitsverhältnissen" not in text  # ended in 2018
    assert "Einstiegsgeld" not in text  # goes to people, not to companies


def test_what_the_law_does_not_know_yet_is_not_promised(page):
    load_stammdaten()
    Instrument.objects.filter(kurz="16i").update(gueltig_von=date(2999, 1, 1))
    assert "§ 16i" not in page().one("main").text


def test_without_master_data_there_is_a_telephone_number(page):
    shown = page()
    assert "sagen wir Ihnen gern am Telefon" in shown.one("main").text
    assert "tel:+4999991000" in shown.links()
