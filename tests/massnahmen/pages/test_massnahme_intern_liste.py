from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from massnahmen.actions import archive_massnahme, open_programm, update_position
from massnahmen.enums import Finanzquelle, Instrumentgruppe, Vergabestand
from massnahmen.models import Handlungsfeld, Instrument, Massnahme, Programmposition, Traeger, Zielgruppe
from massnahmen.queries import check_programm, is_incomplete, list_positionen
from tests.html import Page
from tests.tabellen import read_csv, read_xlsx

URL = "/intern/massnahmen/"
HEAD = [
    *("Lfd. Nr.", "Maßnahme", "Jahr", "Stand", "Zweck", "Instrument", "Rechtsgrundlage", "Handlungsfeld", "Zielgruppen", "Träger"),
    *(
        "Vergabe",
        "Stand der Maßnahme",
        "Ort",
        "Beginn",
        "Ende",
        "Dauer in Wochen",
        "Stunden in der Woche",
        "Plätze",
        "Eintritte",
        "Kosten in Euro",
    ),
    *("Kosten je Platz und Monat in Euro", "Verpflichtung in Euro"),
    *(f"aus „{quelle.label}“ in Euro" for quelle in Finanzquelle),
    *("Geplante Eingliederungsquote in Prozent", "Erfolgskriterium", "Bemerkung"),
]
OFFEN = {
    "instrument": None,
    "zielgruppen": [],
    "traeger": None,
    "beginn": None,
    "ende": None,
    "plaetze": None,
    "geplante_eintritte": None,
    "kosten_cent": {},
    "handlungsfeld": None,
    "vergabestand": Vergabestand.OFFEN,
    "beschreibung": "",
    "erfolgskriterium": "",
}


def names(response) -> list[str]:
    return [link.text for link in Page(response.content).classed("tabelle__link")]


@pytest.fixture
def many(programm, plan, planung, traeger) -> None:
    """Two years: 2027 with three of group F, 2028 with one of group D that nobody carries out yet."""
    plan(programm, 3)
    other = Instrument.objects.create(
        kurz="16e", name="Eingliederung", klartext="Lohnzuschuss", paragraph="§ 16e SGB II", gruppe=Instrumentgruppe.D
    )
    fields = {"traeger": None, "vergabestand": Vergabestand.LAEUFT, "plaetze": 99, "beginn": date(2028, 1, 1), "ort": "Oberau"}
    plan(open_programm(jahr=2028, by=planung), 1, titel="Brücke", instrument=other, **fields)


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
        ("?vergabe=laeuft", ["Brücke"]),
        ("?vergabe=ohne", []),
        ("?stand=entwurf&jahr=2028", ["Brücke"]),
        ("?stand=veroeffentlicht", []),
        ("?text=nahme 2", ["Maßnahme 2"]),
        ("?text=BRÜCKE", ["Brücke"]),
        ("?text=oberau", ["Brücke"]),
        ("?text=Bildungswerk 3", ["Maßnahme 3"]),  # of the provider, of the title
        ("?text=zuschuss zum", ["Brücke", "Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?text=%25", []),
        ("?jahr=2027&gruppe=D", []),
        ("?text=%00", ["Brücke", "Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]),
        ("?offen=on", []),
        ("?uebernommen=on", []),
        ("?archiv=nur", []),
        ("?archiv=alle&jahr=2028", ["Brücke"]),
        ("?sortierung=plaetze", ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]),
        ("?sortierung=-massnahme", ["Maßnahme 3", "Maßnahme 2", "Maßnahme 1", "Brücke"]),
        ("?sortierung=jahr", ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]),
    ],
)
def test_the_address_filters_and_sorts(signed_in, planung, query, found):
    assert names(signed_in(planung).get(URL + query)) == found


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "query",
    [
        *("jahr=1999", "jahr=x", "jahr=2027%00", "gruppe=Z", "handlungsfeld=x", "handlungsfeld=-1", "handlungsfeld=99999999999999999999"),
        *("traeger=1e5", "instrument=%C3%28", "zielgruppe=%27%20OR%201", "stand=ENTWURF", "vergabe=%F0%9F%98%80", "archiv=1"),
    ],
)
def test_nonsense_in_the_address_finds_nothing_and_says_where_it_is(signed_in, planung, query):
    response = signed_in(planung).get(f"{URL}?{query}")
    page = Page(response.content)
    assert response.status_code == 200
    assert names(response) == []
    assert "Nichts passt zu diesen Filtern" in page.one("main").text
    assert page.classed("kern-error")
    assert not page.classed("filter__aktive")
    assert signed_in(planung).get(f"{URL}?{query}&format=csv").content.count(b"\n") == 1  # the head


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "query",
    ["offen=", "uebernommen=", "archiv=", "text=" + "a+" * 400, "sortierung=stimme", "sortierung=-", "seite=-7", "seite=x", "alle=1"],
)
def test_what_is_odd_but_harmless_shows_a_page(signed_in, planung, query):
    assert signed_in(planung).get(f"{URL}?{query}").status_code == 200


def test_filters_by_what_a_measure_has_or_has_not(signed_in, planung, programm, plan, handlungsfeld, zielgruppe, instrument, traeger):
    plan(programm, 1, titel="Mit allem")
    plan(programm, 1, **{"titel": "Nur ein Titel"} | OFFEN)
    browser = signed_in(planung)
    assert names(browser.get(URL)) == ["Mit allem", "Nur ein Titel"]
    for name, row in (("handlungsfeld", handlungsfeld), ("zielgruppe", zielgruppe), ("instrument", instrument), ("traeger", traeger)):
        assert names(browser.get(f"{URL}?{name}={row.pk}")) == ["Mit allem"]
        assert names(browser.get(f"{URL}?{name}=null")) == ["Nur ein Titel"]


def test_a_measure_for_several_groups_is_one_row(signed_in, planung, programm, plan, zielgruppe):
    other = Zielgruppe.objects.create(code="ue50", name="Menschen über 50 Jahre")
    plan(programm, 1, zielgruppen=[zielgruppe, other])
    browser = signed_in(planung)
    assert names(browser.get(f"{URL}?zielgruppe={other.pk}")) == ["Maßnahme 1"]
    row = dict(zip(*read_csv(browser.get(f"{URL}?zielgruppe={other.pk}&format=csv")), strict=True))
    assert row["Zielgruppen"] == "Menschen unter 25 Jahren; Menschen über 50 Jahre"
    assert row["Kosten in Euro"] == "520000,50"  # not twice


@pytest.mark.parametrize("gap", [{name: value} for name, value in OFFEN.items() if name not in {"traeger", "vergabestand"}])
def test_what_the_submission_misses_is_what_the_filter_finds(programm, plan, planung, gap):
    """The condition in SQL says what `check_programm` says."""
    plan(programm, 1, titel="Lückenlos")
    plan(programm, 1, **{"titel": "Mit Lücke"} | gap)
    missing = {b.schluessel for b in check_programm(programm) if b.bereich == "massnahme" and b.satz.startswith("Es fehl")}
    found = list_positionen(planung).filter(is_incomplete())
    assert [str(row.massnahme) for row in found] == ["Mit Lücke"]
    assert {row.massnahme_id for row in found} == missing


def test_spaces_are_no_text(programm, plan, planung):
    plan(programm, 1, erfolgskriterium=" \n ")
    assert list_positionen(planung).filter(is_incomplete()).count() == 1


def test_what_can_no_longer_be_written_on_misses_nothing(signed_in, planung, leitung, fassung):
    Programmposition.objects.update(erfolgskriterium="")
    assert names(signed_in(planung).get(f"{URL}?offen=on")) == []


def test_figures_of_last_year_are_found_and_named(signed_in, planung, programm, plan):
    first, _ = plan(programm, 2)
    Programmposition.objects.filter(pk=first.pk).update(uebernommen=True)
    page = signed_in(planung).get(f"{URL}?uebernommen=on")
    assert names(page) == ["Maßnahme 1"]
    assert "Zahlen vom Vorjahr" in Page(page.content).classed("tabelle__zusatz")[0].text


def test_the_archive_stays_away_until_it_is_asked_for(signed_in, planung, veroeffentlichung):
    browser, measure = signed_in(planung), Massnahme.objects.get()
    archive_massnahme(massnahme=measure, grund="Der Träger hört auf.", by=planung)
    assert names(browser.get(URL)) == []
    assert names(browser.get(f"{URL}?archiv=nur")) == names(browser.get(f"{URL}?archiv=alle")) == [measure.titel]
    assert "im Archiv" in Page(browser.get(f"{URL}?archiv=nur").content).classed("tabelle__zusatz")[0].text
    assert len(read_csv(browser.get(f"{URL}?format=csv"))) == 1
    assert "0 Maßnahmen" not in browser.get(URL).content.decode()


def test_gaps_are_dashes_and_stand_last_either_way(signed_in, planung, programm, plan):
    plan(programm, 1, titel="Voll")
    plan(programm, 1, **{"titel": "Leer"} | OFFEN)
    plan(programm, 1, titel="Nur ein Ende", beginn=None, plaetze=0)
    browser = signed_in(planung)
    for column in ("plaetze", "eintritte", "handlungsfeld", "ende", "instrument", "gruppe"):
        assert names(browser.get(f"{URL}?sortierung={column}"))[-1] == "Leer", column
        assert names(browser.get(f"{URL}?sortierung=-{column}"))[-1] == "Leer", column
    for column in ("massnahme", "jahr", "stand", "traeger", "kosten", "verpflichtung", "vergabe", "dauer", "stunden"):
        assert len(names(browser.get(f"{URL}?sortierung=-{column}"))) == 3, column
    for column in ("laufzeit", "beginn"):
        assert names(browser.get(f"{URL}?sortierung={column}"))[0] == names(browser.get(f"{URL}?sortierung=-{column}"))[0] == "Voll"
    page = Page(browser.get(f"{URL}?text=Leer").content)
    cells = [td.text.strip() for td in page.all("td") if "tabelle__auswahl" not in td.attrs["class"]]
    assert cells[1:7] == ["–", "Vergabe offen", "–", "–", "–", "0\u00a0€"]
    assert "Noch kein Instrument" in page.classed("tabelle__zusatz")[0].text
    assert "bis 31.12.2028" in Page(browser.get(f"{URL}?text=Ende").content).one("tbody").text


@pytest.mark.usefixtures("many")
def test_a_filter_keeps_the_order_and_can_be_taken_back(signed_in, planung):
    page = Page(signed_in(planung).get(f"{URL}?jahr=2027&sortierung=-plaetze").content)
    assert [e.attrs["value"] for e in page.all("input", name="sortierung")] == ["-plaetze", "-plaetze"]  # filters, boxes
    assert URL in page.links()
    assert "?jahr=2027&sortierung=plaetze" in page.links()
    empty = Page(signed_in(planung).get(f"{URL}?jahr=2027&gruppe=D").content)
    assert "Nichts passt zu diesen Filtern" in empty.one("main").text
    assert URL in empty.links()


@pytest.mark.usefixtures("many")
def test_active_filters_are_named_and_each_can_be_taken_away(signed_in, planung, handlungsfeld):
    query = f"text=nahme&jahr=2027&handlungsfeld={handlungsfeld.pk}&uebernommen=on&seite=2&sortierung=jahr"
    page = Page(signed_in(planung).get(f"{URL}?{query}").content)
    (box,) = page.classed("filter__aktive")
    assert [li.text.removeprefix("Filter wegnehmen: ") for li in page.all("li") if "Filter wegnehmen" in li.text] == [
        "Suchwort: „nahme“",
        "Jahr: 2027",
        "Handlungsfeld: Lange Arbeitslosigkeit beenden",
        "Zahlen vom Vorjahr ungeprüft",
    ]
    assert f"{URL}?text=nahme&handlungsfeld={handlungsfeld.pk}&uebernommen=on&sortierung=jahr" in page.links()
    assert "Gefiltert nach" in box.text
    assert not Page(signed_in(planung).get(URL).content).classed("filter__aktive")
    assert "Träger: Ohne Träger" in Page(signed_in(planung).get(f"{URL}?traeger=null").content).one("main").text


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("query", "is_open"), [("", False), ("?jahr=2027", False), ("?offen=on", True), ("?vergabe=Unsinn", True)])
def test_rare_filters_are_folded_away_until_one_is_set(signed_in, planung, query, is_open):
    details = [e for e in Page(signed_in(planung).get(URL + query).content).all("details") if "Weitere Filter" in e.text]
    assert [("open" in e.attrs) for e in details] == [is_open]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["", "jahr=2027", "text=nahme 2", "sortierung=-kosten&gruppe=D", "archiv=alle"])
def test_the_totals_are_the_sums_of_the_rows(signed_in, planung, query):
    Programmposition.objects.filter(massnahme__titel="Maßnahme 2").update(plaetze=None, verpflichtung_cent=123_45)
    browser = signed_in(planung)
    head, *rows = read_csv(browser.get(f"{URL}?{query}&format=csv"))
    page = Page(browser.get(f"{URL}?{query}").content)

    def total(column: str) -> Decimal:
        return sum((Decimal(row[head.index(column)].replace(",", ".") or 0) for row in rows), Decimal(0))

    shown = [td.text.strip() for td in page.all("td") if "tfoot" in td.inside and td.text.strip()]
    shown = [text.replace(".", "").replace(",", ".").removesuffix("\u00a0€") for text in shown]
    columns = ["Plätze", "Eintritte", "Kosten in Euro", "Verpflichtung in Euro"]
    assert [Decimal(text.replace("–", "0")) for text in shown] == [total(column) for column in columns]
    assert page.one("table").attrs["aria-describedby"] == "tabelle-anzahl"
    assert f"{len(rows)} Maßnahme" in page.by_id("tabelle-anzahl").text


def test_totals_are_of_all_pages(signed_in, planung, programm, plan):
    plan(programm, 51)
    page = Page(signed_in(planung).get(f"{URL}?seite=2").content)
    assert len(names(signed_in(planung).get(f"{URL}?seite=2"))) == 1
    assert "Summe aller 51\u00a0Maßnahmen" in page.one("tfoot").text
    assert "612" in page.one("tfoot").text
    assert "26.520.025,50\u00a0€" in page.one("tfoot").text
    assert "Plätze\u00a0612" in page.by_id("tabelle-anzahl").text


@pytest.mark.usefixtures("many")
def test_several_years_are_said_and_one_is_not(signed_in, planung, angaben):
    browser = signed_in(planung)
    assert "4 Maßnahmen aus 2 Jahren, 4 verschiedene" in Page(browser.get(URL).content).by_id("tabelle-anzahl").text
    assert "verschiedene" not in Page(browser.get(f"{URL}?jahr=2027").content).by_id("tabelle-anzahl").text


@pytest.mark.usefixtures("many")
def test_the_csv_is_what_the_page_shows(signed_in, planung):
    rows = read_csv(signed_in(planung).get(f"{URL}?jahr=2028&format=csv&seite=7"))
    assert rows[0] == HEAD
    (row,) = [dict(zip(rows[0], values, strict=True)) for values in rows[1:]]
    assert row == {
        "Lfd. Nr.": "1",
        "Maßnahme": "Brücke",
        "Jahr": "2028",
        "Stand": "Entwurf",
        "Zweck": "Aufnahme einer Erwerbstätigkeit",
        "Instrument": "Eingliederung",
        "Rechtsgrundlage": "§ 16e SGB II",
        "Handlungsfeld": "Lange Arbeitslosigkeit beenden",
        "Zielgruppen": "Menschen unter 25 Jahren",
        "Träger": "",
        "Vergabe": "Vergabe läuft",
        "Stand der Maßnahme": "Vergabe vorbereitet",
        "Ort": "Oberau",
        "Beginn": "2028-01-01",
        "Ende": "2028-12-31",
        "Dauer in Wochen": "",
        "Stunden in der Woche": "",
        "Plätze": "99",
        "Eintritte": "20",
        "Kosten in Euro": "520000,50",
        "Kosten je Platz und Monat in Euro": "437,71",  # 520000.50 / 99 / 12 = 437.7108…
        "Verpflichtung in Euro": "0,00",
        **{f"aus „{quelle.label}“ in Euro": "" for quelle in Finanzquelle},
        "aus „Eingliederungstitel (Bund)“ in Euro": "420000,00",
        "aus „Passiv-Aktiv-Transfer“ in Euro": "100000,50",
        "Geplante Eingliederungsquote in Prozent": "50",
        "Erfolgskriterium": "Die Hälfte arbeitet ein halbes Jahr später noch dort.",
        "Bemerkung": "",
    }


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["", "jahr=2027&sortierung=-massnahme", "text=nahme 2", "sortierung=-plaetze"])
def test_files_have_the_rows_and_the_order_of_the_page(signed_in, planung, query):
    browser = signed_in(planung)
    shown = names(browser.get(f"{URL}?{query}"))
    assert [row[1] for row in read_csv(browser.get(f"{URL}?{query}&format=csv"))[1:]] == shown
    assert [row[1] for row in read_xlsx(browser.get(f"{URL}?{query}&format=xlsx"))[1:]] == shown
    assert [row[0] for row in read_csv(browser.get(f"{URL}?{query}&format=csv"))[1:]] == [str(n + 1) for n in range(len(shown))]


@pytest.mark.usefixtures("many")
def test_the_xlsx_has_real_numbers_and_dates(signed_in, planung):
    head, *rows = read_xlsx(signed_in(planung).get(f"{URL}?format=xlsx&sortierung=plaetze"))
    assert head == HEAD
    assert [row[1] for row in rows] == ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3", "Brücke"]
    assert rows[3][head.index("Kosten in Euro")] == float(Decimal("520000.50"))
    assert rows[0][head.index("Plätze")] == 12.0
    assert rows[3][head.index("Beginn")] == (date(2028, 1, 1) - date(1899, 12, 30)).days


def test_gaps_are_empty_cells_in_files(signed_in, planung, programm, plan):
    plan(programm, 1, **{"titel": "Leer", "eingliederung_prozent": None} | OFFEN)
    head, row = read_csv(signed_in(planung).get(f"{URL}?format=csv"))
    assert {name for name, cell in zip(head, row, strict=True) if cell} == {
        *("Lfd. Nr.", "Maßnahme", "Jahr", "Stand", "Vergabe", "Stand der Maßnahme", "Kosten in Euro", "Verpflichtung in Euro")
    }
    assert len(read_xlsx(signed_in(planung).get(f"{URL}?format=xlsx"))) == 2


def test_formulas_are_harmless_wherever_somebody_can_write(signed_in, planung, programm, plan):
    evil = '=HYPERLINK("https://anderswo.example";"Klick")'
    plan(programm, 1, titel=evil, ort="@SUM(1)", erfolgskriterium="+1", bemerkung="-1")
    head, row = read_csv(signed_in(planung).get(f"{URL}?format=csv"))
    cells = dict(zip(head, row, strict=True))
    assert [cells[name][:2] for name in ("Maßnahme", "Ort", "Erfolgskriterium", "Bemerkung")] == ["'=", "'@", "'+", "'-"]
    assert evil in read_xlsx(signed_in(planung).get(f"{URL}?format=xlsx"))[1]  # as text


def test_links_lead_where_the_person_may_go_on(signed_in, planung, fassung):
    measure = fassung.programm.positionen.get().massnahme
    links = Page(signed_in(planung).get(URL).content).links()
    assert reverse("massnahmen:massnahme-intern-detail", args=[measure.pk]) in links  # it lies with the Beirat
    assert reverse("massnahmen:massnahme-bearbeiten", args=[2027, measure.pk]) not in links


def test_in_a_draft_planung_edits_and_chooses_others_only_read(signed_in, planung, presse, position):
    edit = reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])
    page = Page(signed_in(planung).get(URL).content)
    assert edit in page.links()
    box = page.one("input", name="auswahl")
    assert (box.attrs["value"], box.attrs["form"]) == (str(position.pk), "auswahl-form")
    bulk = ["position-bestaetigen", "position-zuordnen", "position-entfernen", "massnahme-archivieren"]
    buttons = [e.attrs["formaction"] for e in page.all("button") if "formaction" in e.attrs]
    assert buttons == [reverse(f"massnahmen:{name}") for name in bulk]
    assert page.one("label", for_=box.attrs["id"]).text == "Neuer Start im Betrieb, 2027 auswählen"
    reader = Page(signed_in(presse).get(URL).content)
    assert edit not in reader.links()
    assert reverse("massnahmen:massnahme-intern-detail", args=[position.massnahme_id]) in reader.links()
    assert not reader.all("input", name="auswahl")
    assert not [e for e in reader.elements if e.attrs.get("id") == "auswahl-form"]


def test_all_filtered_can_be_chosen_where_there_are_more_than_a_page(signed_in, planung, programm, plan, monkeypatch):
    plan(programm, 51)
    page = Page(signed_in(planung).get(f"{URL}?jahr=2027&sortierung=-plaetze").content)
    assert page.one("input", name="alle").attrs["value"] == "1"
    assert "Alle 51 gefilterten Maßnahmen auswählen" in page.one("main").text
    inside = {(e.attrs["name"], e.attrs["value"]) for e in page.all("input", type="hidden") if e.attrs["name"] in {"jahr", "sortierung"}}
    assert inside == {("jahr", "2027"), ("sortierung", "-plaetze")}
    monkeypatch.setattr("jobcenter.common.auswahl.MOST", 50)
    page = Page(signed_in(planung).get(URL).content)
    assert not page.all("input", name="alle")
    assert "höchstens 50 Maßnahmen" in page.one("main").text


def test_an_empty_list_leads_on(signed_in, planung):
    page = Page(signed_in(planung).get(URL).content)
    assert "Noch keine Maßnahme" in page.one("main").text
    assert reverse("massnahmen:programm-intern-liste") in page.links()


def test_every_page_shows_every_row_once(signed_in, planung, programm, plan):
    """Rows that are equal in what sorts them keep their place from page to page."""
    plan(programm, 120)
    browser = signed_in(planung)
    shown = [name for seite in (1, 2, 3) for name in names(browser.get(f"{URL}?sortierung=-plaetze&seite={seite}"))]
    assert len(shown) == len(set(shown)) == 120
    assert len(read_csv(browser.get(f"{URL}?format=csv&seite=2"))) == 121


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_number_of_queries_does_not_grow(signed_in, planung, programm, plan, django_assert_num_queries, rows):
    (first,) = plan(programm, 1)
    _copy(first, rows - 1)
    Traeger.objects.create(name="Werkhof", ort="Musterburg")
    browser = signed_in(planung)
    browser.get(URL)
    with django_assert_num_queries(10):  # session, person, totals, keys, rows, and what five fields offer
        browser.get(URL)
    with django_assert_num_queries(5):  # session, person, rows, whom for, by source
        browser.get(f"{URL}?format=csv")
    assert len(read_csv(browser.get(f"{URL}?format=csv"))) == rows + 1


def _copy(position: Programmposition, times: int) -> None:
    """Many measures without three hundred actions."""
    measure = position.massnahme
    titles = [f"Maßnahme {number + 2}" for number in range(times)]
    copies = Massnahme.objects.bulk_create(
        Massnahme(titel=titel, instrument=measure.instrument, traeger=measure.traeger, beginn=measure.beginn, ende=measure.ende)
        for titel in titles
    )
    Programmposition.objects.bulk_create(
        Programmposition(programm=position.programm, massnahme=copy, plaetze=3, handlungsfeld=position.handlungsfeld) for copy in copies
    )


def test_a_change_shows_at_once(signed_in, planung, position, angaben):
    other = Handlungsfeld.objects.create(code="jung", name="Junge Menschen")
    update_position(position=position, version=position.massnahme.version, angaben=replace(angaben, handlungsfeld=other), by=planung)
    assert "Junge Menschen" in Page(signed_in(planung).get(URL).content).one("tbody").text
