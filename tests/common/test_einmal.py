"""A form that creates something creates it once: sent twice in a row, at the same time, or after going back."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from beirat.models import Sitzung, Tagesordnungspunkt
from jobcenter.common import einreichung
from jobcenter.common.models import Einreichung
from jobcenter.konten.enums import Rolle
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Massnahme
from tests.html import Page

TEXT = {"titel": "Neu", "vorspann": "Kurz.", "text": "Lang."}
NEU = "/intern/presse/neu/"


def key_of(browser: Client, url: str) -> str:
    return Page(browser.get(url).content).one("input", name="einmal").attrs["value"]


@pytest.mark.django_db
def test_the_second_one_leads_to_what_the_first_one_made(signed_in, presse):
    browser = signed_in(presse)
    sent = TEXT | {"einmal": key_of(browser, NEU)}
    first, second = browser.post(NEU, sent), browser.post(NEU, sent)
    assert first["Location"] == second["Location"]
    assert Pressemitteilung.objects.count() == 1
    assert "Das haben Sie schon gespeichert." in browser.get(second["Location"]).content.decode()


@pytest.mark.django_db
def test_a_new_form_is_a_new_thing(signed_in, presse):
    browser = signed_in(presse)
    for _ in range(2):
        browser.post(NEU, TEXT | {"einmal": key_of(browser, NEU)})
    assert Pressemitteilung.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_form_keeps_its_key_and_may_be_sent_again(signed_in, presse):
    browser = signed_in(presse)
    key = key_of(browser, NEU)
    refused = browser.post(NEU, TEXT | {"titel": "", "einmal": key})
    assert refused.status_code == 422
    assert Page(refused.content).one("input", name="einmal").attrs["value"] == key
    assert not Einreichung.objects.exists()
    assert browser.post(NEU, TEXT | {"einmal": key}).status_code == 302
    assert Pressemitteilung.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "' OR 1=1 --", "0" * 5000])
def test_without_a_key_a_form_is_a_plain_form(signed_in, presse, key):
    browser = signed_in(presse)
    for _ in range(2):
        assert browser.post(NEU, TEXT | {"einmal": key}).status_code == 302
    assert Pressemitteilung.objects.count() == 2


@pytest.mark.django_db
def test_the_key_of_somebody_else_or_of_another_page_is_another_key(signed_in, presse, presse2, programm):
    key = key_of(signed_in(presse), NEU)
    assert signed_in(presse).post(NEU, TEXT | {"einmal": key}).status_code == 302
    assert signed_in(presse2).post(NEU, TEXT | {"einmal": key}).status_code == 302
    assert Pressemitteilung.objects.count() == 2
    assert not einreichung.is_used(presse, "/anderswo/", key)


@pytest.fixture
def cases(sitzung, programm, instrument, zielgruppe, geschaeftsstelle, planung, presse) -> dict[str, tuple]:
    massnahme = {
        "titel": "Neu", "instrument": instrument.pk, "zielgruppen": [zielgruppe.pk], "beginn": "2027-01-01", "ende": "2027-12-31",
        "plaetze": "1", "geplante_eintritte": "1", "kosten_egt": "1", "vergabestand": "offen",
    }  # fmt: skip
    return {
        "release": (NEU, TEXT, Pressemitteilung, presse),
        "measure": (reverse("massnahmen:massnahme-anlegen", args=[2027]), massnahme, Massnahme, planung),
        "session": (
            reverse("beirat:sitzung-planen"), {"nummer": "77", "beginn": "2027-03-01T10:00", "ort": "Saal"}, Sitzung, geschaeftsstelle,
        ),
        "item": (
            reverse("beirat:top-anlegen", args=[sitzung.nummer]), {"titel": "Neu", "art": "kenntnisnahme"}, Tagesordnungspunkt,
            geschaeftsstelle,
        ),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["release", "measure", "session", "item"])
def test_every_form_that_creates_has_a_key(cases, signed_in, case):
    url, sent, model, user = cases[case]
    before = model.objects.count()
    browser = signed_in(user)
    sent = sent | {"einmal": key_of(browser, url)}
    answers = [browser.post(url, sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302] * 3, answers[0].content.decode()
    assert len({answer["Location"] for answer in answers}) == 1
    assert model.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_four_at_the_same_time_make_one(signed_in: Callable, person):
    user = person("Mira Lang", Rolle.PRESSE)
    browsers = [signed_in(user) for _ in range(4)]
    sent = TEXT | {"einmal": key_of(browsers[0], NEU)}
    start, answers = threading.Barrier(4), []

    def send(browser: Client) -> None:
        start.wait()
        try:
            answers.append(browser.post(NEU, sent)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Pressemitteilung.objects.count() == 1
    assert answers == [f"/intern/presse/{Pressemitteilung.objects.get().pk}/"] * 4
