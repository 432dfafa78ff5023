"""Freezing and comparing a programme of 240 measures, beside serialising the same content with the standard library.

The standard library's part is `json.dumps` with sorted keys, and SHA-256 of its UTF-8. Freezing is what `freeze` does with content
that has been collected: canonical form and fingerprint. Comparing takes two versions as they have been read, 24 of 240 measures
changed, four of them new, four gone, three chapters rewritten in part; checking and reading the two frozen texts is measured beside it.
Everything in one process, taken in turns.
"""

import copy
import hashlib
import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.bars import Bar

MASSNAHMEN, KAPITEL, CHANGED = 240, 12, 24
ROUNDS = 40
WORDS = (  # noqa: SIM905  # read as words
    "Arbeit Ausbildung Betrieb Beratung Landkreis Menschen Förderung Gesundheit Familie Sprache Kurs Werkstatt Praktikum Lohn Zuschuss "
    "gemeinsam regelmäßig früher später häufig selten wöchentlich in mit bei für nach vor zwischen und oder weil damit wenn wir sie"
).split()


def measure() -> list[Bar]:
    from jobcenter.common.canonical import canonical_json, fingerprint
    from massnahmen.queries import compare_inhalt, read_inhalt

    dice = random.Random(5)
    inhalt = write_inhalt(dice)
    other = change(inhalt, dice, CHANGED)
    all_changed = change(inhalt, dice, MASSNAHMEN - 8)
    alt, neu, ganz = read_inhalt(inhalt), read_inhalt(other), read_inhalt(all_changed)
    texts = [canonical_json(one) for one in (inhalt, other)]
    assert len(compare_inhalt(alt, neu).massnahmen.geaenderte) == CHANGED
    works: dict[str, Callable[[], Any]] = {
        "library": lambda: hashlib.sha256(json.dumps(inhalt, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        "freezing": lambda: fingerprint(canonical_json(inhalt)),
        "comparing": lambda: compare_inhalt(alt, neu),
        "comparing equals": lambda: compare_inhalt(alt, read),
        "comparing, every measure changed": lambda: compare_inhalt(alt, ganz),
        "checking and reading both texts": lambda: [(fingerprint(text), read_inhalt(json.loads(text))) for text in texts],
    }
    read = read_inhalt(json.loads(texts[0]))
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            seconds[name].append(_seconds(work))
    library = statistics.median(seconds["library"])
    for name, taken in seconds.items():
        middle = statistics.median(taken)
        print(f"      {len(texts[0]) / 1024:.0f} KiB, {name}: {middle * 1000:.2f} ms, {middle / library:.2f} ×")
    return [
        Bar(f"{name} a programme of {MASSNAHMEN} measures ÷ json and SHA-256", statistics.median(seconds[name]) / library, "×", at_most=3)
        for name in ("freezing", "comparing")
    ]


def write_inhalt(dice: random.Random) -> dict[str, Any]:
    """Content of schema 2 with full texts everywhere."""
    from massnahmen.enums import Kapitelart

    arten = list(Kapitelart)
    return {
        "schema": 2,
        "jobcenter": "Jobcenter Landkreis Musterburg",
        "jahr": 2027,
        "titel": "Arbeitsmarktprogramm 2027",
        "zusammenfassung": _text(dice, 120),
        "kapitel": [
            {"nummer": n, "art": str(arten[n - 1]), "titel": f"Kapitel {n}", "text": _html(dice, 12, 80)} for n in range(1, KAPITEL + 1)
        ],
        "ziele": [{"nummer": n, "text": _text(dice, 12), "handlungsfeld": "Ausbildung", "messlatte": None} for n in range(1, 6)],
        "massnahmen": [_massnahme(dice, n) for n in range(1, MASSNAHMEN + 1)],
        "bildungsziele": [],
        "vorjahr": None,
    }


def change(inhalt: dict[str, Any], dice: random.Random, how_many: int) -> dict[str, Any]:
    """A later version: a sentence, places and money in so many measures, four gone and four new, a paragraph in three chapters."""
    other = copy.deepcopy(inhalt)
    for massnahme in dice.sample(other["massnahmen"][4:], how_many):
        sentences = massnahme["beschreibung"].split(". ")
        sentences[len(sentences) // 2] = _text(dice, 12).rstrip(".")
        massnahme["beschreibung"] = ". ".join(sentences)
        massnahme["plaetze"] += 3
        massnahme["finanzierung"][0]["betrag_cent"] += 500_000
    other["massnahmen"] = other["massnahmen"][4:] + [_massnahme(dice, MASSNAHMEN + n) for n in range(1, 5)]
    for kapitel in other["kapitel"][2:5]:
        paragraphs = kapitel["text"].split("</p><p>")
        paragraphs[4] = _text(dice, 80)
        kapitel["text"] = "</p><p>".join(paragraphs)
    return other


def _massnahme(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "titel": f"Maßnahme {number}: {_text(dice, 4)}",
        "beschreibung": _text(dice, 150),
        "instrument": {
            "kurz": "16i",
            "name": "Teilhabe am Arbeitsmarkt",
            "klartext": "Lohnzuschuss für Betriebe",
            "paragraph": "§ 16i SGB II",
            "gruppe": "ABCDEFGH"[number % 8],
        },
        "handlungsfeld": "Lange Arbeitslosigkeit beenden",
        "zielgruppen": ["Alleinerziehende", "Menschen unter 25 Jahren"],
        "traeger": f"Bildungswerk {number % 17}",
        "vergabestand": "vergeben",
        "ort": "Musterburg",
        "beginn": "2027-01-01",
        "ende": "2028-12-31",
        "dauer_wochen": 26,
        "wochenstunden": 30,
        "jederzeit": number % 2 == 0,
        "naechster_start": "2027-02-01",
        "zugang": _text(dice, 25),
        "ansprechstelle": "Team Markt und Integration",
        "telefon": "09999 100-20",
        "plaetze": dice.randrange(5, 80),
        "geplante_eintritte": dice.randrange(5, 200),
        "erfolgskriterium": _text(dice, 20),
        "verpflichtung_cent": dice.randrange(10**7),
        "bemerkung": _text(dice, 8),
        "finanzierung": [{"quelle": "egt", "betrag_cent": dice.randrange(10**6, 10**8)}, {"quelle": "pat", "betrag_cent": 5_000_000}],
    }


def _text(dice: random.Random, words: int) -> str:
    """Sentences of eight words."""
    chosen = [dice.choice(WORDS) for _ in range(words)]
    sentences = [" ".join(chosen[start : start + 8]).capitalize() for start in range(0, words, 8)]
    return ". ".join(sentences) + "."


def _html(dice: random.Random, paragraphs: int, words: int) -> str:
    return "".join(f"<p>{_text(dice, words)}</p>" for _ in range(paragraphs))


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
