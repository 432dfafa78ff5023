"""Drafts: nothing typed is lost, nobody else sees it, and a save ends it. Played on the editor of a chapter and of a release."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jobcenter.common import clock, zwischenstand
from jobcenter.common.models import Einreichung, Zwischenstand
from jobcenter.common.richtext import from_plain
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.enums import Rolle
from tests.conftest import PASSWORT, write_kapitel
from tests.html import Page

pytestmark = pytest.mark.django_db

SPEICHERN = "/intern/zwischenstand/"
VERWERFEN = "/intern/zwischenstand/verwerfen/"
TEXT = "Erster Absatz.\n\nZweiter <b>Absatz</b>."


@pytest.fixture
def kapitel(programm):
    return programm.kapitel.get(nummer=2)


@pytest.fixture
def url(kapitel) -> str:
    return reverse("massnahmen:kapitel-bearbeiten", args=[2027, kapitel.nummer])


@pytest.fixture
def zoe(person):
    return person("Zoe Zweit", Rolle.PLANUNG)


def marke_of(browser: Client, url: str) -> str:
    return Page(browser.get(url).content).one("input", name="zwischenstand", data_entwurf=SPEICHERN).attrs["value"]


def shown_text(response) -> str:
    return Page(response.content).by_id("id_text").text.removeprefix("\n")


def autosave(browser: Client, url: str, **fields):
    return browser.post(SPEICHERN, {"version": "1", "stand": "arbeit", "text": TEXT, "zwischenstand": marke_of(browser, url)} | fields)


def test_what_is_typed_is_kept_and_offered_when_the_page_is_opened_again(signed_in, planung, url, kapitel, at):
    at(datetime(2026, 11, 22, 14, 5))
    browser = signed_in(planung)
    answer = autosave(browser, url)
    assert (answer.status_code, answer.content.decode().strip()) == (200, "Entwurf gespeichert 14:05")
    kapitel.refresh_from_db()
    assert (kapitel.text, kapitel.version) == ("", 1)  # kept, not saved
    assert kapitel.events.count() == 1  # and not in the history

    page = browser.get(url)
    assert (
        "Sie haben hier am 22.\u00a0November\u00a02026 um 14:05\u00a0Uhr etwas geschrieben und nicht gespeichert." in page.content.decode()
    )
    assert shown_text(page) == ""  # the stored text, until its writer decides
    again = browser.get(f"{url}?zwischenstand=1")
    assert shown_text(again) == TEXT
    assert "Sie schreiben Ihren Entwurf weiter" in again.content.decode()


def test_nobody_else_sees_it(signed_in, planung, zoe, leitung, url):
    autosave(signed_in(planung), url)
    page = signed_in(zoe).get(f"{url}?zwischenstand=1")
    assert shown_text(page) == ""
    assert "nicht gespeichert" not in page.content.decode()
    assert "Zweiter" not in page.content.decode()


def test_a_save_empties_the_slot(signed_in, planung, url):
    browser = signed_in(planung)
    autosave(browser, url)
    assert browser.post(url, {"text": "Fertig.", "version": "1", "stand": "arbeit"}).status_code == 302
    assert not Zwischenstand.objects.exists()


def test_a_save_that_fails_leaves_the_slot(signed_in, planung, url, monkeypatch):
    browser = signed_in(planung)
    autosave(browser, url)

    def fail(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("massnahmen.views.bearbeiten.update_kapitel", fail)
    with pytest.raises(RuntimeError):
        browser.post(url, {"text": "Fertig.", "version": "1", "stand": "arbeit"})
    assert Zwischenstand.objects.get().felder["text"] == [TEXT]


@pytest.mark.parametrize(("error", "status"), [(TransitionError("Zu spät."), 409), (PermissionDenied(), 403)])
def test_what_an_action_refuses_is_kept_though_the_rest_is_rolled_back(signed_in, planung, url, monkeypatch, error, status):
    def refuse(self, form):
        raise error

    monkeypatch.setattr("massnahmen.views.bearbeiten.EditorView.form_valid", refuse)
    browser = signed_in(planung)
    assert browser.post(url, {"text": TEXT, "version": "1", "stand": "arbeit"}).status_code == status
    assert shown_text(browser.get(f"{url}?zwischenstand=1")) == TEXT


def test_a_refused_form_is_kept_without_any_script(signed_in, planung, url):
    browser = signed_in(planung)
    assert browser.post(url, {"text": "x" * 200_001, "version": "1", "stand": "arbeit"}).status_code == 422
    assert shown_text(browser.get(f"{url}?zwischenstand=1")) == "x" * 200_001


def test_throwing_away(signed_in, planung, zoe, url):
    browser = signed_in(planung)
    autosave(browser, url)
    answer = browser.post(VERWERFEN, {"zwischenstand": marke_of(browser, url)})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert not Zwischenstand.objects.exists()


def test_a_draft_that_says_what_is_stored_is_not_mentioned(signed_in, planung, url, kapitel):
    """An autosave that arrives after the save it was overtaken by."""
    browser = signed_in(planung)
    write_kapitel(kapitel=kapitel, version=1, text=from_plain(TEXT), by=planung)
    autosave(browser, url, text=TEXT.replace("\n", "\r\n"))
    assert "nicht gespeichert" not in browser.get(url).content.decode()


def test_a_draft_keeps_the_version_it_was_written_on(signed_in, planung, zoe, url, kapitel):
    browser = signed_in(planung)
    autosave(browser, url)
    write_kapitel(kapitel=kapitel, version=1, text="<p>Zoes Text.</p>", by=zoe)
    assert "Inzwischen hat jemand anderes gespeichert" in browser.get(url).content.decode()
    page = Page(browser.get(f"{url}?zwischenstand=1").content)
    assert page.one("input", name="version").attrs["value"] == "1"
    conflict = browser.post(url, {"text": TEXT, "version": "1", "stand": "arbeit"})
    assert conflict.status_code == 409
    kapitel.refresh_from_db()
    assert kapitel.text == "<p>Zoes Text.</p>"
    assert shown_text(browser.get(f"{url}?zwischenstand=1")) == TEXT  # opened the stored one: mine is still there


def test_others_are_told_who_writes_here_but_not_what(signed_in, planung, zoe, url, at):
    at(datetime(2026, 11, 22, 14, 5))
    autosave(signed_in(planung), url)
    browser = signed_in(zoe)
    at(datetime(2026, 11, 22, 14, 7))
    page = browser.get(url).content.decode()
    assert "<strong>Petra Plan</strong> schreibt gerade auch hier (vor 2&nbsp;Minuten)" in page
    assert "Zweiter" not in page
    assert "schreibt gerade" not in signed_in(planung).get(url).content.decode()
    at(datetime(2026, 11, 22, 14, 9))
    assert "schreibt gerade" not in browser.get(url).content.decode()


def test_a_form_that_creates_names_nobody(signed_in, planung, zoe, programm):
    url = reverse("massnahmen:massnahme-anlegen", args=[2027])
    autosave(signed_in(planung), url, titel="Neu")
    assert "schreibt gerade" not in signed_in(zoe).get(url).content.decode()


def test_every_kind_of_value_comes_back_as_typed(signed_in, planung, programm, zielgruppe, instrument):
    url = reverse("massnahmen:massnahme-anlegen", args=[2027])
    browser = signed_in(planung)
    fields = {
        "titel": "Halb",
        "zielgruppen": [str(zielgruppe.pk)],
        "instrument": str(instrument.pk),
        "beginn": "gestern",
        "kosten_egt": "viel",
    }
    autosave(browser, url, **fields)
    page = Page(browser.get(f"{url}?zwischenstand=1").content)
    assert [page.one("input", name=name).attrs["value"] for name in ("titel", "beginn", "kosten_egt")] == ["Halb", "gestern", "viel"]
    assert "checked" in page.one("input", name="zielgruppen").attrs
    assert "selected" in page.one("option", value=str(instrument.pk)).attrs
    assert not page.classed("kern-error")  # going on is no mistake


def test_secrets_are_never_kept(signed_in, planung, url):
    autosave(signed_in(planung), url, passwort="geheim", password2="x", csrfmiddlewaretoken="y", mein_kennwort="z")
    assert set(Zwischenstand.objects.get().felder) == {"stand", "text", "version"}


def test_what_the_database_refuses_is_left_out(signed_in, planung, url):
    autosave(signed_in(planung), url, text="a\x00b\x07c")
    assert Zwischenstand.objects.get().felder["text"] == ["abc"]


def test_too_much_is_refused_with_a_sentence_and_leaves_what_was_there(signed_in, planung, url):
    browser = signed_in(planung)
    autosave(browser, url)
    answer = autosave(browser, url, text="ä" * 250_001)
    assert (answer.status_code, answer.content.decode()) == (
        413,
        "Der Text ist zu lang, um ihn zwischendurch zu sichern. Speichern Sie ihn.",
    )
    assert Zwischenstand.objects.get().felder["text"] == [TEXT]


# --- who may put what where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("marke", ["", "x", "W10:1abc:def"])
@pytest.mark.parametrize("address", [SPEICHERN, VERWERFEN])
def test_without_a_note_of_ours_nothing_is_kept(signed_in, planung, address, marke):
    assert signed_in(planung).post(address, {"zwischenstand": marke, "text": "x", "seite": "/intern/"}).status_code == 403
    assert not Zwischenstand.objects.exists()


@pytest.mark.parametrize("address", [SPEICHERN, VERWERFEN])
def test_the_note_of_somebody_else_opens_nothing(signed_in, planung, zoe, url, address):
    browser = signed_in(planung)
    autosave(browser, url)
    answer = signed_in(zoe).post(address, {"zwischenstand": marke_of(browser, url), "text": "fremd"})
    assert answer.status_code == 403
    assert Zwischenstand.objects.get().felder["text"] == [TEXT]


def test_a_note_ends_with_the_password_the_account_and_time(planung, at):
    marke = zwischenstand.issue_marke(planung, "/intern/x/")
    assert zwischenstand.read_marke(marke).konto == planung
    planung.set_password("Ein ganz neues 1")
    planung.save()
    assert zwischenstand.read_marke(marke) is None
    marke = zwischenstand.issue_marke(planung, "/intern/x/")
    planung.is_active = False
    planung.save()
    assert zwischenstand.read_marke(marke) is None


# --- the session ends while somebody writes -----------------------------------------------------------------------


def expire(browser: Client) -> None:
    Session.objects.filter(session_key=browser.cookies[settings.SESSION_COOKIE_NAME].value).update(
        expire_date=clock.now() - timedelta(days=1)
    )


@pytest.mark.parametrize("end", [expire, lambda browser: Session.objects.all().delete()], ids=["expired", "signed out elsewhere"])
def test_a_text_sent_after_the_session_ended_is_there_after_the_next_sign_in(signed_in, planung, zoe, url, kapitel, end):
    browser = signed_in(planung)
    marke = marke_of(browser, url)
    end(browser)
    answer = browser.post(url, {"text": TEXT, "version": "1", "stand": "arbeit", "zwischenstand": marke})
    assert answer.status_code == 302
    assert answer["Location"] == f"/konto/login/?next={url.replace('/', '%2F')}%3Fzwischenstand%3D1&gesichert=1"
    door = browser.get(answer["Location"])
    assert "Ihr Text ist gesichert und nach der Anmeldung wieder da." in door.content.decode()
    kapitel.refresh_from_db()
    assert kapitel.text == ""

    page = browser.post("/konto/login/", {"login": planung.email, "password": PASSWORT, "next": f"{url}?zwischenstand=1"}, follow=True)
    assert page.request["PATH_INFO"] == url
    assert shown_text(page) == TEXT


def test_who_signs_in_there_instead_sees_nothing_of_it(signed_in, planung, zoe, url):
    browser = signed_in(planung)
    marke = marke_of(browser, url)
    expire(browser)
    browser.post(url, {"text": TEXT, "version": "1", "stand": "arbeit", "zwischenstand": marke})
    page = browser.post("/konto/login/", {"login": zoe.email, "password": PASSWORT, "next": f"{url}?zwischenstand=1"}, follow=True)
    assert shown_text(page) == ""
    assert "Zweiter" not in page.content.decode()


@pytest.mark.parametrize("marke", ["", "falsch"])
def test_what_cannot_be_kept_is_said(signed_in, planung, url, marke):
    browser = signed_in(planung)
    expire(browser)
    answer = browser.post(url, {"text": TEXT, "zwischenstand": marke}, headers={"referer": f"http://testserver{url}"})
    assert answer["Location"].endswith("gesichert=0")
    assert "Was Sie zuletzt abgeschickt haben, ist nicht angekommen." in browser.get(answer["Location"]).content.decode()
    assert not Zwischenstand.objects.exists()


def test_a_note_for_one_page_keeps_nothing_for_another(signed_in, planung, url, programm):
    browser = signed_in(planung)
    marke = marke_of(browser, url)
    other = reverse("massnahmen:zusammenfassung-bearbeiten", args=[2027])
    expire(browser)
    assert browser.post(other, {"text": TEXT, "zwischenstand": marke})["Location"].endswith("gesichert=0")
    assert not Zwischenstand.objects.exists()


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(signed_in, planung, url):
    browser = signed_in(planung)
    expire(browser)
    answer = browser.post("/intern/programm/anlegen/", {"jahr": "2027"}, headers={"referer": "http://testserver/intern/programm/"})
    assert "next=%2Fintern%2Fprogramm%2F&" in answer["Location"]
    answer = browser.post("/intern/programm/anlegen/", {"jahr": "2027"}, headers={"referer": "https://evil.example/intern/programm/"})
    assert "next=%2Fintern%2F&" in answer["Location"]


def test_autosave_after_the_session_ended_says_401(signed_in, planung, url):
    browser = signed_in(planung)
    marke = marke_of(browser, url)
    expire(browser)
    assert browser.post(SPEICHERN, {"zwischenstand": marke, "text": TEXT}).status_code == 401
    assert Client().post(SPEICHERN, {"zwischenstand": marke, "text": TEXT}).status_code == 401
    assert Client().post(VERWERFEN, {"zwischenstand": marke}).status_code == 302
    assert not Zwischenstand.objects.exists()


def test_a_form_from_before_the_last_sign_in_is_refused_but_its_text_is_kept(planung, zoe, url, kapitel):
    """Its csrf token is the old one. Were it accepted, Zoe would save Petra's text under her own name."""
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, planung)
    old = Page(browser.get(url).content)
    token = old.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    marke = old.one("input", name="zwischenstand", data_entwurf=SPEICHERN).attrs["value"]
    sent = {"csrfmiddlewaretoken": token, "zwischenstand": marke, "version": "1", "stand": "arbeit", "text": TEXT}
    browser.logout()
    sign_in(browser, zoe)
    answer = browser.post(url, sent)
    assert answer.status_code == 403
    assert "Ihr Text ist gesichert." in answer.content.decode()
    assert f'href="{url}?zwischenstand=1"' in answer.content.decode()
    kapitel.refresh_from_db()
    assert kapitel.text == ""
    assert Zwischenstand.objects.get().konto == planung
    assert shown_text(browser.get(f"{url}?zwischenstand=1")) == ""
    browser.logout()
    sign_in(browser, planung)
    assert shown_text(browser.get(f"{url}?zwischenstand=1")) == TEXT


def test_a_forged_form_keeps_nothing(planung, url):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, planung)
    answer = browser.post(url, {"text": "gefälscht", "zwischenstand": "x"})
    assert answer.status_code == 403
    assert "Ihr Text ist gesichert" not in answer.content.decode()
    assert not Zwischenstand.objects.exists()


def sign_in(browser: Client, user) -> None:
    door = Page(browser.get("/konto/login/").content)
    token = next(e.attrs["value"] for e in door.all("input", name="csrfmiddlewaretoken"))
    answer = browser.post("/konto/login/", {"login": user.email, "password": PASSWORT, "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


# --- releases and creating ------------------------------------------------------------------------------------------


def test_a_new_release_is_kept_too_and_not_mentioned_after_it_was_made(signed_in, presse):
    url = reverse("presse:pressemitteilung-anlegen")
    browser = signed_in(presse)
    page = Page(browser.get(url).content)
    key = page.one("input", name="einmal").attrs["value"]
    text = {"titel": "Neu", "vorspann": "Kurz.", "text": "Lang.", "einmal": key}
    autosave(browser, url, **text)
    assert "etwas geschrieben und nicht gespeichert" in browser.get(url).content.decode()
    assert browser.post(url, text).status_code == 302
    assert Einreichung.objects.count() == 1
    autosave(browser, url, **text)  # arrives late
    assert "etwas geschrieben" not in browser.get(url).content.decode()
