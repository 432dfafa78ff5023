"""The table of the house, over rows that are no queryset; over querysets it is tested where rooms use it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views.generic import TemplateView

from jobcenter.common import tabellen
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.tabellen import (
    DatumSpalte,
    EuroSpalte,
    LinkSpalte,
    NummerSpalte,
    StandSpalte,
    Summen,
    Tabelle,
    TabelleMixin,
    TextSpalte,
    ZahlSpalte,
)
from tests.html import Page
from tests.tabellen import read_csv


@dataclass(frozen=True)
class Posten:
    name: str
    plaetze: int | None
    cent: int
    status: str = Auftragsstatus.FERTIG
    pk: int = 0
    beginn: date | None = None


class PostenTabelle(Tabelle):
    titel = "Posten"
    woerter = ("Posten", "Posten")
    name = LinkSpalte("Name", url=lambda record, table: "/posten/" if table.user == "darf" else "", zusatz=lambda record: "darunter")
    plaetze = ZahlSpalte("Plätze")
    cent = EuroSpalte("Kosten", initial_sort_descending=True)
    status = StandSpalte("Stand", choices=Auftragsstatus)
    notiz = TextSpalte("Notiz", accessor="name", nur_datei=True)


ROWS = [Posten("Anna", 3, 1250), Posten("Öl", None, 99_000_000), Posten("<b>Ute</b>", 0, 0, Auftragsstatus.GESCHEITERT)]


class PostenView(TabelleMixin, TemplateView):
    template_name = "components/tabelle.html"
    tabelle_class, je_seite = PostenTabelle, 2
    rows: Any = ROWS

    def get_rows(self) -> Any:
        return list(self.rows)


def show(query: str = "", rows: list[Posten] = ROWS, user: object = None) -> Page:
    request = RequestFactory().get(f"/liste/?{query}")
    request.user = user
    view = PostenView(rows=rows)
    view.setup(request)
    return Page(render_to_string("components/tabelle.html", view.get_context_data(), request))


def names(page: Page) -> list[str]:
    return [th.text.removesuffix("darunter").strip() for th in page.all("th", scope="row")]


def test_a_table_says_what_it_is():
    page = show()
    assert "Posten" in page.one("caption").text
    assert {th.attrs["scope"] for th in page.all("th")} == {"col", "row"}
    region = page.one("div", role="region")
    assert region.attrs["tabindex"] == "0"
    assert page.by_id(region.attrs["aria-labelledby"]).tag == "caption"
    assert [th.text.strip() for th in page.all("th", scope="col")] == ["Name", "Plätze", "Kosten", "Stand"]


def test_cells_are_german_and_escaped():
    page = show("seite=2")
    assert names(page) == ["<b>Ute</b>"]
    assert not page.all("b")
    assert [td.text.strip() for td in page.all("td")] == ["0", "0\u00a0€", "gescheitert"]
    assert [td.text.strip() for td in show().all("td")][3:5] == ["–", "990.000\u00a0€"]
    assert page.classed("kern-badge--danger")


def test_a_name_is_a_link_only_where_the_person_may_go_on():
    assert "/posten/" not in show().links()
    assert "/posten/" in show(user="darf").links()


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Anna", "Öl"]),
        ("sortierung=cent", ["<b>Ute</b>", "Anna"]),
        ("sortierung=-cent", ["Öl", "Anna"]),
        ("sortierung=-cent,name", ["Öl", "Anna"]),
        ("sortierung=geheim", ["Anna", "Öl"]),
        ("sortierung=__class__", ["Anna", "Öl"]),
        ("sortierung=", ["Anna", "Öl"]),
    ],
)
def test_the_address_sorts_and_nonsense_does_not(query, order):
    assert names(show(query)) == order


def test_a_sorted_column_says_so_and_leads_to_the_other_way():
    page = show("sortierung=cent&seite=2&gruppe=F")
    sorted_heads = [th for th in page.all("th", scope="col") if "aria-sort" in th.attrs]
    assert [(th.text.strip(), th.attrs["aria-sort"]) for th in sorted_heads] == [("Kosten", "ascending")]
    assert "?sortierung=-cent&gruppe=F" in page.links()  # the page begins anew, the filter stays
    assert "?sortierung=-cent" in show().links()  # money: the largest first


@pytest.mark.parametrize(("seite", "found"), [("2", ["<b>Ute</b>"]), ("99", ["<b>Ute</b>"]), ("0", ["<b>Ute</b>"]), ("x", ["Anna", "Öl"])])
def test_a_page_that_does_not_exist_shows_one_that_does(seite, found):
    assert names(show(f"seite={seite}")) == found


def test_the_files_hold_what_is_shown_all_pages_of_it(rf):
    request = rf.get("/liste/?sortierung=-cent&seite=2&format=csv")
    request.user = None
    assert read_csv(PostenView.as_view()(request)) == [
        ["Name", "Plätze", "Kosten in Euro", "Stand", "Notiz"],
        ["Öl", "", "990000,00", "fertig", "Öl"],
        ["Anna", "3", "12,50", "fertig", "Anna"],
        ["<b>Ute</b>", "0", "0,00", "gescheitert", "<b>Ute</b>"],
    ]
    links = show("sortierung=-cent&seite=2").links()
    assert {"?sortierung=-cent&format=csv", "?sortierung=-cent&format=xlsx"} <= links


def test_a_file_has_an_end_and_the_page_says_so(rf, monkeypatch):
    monkeypatch.setattr(tabellen, "MOST_ROWS", 2)
    request = rf.get("/liste/?format=csv")
    request.user = None
    assert [row[0] for row in read_csv(PostenView.as_view()(request))] == ["Name", "Anna", "Öl"]
    assert "die ersten 2 Zeilen" in show().classed("tabelle__hinweis")[0].text
    assert not show(rows=ROWS[:2]).classed("tabelle__hinweis")


def test_an_empty_table_says_why_and_has_no_files():
    page = show(rows=[])
    assert not page.all("table")
    assert page.classed("leer")
    assert not [link for link in page.links() if "format" in link]


class SummenView(PostenView):
    def get_summen(self, rows: Any) -> Summen:
        return Summen(len(rows), {"plaetze": None, "cent": 99_001_250}, "aus 2 Jahren")


def test_totals_stand_below_and_are_said_above(rf):
    request = rf.get("/liste/")
    request.user = None
    view = SummenView(rows=ROWS)
    view.setup(request)
    page = Page(render_to_string("components/tabelle.html", view.get_context_data(), request))
    assert page.one("th", scope="row", class_="kern-table__header").text == "Summe aller 3\u00a0Posten"
    assert [td.text.strip() for td in page.all("td") if "tfoot" in td.inside] == ["–", "990.012,50\u00a0€", ""]
    told = page.by_id(page.one("table").attrs["aria-describedby"])
    assert "3 Posten aus 2 Jahren" in told.text
    assert "Kosten\u00a0990.012,50\u00a0€" in told.text
    assert not show().all("tfoot")


class NummerTabelle(PostenTabelle):
    nummer = NummerSpalte("Nr.")
    beginn = DatumSpalte("Beginn", nur_datei=True)
    iso_daten = True


def test_a_file_numbers_its_rows_and_may_write_iso_dates(rf):
    rows = [replace(row, pk=9, beginn=date(2027, 1, 31)) for row in ROWS]
    request = rf.get("/liste/?format=csv&sortierung=-cent")
    request.user = None
    view = type("NummerView", (PostenView,), {"tabelle_class": NummerTabelle})
    assert [row[-2:] for row in read_csv(view.as_view(rows=rows)(request))] == [
        ["Nr.", "Beginn"],
        ["1", "2027-01-31"],
        ["2", "2027-01-31"],
        ["3", "2027-01-31"],
    ]
