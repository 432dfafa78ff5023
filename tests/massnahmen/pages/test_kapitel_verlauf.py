import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import update_kapitel
from massnahmen.enums import Kapitelstand
from massnahmen.models import Kapitel
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:kapitel-verlauf", args=[2027, 5])
EDITOR = reverse("massnahmen:kapitel-bearbeiten", args=[2027, 5])


OLD = "<p>Wir helfen <strong>allen</strong> Menschen.</p>"


def write(kapitel: Kapitel, text: str, by, **fields) -> Kapitel:
    kapitel.refresh_from_db()
    fields = {"stand": Kapitelstand.IN_ARBEIT, "verantwortlich": None} | fields
    return update_kapitel(kapitel=kapitel, version=kapitel.version, text=text, by=by, **fields)


@pytest.fixture
def kapitel(programm, planung) -> Kapitel:
    kapitel = programm.kapitel.get(nummer=5)
    write(kapitel, "<p>Wir helfen <strong>allen</strong> Menschen.</p>", planung)
    return write(kapitel, "<p>Wir helfen jungen Menschen.</p>", planung, grund="Wunsch <der> Leitung")


def test_words_are_marked_and_the_reason_is_told(signed_in, leitung, kapitel):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "[gelöscht: </span> allen")
    assertContains(page, "[eingefügt: </span> jungen")
    assertContains(page, "Grund: Wunsch &lt;der&gt; Leitung")
    assertContains(page, "gilt jetzt", count=1)


def test_an_old_text_is_taken_in_again(signed_in, planung, kapitel):
    stand = kapitel.events.get(text=OLD).pgh_id
    browser = signed_in(planung)
    values = sent_by(browser.get(f"{EDITOR}?stand={stand}"), f"{EDITOR}?stand={stand}")
    assert (values["text"], values["text_html"]) == (["Wir helfen allen Menschen."], [OLD])
    browser.post(f"{EDITOR}?stand={stand}", values)
    kapitel.refresh_from_db()
    assert (kapitel.text, kapitel.version) == (OLD, 4)
    assertContains(browser.get(PAGE), "wieder eingesetzt")


def test_on_top_of_a_newer_save_it_is_a_conflict_as_always(signed_in, planung, person, kapitel):
    stand = kapitel.events.get(text=OLD).pgh_id
    browser = signed_in(planung)
    values = sent_by(browser.get(f"{EDITOR}?stand={stand}"), f"{EDITOR}?stand={stand}")
    write(kapitel, "<p>Neuer</p>", person("Zoe Zweit", "planung"))
    conflict = browser.post(f"{EDITOR}?stand={stand}&fremd=1", values)
    assert conflict.status_code == 409
    kapitel.refresh_from_db()
    assert kapitel.text == "<p>Neuer</p>"

    assertContains(conflict, f'href="{EDITOR}"', status_code=409)  # the stored one opens without the state
    again = f"{EDITOR}?stand={stand}"  # and nothing else of the address
    assert browser.post(again, sent_by(conflict, again)).status_code == 302
    assert grund_of(kapitel).endswith("wieder eingesetzt")


def test_who_goes_on_writing_from_an_old_text_did_not_take_it_in_again(signed_in, planung, kapitel):
    stand = kapitel.events.get(text=OLD).pgh_id
    browser = signed_in(planung)
    values = sent_by(browser.get(f"{EDITOR}?stand={stand}"), f"{EDITOR}?stand={stand}")
    browser.post(f"{EDITOR}?stand={stand}", values | {"text": "Etwas ganz anderes."})
    assert grund_of(kapitel).startswith("Auf Grundlage des Stands vom ")
    assertNotContains(browser.get(PAGE), "wieder eingesetzt")


def test_paragraphs_from_a_browser_are_still_the_old_text(signed_in, planung, kapitel):
    kapitel = write(kapitel, "<p>Eins.</p><p>Zwei.</p>", planung)
    stand = kapitel.events.get(text="<p>Eins.</p><p>Zwei.</p>").pgh_id
    kapitel = write(kapitel, "<p>Drei.</p>", planung)
    values = {"text": "Eins.\r\n\r\nZwei.", "version": "5", "stand": "arbeit", "verantwortlich": ""}
    signed_in(planung).post(f"{EDITOR}?stand={stand}", values)
    assert grund_of(kapitel).endswith("wieder eingesetzt")


def test_state_and_person_are_told_by_their_names(signed_in, leitung, planung, kapitel):
    write(kapitel, "<p>Wir helfen jungen Menschen.</p>", planung, stand=Kapitelstand.FERTIG, verantwortlich=leitung)
    page = signed_in(leitung).get(PAGE)
    newest = page.context["eintraege"].object_list[0]
    assert [(feld.wort, feld.inhalt.alt, feld.inhalt.neu) for feld in newest.aenderungen.geaendert] == [
        ("Stand", "in Arbeit", "fertig"),
        ("Verantwortlich", "–", "Hanna Reuter"),
    ]
    assertNotContains(page, "&lt;p&gt;")  # words, no tags


def grund_of(kapitel: Kapitel) -> str:
    return kapitel.events.order_by("-pgh_id").first().pgh_context.metadata["grund"]


def test_closed_to_everybody_but_staff(client, signed_in, mitglied, fremd, kapitel, planung):
    assert client.get(PAGE).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:kapitel-verlauf", args=[2027, 13])).status_code == 404
