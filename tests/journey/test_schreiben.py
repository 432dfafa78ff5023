"""Writing in a real browser: drafts, the warning, a session that ends, and the editor for text with structure."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from jobcenter.common.models import Zwischenstand
from jobcenter.common.richtext import to_plain
from jobcenter.demo.konten import PASSWORT
from massnahmen.models import Kapitel
from tests.journey.browser import chromium, follow
from tests.journey.processes import Portal, wait_for

pytestmark = pytest.mark.browser

TEXT = "Wir helfen jungen Menschen."


def listen(page: Page) -> list[str]:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def sign_in(page: Page, account: str) -> None:
    page.get_by_label("E-Mail-Adresse").fill(f"{account}@musterburg.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORT)
    follow(page.get_by_role("main").get_by_role("button", name="Anmelden"))


def text_field(page: Page):
    return page.locator(".richtext .ProseMirror")


def kept() -> str:
    """What lies in the draft slot, as it reads."""
    return to_plain(Zwischenstand.objects.get().felder["text_html"][0])


def test_what_is_typed_survives_leaving_and_the_end_of_the_session(demo_portal: Portal):
    demo_portal.start_web()
    stored = Kapitel.objects.select_related("programm").get(programm__status="entwurf", nummer=2)
    address = f"/intern/programm/{stored.programm.jahr}/kapitel/2/"
    with chromium() as browser:
        page = browser.new_page(base_url=demo_portal.url)
        faults = listen(page)
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"/konto/login/?next={address}")
        sign_in(page, "planung")
        page.wait_for_url(f"**{address}")

        # nothing typed: nobody is asked
        title = page.title()
        page.goto("/intern/")
        assert asked == []

        # kept three seconds after the last key, with a quiet line; the title says that something is not saved
        page.goto(address)
        text_field(page).fill(TEXT)
        assert page.title() == f"• {title}"
        page.get_by_text("Entwurf gespeichert").wait_for(timeout=15_000)
        assert kept() == TEXT
        text_field(page).fill(f"{TEXT} Und allen anderen.")

        # leaving asks, and what was typed meanwhile is kept on the way out
        page.goto("/intern/")
        assert asked == ["beforeunload"]
        wait_for(lambda: kept() == f"{TEXT} Und allen anderen.", "the draft of the way out")
        page.goto(address)
        page.get_by_text("Ein Entwurf von Ihnen liegt hier").wait_for()
        follow(page.get_by_role("link", name="Weiterschreiben"))
        assert text_field(page).inner_text().strip() == f"{TEXT} Und allen anderen."
        assert asked == ["beforeunload"]

        # the session ends while somebody writes
        Session.objects.all().delete()
        text_field(page).fill(f"{TEXT} Ganz neu.")
        page.get_by_text("Ihre Sitzung ist abgelaufen.").wait_for(timeout=15_000)
        follow(page.get_by_role("button", name="Kapitel speichern"))
        page.get_by_text("Ihr Text ist gesichert und nach der Anmeldung wieder da.").wait_for()
        sign_in(page, "planung")
        page.wait_for_url(f"**{address}?zwischenstand=1")
        assert text_field(page).inner_text().strip() == f"{TEXT} Ganz neu."
        follow(page.get_by_role("button", name="Kapitel speichern"))
        page.wait_for_url(f"**/intern/programm/{stored.programm.jahr}/**")
        assert asked == ["beforeunload"]  # saving asks nothing
        stored.refresh_from_db()
        assert to_plain(stored.text) == f"{TEXT} Ganz neu."
        page.goto(address)
        page.wait_for_timeout(500)
        assert page.get_by_text("Ein Entwurf von Ihnen").count() == 0
        assert not Zwischenstand.objects.exists()
    assert [fault for fault in faults if "401" not in fault] == []


def test_a_double_click_creates_one_release(demo_portal: Portal):
    from jobcenter.presse.models import Pressemitteilung

    demo_portal.start_web()
    before = Pressemitteilung.objects.count()
    with chromium() as browser:
        page = browser.new_context(base_url=demo_portal.url, java_script_enabled=False).new_page()  # no script holds the second click back
        page.goto("/konto/login/?next=/intern/presse/neu/")
        sign_in(page, "presse")
        page.get_by_label("Überschrift").fill("Neu")
        page.get_by_label("Vorspann").fill("Kurz.")
        page.get_by_label("Text", exact=True).fill("Lang.")
        page.get_by_role("button", name="Entwurf speichern").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text("Neu", timeout=20_000)
    assert Pressemitteilung.objects.count() == before + 1


def test_the_editor_is_worked_with_the_keyboard_and_breaks_no_policy(demo_portal: Portal, monkeypatch):
    monkeypatch.setenv("DEBUG", "1")  # the gallery
    demo_portal.start_web()
    with chromium() as browser:
        page = browser.new_page(base_url=demo_portal.url)
        faults = listen(page)
        page.goto("/-/galerie/")
        box = page.locator(".richtext").first
        box.get_by_role("toolbar").wait_for()
        editor = box.get_by_role("textbox", name="Text")
        value = box.locator("input[type=hidden]")
        assert value.input_value() == ""

        editor.click()
        page.keyboard.type("Ziele")
        page.keyboard.press("Shift+Tab")  # one stop: the toolbar
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Überschrift 1"
        page.keyboard.press("Enter")
        assert value.input_value() == "<h3>Ziele</h3>"
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.type("Wir ")
        page.keyboard.press("Control+b")
        page.keyboard.type("helfen")
        page.keyboard.press("Control+b")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Fett"
        assert box.get_by_role("button", name="Fett").get_attribute("aria-pressed") == "false"
        assert value.input_value() == "<h3>Ziele</h3><p>Wir <strong>helfen</strong></p>"

        editor.press("Control+a")
        box.get_by_role("button", name="Link").click()
        dialog = page.get_by_role("dialog", name="Link setzen")
        dialog.get_by_label("Adresse").fill("javascript:alert(1)")
        dialog.get_by_role("button", name="Link übernehmen").click()
        assert "Das ist keine Adresse." in dialog.inner_text()
        dialog.get_by_label("Adresse").fill("www.example.de")
        dialog.get_by_role("button", name="Link übernehmen").click()
        dialog.wait_for(state="detached")
        assert 'href="https://www.example.de"' in value.input_value()

        # what a word processor puts on the clipboard
        page.evaluate(
            """() => {
              const field = document.querySelector(".richtext .ProseMirror");
              field.editor.commands.clearContent();
              const data = new DataTransfer();
              data.setData("text/html",
                '<h1 style="color:red">Groß</h1><p class="MsoNormal"><b>Fett</b><script>alert(1)</scr' + 'ipt><img src="x"></p>');
              field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }"""
        )
        assert "<strong>Fett</strong>" in value.input_value()
        assert not {part for part in ("<h1", "style", "class", "img", "script") if part in value.input_value()}

        # the rest of the gallery's form: a counter and a list that narrows itself
        page.locator("textarea[name=leer-kurz]").fill("x" * 190)
        assert "Noch 10 Zeichen" in page.inner_text("body")
        page.get_by_role("searchbox", name="Liste eingrenzen: Orte").first.fill("muster")
        orte = page.locator("fieldset", has_text="Orte").first.locator(".kern-form-check:visible")
        assert [row.inner_text() for row in orte.all()] == ["Musterburg"]
    assert faults == []
