"""A chart is a text as well: what it says is read back out of the drawing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from defusedxml import ElementTree
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from kennzahlen.diagramme import FARBEN, render
from kennzahlen.diagramme.achsen import divide, name_months, reach, spread
from kennzahlen.diagramme.blatt import measure
from kennzahlen.diagramme.lage import SWARM, place_flags, swarm
from kennzahlen.enums import Einheit
from kennzahlen.queries.diagrammdaten import Funke, Lage, Linie, Verlauf, beschreibe

ROOT = Path(__file__).resolve().parent.parent.parent
SVG = "{http://www.w3.org/2000/svg}"
HELL = FARBEN["hell"]
SEITEN = [(schema, breite) for schema in ("hell", "dunkel") for breite in ("breit", "schmal")]


def months(*werte: str | int | None, ab: tuple[int, int] = (2025, 1)) -> tuple[tuple[date, Decimal | None], ...]:
    """Consecutive months with these values."""
    first = ab[0] * 12 + ab[1] - 1
    return tuple((date((first + i) // 12, (first + i) % 12 + 1, 1), None if w is None else Decimal(w)) for i, w in enumerate(werte))


def walk(seed: int, count: int, start: float, ab: tuple[int, int] = (2023, 1)) -> tuple[tuple[date, Decimal | None], ...]:
    dice, values = Random(seed), [start]
    while len(values) < count:
        values.append(values[-1] + dice.uniform(-0.3, 0.3))
    return months(*(f"{value:.4f}" for value in values), ab=ab)


EIGENE = Linie("Landkreis Musterburg", walk(1, 36, 25.0), eigene=True)
VERLAUF = Verlauf(
    "Die Integrationsquote steigt & bleibt <hoch>",
    "in Prozent, Stand 20. Oktober 2026",
    Einheit.PROZENT,
    (
        EIGENE,
        Linie("Bund", walk(2, 36, 24.6)),
        Linie("Sachsen-Anhalt", walk(3, 36, 24.8)),
        Linie("Vergleichstyp IIc", walk(4, 36, 24.4)),
        Linie("Saalekreis", walk(5, 36, 24.9)),
    ),
    ziel=Decimal("25.5"),
)


def make_lage(seed: int = 7, eigener: str = "26.4631", spreizung: float = 4.2, **fields) -> Lage:
    dice = Random(seed)
    others = tuple(Decimal(f"{dice.gauss(24.6, spreizung):.4f}") for _ in range(403))
    mittel = (("Bund", Decimal("24.6")), ("Median", Decimal("24.7")), ("Vergleichstyp IIc", Decimal("25.3")))
    lage = Lage("Platz 98", "in Prozent", Einheit.PROZENT, (*others, Decimal(eigener)), Decimal(eigener), mittel, "Landkreis Musterburg")
    return replace(lage, **fields)


FUNKE = Funke(walk(6, 24, 25.0), Einheit.PROZENT)
ALLE = {"verlauf": VERLAUF, "lage": make_lage(), "funke": FUNKE}


@dataclass(frozen=True)
class Text:
    text: str
    links: float
    rechts: float
    grund: float  # base line
    groesse: float
    farbe: str

    def meets(self, other: "Text") -> bool:
        return (
            self.links < other.rechts - 0.5
            and other.links < self.rechts - 0.5
            and self.grund - self.groesse * 0.75 < other.grund
            and other.grund - other.groesse * 0.75 < self.grund
        )


def elements(svg: bytes) -> Iterator[tuple]:
    """Every element with the place of its origin on the sheet."""

    def down(element, x: float, y: float) -> Iterator[tuple]:
        if moved := re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", "")):
            x, y = x + float(moved[1]), y + float(moved[2])
        yield element, x, y
        for child in element:
            yield from down(child, x, y)

    yield from down(ElementTree.fromstring(svg), 0, 0)


def texts(svg: bytes) -> list[Text]:
    found = []
    for element, x, y in elements(svg):
        if element.tag == f"{SVG}text":
            size = float(element.get("font-size").removesuffix("px"))
            width = measure(element.text, size)
            left = x - width * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
            found.append(Text(element.text, left, left + width, y, size, element.get("fill")))
    return found


def words(svg: bytes) -> list[str]:
    return [text.text.replace("\u00a0", " ") for text in texts(svg)]


def lines(svg: bytes, farbe: str) -> list[tuple[int, str]]:
    """Drawn lines of a colour: how many points, and the dashes."""
    return [
        (len(re.findall(r"[ML]", element.get("d"))), element.get("stroke-dasharray", ""))
        for element, _, _ in elements(svg)
        if element.tag == f"{SVG}path" and element.get("stroke") == farbe and "A" not in element.get("d")
    ]


def stems(svg: bytes) -> list[tuple[float, float, float]]:
    """Upright strokes: x, from, to."""
    return [
        (x, y, y + float(element.get("y2")))
        for element, x, y in elements(svg)
        if element.tag == f"{SVG}line" and element.get("x2") == "0" and float(element.get("y2")) > 10
    ]


def plates(svg: bytes) -> list[str]:
    return [e.get("d") for e, _, _ in elements(svg) if e.tag == f"{SVG}path" and e.get("fill") == HELL.grund and "A" not in e.get("d")]


def dots(svg: bytes, fill: str, stroke: str | None = None) -> int:
    return sum(
        element.get("fill") == fill and element.get("stroke") == stroke and "A" in element.get("d", "") for element, _, _ in elements(svg)
    )


def verlauf(*werte, einheit: Einheit = Einheit.PROZENT, **fields) -> Verlauf:
    return Verlauf("Befund", "Einheit", einheit, (Linie("Wir", months(*werte), eigene=True, **fields),))


# A drawing that may stand anywhere ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "breite"), SEITEN)
@pytest.mark.parametrize("art", ALLE)
def test_a_chart_stands_under_the_strictest_policy_and_fills_its_place(art, schema, breite):
    svg = render(ALLE[art], schema, breite)
    root = ElementTree.fromstring(svg)
    assert (root.tag, root.get("role"), root.get("width"), root.get("height")) == (f"{SVG}svg", "img", None, None)
    assert root.get("font-family").startswith("Fira Sans,")
    width = float(root.get("viewBox").split()[2])
    assert width == pytest.approx({"funke": 160}.get(art, 760 if breite == "breit" else 360), abs=0.02)
    allowed = {f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "path", "line", "text")}
    for element in root.iter():
        assert element.tag in allowed
        names = set(element.attrib)
        assert not names & {"style", "class", "id", "href", "filter", "clip-path", "mask"}
        assert not any(name.startswith("on") or "href" in name for name in names)
        assert element is root or not any(name == "role" or name.startswith("aria") for name in names)
        assert not any("url(" in value or "javascript:" in value for value in element.attrib.values())
    assert b"http" not in svg.replace(b"http://www.w3.org/2000/svg", b"")


def test_the_file_alone_says_what_it_shows():
    root = ElementTree.fromstring(render(VERLAUF))
    assert root.find(f"{SVG}title").text == VERLAUF.titel
    assert root.find(f"{SVG}desc").text == f"{VERLAUF.untertitel}. {beschreibe(VERLAUF)}"


@pytest.mark.parametrize("art", ALLE)
def test_the_same_figures_give_the_same_bytes(art):
    first = render(ALLE[art])
    render(make_lage(8)), render(verlauf(1, 2, 3))
    assert render(ALLE[art]) == first
    assert render(ALLE[art], "dunkel") != first


def test_a_name_is_text_and_never_markup():
    svg = render(replace(VERLAUF, linien=(Linie('A <b onload="x"> & class="y" C', months(1, 2), eigene=True),)))
    assert 'A <b onload="x"> & class="y" C 2,0 %' in " ".join(words(svg))


# Numbers and months -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("einheit", "werte", "steps", "label"),
    [
        (Einheit.PROZENT, ("24.1", "26.4631"), ["24,0", "24,5", "26,5 %"], "Wir 26,5 %"),
        (Einheit.VERAENDERUNG, ("1.2", "-3.1936"), ["−4", "−2", "0", "+2 %"], "Wir −3,2 %"),
        (Einheit.VERAENDERUNG, ("-1.2", "3.1936"), ["−2", "0", "+4 %"], "Wir +3,2 %"),
        (Einheit.ANZAHL, (9525, 10800), ["9.500", "10.000", "11.000"], "Wir 10.800"),
        (Einheit.CENT, (1_250_000_000, 1_390_000_000), ["12,5", "13,0", "14,0 Mio. €"], "Wir 13,9 Mio. €"),
        (Einheit.CENT, (50_000_00, 72_500_00), ["50.000", "60.000", "75.000 €"], "Wir 72.500 €"),
    ],
)
def test_numbers_are_german(einheit, werte, steps, label):
    found = words(render(verlauf(*werte, einheit=einheit)))
    assert {*steps, label} <= set(found), found


def test_years_for_long_series_months_for_short_ones():
    assert {"2023", "2024", "2025"} <= set(words(render(replace(VERLAUF, linien=(Linie("A", walk(1, 40, 20)),)))))
    short = words(render(verlauf(*range(12))))
    assert {"Jan. 2025", "März", "Sept."} <= set(short)
    assert "2025" not in short


def test_a_source_that_tells_only_years_draws_a_line_with_a_dot_each():
    punkte = tuple((date(jahr, 12, 1), Decimal(wert)) for jahr, wert in [(2015, 15654), (2016, 14900), (2017, 14200)])
    svg = render(Verlauf("B", "E", Einheit.ANZAHL, (Linie("Wir", punkte, eigene=True),)))
    assert lines(svg, HELL.eigen) == [(3, "")]
    assert {"2015", "2016", "2017"} <= set(words(svg))
    assert dots(svg, HELL.eigen) == 3 + 1


@given(st.integers(24000, 24400), st.integers(1, 150), st.sampled_from((150, 240, 560)))
def test_names_of_months_never_touch(first, length, room):
    for stride in (1, 3, 12):
        named = name_months(first, first + length, stride, room)
        places = [(at - first) / length * room for at, _ in named]
        widths = [measure(text, 13) for _, text in named]
        for i in range(len(named) - 1):
            assert places[i] + widths[i] / 2 < places[i + 1] - widths[i + 1] / 2


# Lines --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["said", "unsaid"])
def test_a_missing_month_is_a_gap(missing):
    punkte = months(20, 21, 22, None, 23, 24, None, 25, None, *range(26, 36))
    if missing == "unsaid":
        punkte = tuple((monat, wert) for monat, wert in punkte if wert is not None)
    svg = render(Verlauf("B", "E", Einheit.PROZENT, (Linie("Wir", punkte, eigene=True),)))
    assert [count for count, _ in lines(svg, HELL.eigen)] == [3, 2, 10]
    assert dots(svg, HELL.eigen) == 2  # the month alone between two gaps, and the last one


def test_the_small_line_keeps_its_gaps():
    svg = render(Funke(months(20, 21, None, 23, 24, 25), Einheit.PROZENT))
    assert [count for count, _ in lines(svg, HELL.eigen)] == [2, 3]
    assert dots(svg, HELL.eigen) == 1


def test_what_is_not_final_is_dashed_with_open_dots_and_named():
    svg = render(verlauf(*range(20, 44), hochgerechnet_ab=date(2026, 10, 1)))
    assert lines(svg, HELL.eigen) == [(21, ""), (4, "3,4")]
    assert dots(svg, HELL.grund, HELL.eigen) == 3
    assert dots(svg, HELL.eigen) == 0
    assert "hochgerechnet" in words(svg)
    assert "hochgerechnet" not in words(render(verlauf(*range(20, 44))))


def test_five_lines_at_most_and_ours_is_drawn_last():
    with pytest.raises(ValueError, match="höchstens 5 Linien"):
        replace(VERLAUF, linien=(*VERLAUF.linien, Linie("Rottweil", walk(9, 36, 20))))
    with pytest.raises(ValueError, match="meter"):
        replace(VERLAUF, einheit="meter")
    svg = render(VERLAUF).decode()
    assert all(svg.index(f'stroke="{HELL.eigen}"') > svg.index(f'stroke="{farbe}"') for farbe in HELL.andere)
    patterns = [lines(render(VERLAUF), farbe)[0][1] for farbe in HELL.andere]
    assert len(set(patterns)) == 4  # told apart without any colour


def test_the_target_is_a_named_line_within_the_chart():
    svg = render(replace(verlauf(20, 21, 22), ziel=Decimal("27.25")))
    assert "Ziel 27,3 %" in words(svg)
    level = [element for element, _, _ in elements(svg) if element.tag == f"{SVG}line" and element.get("stroke") == HELL.ziel]
    assert float(level[0].get("x2")) > 300
    assert level[0].get("y2") == "0"


def test_a_breath_is_no_storm():
    low, high = reach([Decimal("26.40"), Decimal("26.47")], Einheit.PROZENT)
    assert high - low == 2
    low, high = reach([Decimal(10000), Decimal(10010)], Einheit.ANZAHL)
    assert high - low == 1001
    assert reach([Decimal(0)], Einheit.ANZAHL) == (0, 1)
    assert reach([Decimal(-3), Decimal(5)], Einheit.VERAENDERUNG) == (-3, 5)


@given(st.decimals(-1000, 10**9, places=2), st.decimals(0, 10**9, places=2), st.integers(3, 10))
def test_steps_are_round_and_hold_everything(low, more, most):
    steps = divide(low, low + more + 1, most, Decimal("0.1"))
    assert steps[0] <= low
    assert steps[-1] >= low + more + 1
    assert 2 <= len(steps) <= most + 1
    assert str((steps[1] - steps[0]).normalize().as_tuple().digits) in {"(1,)", "(2,)", "(5,)"}


@pytest.mark.parametrize("breite", ["breit", "schmal"])
def test_without_values_the_chart_says_so(breite):
    empty = verlauf(None, None)
    assert words(render(empty, breite=breite)) == ["Es liegen noch keine Werte vor."]
    assert beschreibe(empty) == "Liniendiagramm. Es liegen noch keine Werte vor."
    assert texts(render(Funke((), Einheit.PROZENT))) == []
    assert words(render(verlauf(20)))[-1] == "Wir 20,0 %"  # one month alone


# Labels -------------------------------------------------------------------------------------------------------------


def crowded() -> list[Verlauf]:
    ends = [["25"] * 5, ["23", "23.01", "23.02", "27", "27"], ["20", "22", "24", "26", "28"]]
    names = ["Landkreis Musterburg", "Bund", "Sachsen-Anhalt", "Vergleichstyp IIc", "Landkreis Mecklenburgische Seenplatte mit Umland"]
    return [
        Verlauf(
            "B",
            "E",
            Einheit.PROZENT,
            tuple(Linie(n, months("24", "25", e), eigene=not i) for i, (n, e) in enumerate(zip(names, end, strict=True))),
            ziel,
        )
        for end in ends
        for ziel in (None, Decimal(25))
    ]


@pytest.mark.parametrize("breite", ["breit", "schmal"])
@pytest.mark.parametrize("schaubild", [VERLAUF, *crowded(), verlauf(1, 2), verlauf(-1, 1_000_000_000, einheit=Einheit.CENT), make_lage()])
def test_no_text_covers_another_or_leaves_the_sheet(schaubild, breite):
    svg = render(schaubild, breite=breite)
    found = texts(svg)
    width, height = map(float, ElementTree.fromstring(svg).get("viewBox").split()[2:])
    assert [(a.text, b.text) for i, a in enumerate(found) for b in found[:i] if a.meets(b)] == []
    assert all(text.links >= -0.5 and text.rechts <= width + 0.5 and 10 <= text.grund <= height for text in found)


@given(st.lists(st.tuples(st.floats(-50, 400), st.sampled_from((20.0, 37.0, 54.0))), min_size=1, max_size=6))
def test_labels_spread_without_touching_and_none_moves_without_need(boxen):
    middles = spread(boxen, -8, 340)
    taken = sorted((middle - high / 2, middle + high / 2) for middle, (_, high) in zip(middles, boxen, strict=True))
    assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(taken))
    assert taken[0][0] >= -8
    assert taken[-1][1] <= 340 + 1e-6
    if len(boxen) == 1 and 50 < boxen[0][0] < 300:
        assert middles == pytest.approx([boxen[0][0]])


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
def test_no_text_runs_wider_than_it_is_measured(weight):
    font = TTFont(ROOT / f"node_modules/@kern-ux/native/dist/fonts/fira-sans/FiraSans-{weight}.woff2")
    widths, names = font["hmtx"], font.getBestCmap()
    for text in (
        "Landkreis Musterburg 26,5 %",
        "Sachsen-Anhalt −3,2 %",
        "13,9 Mio. €",
        "Wümme/Weser (Nord)",
        "10.200",
        "Bund 24,6 %",
        "März",
    ):
        real = sum(widths[names[ord(sign)]][0] for sign in text) / font["head"].unitsPerEm * 14
        assert real <= measure(text) <= real * 1.25


# Place among all ----------------------------------------------------------------------------------------------------


def test_each_of_404_is_a_dot_and_ours_stands_out():
    svg = render(make_lage())
    cloud = [
        element.get("d")
        for element, _, _ in elements(svg)
        if element.get("stroke-linecap") == "round" and element.get("stroke") == HELL.punkt
    ]
    assert [len(re.findall("M", path)) for path in cloud] == [403]
    assert dots(svg, HELL.eigen, HELL.grund) == 1
    assert "Landkreis Musterburg 26,5 %" in words(svg)


@pytest.mark.parametrize("spreizung", [0.05, 1, 4.2, 12])
@pytest.mark.parametrize("room", [332, 732])
def test_dots_keep_clear_of_each_other(spreizung, room):
    dice = Random(3)
    values = sorted(dice.gauss(0, spreizung) for _ in range(403))
    places = [(value - values[0]) / (values[-1] - values[0]) * room for value in values]
    found, radius = swarm(places, places[200])
    assert [x for x, _ in found] == places  # nobody is moved along the axis
    assert all(abs(y) + radius <= SWARM / 2 + 0.01 for _, y in found)
    for i, (x, y) in enumerate(found):
        assert all((x - a) ** 2 + (y - b) ** 2 >= (2 * radius) ** 2 for a, b in found[:i])


def test_404_times_the_same_value_still_is_a_picture():
    same = make_lage(werte=(Decimal(25),) * 404, eigener=Decimal(25), mittel=())
    assert "Landkreis Musterburg 25,0 %" in words(render(same, breite="schmal"))
    places, radius = swarm([100.0] * 403, 100.0)
    assert max(abs(y) for _, y in places) + radius <= SWARM / 2 + 0.01


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 332), st.floats(60, 200)), min_size=1, max_size=4))
def test_flags_meet_neither_each_other_nor_a_stem(marks):
    flags = place_flags(marks, -14, 346)
    for i, a in enumerate(flags):
        assert -14 <= a.von <= a.bis <= 346
        for j, b in enumerate(flags):
            if i != j and a.reihe == b.reihe:
                assert a.bis < b.von or b.bis < a.von
            if i != j and a.reihe > b.reihe and not b.schild:  # the stem of the higher one passes the row of the lower one
                assert not b.von < marks[i][0] < b.bis


@pytest.mark.parametrize("breite", ["breit", "schmal"])
@pytest.mark.parametrize("eigener", ["14", "24.65", "26.4631", "36"])
def test_no_stem_runs_through_a_label(eigener, breite):
    svg = render(make_lage(eigener=eigener), breite=breite)
    narrow = eigener == "24.65" and breite == "schmal"  # four stems within nine points of each other, and a long name
    assert bool(plates(svg)) == narrow
    for text in texts(svg):
        for x, top, bottom in stems(svg):
            crossed = text.links < x < text.rechts and top < text.grund - 1 and bottom > text.grund - text.groesse * 0.7
            assert not crossed or narrow, (text, x)


def test_where_labels_cannot_keep_clear_they_lie_on_plates():
    flags = place_flags([(160, 200), (166, 200), (172, 200), (178, 200)], -14, 346)
    assert sorted(flag.reihe for flag in flags) == [0, 1, 2, 3]
    assert all(flag.schild for flag in flags)
    svg = render(make_lage(eigener="24.65"), breite="schmal")
    assert len(plates(svg)) == 4
    assert svg.index(plates(svg)[0].encode()) > svg.rindex(b"<line")  # the plates cover the stems


# Words --------------------------------------------------------------------------------------------------------------


def test_the_chart_in_words():
    chart = replace(
        verlauf("24.1", "23.9", "27", None, "26.4631", hochgerechnet_ab=date(2025, 5, 1)),
        ziel=Decimal(27),
    )
    chart = replace(chart, linien=(*chart.linien, Linie("Bund", months("24.5", "24.6"))))
    assert beschreibe(chart).replace("\u00a0", " ") == (
        "Liniendiagramm von Januar 2025 bis Mai 2025. Wir: zuerst 24,1 % im Januar 2025, zuletzt 26,5 % im Mai 2025 (hochgerechnet); "
        "am höchsten 27,0 % im März 2025, am niedrigsten 23,9 % im Februar 2025; zum Vergleich zuletzt Bund 24,6 % und Ziel 27,0 %."
    )


def test_the_place_in_words():
    lage = Lage("B", "E", Einheit.PROZENT, tuple(Decimal(n) for n in range(1, 9)), Decimal(6), (("Bund", Decimal("4.5")),), "Wir")
    assert beschreibe(lage).replace("\u00a0", " ") == (
        "8 Jobcenter als Punkte auf einer Achse, von 1,0 % bis 8,0 %, die mittlere Hälfte zwischen 3,0 % und 6,0 %. Wir: 6,0 %, Bund 4,5 %."
    )
    assert beschreibe(Funke(months(9525), Einheit.ANZAHL)).replace("\u00a0", " ") == "Kleine Linie: 9.525 im Januar 2025."


# Colours ------------------------------------------------------------------------------------------------------------


def luminance(farbe: str) -> float:
    parts = [int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def grounds(schema: str) -> list[str]:
    """What the style sheet of the portal puts behind a chart."""
    css = (ROOT / "static/css/portal.css").read_text(encoding="utf-8")
    block = css.split(":root {" if schema == "hell" else '[data-kern-theme="dark"] {', 1)[1].split("}", 1)[0]
    return [re.search(rf"--{name}: (#[0-9a-f]{{6}})", block)[1] for name in ("grund", "grund-leise")]


@pytest.mark.parametrize("schema", ["hell", "dunkel"])
def test_text_and_lines_stand_out_from_every_ground(schema):
    farben = FARBEN[schema]
    assert farben.grund == grounds(schema)[0]
    for ground in (*grounds(schema), farben.band):
        for farbe in (farben.schrift, farben.leise, farben.eigen, farben.ziel):
            assert contrast(farbe, ground) >= 4.5, (farbe, ground)
        for farbe in (*farben.andere, farben.punkt):
            assert contrast(farbe, ground) >= 3, (farbe, ground)


@pytest.mark.parametrize("schema", ["hell", "dunkel"])
def test_lightness_alone_tells_the_lines_apart(schema):
    shades = FARBEN[schema].andere
    assert all(contrast(a, b) >= 1.2 for a, b in pairwise(shades))
    assert contrast(FARBEN[schema].eigen, FARBEN[schema].punkt) >= 2
