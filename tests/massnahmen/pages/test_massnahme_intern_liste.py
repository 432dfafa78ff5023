from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from massnahmen.actions import open_programm
from massnahmen.enums import Instrumentgruppe
from massnahmen.models import Instrument, Traeger
from tests.html import Page
from tests.tabellen import read_csv, read_xlsx

URL = "/intern/massnahmen/"


def names(response) -> list[str]:
    return [link.text for link in Page(response.content).classed("tabelle__link")]


@pytest.fixture
def many(programm, plan, planung, instrument, traeger) -> None:
    """Two years: 2027 with three of group F, 2028 with one of group D that nobody carries out yet."""
    plan(programm, 3)
    other = Instrument.objects.create(
        kurz="16e", name="Eingliederung", klartext="Lohnzuschuss", paragraph="§ 16e SGB II", gruppe=Instrumentgruppe.D
    )
    plan(open_programm(jahr=2028, by=planung), 1, titel="Brücke", instrument=other, traeger=None, plaetze=99, beginn=date(2028, 1, 1))


def test_who_may_not_see_programmes_meets_a_refusal(signed_in, fremd, mitglied, client):
    assert signed_in(fremd).get(URL).status_code == 403
    assert signed_in(mitglied.konto).get(URL).status_code == 403
    assert signed_in(fremd).get(f"{URL}?format=csv").status_code == 403
    assert client.get(URL)["Location"].startswith(reverse("account_login"))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Brücke", "Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?jahr=2027", ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?gruppe=D", ["Brücke"]),
        ("?traeger=null", ["Brücke"]),
        ("?text=nahme 2", ["Maßnahme 2"]),
        ("?text=BRÜCKE", ["Brücke"]),
        ("?text=zuschuss zum", ["Brücke", "Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?jahr=2027&gruppe=D", []),
        ("?jahr=1999", []),
        ("?jahr=x", []),
        ("?text=%00", ["Brücke", "Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?sortierung=plaetze", ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]),
        ("?sortierung=-massnahme", ["Maßnahme 3", "Maßnahme 2", "Maßnahme 1", "Brücke"]),
        ("?sortierung=jahr", ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]),
    ],
)
def test_the_address_filters_and_sorts(signed_in, planung, query, found):
    assert names(signed_in(planung).get(URL + query)) == found


@pytest.mark.usefixtures("many")
def test_a_filter_keeps_the_order_and_can_be_taken_back(signed_in, planung):
    page = Page(signed_in(planung).get(f"{URL}?jahr=2027&sortierung=-plaetze").content)
    assert page.one("input", name="sortierung").attrs["value"] == "-plaetze"
    assert URL in page.links()
    assert "?jahr=2027&sortierung=plaetze" in page.links()
    empty = Page(signed_in(planung).get(f"{URL}?jahr=2027&gruppe=D").content)
    assert "Nichts passt zu diesen Filtern" in empty.one("main").text
    assert URL in empty.links()


@pytest.mark.usefixtures("many")
def test_the_csv_is_what_the_page_shows(signed_in, planung):
    rows = read_csv(signed_in(planung).get(f"{URL}?jahr=2028&format=csv&seite=7"))
    assert rows[0] == [
        *("Maßnahme", "Jahr", "Stand", "Zweck", "Instrument", "Rechtsgrundlage"),
        *("Träger", "Beginn", "Ende", "Plätze", "Eintritte", "Kosten in Euro"),
    ]
    assert rows[1:] == [
        [
            *("Brücke", "2028", "Entwurf", "Aufnahme einer Erwerbstätigkeit", "Eingliederung", "§ 16e SGB II"),
            *("", "01.01.2028", "31.12.2028", "99", "20", "520000,50"),
        ]
    ]


@pytest.mark.usefixtures("many")
def test_the_xlsx_has_real_numbers(signed_in, planung):
    head, *rows = read_xlsx(signed_in(planung).get(f"{URL}?format=xlsx&sortierung=plaetze"))
    assert [row[0] for row in rows] == ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]
    assert rows[3][head.index("Kosten in Euro")] == float(Decimal("520000.50"))
    assert rows[0][head.index("Plätze")] == 12.0


def test_formulas_in_titles_are_harmless(signed_in, planung, programm, plan):
    plan(programm, 1, titel='=HYPERLINK("https://anderswo.example";"Klick")')
    assert read_csv(signed_in(planung).get(f"{URL}?format=csv"))[1][0].startswith("'=")
    assert read_xlsx(signed_in(planung).get(f"{URL}?format=xlsx"))[1][0].startswith("=")  # as text


def test_links_lead_where_the_person_may_go_on(signed_in, planung, presse, position, fassung):
    inside = reverse("massnahmen:programm-intern-detail", args=[2027]) + "#massnahmen"
    edit = reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])
    assert inside in Page(signed_in(planung).get(URL).content).links()  # it lies with the Beirat
    assert edit not in Page(signed_in(planung).get(URL).content).links()


def test_in_a_draft_planung_edits_and_chooses_others_only_read(signed_in, planung, presse, position):
    edit = reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])
    page = Page(signed_in(planung).get(URL).content)
    assert edit in page.links()
    box = page.one("input", name="auswahl")
    assert (box.attrs["value"], box.attrs["form"]) == (str(position.pk), "auswahl-form")
    assert page.by_id("auswahl-form").attrs["action"] == reverse("massnahmen:position-entfernen")
    assert page.one("label", for_=box.attrs["id"]).text == "Neuer Start im Betrieb, 2027 auswählen"
    reader = Page(signed_in(presse).get(URL).content)
    assert edit not in reader.links()
    assert not reader.all("input", name="auswahl")
    assert not [e for e in reader.elements if e.attrs.get("id") == "auswahl-form"]


def test_an_empty_list_leads_on(signed_in, planung):
    page = Page(signed_in(planung).get(URL).content)
    assert "Noch keine Maßnahme" in page.one("main").text
    assert reverse("massnahmen:programm-intern-liste") in page.links()


def test_every_page_shows_every_row_once(signed_in, planung, programm, plan):
    """Rows that are equal in what sorts them keep their place from page to page."""
    plan(programm, 60)
    browser = signed_in(planung)
    shown = [name for seite in (1, 2, 3) for name in names(browser.get(f"{URL}?sortierung=-plaetze&seite={seite}"))]
    assert len(shown) == len(set(shown)) == 60
    assert len(read_csv(browser.get(f"{URL}?format=csv&seite=2"))) == 61


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, planung, programm, plan, django_assert_num_queries, rows):
    plan(programm, rows)
    Traeger.objects.create(name="Werkhof", ort="Musterburg")
    browser = signed_in(planung)
    with django_assert_num_queries(6):
        browser.get(URL)
