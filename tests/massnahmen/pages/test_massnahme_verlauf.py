from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar
from massnahmen.actions import reopen_programm, update_position
from massnahmen.enums import Finanzquelle, Vergabestand
from massnahmen.models import Handlungsfeld, Programmposition
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def page(position) -> str:
    return reverse("massnahmen:massnahme-verlauf", args=[2027, position.massnahme_id])


@pytest.fixture
def editor(position) -> str:
    return reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])


@pytest.fixture
def changed(position, angaben, planung) -> int:
    """A second version with other places and money; returns the id of the first state."""
    first = position.massnahme.events.get().pgh_id
    neu = replace(angaben, plaetze=20, kosten_cent={Finanzquelle.EGT: 45_500_000}, zielgruppen=[])
    update_position(position=position, version=1, angaben=neu, by=planung)
    return first


def test_who_changed_what(signed_in, leitung, page, changed):
    response = signed_in(leitung).get(page)
    assertContains(response, "Maßnahme geändert")
    assertContains(response, "Petra Plan")
    assertContains(response, "(+8,3\u00a0%)")
    assertContains(response, "Hier beginnt der Verlauf.")
    assertContains(response, f'href="?stand={changed}"')


def test_an_old_state_is_read_and_saved_as_the_newest_with_its_reason(signed_in, planung, page, editor, changed, position):
    browser = signed_in(planung)
    compared = browser.get(f"{page}?stand={changed}")
    assertContains(compared, f'href="{editor}?stand={changed}"')
    form = browser.get(f"{editor}?stand={changed}")
    assertContains(form, "In den Feldern steht der Stand vom")
    values = sent_by(form, f"{editor}?stand={changed}")
    assert (values["plaetze"], values["kosten_egt"], values["kosten_pat"], values["version"]) == (
        ["12"],
        ["420.000"],
        ["100.000,50"],
        ["2"],
    )
    assert position.massnahme.events.count() == 2  # looking changes nothing
    assertRedirects(
        browser.post(f"{editor}?stand={changed}", values),
        reverse("massnahmen:programm-intern-detail", args=[2027]) + "#massnahmen",
        fetch_redirect_response=False,
    )
    stored = Programmposition.objects.get(pk=position.pk)
    assert (stored.plaetze, stored.kosten_cent, stored.massnahme.zielgruppen.count()) == (12, 52_000_050, 1)
    assertContains(browser.get(page), "wieder eingesetzt")
    assert position.massnahme.events.order_by("-pgh_id").first().pgh_context.metadata["grund"].endswith("wieder eingesetzt")


def test_only_who_may_change_it_now_can_take_a_state_in_again(
    signed_in, planung, leitung, page, editor, changed, programm, zielgruppe, submit
):
    assertNotContains(signed_in(leitung).get(f"{page}?stand={changed}"), "wieder einsetzen")
    assert signed_in(leitung).get(f"{editor}?stand={changed}").status_code == 403
    programm.positionen.get().massnahme.zielgruppen.add(zielgruppe)  # nothing goes to the Beirat without
    submit(programm)
    assertNotContains(signed_in(planung).get(f"{page}?stand={changed}"), "wieder einsetzen")
    assert signed_in(planung).get(f"{editor}?stand={changed}").status_code == 409
    reopen_programm(programm=programm, grund="Noch eine Frage.", by=leitung)
    assertContains(signed_in(planung).get(f"{page}?stand={changed}"), "wieder einsetzen")


def test_a_state_of_something_else_is_not_found(signed_in, planung, page, editor, changed, angaben, programm, plan):
    foreign = plan(programm, 1)[0].massnahme.events.get().pgh_id
    for address in (page, editor):
        for state in (foreign, "x", 0):
            assert signed_in(planung).get(f"{address}?stand={state}").status_code == 404


def test_closed_to_everybody_but_staff(client, signed_in, planung, mitglied, fremd, page, position):
    assert client.get(page).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(page).status_code == 403
    unknown = reverse("massnahmen:massnahme-verlauf", args=[2027, position.massnahme_id + 99])
    assert signed_in(planung).get(unknown).status_code == 404


def test_staff_without_the_right_to_change_comment_here(signed_in, leitung, page, position):
    add_kommentar(objekt=position.massnahme, text="Reicht das?", feld="kosten", by=leitung)
    response = signed_in(leitung).get(page)
    assertContains(response, "Reicht das?")
    assertContains(response, "Zu: Kosten")


def test_every_field_is_told_by_its_name_and_not_by_its_key(signed_in, leitung, planung, page, position, angaben):
    other = Handlungsfeld.objects.create(code="jugend", name="Junge Menschen")
    neu = replace(
        angaben, handlungsfeld=other, traeger=None, vergabestand=Vergabestand.LAEUFT, jederzeit=True, dauer_wochen=8, ort="Musterburg",
        zugang="Anrufen", erfolgskriterium="Alle", verpflichtung_cent=100_00, bemerkung="Neu",
    )  # fmt: skip
    update_position(position=position, version=1, angaben=neu, by=planung)
    newest = signed_in(leitung).get(page).context["eintraege"].object_list[0]
    told = {feld.wort: feld.inhalt for feld in newest.aenderungen.geaendert}
    assert {wort: (inhalt.alt, inhalt.neu) for wort, inhalt in told.items() if hasattr(inhalt, "alt")} == {
        "Vergabe": ("vergeben", "Vergabe läuft"),
        "Träger": ("Bildungswerk Musterburg", "–"),
        "Einstieg jederzeit": ("Nein", "Ja"),
        "Dauer je Person in Wochen": ("–", "8"),
        "Handlungsfeld": ("Lange Arbeitslosigkeit beenden", "Junge Menschen"),
        "Verpflichtung für die Folgejahre": ("0\u00a0€", "100\u00a0€"),
    }
    assert {"Ort", "Wie kommt man hinein?", "Woran erkennen wir den Erfolg?", "Bemerkung"} <= set(told)


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_page_costs_the_same_however_long(signed_in, planung, page, position, angaben, django_assert_num_queries, anzahl):
    for version in range(1, anzahl):
        update_position(position=position, version=version, angaben=replace(angaben, plaetze=version), by=planung)
    browser = signed_in(planung)
    browser.get(page)
    with django_assert_num_queries(15):
        browser.get(page)
