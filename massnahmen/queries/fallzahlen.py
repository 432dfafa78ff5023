"""Which counts of people on the controlling page leave the circle of those who steer the measures (§ 16 BStatG).

Inside the circle (`massnahmen.view_fallzahlen`: Controlling, Planung, Leitung) the page shows every figure. Two things
leave it, and they are treated differently:

- The page for other staff shows years that are over, always all measures, no free period and no filter: whoever could
  choose both would subtract one view from another. Of such a year all four Gliederungen are one table with all sums
  between them (measure, provider, instrument, target group, total), and what is hidden is hidden in all of them. With more
  than MOST measures no counts of people are shown at all. Months of a measure never show them outside the circle.
- A file travels. It hides what is small, and what its own total would give away, for everybody. Files of different
  periods or filters can be subtracted from each other; who may make them is inside the circle and answers for that.

Days and money are no people and stay; rates whose numerator or denominator is hidden go. The Verbleib of a year is shown
outside the circle once its December is ripe.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kennzahlen.queries.geheimhaltung import MINDESTFALLZAHL, Gleichung, NichtGeheimzuhalten, summe, suppress
from massnahmen.queries.controlling import Controllingtafel, Controllingzeile

MOST = 400  # measures of a year, up to which sums of four kinds are kept apart in a second
NEXT = 40  # candidates for hiding beside the small ones, in a long file
Zelle = tuple[str, int | None]  # kind of row, and its key
TOTAL: Zelle = ("Σ", 0)
UEBRIGE: Zelle = ("übrige", 0)

ZAHLEN: dict[str, Callable[[Controllingzeile], int]] = {
    "eintritte": lambda z: z.ist.eintritte,
    "austritte": lambda z: z.ist.austritte,
    "austritte_abbruch": lambda z: z.ist.austritte_abbruch,
    "integrationen": lambda z: z.ist.integrationen,
    "nichtantritte": lambda z: z.ist.nichtantritte,
    "vor_eintritte": lambda z: z.vor.eintritte,
    "vor_austritte": lambda z: z.vor.austritte,
    "vor_abbruch": lambda z: z.vor.austritte_abbruch,
    "verbleib": lambda z: z.verbleib.austritte,
    "beschaeftigt": lambda z: z.verbleib.beschaeftigt,
    "vor_verbleib": lambda z: z.verbleib_vor.austritte,
    "vor_beschaeftigt": lambda z: z.verbleib_vor.beschaeftigt,
}


def hide_in_file(tafel: Controllingtafel, *, summierbar: bool) -> Controllingtafel:
    """A table for a file. `summierbar` says whether its rows add up to the total, which is not so where measures stand in two rows."""
    hidden: dict[Zelle, set[str]] = {}
    for name, read in ZAHLEN.items():
        werte = {("zeile", zeile.pk): read(zeile) for zeile in tafel.zeilen}
        total = read(tafel.summe)
        for key in _hide_one_sum(werte, total, summierbar=summierbar):
            hidden.setdefault(key, set()).add(name)
    return replace(
        tafel,
        zeilen=tuple(replace(z, geheim=frozenset(hidden.get(("zeile", z.pk), ()))) for z in tafel.zeilen),
        summe=replace(tafel.summe, geheim=frozenset(hidden.get(TOTAL, ()))),
    )


def _hide_one_sum(werte: Mapping[Zelle, int], total: int, *, summierbar: bool) -> frozenset[Zelle]:
    """Keys to hide where nothing but the total ties the rows together.

    Most rows of a long file are large and stay open whatever happens: they are one known sum, which spares the search.
    """
    key = TOTAL
    if not summierbar:
        return frozenset(k for k, wert in {**werte, key: total}.items() if 0 < wert < MINDESTFALLZAHL)
    small = {k: wert for k, wert in werte.items() if 0 < wert < MINDESTFALLZAHL}
    next_ones = sorted((k for k in werte if werte[k] >= MINDESTFALLZAHL), key=lambda k: werte[k])[:NEXT]
    zeros = [k for k in werte if not werte[k]][:NEXT]
    looked_at = small | {k: werte[k] for k in (*next_ones, *zeros)}
    left = {UEBRIGE: total - sum(looked_at.values())} if len(looked_at) < len(werte) else {}
    cells: dict[Zelle, int | None] = {**looked_at, **left, key: total}
    try:
        hidden = suppress(cells, [summe(key, *looked_at, *left)], veroeffentlicht=dict.fromkeys(left, True))
    except NichtGeheimzuhalten:
        return frozenset({*werte, key})
    return hidden


def hide_in_year(
    tafeln: Mapping[str, Controllingtafel], members: Mapping[str, Mapping[int | None, Sequence[int]]]
) -> dict[str, Controllingtafel]:
    """All Gliederungen of one year for people outside the circle. `tafeln` by Gliederung, with every row; `members` names the
    measures of each row of the three groupings.
    """
    base = tafeln["massnahme"]
    hidden = {name: _hide_all(tafeln, members, read) if len(base.zeilen) <= MOST else None for name, read in ZAHLEN.items()}

    def mark(art: str, zeile: Controllingzeile) -> Controllingzeile:
        cell = TOTAL if art == "Σ" else (art, zeile.pk)
        return replace(zeile, geheim=frozenset(name for name, cells in hidden.items() if cells is None or cell in cells))

    return {
        art: replace(tafel, zeilen=tuple(mark(art, z) for z in tafel.zeilen), summe=mark("Σ", tafel.summe)) for art, tafel in tafeln.items()
    }


def table_of_year(
    tafeln: Mapping[str, Controllingtafel],
    members: Mapping[str, Mapping[int | None, Sequence[int]]],
    read: Callable[[Controllingzeile], int],
) -> tuple[dict[Zelle, int | None], list[Gleichung[Zelle]]]:
    """One count of a year in every row of every Gliederung, and all that its readers know about sums."""
    werte: dict[Zelle, int | None] = {(art, z.pk): read(z) for art, tafel in tafeln.items() for z in tafel.zeilen}
    base = tafeln["massnahme"]
    werte[TOTAL] = read(base.summe)
    equations = [summe(TOTAL, *(("massnahme", z.pk) for z in base.zeilen))] if base.zeilen else []
    for art, groups in members.items():
        equations += [summe((art, pk), *(("massnahme", m) for m in of_group)) for pk, of_group in groups.items()]
        if art != "zielgruppe" and groups:
            equations.append(summe(TOTAL, *((art, pk) for pk in groups)))
    return werte, equations


def _hide_all(
    tafeln: Mapping[str, Controllingtafel],
    members: Mapping[str, Mapping[int | None, Sequence[int]]],
    read: Callable[[Controllingzeile], int],
) -> Iterable[Zelle] | None:
    werte, equations = table_of_year(tafeln, members, read)
    try:
        return suppress(werte, equations)
    except NichtGeheimzuhalten:
        return None
