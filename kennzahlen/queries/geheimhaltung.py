"""Statistical secrecy (§ 16 BStatG, § 281 (3) SGB III): which cells of our own counts must not be shown.

Pure: keys in, keys out; pages, CSV, API, charts and PDF all ask here. A reader knows every published cell, every claim
that parts add up to a total, and that counts are whole and not negative. A hidden cell is safe when a second table fits
all of that and differs in this very cell: its *witness*. Witnesses are looked for among the true table plus or minus one
in some cells, so whatever the search misses or has no time for counts as disclosed: it errs on the safe side only.

`suppress` goes from cell to cell, looks for a witness that costs little to hide and hides it. What is hidden later never
takes a witness away, so each cell is looked at once. Where the search gets lost, cells are first hidden as a clerk would
do it by hand (one partner in every equation with a single hidden cell), which opens short ways to it.

Not covered: the Dominanzregel (amounts of money), how narrow an interval a reader can compute, and what somebody inside
a group knows about the others.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, TypeVar

from kennzahlen.enums import Geschlecht
from kennzahlen.queries.formeln import add_months

K = TypeVar("K", bound=Hashable)

MINDESTFALLZAHL = 3
GESAMT = "Σ"  # row or column of totals in `kreuztabelle`
SCHRITTE = 2_000  # of one search in `suppress`, then partners are hidden on suspicion
SCHRITTE_PRUEFUNG = 20_000  # of one search in `disclosed`, then the cell counts as disclosed
UNBEKANNTE = 60  # connected cells without a value up to which one is looked for; beyond, they may only rise
UMWEG = 4  # how much more an equation still broken weighs than what is hidden already: straight ways before cheap ones

# Prices of hiding. Close together on purpose: a search that would walk round the table to spare one total never ends.
VERBORGEN = 20  # hidden already
OFFEN = 60  # and 16 for every doubling of the value: small before large
NULL = 400  # more than any count below a million
SUMME = 300  # on top


class NichtGeheimzuhalten(ValueError):
    """What is published already gives these cells away, whatever one hides now."""

    def __init__(self, schluessel: Sequence[Hashable]) -> None:
        self.schluessel = tuple(schluessel)
        namen = ", ".join(_name(key) for key in self.schluessel)
        super().__init__(f"Nicht geheim zu halten: {namen}. Diese Werte folgen aus Zahlen, die schon veröffentlicht sind.")


@dataclass(frozen=True)
class Gleichung(Generic[K]):
    """The published claim that both sides add up to the same: Bestand(m) + Abgänge(m) = Bestand(m−1) + Zugänge(m)."""

    links: tuple[K, ...]
    rechts: tuple[K, ...]
    ist_summe: bool = False  # then the one cell on the left is a total: hidden last


def summe(gesamt: K, *teile: K) -> Gleichung[K]:
    return Gleichung((gesamt,), teile, ist_summe=True)


# --- what rooms ask ---------------------------------------------------------------------------------------------
def suppress(
    werte: Mapping[K, int | None], gleichungen: Iterable[Gleichung[K]], *, veroeffentlicht: Mapping[K, bool] | None = None
) -> frozenset[K]:
    """The keys to hide. None = hidden at its source, unknown to us.

    `veroeffentlicht`: True was shown before and cannot be taken back, False was hidden before and stays hidden.
    """
    before = veroeffentlicht or {}
    tabelle = _Tabelle(werte, gleichungen)
    shown = {i for i, key in enumerate(tabelle.keys) if before.get(key) is True}
    hidden = {i for i, key in enumerate(tabelle.keys) if tabelle.is_primary(i) or before.get(key) is False}
    if too_late := sorted(hidden & shown):
        raise NichtGeheimzuhalten([tabelle.keys[i] for i in too_late])
    suche = _Suche(
        tabelle, SCHRITTE, {i: VERBORGEN if i in hidden else tabelle.price(i) for i in range(len(tabelle.keys)) if i not in shown}
    )
    safe: set[int] = set()
    lost: list[int] = []
    queue = sorted(hidden)
    for cell in queue:  # grows where the search gave up and partners are hidden on suspicion
        while cell not in safe:
            zeuge, complete = suche.find(cell, only_hidden=True)
            if not zeuge:
                zeuge, complete = suche.find(cell)
            if zeuge:
                new = zeuge - hidden
                safe |= zeuge
            else:
                new = set() if complete else suche.partners(cell, hidden)
                if not new:
                    lost.append(cell)
                    break
                queue += sorted(new)
            hidden |= new
            suche.reprice(new)
    if lost:
        raise NichtGeheimzuhalten([tabelle.keys[i] for i in sorted(lost)])
    return frozenset(tabelle.keys[i] for i in hidden)


def disclosed(werte: Mapping[K, int | None], gleichungen: Iterable[Gleichung[K]], verborgen: Iterable[K]) -> frozenset[K]:
    """Those of the hidden cells that a reader can compute, or for which we cannot prove that he cannot."""
    tabelle = _Tabelle(werte, gleichungen)
    wanted = set(verborgen)
    hidden = [i for i, key in enumerate(tabelle.keys) if key in wanted or werte[key] is None]
    if strangers := wanted - set(tabelle.keys):
        raise ValueError(f"Ohne Wert: {', '.join(sorted(map(_name, strangers)))}")
    suche = _Suche(tabelle, SCHRITTE_PRUEFUNG, dict.fromkeys(hidden, VERBORGEN))
    safe: set[int] = set()
    for cell in hidden:
        if cell not in safe:
            safe |= suche.find(cell, only_hidden=True)[0]
    return frozenset(tabelle.keys[i] for i in hidden if i not in safe)


def quote_verborgen(zaehler: K, nenner: K, verborgen: frozenset[K]) -> bool:
    """Whether a rate must not be shown.

    With the denominator open, rate × N gives the hidden numerator (one decimal is enough up to N = 1,000, and small
    numerators have small denominators); with the numerator open, Z ÷ rate gives the hidden denominator. With both hidden
    the rate of small numbers names them: 33.3 % is 1 of 3. A change on the previous year is a rate of two counts.
    """
    return zaehler in verborgen or nenner in verborgen


# --- equations of usual tables ----------------------------------------------------------------------------------
def kreuztabelle(
    zeilen: Sequence[Hashable],
    spalten: Sequence[Hashable],
    geschlechter: Sequence[Hashable] = (Geschlecht.MAENNER, Geschlecht.FRAUEN),
) -> list[Gleichung[tuple[Hashable, Hashable, Hashable]]]:
    """All sums of a table with keys (row, column, sex); GESAMT where there are two rows or columns, sex I in any case."""
    insgesamt = Geschlecht.INSGESAMT
    alle_zeilen = [*zeilen, GESAMT] if len(zeilen) > 1 else zeilen
    alle_spalten = [*spalten, GESAMT] if len(spalten) > 1 else spalten
    je_geschlecht = [insgesamt, *geschlechter]
    gleichungen = []
    if geschlechter:
        gleichungen += [summe((z, s, insgesamt), *((z, s, g) for g in geschlechter)) for z in alle_zeilen for s in alle_spalten]
    if len(zeilen) > 1:
        gleichungen += [summe((GESAMT, s, g), *((z, s, g) for z in zeilen)) for s in alle_spalten for g in je_geschlecht]
    if len(spalten) > 1:
        gleichungen += [summe((z, GESAMT, g), *((z, s, g) for s in spalten)) for z in alle_zeilen for g in je_geschlecht]
    return gleichungen


def folge(
    monate: Iterable[date],
    monat: Callable[[date], K],
    *,
    jahr_bisher: Callable[[date], K] | None = None,
    zwoelf_monate: Callable[[date], K] | None = None,
) -> list[Gleichung[K]]:
    """What neighbouring months give away about each other: the year to date and the rolling sum of twelve months.

    `monate` are the first days of the months whose own value is known to the caller, the callables make keys of them.
    """
    known = set(monate)
    gleichungen = []
    for m in sorted(known):
        before = add_months(m, -1)
        if jahr_bisher:
            if m.month == 1:
                gleichungen.append(summe(jahr_bisher(m), monat(m)))
            elif before in known:
                gleichungen.append(summe(jahr_bisher(m), jahr_bisher(before), monat(m)))
        if zwoelf_monate:
            window = [add_months(m, -back) for back in range(11, -1, -1)]
            if known.issuperset(window):
                gleichungen.append(summe(zwoelf_monate(m), *map(monat, window)))
            elif before in known and (gone := add_months(m, -12)) in known:
                gleichungen.append(Gleichung((zwoelf_monate(m), monat(gone)), (zwoelf_monate(before), monat(m))))
    return gleichungen


# --- the table as numbers ---------------------------------------------------------------------------------------
class _Tabelle(Generic[K]):
    """Cells as 0, 1, 2 … in the order of their keys; equations as {cell: factor}, with the sum zero."""

    def __init__(self, werte: Mapping[K, int | None], gleichungen: Iterable[Gleichung[K]]) -> None:
        try:
            self.keys = sorted(werte)  # type: ignore[type-var]
        except TypeError:
            self.keys = sorted(werte, key=lambda key: (type(key).__name__, repr(key)))
        number = {key: i for i, key in enumerate(self.keys)}
        self.given = [werte[key] for key in self.keys]
        if negative := [_name(key) for key, wert in werte.items() if wert is not None and wert < 0]:
            raise ValueError(f"Eine Anzahl ist nie negativ: {', '.join(negative)}")
        self.rows: list[dict[int, int]] = []
        self.totals: set[int] = set()
        for gleichung in dict.fromkeys(gleichungen):
            row: dict[int, int] = {}
            for side, factor in ((gleichung.links, 1), (gleichung.rechts, -1)):
                for key in side:
                    if key not in number:
                        raise ValueError(f"Ohne Wert: {_name(key)}. Ist er nicht bekannt, gehört None dorthin.")
                    row[number[key]] = row.get(number[key], 0) + factor
            row = {cell: factor for cell, factor in row.items() if factor}
            self.rows.append(row)
            if gleichung.ist_summe and len(gleichung.rechts) > 1:
                self.totals.add(number[gleichung.links[0]])
        self.base = _complete(self.given, self.rows)
        for row in self.rows:
            known = [(factor, self.base[cell]) for cell, factor in row.items()]
            if all(wert is not None for _, wert in known) and sum(factor * (wert or 0) for factor, wert in known) != 0:
                raise ValueError(f"Die Summe stimmt nicht: {', '.join(_name(self.keys[cell]) for cell in sorted(row))}")

    def is_primary(self, cell: int) -> bool:
        wert = self.given[cell]
        return wert is None or 0 < wert < MINDESTFALLZAHL

    def may_fall(self, cell: int) -> bool:
        return bool(self.base[cell])

    def price(self, cell: int) -> int:
        """What hiding costs the reader: small before large, any of them before a zero, and totals last."""
        wert = self.given[cell] or 0
        doublings = wert.bit_length() - 1  # and the sixteenths of the way to the next one
        price = min(OFFEN + 16 * doublings + (16 * wert >> doublings) - 16, NULL - 1) if wert else NULL
        return price + (SUMME if cell in self.totals else 0)


def _complete(given: Sequence[int | None], rows: Sequence[Mapping[int, int]]) -> list[int | None]:
    """The table with every unknown cell filled in so that all equations hold; None where that is not found in time.

    A reader who does not know these cells either cannot tell one completion from another, so any of them will do as the
    table that witnesses differ from. A cell that stays None may only rise, which is possible whatever its value is.
    """
    values = list(given)
    touching: dict[int, list[Mapping[int, int]]] = {cell: [] for cell, wert in enumerate(given) if wert is None}
    for row in rows:
        for cell in row.keys() & touching.keys():
            touching[cell].append(row)
    open_cells = set(touching)
    while open_cells:
        group, border = set(), {min(open_cells)}
        while border:
            group |= border
            border = {other for cell in border for row in touching[cell] for other in row if other in touching} - group
        open_cells -= group
        group_rows = [row for row in rows if row.keys() & group]
        bounds = _narrow(dict.fromkeys(group, (0, None)), group_rows, given)
        if bounds is None:
            raise ValueError("Die Summen stimmen nicht, was immer die unbekannten Werte sind.")
        filled = _fill(bounds, group_rows, given, count()) if len(group) <= UNBEKANNTE else None
        values = [filled.get(cell, wert) for cell, wert in enumerate(values)] if filled else values
    return values


Grenzen = dict[int, tuple[int, int | None]]


def _fill(bounds: Grenzen, rows: Sequence[Mapping[int, int]], given: Sequence[int | None], steps: Iterator[int]) -> dict[int, int] | None:
    """Values within the bounds that satisfy the rows, near the middle so that they may rise and fall."""
    narrowed = _narrow(bounds, rows, given)
    if narrowed is None or next(steps) > 4 * UNBEKANNTE:
        return None
    undecided = [cell for cell, (low, high) in narrowed.items() if low != high]
    if not undecided:
        return {cell: low for cell, (low, _) in narrowed.items()}
    width = {cell: high - low for cell in undecided for low, high in [narrowed[cell]] if high is not None}
    cell = min(undecided, key=lambda c: (c not in width, width.get(c, 0), c))
    low, high = narrowed[cell]
    middle = (low + high) // 2 if high is not None else max(low, MINDESTFALLZAHL)
    for distance in range(max(middle - low, (high or middle) - middle, 3) + 1):
        for value in dict.fromkeys((middle + distance, middle - distance)):
            if value >= low and (high is None or value <= high):
                found = _fill({**narrowed, cell: (value, value)}, rows, given, steps)
                if found is not None:
                    return found
                if next(steps) > 4 * UNBEKANNTE:
                    return None
    return None


def _narrow(bounds: Grenzen, rows: Sequence[Mapping[int, int]], given: Sequence[int | None]) -> Grenzen | None:
    """The bounds that the rows leave to each unknown cell, or None where a row cannot be satisfied."""
    bounds = dict(bounds)
    changed = True
    while changed:
        changed = False
        for row in rows:
            for cell, factor in row.items():
                if cell not in bounds:
                    continue
                # factor · x = −Σ others; the least and the most that the others leave
                least: int | None = 0
                most: int | None = 0
                for other, weight in row.items():
                    if other == cell:
                        continue
                    low, high = bounds[other] if other in bounds else (given[other] or 0, given[other])
                    ends = (low, high) if -weight * factor > 0 else (high, low)
                    share = abs(weight) if -weight * factor > 0 else -abs(weight)
                    least = None if least is None or ends[0] is None else least + share * ends[0]
                    most = None if most is None or ends[1] is None else most + share * ends[1]
                low, high = bounds[cell]
                size = abs(factor)
                new_low = low if least is None else max(low, -(-least // size))
                new_high = high if most is None else min(most // size, most // size if high is None else high)
                if new_high is not None and new_low > new_high:
                    return None
                if (new_low, new_high) != (low, high):
                    bounds[cell] = (new_low, new_high)
                    changed = True
    return bounds


# --- the search for witnesses -----------------------------------------------------------------------------------
Zuege = frozenset[tuple[int, int]]  # (cell, +1 or −1)
Knoten = tuple[int, int, int, Zuege, dict[int, int]]  # expected cost, latest first, cost, moves, equations broken and by how much


class _Suche(Generic[K]):
    """Cheapest first: a cell moves by one, every equation that no longer holds asks another of its cells to make up for it.

    Only cells with a price may move. The search walks along shared equations, so it never leaves the connected part of
    the table in which it starts. Equal prices are decided by the order of the keys.
    """

    def __init__(self, tabelle: _Tabelle[K], steps: int, prices: dict[int, int]) -> None:
        self.tabelle = tabelle
        self.steps = steps
        self.prices = prices
        self.rows_of: dict[int, list[tuple[int, int]]] = {cell: [] for cell in range(len(tabelle.keys))}
        for number, row in enumerate(tabelle.rows):
            for cell, factor in row.items():
                self.rows_of[cell].append((number, factor))
        self.ticket = count(0, -1)
        self.menus: dict[tuple[int, bool], list[tuple[int, int]]] = {}

    def reprice(self, cells: Iterable[int]) -> None:
        """These cells are hidden now: they cost next to nothing."""
        for cell in cells:
            self.prices[cell] = VERBORGEN
            for row, _ in self.rows_of[cell]:
                self.menus.pop((row, True), None)
                self.menus.pop((row, False), None)

    def menu(self, row: int, excess: bool) -> list[tuple[int, int]]:
        """(cell, move) that bring a row with an excess (or a deficit) nearer to zero, cheapest first."""
        key = (row, excess)
        if key not in self.menus:
            moves = []
            for cell, factor in self.tabelle.rows[row].items():
                move = -1 if (factor > 0) == excess else 1
                if cell in self.prices and (move > 0 or self.tabelle.may_fall(cell)):
                    moves.append((self.prices[cell], cell, move))
            self.menus[key] = [(cell, move) for _, cell, move in sorted(moves)]
        return self.menus[key]

    def _urgency(self, row: int, excess: bool) -> tuple[int, int, int]:
        """What must be paid in any case is paid first, and the fewest ways are tried first."""
        menu = self.menu(row, excess)
        return -self.prices[menu[0][0]], len(menu), row

    def find(self, cell: int, *, only_hidden: bool = False) -> tuple[set[int], bool]:
        """The cells of a witness for this cell (empty where there is none) and whether everything was tried."""
        limit = VERBORGEN if only_hidden else max(self.prices.values())
        start: Knoten = (0, 0, 0, frozenset(), {})
        moves = (1, -1) if self.tabelle.may_fall(cell) else (1,)
        heap = [node for move in moves if (node := self._step(start, cell, move, limit))]
        heapify(heap)
        seen: set[Zuege] = set()
        tried = 0
        while heap:
            node = heappop(heap)
            _, _, _, moved, broken = node
            if not broken:
                return {c for c, _ in moved}, True
            if moved in seen:
                continue
            seen.add(moved)
            if tried > self.steps:
                return set(), False
            row = min(broken, key=lambda r: self._urgency(r, broken[r] > 0))
            used = {c for c, _ in moved}
            for other, move in self.menu(row, broken[row] > 0):
                if self.prices[other] > limit:
                    break
                if other not in used:
                    tried += 1
                    if after := self._step(node, other, move, limit):
                        heappush(heap, after)
        return set(), True

    def _step(self, node: Knoten, cell: int, move: int, limit: int) -> Knoten | None:
        """The node after one more move, or None where an equation is left that nothing can mend."""
        _, _, cost, moved, broken = node
        after = dict(broken)
        for row, factor in self.rows_of[cell]:
            rest = after.pop(row, 0) + factor * move
            if rest:
                after[row] = rest
        outlook = 0
        for row, rest in after.items():
            menu = self.menu(row, rest > 0)
            if not menu or self.prices[menu[0][0]] > limit:
                return None
            outlook += self.prices[menu[0][0]]
        cost += self.prices[cell]
        return cost + UMWEG * outlook, next(self.ticket), cost, moved | {(cell, move)}, after

    def partners(self, cell: int, hidden: set[int]) -> set[int]:
        """Open cells to hide on suspicion: one beside this cell, and one wherever a hidden cell would stand alone."""
        new = set(self._stand_by(set(), hidden))
        border, reached = [cell], {cell}
        while border and not new:
            around = {other for c in border for row, _ in self.rows_of[c] for other in self.tabelle.rows[row]} - reached
            if candidates := [(self.prices[c], c) for c in around if c not in hidden and c in self.prices]:
                new.add(min(candidates)[1])
            reached |= around
            border = [c for c in around if c in hidden]
        return new | self._stand_by(new, hidden)

    def _stand_by(self, new: set[int], hidden: set[int]) -> set[int]:
        """Greedy: the cheapest partner for each hidden cell that is alone in an equation, best one that leaves no other alone."""
        hidden = hidden | new
        counts = [len(row.keys() & hidden) for row in self.tabelle.rows]
        added: set[int] = set()
        todo = [row for row, number in enumerate(counts) if number == 1]
        while todo:
            row = todo.pop(0)
            candidates = [c for c in self.tabelle.rows[row] if c not in hidden and c in self.prices]
            if counts[row] != 1 or not candidates:
                continue
            best = min(candidates, key=lambda c: (sum(counts[r] == 0 for r, _ in self.rows_of[c]), self.prices[c], c))
            added.add(best)
            hidden.add(best)
            for other, _ in self.rows_of[best]:
                counts[other] += 1
                if counts[other] == 1:
                    todo.append(other)
        return added


def _name(key: Hashable) -> str:
    return " · ".join(map(str, key)) if isinstance(key, tuple) else str(key)
