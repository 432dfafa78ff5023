import re
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar
from massnahmen.actions import publish_programm, update_kapitel
from massnahmen.models import Instrument
from tests.html import Page

PAGE = reverse("massnahmen:programm-intern-detail", args=[2027])
BUTTONS = {
    "planen": "Maßnahme planen</span>",
    "vorlegen": "Angaben prüfen und vorlegen",
    "veroeffentlichen": "Beraten: veröffentlichen",
    "oeffnen": "Wieder zum Entwurf machen",
    "bearbeiten": "Bearbeiten<span",
    "schreiben": "bearbeiten</span>",
}


def buttons(page) -> set[str]:
    return {name for name, words in BUTTONS.items() if words in page.content.decode()}


def test_a_draft_shows_measures_text_and_sums(signed_in, planung, position, plan, traeger):
    Instrument.objects.create(kurz="x", name="Vermittlungsbudget", klartext="-", paragraph="§ 44 SGB III", gruppe="A")
    plan(position.programm, 1, instrument=Instrument.objects.get(kurz="x"), traeger=None, ende=date(2027, 12, 31))
    update_kapitel(kapitel=position.programm.kapitel.get(nummer=3), version=1, text="Drei kurze Wörter", by=planung)
    page = signed_in(planung).get(PAGE)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", page.content.decode()))
    assert text.index("Aktivierung und berufliche Eingliederung") < text.index("Beschäftigung schaffende Maßnahmen")
    for words in (
        "Teilhabe am Arbeitsmarkt (§ 16i SGB II)",
        "Vermittlungsbudget (§ 44 SGB III)",
        "Für: Menschen unter 25 Jahren",
        "Vergabe offen",
        "Bildungswerk Musterburg",
        "520.000,50 €",
        "Zusammen 24 40 1.040.001 €",
        "3 Wörter",
    ):
        assert words in text
    assert text.count("Text fehlt") == 12
    assert re.search(r"Zuletzt: .* von Petra Plan am", text)


def test_each_sees_the_buttons_of_role_and_state(signed_in, planung, leitung, controlling, fassung_in):
    draft = {"planen", "bearbeiten", "schreiben"}
    expected = {
        "entwurf": (draft, {"vorlegen"}),
        "beim_beirat": (set(), {"oeffnen"}),
        "beraten": (set(), {"veroeffentlichen", "oeffnen"}),
        "veroeffentlicht": (set(), {"oeffnen"}),
    }
    for state, (for_planung, for_leitung) in expected.items():
        fassung_in(state)
        assert buttons(signed_in(planung).get(PAGE)) == for_planung, state
        assert buttons(signed_in(leitung).get(PAGE)) == for_leitung, state
        assert buttons(signed_in(controlling).get(PAGE)) == set(), state


@pytest.fixture
def fassung_in(position, request):
    """Bring the programme one state further, in the order of the states."""

    def move(state: str) -> None:
        if state == "beim_beirat":
            request.getfixturevalue("fassung")
        elif state == "beraten":
            request.getfixturevalue("advise")(request.getfixturevalue("fassung"))
        elif state == "veroeffentlicht":
            publish_programm(beratung=request.getfixturevalue("fassung").beratung, by=request.getfixturevalue("leitung"))

    return move


def test_the_page_says_what_comes_next(signed_in, controlling, position, fassung_in):
    browser = signed_in(controlling)
    for state, words in {
        "entwurf": "legt die Leitung das Programm dem Beirat vor",
        "beim_beirat": "Die Geschäftsstelle setzt sie auf die Tagesordnung",
        "beraten": "einstimmig zugestimmt. Die Leitung kann das Programm jetzt veröffentlichen.",
        "veroeffentlicht": "öffentlich. Wer das Programm ändern will",
    }.items():
        fassung_in(state)
        assertContains(browser.get(PAGE), words)


def test_fassungen_show_fingerprint_advice_and_publication(signed_in, controlling, veroeffentlichung):
    page = signed_in(controlling).get(PAGE)
    assertContains(page, veroeffentlichung.fassung.pruefsumme)
    assertContains(page, "Beirat: einstimmig zugestimmt")
    assertContains(page, "Veröffentlicht von Hanna Reuter")


def test_an_empty_draft_offers_the_first_step(signed_in, planung, leitung, programm):
    assertContains(signed_in(planung).get(PAGE), "Die erste Maßnahme planen")
    assertNotContains(signed_in(leitung).get(PAGE), "Die erste Maßnahme planen")


def test_closed_to_strangers_and_404_for_a_year_without_programme(client, signed_in, fremd, mitglied, programm, leitung):
    assertRedirects(client.get(PAGE), f"{reverse('account_login')}?next={PAGE}", fetch_redirect_response=False)
    assert signed_in(fremd).get(PAGE).status_code == 403
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403
    for jahr in (2026, 99999999999):
        assert signed_in(leitung).get(reverse("massnahmen:programm-intern-detail", args=[jahr])).status_code == 404


def test_query_count(signed_in, planung, programm, plan, django_assert_num_queries):
    browser = signed_in(planung)
    for more in (1, 2, 27):
        plan(programm, more)
        # session, account, programme, four of the draft, three of open comments, Fassungen, three histories, names
        with django_assert_num_queries(15):
            browser.get(PAGE)


def test_the_steps_say_how_far_it_is_and_what_is_not_possible_yet(signed_in, leitung, planung, programm, plan):
    def steps(user) -> list[tuple[str, bool]]:
        page = Page(signed_in(user).get(PAGE).content)
        links = {a.attrs["aria-describedby"].split()[0] for a in page.all("a") if "aria-describedby" in a.attrs}
        states = [page.by_id(f"schritte-{n}-stand") for n in range(1, 6)]
        return [(state.text.strip(), state.attrs["id"] in links) for state in states]

    assert steps(leitung) == [
        ("offen", True),
        ("0 von 13 geschrieben", True),
        ("noch nicht möglich", False),
        ("noch nicht möglich", False),
        ("noch nicht möglich", False),
    ]
    plan(programm, 2)
    update_kapitel(kapitel=programm.kapitel.get(nummer=3), version=1, text="Drei kurze Wörter", by=planung)
    assert steps(leitung)[:3] == [("2 geplant", True), ("1 von 13 geschrieben", True), ("offen", True)]
    assert steps(planung)[2] == ("offen", False)  # that is the Leitung's


def test_the_steps_after_the_submission(signed_in, leitung, fassung_in):
    expected = {
        "entwurf": ["offen", "noch nicht möglich", "noch nicht möglich"],
        "beim_beirat": ["erledigt", "offen", "noch nicht möglich"],
        "beraten": ["erledigt", "erledigt", "offen"],
        "veroeffentlicht": ["erledigt", "erledigt", "erledigt"],
    }
    for state, words in expected.items():
        fassung_in(state)
        page = Page(signed_in(leitung).get(PAGE).content)
        assert [page.by_id(f"schritte-{n}-stand").text.strip() for n in (3, 4, 5)] == words, state


def test_open_comments_are_counted_where_they_are(signed_in, planung, leitung, position):
    for text in ("Eins", "Zwei"):
        add_kommentar(objekt=position.massnahme, text=text, by=leitung)
    add_kommentar(objekt=position.programm.kapitel.get(nummer=5), text="Drei", by=leitung)
    page = signed_in(planung).get(reverse("massnahmen:programm-intern-detail", args=[2027]))
    assertContains(page, "2&nbsp;offene Kommentare")
    assertContains(page, "1&nbsp;offener Kommentar")
