from datetime import date, datetime

import pytest
from django.urls import reverse

from massnahmen.actions import record_verbleib
from massnahmen.models import Massnahme, Traeger, Verbleib
from massnahmen.queries import find_meldeluecke
from tests.html import Page
from tests.tabellen import read_csv, read_xlsx

URL = "/intern/massnahmen/controlling/"
pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def drei(run, report, controlling) -> tuple[Massnahme, Massnahme, Massnahme]:
    """Two years; one measure badly occupied, one with a single exit, one of another provider."""
    terms = {"beginn": date(2025, 1, 1)}
    other = Traeger.objects.create(name="Andere gGmbH", ort="Oberau")
    bad, good, third = run("Leer", **terms), run("Voll", **terms), run("Dritte", traeger=other, **terms)
    report(bad, 2025, 3, teilnahmetage=248, eintritte=20, kosten_cent=8_000_00)  # 80 % of 310
    report(bad, 2026, 3, teilnahmetage=186, eintritte=5, austritte_abbruch=4, austritte_arbeit=8, kosten_cent=9_300_00)  # 60 %
    report(good, 2026, 3, teilnahmetage=310, eintritte=30, austritte_regulaer=1, kosten_cent=10_000_00)
    report(third, 2025, 11, teilnahmetage=300, eintritte=12, austritte_regulaer=12)
    report(third, 2026, 3, teilnahmetage=310, eintritte=4, kosten_cent=1)
    record_verbleib(massnahme=third, monat=date(2025, 11, 1), austritte=12, beschaeftigt=3, nicht_arbeitslos=6, by=controlling)
    return bad, good, third


def rows(response) -> list[str]:
    return [" ".join(tr.text.split()) for tr in Page(response.content).all("tr")]


def names(response) -> list[str]:
    return [" ".join(th.text.split()) for th in Page(response.content).classed("tabelle__name")]


def test_for_staff_only(signed_in, client, fremd, mitglied):
    assert client.get(URL)["Location"].startswith(reverse("account_login"))
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(URL).status_code == 403
        assert signed_in(account).get(f"{URL}?format=csv").status_code == 403


def test_a_row_says_what_is_and_how_it_changed(signed_in, controlling, drei):
    response = signed_in(controlling).get(URL)
    bad = next(row for row in rows(response) if row.startswith("Leer"))
    # 60 % against 80 %; 9.300 € ÷ 6,2 months = 1.500 €, before 8.000 € ÷ 8,266… = 967,74 €, +55 %; 4 of 12 left broke off
    assert bad == (
        "Leer beobachten Auslastung 60 % – unter dem Warnwert 70 % Abbruchquote 33,3 % – über dem Warnwert 30 %"
        " 60,0 % −20,0 Punkte 5 9.300 € 1.500 € +55,0 % 33,3 % –"
    )
    third = next(row for row in rows(response) if row.startswith("Dritte"))
    assert "25,0 %" in third  # 3 of 12 have work
    assert "verglichen mit Januar–Oktober\u00a02025" in Page(response.content).one("main").text
    assert "Hier stehen die Austritte März 2025 bis Februar 2026." in Page(response.content).one("main").text.replace("\xa0", " ")


def test_the_total_stands_below_and_above(signed_in, controlling, drei):
    response = signed_in(controlling).get(URL)
    total = next(row for row in rows(response) if row.startswith("Summe"))
    assert total.startswith("Summe 86,7 % 39 19.300 €")  # 806 of 930 Platztage
    assert "30,8 %" in total  # 4 of 13


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Dritte", "Leer", "Voll"]),
        ("?sortierung=auslastung", ["Leer", "Dritte", "Voll"]),
        ("?sortierung=-kosten", ["Voll", "Leer", "Dritte"]),
        ("?nach=traeger", ["Andere gGmbH1 Maßnahme", "Bildungswerk Musterburg2 Maßnahmen"]),
        ("?nach=instrument", ["Teilhabe am Arbeitsmarkt3 Maßnahmen"]),
        ("?nach=zielgruppe", ["Ohne Zielgruppe3 Maßnahmen"]),
        ("?von=2025-11&bis=2025-11", ["Dritte"]),
        ("?traeger=null", []),
        ("?seite=99", ["Dritte", "Leer", "Voll"]),
        ("?sortierung=Unsinn&seite=x", ["Dritte", "Leer", "Voll"]),
        ("?von=&bis=&nach=", ["Dritte", "Leer", "Voll"]),
    ],
)
def test_the_address_cuts_filters_and_sorts(signed_in, controlling, drei, query, found):
    assert names(signed_in(controlling).get(URL + query)) == found


def test_a_provider_alone(signed_in, controlling, drei, traeger):
    response = signed_in(controlling).get(f"{URL}?traeger={traeger.pk}")
    assert names(response) == ["Leer", "Voll"]
    assert "Träger: Bildungswerk Musterburg" in Page(response.content).classed("filter__aktive")[0].text


def test_where_a_report_is_missing(signed_in, controlling, drei, run, report):
    complete = run("Neu", beginn=date(2026, 10, 1))
    report(complete, 2026, 10)
    assert complete.pk not in find_meldeluecke().massnahmen
    run("Stumm")  # has neither reports nor a plan: it misses all of them
    assert names(signed_in(controlling).get(f"{URL}?fehlend=on")) == ["Dritte", "Leer", "Stumm", "Voll"]
    assert "Stumm" not in names(signed_in(controlling).get(URL))


def test_where_a_verbleib_is_missing(signed_in, controlling, drei):
    assert names(signed_in(controlling).get(f"{URL}?verbleib=on")) == []  # of those who left in November it is known
    Verbleib.objects.all().delete()
    assert names(signed_in(controlling).get(f"{URL}?verbleib=on")) == ["Dritte"]


def test_entries_stand_beside_those_planned(signed_in, controlling, programm, plan, report, at):
    planned = plan(programm, 1, beginn=date(2027, 1, 1), ende=date(2027, 12, 31))[0].massnahme  # twenty entries a year
    Massnahme.objects.filter(pk=planned.pk).update(stand="laeuft")
    at(datetime(2027, 7, 5, 9))
    report(planned, 2027, 3, eintritte=7)
    browser = signed_in(controlling)
    assert "7 Plan 10, 70 %" in rows(browser.get(URL))[1]  # six of twelve months
    head, line, *_ = read_csv(browser.get(f"{URL}?format=csv"))
    assert line[head.index("Besetzungsquote in Prozent")] == "70,0"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("von=2026-05&bis=2026-04", "Das Ende liegt vor dem Anfang."),
        ("von=2020-01&bis=2026-04", "höchstens 36 Monate"),
        ("von=x", "Diesen Monat gibt es nicht."),
        ("nach=%27%3B", ""),
        ("traeger=-1", ""),
        ("von=0001-01", ""),
        ("bis=2026-13%00", ""),
    ],
)
def test_nonsense_in_the_address_finds_nothing_and_says_where_it_is(signed_in, controlling, drei, query, sentence):
    response = signed_in(controlling).get(f"{URL}?{query}")
    page = Page(response.content)
    assert (response.status_code, names(response)) == (200, [])
    assert page.classed("kern-error")
    assert sentence in page.one("main").text


def test_without_anything_it_says_what_to_do(signed_in, controlling):
    assert "Für diese Zeit ist nichts gemeldet und nichts geplant" in Page(signed_in(controlling).get(URL).content).one("main").text


def test_a_file_has_what_the_page_has_but_no_small_counts(signed_in, controlling, drei):
    browser = signed_in(controlling)
    head, *found = read_csv(browser.get(f"{URL}?format=csv"))
    table = {row[0]: dict(zip(head, row, strict=True)) for row in found}
    assert list(table) == ["Dritte", "Leer", "Voll"]
    assert table["Voll"]["Austritte"] == "*"  # one
    assert table["Leer"]["Austritte"] == "*"  # else the total would tell
    assert table["Leer"]["Abbruchquote in Prozent"] == "*"
    assert table["Leer"]["Lage"] == "beobachten: Auslastung 60\xa0% – unter dem Warnwert 70\xa0%"  # no word of breaking off
    assert (table["Voll"]["Eintritte"], table["Voll"]["Auslastung in Prozent"]) == ("30", "100,0")
    assert table["Leer"]["Auslastung im Vorjahr in Prozent"] == "80,0"
    head, *found = read_xlsx(browser.get(f"{URL}?format=xlsx&nach=traeger"))
    assert len(found) == 2


def test_a_file_is_not_sorted_by_what_it_hides(signed_in, controlling, drei):
    rows = read_csv(signed_in(controlling).get(f"{URL}?format=csv&sortierung=-eintritte"))[1:]
    assert [row[0] for row in rows] == ["Dritte", "Leer", "Voll"]


def test_outside_the_circle_there_are_years_that_are_over_and_no_small_counts(signed_in, presse, run, report):
    one, two, three = (run(f"Maßnahme {n}", beginn=date(2025, 1, 1)) for n in (1, 2, 3))
    report(one, 2025, 5, teilnahmetage=100, eintritte=2)
    report(two, 2025, 5, teilnahmetage=100, eintritte=9)
    report(three, 2025, 5, teilnahmetage=100, eintritte=40)
    report(three, 2026, 5, teilnahmetage=100, eintritte=17)
    browser = signed_in(presse)
    response = browser.get(f"{URL}?von=2026-01&bis=2026-12&traeger=null&sortierung=-eintritte")  # what others may choose
    assert names(response) == ["Maßnahme 1", "Maßnahme 2", "Maßnahme 3"]
    found = rows(response)
    assert [("geheim" in row, " 40 " in row) for row in found if row.startswith("Maßnahme ")] == [
        (False, False),  # the head
        (True, False),
        (True, False),
        (False, True),
    ]
    text = Page(response.content).one("main").text
    assert "Sie sehen abgeschlossene Jahre." in text
    assert "17" not in text
    assert [a.text for a in Page(response.content).classed("tabelle__sortieren")] == [
        "Maßnahme",
        "Auslastung",
        "Kosten",
        "Kosten je TN-Monat",
    ]
    table = read_csv(browser.get(f"{URL}?format=csv"))
    assert {row[0]: row[table[0].index("Eintritte")] for row in table[1:]} == {"Maßnahme 1": "*", "Maßnahme 2": "*", "Maßnahme 3": "40"}
    response = browser.get(f"{URL}?jahr=2026")
    assert names(response) == []  # not over


@pytest.mark.parametrize("rows", [3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, controlling, presse, run, report, rows, django_assert_num_queries):
    for number in range(rows):
        massnahme = run(f"Maßnahme {number}", beginn=date(2025, 1, 1))
        report(massnahme, 2025, 1, eintritte=5)
        report(massnahme, 2026, 1, eintritte=5)
    inside, outside = signed_in(controlling), signed_in(presse)
    inside.get(URL), outside.get(URL)
    with django_assert_num_queries(6):  # session, person, choices of two filters, rows with totals, last report
        inside.get(URL)
    with django_assert_num_queries(9):  # session, person, four tables, who belongs where (2), last report
        outside.get(URL)


def test_fifty_rows_a_page(signed_in, controlling, run, report):
    for number in range(52):
        report(run(f"Maßnahme {number:02}"), 2026, 1, kosten_cent=number)
    browser = signed_in(controlling)
    assert len(names(browser.get(URL))) == 50
    assert names(browser.get(f"{URL}?seite=2")) == names(browser.get(f"{URL}?seite=7")) == ["Maßnahme 50", "Maßnahme 51"]
    assert len(read_csv(browser.get(f"{URL}?format=csv&seite=2"))) == 53
