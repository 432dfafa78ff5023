"""One programme travels the whole way: edited, frozen, voted on, published, printed and announced.

Five accounts of staff and three of the Beirat, each in a browser of its own, against web server, workers and beat as
real processes. Once with JavaScript, where every page is checked by axe; once without.
"""

import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect

from jobcenter.berichte.models import Bericht
from jobcenter.demo.konten import PASSWORT
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Fassung
from tests.journey.browser import check_page, chromium
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def follow(locator: Locator) -> None:
    """Click, and wait until the page to which it leads is there."""
    with locator.page.expect_navigation():
        locator.click()


class Cast:
    """Opens a browser per person and looks at every page that is shown to somebody."""

    def __init__(self, browser: Browser, portal: Portal, *, javascript: bool) -> None:
        self.browser, self.portal, self.javascript = browser, portal, javascript

    def visitor(self) -> Page:
        # axe is put into the page from outside, which the portal's own policy forbids
        context = self.browser.new_context(base_url=self.portal.url, java_script_enabled=self.javascript, bypass_csp=self.javascript)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def sign_in(self, name: str) -> Page:
        page = self.visitor()
        page.goto("/konto/login/")
        page.get_by_label("E-Mail-Adresse").fill(f"{name}@musterburg.example")
        page.get_by_label("Passwort").fill(PASSWORT)
        follow(page.get_by_role("main").get_by_role("button", name="Anmelden"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Meine Aufgaben")
        return page

    def look(self, page: Page) -> None:
        if self.javascript:
            check_page(page)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def cast(request: pytest.FixtureRequest, portal: Portal) -> Iterator[Cast]:
    call_command("demo_daten")
    portal.start_worker("celery")
    portal.start_worker("berichte")
    portal.start_beat()
    portal.start_web()
    with chromium() as browser:
        yield Cast(browser, portal, javascript=request.param)


def test_one_programme_travels_the_whole_way(cast: Cast):
    jahr = _plan(cast)
    fingerprint = _submit(cast, jahr)
    _put_on_agenda(cast)
    beschluss = _vote(cast)
    _publish(cast, jahr)
    _read_in_public(cast, jahr, fingerprint, beschluss)
    _print(cast, jahr, fingerprint)
    _announce(cast, jahr)


def _plan(cast: Cast) -> int:
    """Planung edits a measure: wrong input loses nothing, a save on top of a newer one is answered with both texts."""
    jahr = max(Fassung.objects.veroeffentlicht().values_list("programm__jahr", flat=True)) + 1
    page = cast.sign_in("planung")
    cast.look(page)
    page.goto("/intern/programm/")
    cast.look(page)
    follow(page.get_by_role("main").get_by_role("link", name=re.compile(str(jahr))).first)
    cast.look(page)
    edit = page.get_by_role("link", name=re.compile("Bearbeiten")).first
    address = edit.get_attribute("href")
    follow(edit)
    cast.look(page)

    page.get_by_label("Titel", exact=True).fill("")
    page.get_by_label("Plätze", exact=True).fill("zwölf")
    follow(page.get_by_role("button", name="Maßnahme speichern"))
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Plätze", exact=True)).to_have_value("zwölf")
    assert page.title().startswith("Fehler: ")
    cast.look(page)

    other = cast.sign_in("planung")
    other.goto(address)
    page.get_by_label("Titel", exact=True).fill("Werkstatt für den Neuanfang")
    page.get_by_label("Plätze", exact=True).fill("44")
    follow(page.get_by_role("button", name="Maßnahme speichern"))
    expect(page.get_by_role("main")).to_contain_text("Werkstatt für den Neuanfang")

    other.get_by_label("Titel", exact=True).fill("Ein ganz anderer Titel")
    with other.expect_response(lambda answer: answer.request.method == "POST") as answer:
        follow(other.get_by_role("button", name="Maßnahme speichern"))
    assert answer.value.status == 409
    expect(other.get_by_role("main")).to_contain_text("Werkstatt für den Neuanfang")
    expect(other.get_by_role("main")).to_contain_text("Ein ganz anderer Titel")
    cast.look(other)
    return jahr


def _submit(cast: Cast, jahr: int) -> str:
    """Leitung freezes the draft as Fassung 1; its fingerprint is shown."""
    page = cast.sign_in("leitung")
    page.goto(f"/intern/programm/{jahr}/")
    follow(page.get_by_role("link", name="Angaben prüfen und vorlegen"))
    cast.look(page)
    follow(page.get_by_role("button", name="Dem Beirat vorlegen"))
    expect(page).to_have_url(re.compile(f"/intern/programm/{jahr}/fassungen/1/"))
    expect(page.get_by_role("main")).to_contain_text("Fassung 1")
    fassung = Fassung.objects.get(programm__jahr=jahr)
    assert "Werkstatt für den Neuanfang" in fassung.inhalt
    assert fassung.pruefsumme in page.content()
    cast.look(page)
    return fassung.pruefsumme


def _put_on_agenda(cast: Cast) -> None:
    """The Geschäftsstelle puts the Fassung on the next session's agenda and notes who is there; a member reads it."""
    page = cast.sign_in("geschaeftsstelle")
    page.goto("/intern/beirat/")
    cast.look(page)
    page.goto("/intern/beirat/sitzungen/22/")
    follow(page.get_by_role("button", name="Fassung auf die Tagesordnung setzen"))
    expect(page.get_by_role("main")).to_contain_text("Beratung und Abstimmung")
    follow(page.get_by_role("link", name="Anwesenheit erfassen"))
    cast.look(page)
    follow(page.get_by_role("button", name="Alle sind da"))
    expect(page.get_by_role("main")).to_contain_text("14 von 14 Stimmberechtigten")
    cast.look(page)

    member = cast.sign_in("mitglied1")
    cast.look(member)
    member.goto("/intern/beirat/sitzungen/22/")
    follow(member.get_by_role("link", name=re.compile("Vorlage .* lesen")).last)  # the Fassung came to the agenda last
    expect(member.get_by_role("main")).to_contain_text("Werkstatt für den Neuanfang")
    cast.look(member)


def _vote(cast: Cast) -> str:
    """The chair opens a named vote, members vote once each in a browser of their own, closing computes the result."""
    chair = cast.sign_in("vorsitz")
    chair.goto("/intern/beirat/sitzungen/22/")
    follow(chair.get_by_role("button", name="Sitzung eröffnen"))
    follow(chair.get_by_role("button", name=re.compile("Abstimmung eröffnen")))
    cast.look(chair)
    ballot = chair.url

    for name, wahl, bestaetigung in [
        ("vorsitz", "Ja", "Mit Ja stimmen"),
        ("mitglied1", "Ja", "Mit Ja stimmen"),
        ("mitglied2", "Enthaltung", "Der Stimme enthalten"),
    ]:
        member = cast.sign_in(name)
        member.goto(ballot)
        follow(member.get_by_role("button", name=wahl, exact=True))
        if name == "mitglied1":
            cast.look(member)
        follow(member.get_by_role("button", name=bestaetigung))
        expect(member.get_by_role("main")).to_contain_text("Ihre Stimme ist gezählt")
        expect(member.get_by_role("main")).not_to_contain_text("2 Ja")
        member.goto(ballot)
        expect(member.get_by_role("button", name=wahl, exact=True)).to_have_count(0)
        if name == "mitglied1":
            cast.look(member)

    chair.goto(ballot)
    follow(chair.get_by_role("link", name="Abstimmung schließen"))
    cast.look(chair)
    follow(chair.get_by_role("button", name="Abstimmung schließen"))
    main = chair.get_by_role("main")
    expect(main).to_contain_text("Angenommen")
    expect(main).to_contain_text("2 Ja")
    cast.look(chair)
    return re.search(r"Beschluss \d\d/\d{4}", main.inner_text())[0]


def _publish(cast: Cast, jahr: int) -> None:
    page = cast.sign_in("leitung")
    expect(page.get_by_role("main")).to_contain_text(str(jahr))
    page.goto(f"/intern/programm/{jahr}/veroeffentlichen/")
    cast.look(page)
    follow(page.get_by_role("button", name="Jetzt veröffentlichen"))
    expect(page.get_by_role("main")).to_contain_text("veröffentlicht")
    cast.look(page)


def _read_in_public(cast: Cast, jahr: int, fingerprint: str, beschluss: str) -> None:
    visitor = cast.visitor()
    visitor.goto("/")
    cast.look(visitor)
    visitor.goto(f"/arbeitsmarktprogramm/{jahr}/")
    main = visitor.get_by_role("main")
    expect(main).to_contain_text("Werkstatt für den Neuanfang")
    expect(main).to_contain_text(beschluss)
    assert fingerprint in visitor.content()
    assert visitor.context.cookies() == []
    cast.look(visitor)
    for address in ("/arbeitsmarktprogramm/", "/beirat/", "/beirat/beschluesse/", "/beirat/sitzungen/22/", "/kennzahlen/", "/massnahmen/"):
        visitor.goto(address)
        cast.look(visitor)


def _print(cast: Cast, jahr: int, fingerprint: str) -> None:
    """The worker renders the PDF, its progress is visible, and it carries the same fingerprint."""
    bericht = Bericht.objects.get(fassung__pruefsumme=fingerprint)
    page = cast.sign_in("leitung")
    page.goto(f"/intern/berichte/{bericht.pk}/")
    cast.look(page)
    _reload_until(page, lambda: page.get_by_role("link", name=re.compile("PDF herunterladen")).count(), cast)
    cast.look(page)
    answer = page.request.get(f"/arbeitsmarktprogramm/{jahr}/programm.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert fingerprint in _text_of(answer.body())


def _announce(cast: Cast, jahr: int) -> None:
    """Presse edits the prepared draft, a second person releases it; not a second earlier is it anywhere."""
    draft = Pressemitteilung.objects.get(fassung__programm__jahr=jahr)
    presse = cast.sign_in("presse")
    presse.goto("/intern/presse/")
    cast.look(presse)
    presse.goto(f"/intern/presse/{draft.pk}/")
    cast.look(presse)
    presse.get_by_label("Überschrift").fill("Der Plan für das Jahr steht")
    follow(presse.get_by_role("button", name="Entwurf speichern"))
    follow(presse.get_by_role("button", name="Speichern und zur Freigabe geben"))
    expect(presse).to_have_url(re.compile("/freigabe/"))
    expect(presse.get_by_role("button", name="Pressemitteilung freigeben")).to_have_count(0)
    cast.look(presse)

    visitor = cast.visitor()
    for address in ("/presse/", "/presse/feed/atom/", "/"):
        assert "Der Plan für das Jahr steht" not in visitor.request.get(address).text()

    second = cast.sign_in("presse2")
    second.goto(f"/intern/presse/{draft.pk}/freigabe/")
    cast.look(second)
    follow(second.get_by_role("button", name="Pressemitteilung freigeben"))
    expect(second.get_by_role("main")).to_contain_text("ist freigegeben und öffentlich")
    draft.refresh_from_db()
    before = Pressemitteilung.objects.filter(jahr=draft.jahr).exclude(pk=draft.pk).count()
    assert draft.nummer == before + 1, "the next number of its year, without gap"

    visitor.goto("/presse/")
    cast.look(visitor)
    follow(visitor.get_by_role("link", name="Der Plan für das Jahr steht").first)
    expect(visitor.get_by_role("main")).to_contain_text(f"Nr.\u00a0{draft.nummer_text}")
    cast.look(visitor)
    assert "Der Plan für das Jahr steht" in visitor.request.get("/presse/feed/atom/").text()


def _reload_until(page: Page, condition: Callable[[], object], cast: Cast, tries: int = 60) -> None:
    """With JavaScript the page follows by itself; without, a person reloads."""
    for _ in range(tries):
        if condition():
            return
        page.wait_for_timeout(1000)
        if not cast.javascript:
            page.reload()
    raise AssertionError(f"nothing came at {page.url}")


def _text_of(pdf: bytes) -> str:
    """Without white space, because a fingerprint is broken over lines."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())
