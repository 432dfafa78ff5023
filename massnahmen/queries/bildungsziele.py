"""What the plan for training of a year adds up to."""

from collections.abc import Iterable
from dataclasses import dataclass

from massnahmen.models import Bildungsziel
from massnahmen.queries.inhalt import Bildungszielzeile


@dataclass(frozen=True)
class Bildungssummen:
    """Vouchers of each quarter and of the year, money in cents."""

    quartale: tuple[int, int, int, int]
    budget_cent: int

    @property
    def gutscheine(self) -> int:
        return sum(self.quartale)


def sum_bildungsziele(zeilen: Iterable[Bildungsziel | Bildungszielzeile]) -> Bildungssummen:
    """Of rows of the draft or of frozen ones."""
    rows = list(zeilen)
    return Bildungssummen(
        quartale=(
            sum(row.gutscheine_q1 for row in rows),
            sum(row.gutscheine_q2 for row in rows),
            sum(row.gutscheine_q3 for row in rows),
            sum(row.gutscheine_q4 for row in rows),
        ),
        budget_cent=sum(row.budget_cent for row in rows),
    )
