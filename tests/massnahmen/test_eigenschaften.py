"""What holds for every content a programme can have: one spelling, one fingerprint, and a comparison that hides nothing."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, replace
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.vergleich import Feldervergleich, Textvergleich
from massnahmen.enums import Abschlussart, Finanzquelle, Instrumentgruppe, Kapitelart, Vergabestand
from massnahmen.queries import (
    Instrumentzeile,
    Massnahmezeile,
    Messlatte,
    Programminhalt,
    Programmzielzeile,
    compare_inhalt,
    read_inhalt,
    sum_up,
)
from massnahmen.queries.inhalt import Vorjahr

# --- contents of schema 2 ---------------------------------------------------------------------------------------
odd = st.sampled_from(
    ["–", "ja", "nein", "ä", "A\u0308", "\u00a0", "„“", "a, b", "\u202eüber", "𝄞", "&amp;", "0", " ", "\n", "\n\n", "x (y)", "**"]
)
words = odd | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
names = words.filter(bool)
money = st.integers(0, 10**11)
count = st.none() | st.integers(0, 10_000)
day = st.none() | st.dates().map(lambda one: one.isoformat())
html = st.lists(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h3", "h4", "li", "strong", "em"]), words)
    | st.builds('<p><a href="https://musterburg.example/{}">hier</a></p>'.format, st.integers(1, 3))
    | words,
    max_size=4,
).map("".join)


def some(strategy: st.SearchStrategy, key: Callable[[Any], Any], most: int) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most, unique_by=key)


instrumente = st.fixed_dictionaries(
    {"kurz": words, "name": words, "klartext": words, "paragraph": words, "gruppe": st.sampled_from(Instrumentgruppe.values)}
)
massnahmen = st.fixed_dictionaries(
    {
        "id": st.integers(1, 9),
        "titel": words,
        "beschreibung": words,
        "instrument": st.none() | instrumente,
        "handlungsfeld": st.none() | names,
        "zielgruppen": st.lists(names, max_size=3),
        "traeger": st.none() | names,
        "vergabestand": st.sampled_from(Vergabestand.values),
        "ort": words,
        "beginn": day,
        "ende": day,
        "dauer_wochen": count,
        "wochenstunden": count,
        "jederzeit": st.booleans(),
        "naechster_start": day,
        "zugang": words,
        "ansprechstelle": words,
        "telefon": words,
        "plaetze": count,
        "geplante_eintritte": count,
        "erfolgskriterium": words,
        "eingliederung_prozent": st.none() | st.integers(0, 100),
        "verpflichtung_cent": money,
        "bemerkung": words,
        "finanzierung": some(
            st.fixed_dictionaries({"quelle": st.sampled_from(Finanzquelle.values), "betrag_cent": money}), lambda f: f["quelle"], 3
        ),
    }
)
messlatten = st.fixed_dictionaries(
    {
        "kennzahl": words,
        "name": words,
        "ziel": words,
        "nur_beobachtung": st.booleans(),
        "ist": words,
        "monat": day,
        "datenstand": day,
    }
)
ziele = st.fixed_dictionaries(
    {"nummer": st.integers(1, 5), "text": words, "handlungsfeld": st.none() | names, "messlatte": st.none() | messlatten}
)
bildungsziele = st.fixed_dictionaries(
    {
        "berufsfeld": st.sampled_from(["Pflege", "Metall"]),
        "bildungsziel": st.sampled_from(["Helfer", "Fachkraft"]),
        "abschlussart": st.sampled_from(Abschlussart.values),
        **{f"gutscheine_q{q}": st.integers(0, 99) for q in (1, 2, 3, 4)},
        "dauer_monate": count,
        "budget_cent": money,
        "hinweis": words,
    }
)
vorjahre = st.fixed_dictionaries(
    {
        "jahr": st.integers(2005, 2100),
        "fassung": st.integers(1, 9),
        "pruefsumme": words,
        "massnahmen": st.integers(0, 99),
        "plaetze": st.integers(0, 99),
        "geplante_eintritte": st.integers(0, 99),
        "nach_gruppe": st.dictionaries(st.sampled_from(Instrumentgruppe.values), money, max_size=3),
        "nach_quelle": st.dictionaries(st.sampled_from(Finanzquelle.values), money, max_size=3),
    }
)
kapitel = st.fixed_dictionaries(
    {"nummer": st.integers(1, 6), "art": st.sampled_from(["", *Kapitelart.values[:4]]), "titel": words, "text": html}
)
inhalte = st.fixed_dictionaries(
    {
        "schema": st.just(2),
        "jobcenter": names,
        "jahr": st.integers(2005, 2100),
        "titel": words,
        "zusammenfassung": words,
        "kapitel": some(kapitel, lambda k: k["nummer"], 4),
        "ziele": some(ziele, lambda z: z["nummer"], 3),
        "massnahmen": some(massnahmen, lambda m: m["id"], 8),
        "bildungsziele": some(bildungsziele, lambda b: (b["berufsfeld"], b["bildungsziel"], b["abschlussart"]), 2),
        "vorjahr": st.none() | vorjahre,
    }
)
Weg = tuple[str | int, ...]


def leaves(content: Any, way: Weg = ()) -> Iterator[Weg]:
    """The ways to everything in a content that is not made of other things."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inside:
        yield from leaves(value, (*way, key)) if isinstance(value, dict | list) else [(*way, key)]


def changed(content: dict[str, Any], way: Weg, value: Any) -> dict[str, Any]:
    copy = deepcopy(content)
    holder: Any = copy
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = value
    return copy


def other_than(value: Any) -> st.SearchStrategy:
    """Another value of the same kind, or none at all."""
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int):
        return st.none() | st.integers().filter(lambda one: one != value)
    if value is None:
        return odd
    alike = [f"{value} ", value.replace("–", "-"), value.replace("\u00a0", " "), normalize("NFC", value), normalize("NFD", value)]
    return st.none() | (st.sampled_from(alike) | odd).filter(lambda one: one != value)


def turned(content: Any) -> Any:
    """The same content with every key in the opposite order."""
    if isinstance(content, dict):
        return {key: turned(content[key]) for key in reversed(content)}
    return [turned(one) for one in content] if isinstance(content, list) else content


slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=50)
quick = settings(slow, max_examples=20)


# --- one spelling, one fingerprint ------------------------------------------------------------------------------
@quick
@given(inhalte, st.integers(0, 4))
def test_the_canonical_form_is_stable(inhalt, indent):
    text = canonical_json(inhalt)
    assert canonical_json(json.loads(text)) == text
    assert canonical_json(turned(inhalt)) == text  # the order of keys is nobody's
    assert canonical_json(json.loads(json.dumps(inhalt, indent=indent))) == text  # nor are blanks, nor \u00e4 for ä


@quick
@given(inhalte, st.data())
def test_any_other_leaf_is_another_fingerprint(inhalt, data):
    way = data.draw(st.sampled_from(list(leaves(inhalt))))
    value = inhalt
    for step in way:
        value = value[step]
    other = changed(inhalt, way, data.draw(other_than(value)))
    assert fingerprint(canonical_json(other)) != fingerprint(canonical_json(inhalt))


@quick
@given(inhalte, some(massnahmen, lambda m: m["id"], 3).filter(lambda rows: len(rows) > 1))
def test_a_row_more_or_less_or_in_another_place_is_another_fingerprint(inhalt, rows):
    first, *rest = rows
    texts = {canonical_json(inhalt | {"massnahmen": rows}) for rows in ([first, *rest], rest, [*rest, first], [first, first, *rest])}
    assert len({fingerprint(text) for text in texts}) == 4


# --- the comparison put upon the old gives the new --------------------------------------------------------------
def new_values(aenderungen: Feldervergleich, old: dict[str, Any]) -> dict[str, Any]:
    """The fields after the changes. A text is put together out of the words that people see."""
    values = dict(old)
    for feld in aenderungen.geaendert:
        values[feld.name] = feld.neu
        if isinstance(feld.inhalt, Textvergleich) and feld.name != "text":  # chapters show headings and links as marks
            values[feld.name] = "".join(s.text for s in feld.inhalt.stuecke if s.art != "weg")
    return values


def flat(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def apply_massnahme(old: Massnahmezeile, aenderungen: Feldervergleich) -> Massnahmezeile:
    instrument = old.instrument
    values = flat(old) | {f"kosten_{b.schluessel}": b.cent for b in old.finanzierung}
    values["instrument"] = (instrument.kurz, instrument.name, instrument.paragraph) if instrument else None
    values |= {"klartext": instrument.klartext, "gruppe": instrument.gruppe} if instrument else {}
    new = new_values(aenderungen, values)
    shares = {q: new[f"kosten_{q}"] for q in Finanzquelle if new.get(f"kosten_{q}") is not None}
    new["finanzierung"] = sum_up((quelle, quelle.label, cent) for quelle, cent in shares.items())
    if (kurz := new["instrument"]) is not None:
        new["instrument"] = Instrumentzeile(kurz[0], kurz[1], new["klartext"], kurz[2], new["gruppe"])
    return Massnahmezeile(**{field.name: new[field.name] for field in fields(Massnahmezeile)})


def apply_ziel(old: Programmzielzeile, aenderungen: Feldervergleich) -> Programmzielzeile:
    latte = flat(old.messlatte) if old.messlatte else {"ziel": "", "nur_beobachtung": False, "ist": "", "monat": None, "datenstand": None}
    latte["kennzahl"] = (old.messlatte.kennzahl, old.messlatte.name) if old.messlatte else None
    new = new_values(aenderungen, flat(old) | latte)
    if new["kennzahl"] is None:
        return Programmzielzeile(new["nummer"], new["text"], new["handlungsfeld"], None)
    new["kennzahl"], new["name"] = new["kennzahl"]
    messlatte = Messlatte(**{field.name: new[field.name] for field in fields(Messlatte)})
    return Programmzielzeile(new["nummer"], new["text"], new["handlungsfeld"], messlatte)


def apply_vorjahr(old: Vorjahr | None, aenderungen: Feldervergleich) -> Vorjahr | None:
    values = flat(old) if old else {}
    values |= {f"gruppe_{key}": cent for key, cent in old.nach_gruppe.items()} if old else {}
    values |= {f"quelle_{key}": cent for key, cent in old.nach_quelle.items()} if old else {}
    new = new_values(aenderungen, values)
    if new.get("jahr") is None:
        return None
    new["nach_gruppe"] = {str(g): new[f"gruppe_{g}"] for g in Instrumentgruppe if new.get(f"gruppe_{g}") is not None}
    new["nach_quelle"] = {str(q): new[f"quelle_{q}"] for q in Finanzquelle if new.get(f"quelle_{q}") is not None}
    return Vorjahr(**{field.name: new[field.name] for field in fields(Vorjahr)})


def apply_rows(old: tuple, liste: Any, key: Callable[[Any], Any], change: Callable[[Any, Feldervergleich], Any]) -> tuple:
    """Rows that stayed are the old ones with their changes, never the new ones that the comparison also carries."""
    gone = {key(row) for row in liste.entfallene}
    aenderungen = {key(eintrag.zeile): eintrag.aenderungen for eintrag in liste.geaenderte}
    rows = {key(row): change(row, aenderungen[key(row)]) if key(row) in aenderungen else row for row in old if key(row) not in gone}
    assert len(rows) == len(liste.geaenderte) + len(liste.unveraenderte)
    if not liste.umgestellt:
        assert list(rows) == [k for k in liste.reihenfolge if k in rows]
    rows |= {key(row): row for row in liste.neue}
    return tuple(rows[k] for k in liste.reihenfolge)


def apply(old: Programminhalt, vergleich: Any) -> Programminhalt:
    """The new version out of the old one and nothing but the comparison."""

    arten = vergleich.kapitel.reihenfolge  # a chapter goes by its kind where the comparison calls it so, else by its number

    def with_values(row: Any, aenderungen: Feldervergleich) -> Any:
        return replace(row, **new_values(aenderungen, {}))

    head = new_values(vergleich.kopf, {name: getattr(old, name) for name in ("jobcenter", "jahr", "titel", "zusammenfassung")})
    measures = apply_rows(old.massnahmen, vergleich.massnahmen, lambda m: m.id, apply_massnahme)
    return Programminhalt(
        **head,
        kapitel=apply_rows(old.kapitel, vergleich.kapitel, lambda k: k.art if k.art in arten else k.nummer, with_values),
        massnahmen=tuple(replace(m, nummer=place) for place, m in enumerate(measures, start=1)),
        ziele=apply_rows(old.ziele, vergleich.ziele, lambda z: z.nummer, apply_ziel),
        bildungsziele=apply_rows(
            old.bildungsziele, vergleich.bildungsziele, lambda b: (b.berufsfeld, b.bildungsziel, b.abschlussart), with_values
        ),
        vorjahr=apply_vorjahr(old.vorjahr, vergleich.vorjahr),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions: strangers, the same, or (most telling) one with a single leaf or row of the other changed."""
    alt, fremd = draw(inhalte), draw(inhalte)
    parts = draw(st.sets(st.sampled_from(sorted(alt))))
    return alt, alt | {part: fremd[part] for part in parts} | draw(st.just({}) | mixed_rows(alt, fremd))


def mixed_rows(alt: Mapping[str, Any], fremd: Mapping[str, Any]) -> st.SearchStrategy:
    """Measures of one version, some fields of which come from measures of the other, in any order."""
    if not alt["massnahmen"] or not fremd["massnahmen"]:
        return st.just({})
    row = st.builds(
        lambda old, new, names: old | {name: new[name] for name in names - {"id"}},
        st.sampled_from(alt["massnahmen"]),
        st.sampled_from(fremd["massnahmen"]),
        st.sets(st.sampled_from(sorted(alt["massnahmen"][0])), max_size=3),
    )
    return some(row, lambda m: m["id"], 8).map(lambda rows: {"massnahmen": rows})


@slow
@given(pairs())
def test_the_comparison_put_upon_the_old_version_gives_the_new(pair):
    alt, neu = (read_inhalt(inhalt) for inhalt in pair)
    assert apply(alt, compare_inhalt(alt, neu)) == neu


@slow
@given(pairs())
def test_versions_compare_as_equal_if_and_only_if_they_are(pair):
    alt, neu = (read_inhalt(inhalt) for inhalt in pair)
    assert compare_inhalt(alt, neu).ist_gleich == (alt == neu)
    assert compare_inhalt(alt, read_inhalt(json.loads(canonical_json(pair[0])))).ist_gleich


@slow
@given(pairs())
def test_every_change_can_be_read(pair):
    """Whatever counts as changed also looks changed."""
    alt, neu = (read_inhalt(inhalt) for inhalt in pair)
    v = compare_inhalt(alt, neu)
    rows = [eintrag for liste in (v.kapitel, v.ziele, v.massnahmen, v.bildungsziele) for eintrag in liste.geaenderte]
    assert all(eintrag.aenderungen.geaendert for eintrag in rows)
    for aenderungen in (v.kopf, v.vorjahr, *(eintrag.aenderungen for eintrag in rows)):
        for feld in aenderungen.geaendert:
            assert feld.wort
            assert not feld.inhalt.ist_gleich


# --- nothing is overlooked: every single field by itself --------------------------------------------------------
KEYS = {"id", "nummer", "berufsfeld", "bildungsziel", "abschlussart"}  # by these rows find each other
ROWS = {"massnahmen": massnahmen, "ziele": ziele, "kapitel": kapitel, "bildungsziele": bildungsziele}
EMPTY: dict[str, Any] = {"schema": 2, "jobcenter": "J", "jahr": 2027, "titel": "T", "zusammenfassung": "", "vorjahr": None}
EMPTY |= dict.fromkeys(ROWS, ())


def single_changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The old row with one value of the new one, for each of them."""
    for name in (old.keys() & new.keys()) - KEYS:
        if isinstance(old[name], dict) and isinstance(new[name], dict):
            yield from (old | {name: inner} for inner in single_changes(old[name], new[name]))
        yield old | {name: new[name]}


def check(alt: Mapping[str, Any], neu: Mapping[str, Any]) -> None:
    before, after = read_inhalt(alt), read_inhalt(neu)
    vergleich = compare_inhalt(before, after)
    assert vergleich.ist_gleich == (before == after)
    assert apply(before, vergleich) == after


@pytest.mark.parametrize("part", ROWS)
@quick
@given(st.data())
def test_no_field_of_a_row_is_overlooked(part, data):
    old, new = data.draw(ROWS[part]), data.draw(ROWS[part])
    for row in single_changes(old, new):
        check(EMPTY | {part: [old]}, EMPTY | {part: [row]})


@quick
@given(inhalte, inhalte, vorjahre, vorjahre)
def test_no_field_of_the_whole_is_overlooked(old, new, before, after):
    for name in old.keys() - {"schema"}:
        check(old, old | {name: new[name]})
    for one in single_changes(before, after):
        check(EMPTY | {"vorjahr": before}, EMPTY | {"vorjahr": one})
