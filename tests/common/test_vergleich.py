import random
import time
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.richtext import to_plain
from jobcenter.common.typography import datum
from jobcenter.common.vergleich import Feld, compare_feld, compare_felder, compare_text, compare_zahl

# few words, so that much is shared; blanks, breaks and marks in every mix
PIECES = ["der ", "Betrieb", "Jugend ", "42 ", "Plätze", ".", ", ", " ", "\n", "\n\n", "§ 16i", "Neu! ", "–", "ß"]
texts = st.lists(st.sampled_from(PIECES)).map("".join)


@given(texts | st.text(), texts | st.text())
def test_nothing_is_lost_and_nothing_is_added(alt, neu):
    stuecke = compare_text(alt, neu).stuecke
    assert "".join(s.text for s in stuecke if s.art != "neu") == alt
    assert "".join(s.text for s in stuecke if s.art != "weg") == neu
    absaetze = compare_text(alt, neu).absaetze
    assert "".join(s.text for a in absaetze for s in a.stuecke) == "".join(s.text for s in stuecke)


@given(texts, texts)
def test_only_equal_texts_are_equal(alt, neu):
    assert compare_text(alt, neu).ist_gleich == (alt == neu)


def read(alt: str, neu: str) -> str:
    """Wir helfen [-allen-]{+jungen+} Menschen."""
    marks = {"gleich": "{}", "weg": "[-{}-]", "neu": "{{+{}+}}"}
    return "".join(marks[s.art].format(s.text) for s in compare_text(alt, neu).stuecke)


@pytest.mark.parametrize(
    ("alt", "neu", "expected"),
    [
        ("Wir helfen allen Menschen.", "Wir helfen jungen Menschen.", "Wir helfen[- allen-]{+ jungen+} Menschen."),
        ("Das Geld reicht.", "Das Geld reicht nicht.", "Das Geld reicht{+ nicht+}."),
        ("Für 12 Plätze.", "Für 20 Plätze.", "Für[- 12-]{+ 20+} Plätze."),
        ("Es kostet 1.234,50 €.", "Es kostet 1.250,00 €.", "Es kostet[- 1.234,50-]{+ 1.250,00+} €."),
        ("Eins. Zwei. Drei.", "Eins. Drei.", "Eins. [-Zwei. -]Drei."),
        ("", "Neu", "{+Neu+}"),
        ("Alt", "", "[-Alt-]"),
        ("", "", ""),
    ],
)
def test_words_are_marked_inside_their_sentence(alt, neu, expected):
    assert read(alt, neu) == expected


def test_what_is_short_between_two_changes_does_not_tear_them_apart():
    assert read("Der Rat hat Mut.", "Ein Amt hat Mut.") == "[-Der Rat-]{+Ein Amt+} hat Mut."


def test_unchanged_paragraphs_are_in_sections_of_their_own():
    vergleich = compare_text("Eins.\n\nZwei.\n\nDrei alt.\n\nVier.", "Eins.\n\nZwei.\n\nDrei neu.\n\nVier.")
    assert [(a.ist_gleich, len(a.absaetze)) for a in vergleich.abschnitte] == [(True, 2), (False, 1), (True, 1)]
    assert (vergleich.woerter_weg, vergleich.woerter_neu) == (1, 1)


def test_a_moved_paragraph_break_is_seen():
    absaetze = compare_text("Eins. Zwei.", "Eins.\n\nZwei.").absaetze
    assert any(s.art == "neu" and "\n\n" in s.text for a in absaetze for s in a.stuecke)


@pytest.mark.parametrize("words", [2, 100, 3000])
@pytest.mark.parametrize("per_paragraph", [1, 150, 50_000])
def test_fifty_thousand_words_in_a_moment(words, per_paragraph):
    """Also where every word is another one, and where only two words take turns."""
    dice = random.Random(1)
    texts = []
    for _ in range(2):
        row = [f"wort{dice.randrange(words)}" for _ in range(50_000)]
        parts = (" ".join(row[i : i + per_paragraph]) for i in range(0, len(row), per_paragraph))
        texts.append("\n\n".join(f"Teil {n}.\n\n{part}" for n, part in enumerate(parts)))
    start = time.process_time()
    compare_text(*texts)
    assert time.process_time() - start < 8  # seconds; about one where nobody else computes


@pytest.mark.parametrize(
    ("alt", "neu", "einheit", "expected"),
    [
        (42_000_000, 45_500_000, "euro", "420.000 € → 455.000 € (+8,3 %)"),
        (45_500_000, 42_000_000, "euro", "455.000 € → 420.000 € (−7,7 %)"),
        (42_000_000, 0, "euro", "420.000 € → 0 € (−100,0 %)"),
        (0, 5_000, "euro", "0 € → 50 € (+50 €)"),
        (None, 5_000, "euro", "– → 50 €"),
        (5_000, None, "euro", "50 € → –"),
        (100_000_000, 100_000_100, "euro", "1.000.000 € → 1.000.001 € (+1 €)"),
        (12, 20, "anzahl", "12 → 20 (+8)"),
        (0, 20, "anzahl", "0 → 20 (+20)"),
        (Decimal("26.5"), Decimal("25.7"), "prozent", "26,5 % → 25,7 % (−0,8 Prozentpunkte)"),
        (Decimal("26.51"), Decimal("26.49"), "prozent", "26,5 % → 26,5 % (weniger als 0,1 Prozentpunkte)"),
        (7, 7, "anzahl", "7 → 7"),
    ],
)
def test_numbers_with_their_difference(alt, neu, einheit, expected):
    assert str(compare_zahl(alt, neu, einheit)).replace("\u00a0", " ") == expected


def test_a_rate_that_moves_a_little_has_changed():
    assert not compare_zahl(Decimal("26.51"), Decimal("26.49"), "prozent").ist_gleich
    assert compare_zahl(None, None, "euro").ist_gleich


def test_only_changed_fields_are_named():
    felder = {"titel": "Titel", "kosten": Feld("Kosten", einheit="euro"), "beginn": Feld("Beginn", lesen=datum), "ort": "Ort"}
    alt = {"titel": "Start", "kosten": 100, "beginn": date(2027, 1, 1), "ort": None}
    vergleich = compare_felder(alt, {"titel": "Start", "kosten": 200, "beginn": None, "ort": ""}, felder)
    assert [(f.name, f.wort, f.art) for f in vergleich.geaendert] == [("kosten", "Kosten", "zahl"), ("beginn", "Beginn", "wert")]
    assert vergleich.unveraendert == 2
    assert compare_felder(alt, alt, felder).ist_gleich


def test_the_component_says_in_words_what_colour_shows():
    feld = compare_feld("text", Feld("Text"), "Eins.\n\nFür <alle> da.", "Eins.\n\nFür junge da.")
    html = render_to_string("components/vergleich.html", {"feld": feld})
    assert '<del><span class="kern-sr-only">[gelöscht: </span> &lt;alle&gt;<span class="kern-sr-only">] </span></del>' in html
    assert '<ins><span class="kern-sr-only">[eingefügt: </span> junge<span class="kern-sr-only">] </span></ins>' in html
    assert "<summary>1\u00a0Absatz unverändert</summary>" in html.replace("&nbsp;", "\u00a0")
    zahl = render_to_string("components/vergleich.html", {"feld": compare_feld("k", Feld("Kosten", einheit="euro"), 100_00, 200_00)})
    assert "vorher: " in zahl
    assert "(+100,0\u00a0%)" in zahl


def test_text_with_structure_is_compared_as_people_read_it():
    feld = Feld("Text", klartext=to_plain)
    changed = compare_feld("text", feld, "<p>Wir helfen <strong>allen</strong>.</p>", "<p>Wir helfen <em>jungen</em>.</p>").inhalt
    assert [(s.art, s.text) for s in changed.stuecke if s.art != "gleich"] == [("weg", " allen"), ("neu", " jungen")]
    assert compare_feld("text", feld, "<p>Gleich</p>", "<h3>Gleich</h3>").inhalt.ist_gleich
    assert compare_feld("text", feld, None, "<p>a</p>").inhalt.stuecke[0].text == "a"
