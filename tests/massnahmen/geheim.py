"""Years of measures with invented counts, for tests of secrecy."""

import random
from collections.abc import Sequence

from massnahmen.queries import Controllingtafel, Controllingzeile
from massnahmen.queries.controlling import Plansummen
from massnahmen.queries.kennwerte import Meldungssummen, Verbleibssummen

Gruppen = dict[str, dict[int | None, list[int]]]


def random_year(dice: random.Random, *, rows: int, counts: Sequence[int] = ()) -> tuple[dict[str, Controllingtafel], Gruppen]:
    """The four tables of a year with all their sums, and which measures stand in which row. `counts` are the entries."""

    def small() -> int:
        return dice.choice([0, 0, 1, 2, 3, 4, 5, 8, 12, 20])

    months = [
        Meldungssummen(
            eintritte=counts[n] if counts else small(), austritte_regulaer=small(), austritte_abbruch=small(), integrationen=small()
        )
        for n in range(rows)
    ]
    known = [Verbleibssummen(austritte=n + small(), beschaeftigt=n) for n in (small() for _ in range(rows))]
    members: Gruppen = {"traeger": {}, "instrument": {}, "zielgruppe": {}}
    for pk in range(1, rows + 1):
        members["traeger"].setdefault(dice.choice([None, 1, 2, 3, 4]), []).append(pk)
        members["instrument"].setdefault(dice.choice([1, 2, 3, 4, 5, 6]), []).append(pk)
        for group in dice.sample([1, 2, 3], dice.choice([1, 2])):
            members["zielgruppe"].setdefault(group, []).append(pk)

    def row(pk: int | None, of: Sequence[int]) -> Controllingzeile:
        ist = sum((months[n - 1] for n in of), Meldungssummen())
        verbleib = sum((known[n - 1] for n in of), Verbleibssummen())
        return Controllingzeile(pk, str(pk), len(of), ist, Meldungssummen(), verbleib, Verbleibssummen(), Plansummen())

    every = range(1, rows + 1)
    total = row(None, every)
    tables = {"massnahme": Controllingtafel(tuple(row(pk, [pk]) for pk in every), rows, total)}
    for art, groups in members.items():
        tables[art] = Controllingtafel(tuple(row(pk, of) for pk, of in groups.items()), len(groups), total)
    return tables, members
