"""Projects of the region: who gives how much, in which years."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jobcenter.konten.models import UserLike
from massnahmen.enums import Finanzquelle
from massnahmen.models import Projektmittel, Regionalprojekt
from massnahmen.queries.bindung import distribute


@dataclass(frozen=True)
class Quellensumme:
    """One source's money in a project; the shares of all sources add up to 1000."""

    quelle: Finanzquelle
    cent: int
    ist_ungefaehr: bool
    anteil_promille: int

    @property
    def anteil_prozent(self) -> Decimal:
        return Decimal(self.anteil_promille) / 10


@dataclass(frozen=True)
class Jahressumme:
    """Money of which the year is known."""

    jahr: int
    cent: int
    ist_ungefaehr: bool


@dataclass(frozen=True)
class Projektfinanzen:
    projekt: Regionalprojekt
    mittel: Sequence[Projektmittel]
    quellen: Sequence[Quellensumme]
    jahre: Sequence[Jahressumme]
    ohne_jahr_cent: int  # known only as a sum over several years

    @property
    def summe_cent(self) -> int:
        return sum(row.cent for row in self.quellen)

    @property
    def ist_ungefaehr(self) -> bool:
        return any(row.ist_ungefaehr for row in self.quellen)

    @property
    def je_person_cent(self) -> int | None:
        """Rounded half up to whole euros: the number of people is a round one as well."""
        people = self.projekt.erreichte
        return (2 * self.summe_cent + 100 * people) // (200 * people) * 100 if people else None


def read_projektfinanzen(projekt: Regionalprojekt) -> Projektfinanzen:
    """One query, or none where the money is fetched already."""
    mittel = sorted(projekt.mittel.all(), key=lambda row: (list(Finanzquelle).index(Finanzquelle(row.quelle)), row.jahre.lower))
    by_source: dict[str, list[Projektmittel]] = defaultdict(list)
    by_year: dict[int, list[Projektmittel]] = defaultdict(list)
    for row in mittel:
        by_source[row.quelle].append(row)
        if row.jahre.upper - row.jahre.lower == 1:
            by_year[row.jahre.lower].append(row)
    sums = {Finanzquelle(quelle): sum(row.betrag_cent for row in rows) for quelle, rows in by_source.items()}
    shares = distribute(1000, list(sums.values()))
    return Projektfinanzen(
        projekt=projekt,
        mittel=mittel,
        quellen=[
            Quellensumme(quelle, cent, any(row.ist_ungefaehr for row in by_source[quelle]), share)
            for (quelle, cent), share in zip(sums.items(), shares, strict=True)
        ],
        jahre=[
            Jahressumme(jahr, sum(row.betrag_cent for row in rows), any(row.ist_ungefaehr for row in rows))
            for jahr, rows in sorted(by_year.items())
        ],
        ohne_jahr_cent=sum(row.betrag_cent for row in mittel if row.jahre.upper - row.jahre.lower > 1),
    )


def list_projekte(user: UserLike) -> list[Projektfinanzen]:
    """Every project, the one that ends last first. Two queries."""
    return [read_projektfinanzen(projekt) for projekt in Regionalprojekt.objects.visible_to(user).prefetch_related("mittel")]
