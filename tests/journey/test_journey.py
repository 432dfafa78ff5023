"""One programme travels the whole way: edited, heard, frozen, voted on, decided, published, printed, announced, written on.

Seven accounts of staff and three of the Beirat, each in a browser of its own, against web server, workers and beat as
real processes. Once with JavaScript, where every page is checked by axe; once without.
"""

import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.demo.konten import PASSWORT
from jobcenter.konten.models import User
from jobcenter.presse.models import Pressemitteilung
from massnahmen.actions import (
    begin_abstimmung,
    publish_programm,
    record_beratung,
    record_gremienbeschluss,
    remove_ziel,
    submit_programm,
)
from massnahmen.enums import Beratungsergebnis, Gremienergebnis, Kapitelstand
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Kapitel, Programmposition
from tests.conftest import current_fingerprint, fill_texts
from tests.journey.browser import TWO_LOOKS, check_page, chromium, follow
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser


class Cast:
    """Opens a browser per person and looks at every page that is shown to somebody."""

    def __init__(self, browser: Browser, portal: Portal, *, javascript: bool) -> None:
        self.browser, self.portal, self.javascript = browser, portal, javascript

    def visitor(self) -> Page:
        # axe is put into the page from outside, which the portal's own policy forbids
        context = self.browser.new_context(base_url=self.portal.url, java_script_enabled=self.javascript, bypass_csp=self.javascript)
        return context.new_page()

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
            check_page(page, TWO_LOOKS)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def cast(request: pytest.FixtureRequest, demo_portal: Portal) -> Iterator[Cast]:
    demo_portal.start_worker("celery")
    demo_portal.start_worker("berichte")
    demo_portal.start_beat()
    demo_portal.start_web()
    with chromium() as browser:
        yield Cast(browser, demo_portal, javascript=request.param)


def test_one_programme_travels_the_whole_way(cast: Cast):
    jahr = _plan(cast)
    _finish(cast, jahr)
    _hear_bca(cast, jahr)
    _amend(cast, jahr)
    fingerprint = _submit(cast, jahr)
    _compare(cast, jahr)
    _put_on_agenda(cast)
    beschluss = _vote(cast)
    _decide(cast, jahr)
    _publish(cast, jahr)
    _read_in_public(cast, jahr, fingerprint, beschluss)
    _print(cast, jahr, fingerprint)
    _announce(cast, jahr)
    _write_on(cast, jahr)
    _decide_again(jahr)
    _compare_decided(cast, jahr)


def _plan(cast: Cast) -> int:
    """Planung edits a measure: wrong input loses nothing, a save on top of a newer one is answered with both texts."""
    jahr = max(Fassung.objects.veroeffentlicht().values_list("programm__jahr", flat=True)) + 1
    page = cast.sign_in("planung")
    cast.look(page)
    page.goto("/intern/programm/")
    cast.look(page)
    follow(page.get_by_role("main").get_by_role("link", name=re.compile(str(jahr))).first)
    cast.look(page)
    edit = page.locator("#massnahmen").get_by_role("link", name=re.compile("Bearbeiten")).first
    address = edit.get_attribute("href")
    follow(edit)
    cast.look(page)

    page.get_by_label("Titel", exact=True).fill("")
    page.locator("#id_plaetze").fill("zwölf")
    follow(page.get_by_role("button", name="Maßnahme speichern"))
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.locator("#id_plaetze")).to_have_value("zwölf")
    assert page.title().startswith("Fehler: ")
    cast.look(page)

    other = cast.sign_in("planung")
    other.goto(address)
    page.get_by_label("Titel", exact=True).fill("Werkstatt für den Neuanfang")
    page.locator("#id_plaetze").fill("44")
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


def _finish(cast: Cast, jahr: int) -> None:
    """What is missing stands on one page, with a link to each place; a chapter is finished, a colleague asks something beside it."""
    page = cast.sign_in("planung")
    page.goto(f"/intern/programm/{jahr}/pruefen/")
    expect(page.get_by_role("main")).to_contain_text("Es hat noch keinen Zielwert")
    cast.look(page)
    _remark(cast, f"/intern/programm/{jahr}/kapitel/10/verlauf/")
    page.goto(f"/intern/programm/{jahr}/kapitel/10/")
    expect(page.locator("#kommentare")).to_contain_text("Nennen Sie hier die Zahl der Frauen.")
    cast.look(page)
    done = page.get_by_role("button", name=re.compile("^Erledigt"))
    done.click()
    expect(done).to_have_count(0)
    page.get_by_label("fertig", exact=True).check()
    follow(page.get_by_role("button", name="Kapitel speichern"))
    expect(page.get_by_role("main")).to_contain_text("ist gespeichert")
    assert Kapitel.objects.get(programm__jahr=jahr, nummer=10).stand == Kapitelstand.FERTIG
    without_money = Programmposition.objects.get(programm__jahr=jahr, finanzierungen=None)
    page.goto(f"/intern/programm/{jahr}/massnahmen/{without_money.massnahme_id}/")
    page.get_by_label("Was geschieht in der Maßnahme?").fill("Ein Bus bringt Menschen zu Betrieben, zu denen keiner fährt.")
    page.locator("#id_plaetze").fill("12")
    page.locator("#id_kosten_egt").fill("45.000")
    follow(page.get_by_role("button", name="Maßnahme speichern"))
    programm = Arbeitsmarktprogramm.objects.get(jahr=jahr)
    planung = User.objects.get(email="planung@musterburg.example")
    fill_texts(programm, planung)
    for ziel in programm.ziele.filter(zielwert=None):  # not agreed with the Land yet
        remove_ziel(ziel=ziel, by=planung)


def _remark(cast: Cast, address: str) -> None:
    """A colleague who may not write asks something."""
    page = cast.sign_in("controlling")
    page.goto(address)
    page.get_by_label("Ihr Kommentar").fill("Nennen Sie hier die Zahl der Frauen.")
    page.get_by_role("button", name="Kommentar schreiben").click()
    expect(page.locator(".kommentar__text", has_text="Nennen Sie hier die Zahl der Frauen.")).to_have_count(1)
    cast.look(page)


def _hear_bca(cast: Cast, jahr: int) -> None:
    """The BCA reads a frozen Fassung and says what she thinks; the Leitung answers (§ 18e SGB II)."""
    page = cast.sign_in("planung")
    page.goto(f"/intern/programm/{jahr}/beteiligen/")
    cast.look(page)
    follow(page.get_by_role("button", name="Der BCA vorlegen"))

    bca = cast.sign_in("bca")
    follow(bca.get_by_role("main").get_by_role("link", name=re.compile(str(jahr))).first)
    bca.goto(f"/intern/programm/{jahr}/fassungen/1/stellungnahme/")
    cast.look(bca)
    bca.get_by_role("textbox", name="Ihre Stellungnahme").fill("Kurse sollen nach halb neun beginnen.")
    follow(bca.get_by_role("button", name="Stellungnahme abgeben"))
    expect(bca.get_by_role("main")).to_contain_text("Kurse sollen nach halb neun beginnen.")

    leitung = cast.sign_in("leitung")
    leitung.goto(f"/intern/programm/{jahr}/fassungen/1/stellungnahme/antwort/")
    leitung.get_by_label("Ja, ihr wird gefolgt").check()
    leitung.get_by_role("textbox", name="Ihre Antwort").fill("So machen wir es.")
    cast.look(leitung)
    follow(leitung.get_by_role("button", name="Antwort geben"))
    expect(leitung.get_by_role("main")).to_contain_text("So machen wir es.")


def _amend(cast: Cast, jahr: int) -> None:
    """What the BCA said changes the draft; the Fassung that she read stays as it is."""
    programm = Arbeitsmarktprogramm.objects.get(jahr=jahr)
    page = cast.sign_in("planung")
    page.goto(f"/intern/programm/{jahr}/zusammenfassung/")
    field = page.locator("textarea[name=text]")
    field.fill(f"{programm.zusammenfassung} Ein Bus für den Weg zur Arbeit, immer um acht.")
    follow(page.get_by_role("button", name=re.compile("speichern")).first)
    expect(page.get_by_role("main")).to_contain_text("Die Zusammenfassung ist gespeichert.")


def _submit(cast: Cast, jahr: int) -> str:
    """Leitung freezes the draft for the Beirat; its fingerprint is shown."""
    page = cast.sign_in("leitung")
    page.goto(f"/intern/programm/{jahr}/vorlegen/")
    cast.look(page)
    follow(page.get_by_role("button", name="Dem Beirat vorlegen"))
    expect(page).to_have_url(re.compile(f"/intern/programm/{jahr}/fassungen/2/"))
    expect(page.get_by_role("main")).to_contain_text("Fassung\u00a02")
    fassung = Fassung.objects.get(programm__jahr=jahr, anlass="beirat")
    assert "Werkstatt für den Neuanfang" in fassung.inhalt
    assert fassung.pruefsumme in page.content()
    cast.look(page)
    return fassung.pruefsumme


def _compare(cast: Cast, jahr: int) -> None:
    """What is new since the BCA has read it; out of the two frozen texts alone."""
    page = cast.sign_in("leitung")
    page.goto(f"/intern/programm/{jahr}/vergleich/?von=1&bis=2")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Ein Bus für den Weg zur Arbeit, immer um acht.")
    cast.look(page)


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


def _decide(cast: Cast, jahr: int) -> None:
    """The Geschäftsstelle enters what the Kreistag has decided; before that nothing can be published."""
    leitung = cast.sign_in("leitung")
    leitung.goto(f"/intern/programm/{jahr}/veroeffentlichen/")
    expect(leitung.get_by_role("button", name="Jetzt veröffentlichen")).to_have_count(0)
    page = cast.sign_in("geschaeftsstelle")
    page.goto(f"/intern/programm/{jahr}/fassungen/2/beschluss/")
    cast.look(page)
    page.get_by_label("Kreistag", exact=True).check()
    page.get_by_label("Tag der Sitzung").fill(clock.today().isoformat())
    page.get_by_label("beschlossen", exact=True).check()
    page.get_by_label("Nummer der Vorlage").fill("KT 77")
    for name, votes in (("ja", "40"), ("nein", "2"), ("enthaltung", "0")):
        page.locator(f"#id_{name}").fill(votes)
    follow(page.get_by_role("button", name="Ergebnis eintragen"))
    expect(page.get_by_role("main")).to_contain_text("KT 77")
    cast.look(page)


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


def _write_on(cast: Cast, jahr: int) -> None:
    """During the year the programme is written on, with a reason; readers keep the published Fassung, staff see what is new."""
    leitung = cast.sign_in("leitung")
    leitung.goto(f"/intern/programm/{jahr}/fortschreiben/")
    cast.look(leitung)
    leitung.get_by_role("textbox").first.fill("Der Bund hat die Mittel gekürzt.")
    follow(leitung.get_by_role("button", name="Programm fortschreiben"))
    expect(leitung.get_by_role("main")).to_contain_text("wird fortgeschrieben")

    page = cast.sign_in("planung")
    position = Programmposition.objects.get(programm__jahr=jahr, massnahme__titel="Werkstatt für den Neuanfang")
    page.goto(f"/intern/programm/{jahr}/massnahmen/{position.massnahme_id}/")
    page.locator("#id_plaetze").fill("31")
    follow(page.get_by_role("button", name="Maßnahme speichern"))
    page.goto(f"/intern/programm/{jahr}/vergleich/?von=2&bis=entwurf")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Werkstatt für den Neuanfang")
    expect(main).to_contain_text("vorher: 44 → jetzt: 31 (−13)")
    cast.look(page)
    visitor = cast.visitor()
    visitor.goto(f"/arbeitsmarktprogramm/{jahr}/")
    expect(visitor.get_by_role("main")).to_contain_text("44")


def _decide_again(jahr: int) -> None:
    """The same way once more; its pages have been walked above."""
    programm = Arbeitsmarktprogramm.objects.get(jahr=jahr)
    leitung, vorsitz = (User.objects.get(email=f"{name}@musterburg.example") for name in ("leitung", "vorsitz"))
    grund = "Die BCA kennt den Text."
    fassung = submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), grund=grund, by=leitung)
    begin_abstimmung(fassung=fassung, by=vorsitz)
    votes = {"ja": 9, "nein": 0, "enthaltung": 2, "beschluss": "Beschluss 98/2026"}
    beratung = record_beratung(fassung=fassung, ergebnis=Beratungsergebnis.ZUGESTIMMT, by=vorsitz, **votes)
    entry = {"am": clock.today(), "ergebnis": Gremienergebnis.BESCHLOSSEN, "stimmen": (38, 1, 0)}
    for gremium in settings.INSTANZ.programm.gremien:
        record_gremienbeschluss(fassung=fassung, gremium=gremium, nummer=f"{gremium} 9", by=leitung, **entry)
    publish_programm(beratung=beratung, by=leitung)


def _compare_decided(cast: Cast, jahr: int) -> None:
    """Two decided Fassungen beside each other, by one click; readers now meet the second and still find the first."""
    page = cast.sign_in("planung")
    page.goto(f"/intern/programm/{jahr}/vergleich/")
    follow(page.get_by_role("link", name="Seit der letzten beschlossenen Fassung"))
    expect(page.get_by_role("main")).to_contain_text("vorher: 44 → jetzt: 31 (−13)")
    cast.look(page)
    page.goto(f"/intern/programm/{jahr}/vergleich/")
    follow(page.get_by_role("link", name="Gegen das Vorjahr"))
    expect(page.get_by_role("main")).to_contain_text(str(jahr - 1))
    visitor = cast.visitor()
    visitor.goto(f"/arbeitsmarktprogramm/{jahr}/")
    expect(visitor.get_by_role("main")).to_contain_text("31")
    expect(visitor.get_by_role("main")).to_contain_text("Fassung\u00a03")


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
