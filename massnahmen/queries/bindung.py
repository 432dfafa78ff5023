"""What contracts bind in which year: their price, spread over the days of their terms, to the cent."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, Sum

from massnahmen.enums import Finanzquelle
from massnahmen.models import Finanzierung, Vertrag, Vertragsoption


def distribute(amount: int, weights: Sequence[int]) -> list[int]:
    """Split a whole amount by weights: the parts add up to it, each less than one off its exact share (largest remainder)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def split_by_year(preis_cent: int, beginn: date, ende: date) -> dict[int, int]:
    """A price over the years of a term, by days, both days counted; the parts add up to the price."""
    jahre = range(beginn.year, ende.year + 1)
    days = [(min(ende, date(jahr, 12, 31)) - max(beginn, date(jahr, 1, 1))).days + 1 for jahr in jahre]
    return dict(zip(jahre, distribute(preis_cent, days), strict=True))


@dataclass(frozen=True)
class Laufzeit:
    """One term with its own price: a contract's first one, or that of a drawn option."""

    preis_cent: int
    beginn: date
    ende: date

    def until(self, last: date) -> "Laufzeit | None":
        """What is left of it when the contract ends early, by days; None where it never began."""
        if last >= self.ende:
            return self
        if last < self.beginn:
            return None
        kept, _ = distribute(self.preis_cent, [(last - self.beginn).days + 1, (self.ende - last).days])
        return Laufzeit(kept, self.beginn, last)


def list_laufzeiten(vertrag: Vertrag, optionen: Sequence[Vertragsoption]) -> Iterator[Laufzeit]:
    """The terms of a contract with its drawn options in order; an option's begins the day after the one before it."""
    terms = [Laufzeit(vertrag.preis_cent, vertrag.beginn, vertrag.ende_ohne_optionen or vertrag.ende)]
    for option in optionen:
        terms.append(Laufzeit(option.preis_cent, terms[-1].ende + timedelta(days=1), option.ende))
    for term in terms:
        cut = term.until(vertrag.gekuendigt_zum) if vertrag.gekuendigt_zum else term
        if cut:
            yield cut


@dataclass(frozen=True)
class Bindungen:
    """Cents of the Eingliederungstitel that contracts bind, by year and instrument (0: the measure has none)."""

    jahre: Mapping[int, Mapping[int, int]]

    def of(self, jahr: int) -> Mapping[int, int]:
        return self.jahre.get(jahr, {})

    def sum_of(self, jahr: int) -> int:
        return sum(self.of(jahr).values())

    def after(self, jahr: int) -> dict[int, int]:
        """What is bound in each year after one, by year."""
        return {later: self.sum_of(later) for later in sorted(self.jahre) if later > jahr and self.sum_of(later)}


def read_bindungen(ab: int) -> Bindungen:
    """What the contracts of the measures bind from a year on. Three queries at most, however many there are.

    The Eingliederungstitel pays the share that the programme of the year says, or the last one before it: a contract reaches
    into years that nobody has planned yet. Where none says anything, it pays the whole of what it usually pays for the
    instrument, or nothing.
    """
    gezogen = Vertragsoption.objects.filter(gezogen_am__isnull=False).order_by("nummer")
    vertraege = list(
        Vertrag.objects.filter(ende__gte=date(ab, 1, 1))
        .select_related("massnahme__instrument")
        .prefetch_related(Prefetch("optionen", queryset=gezogen))
    )
    shares = _egt_shares({vertrag.massnahme_id for vertrag in vertraege})
    bound: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for vertrag in vertraege:
        instrument = vertrag.massnahme.instrument
        usually = 1 if instrument and instrument.finanzquelle == Finanzquelle.EGT else 0
        for term in list_laufzeiten(vertrag, list(vertrag.optionen.all())):
            for jahr, cent in split_by_year(term.preis_cent, term.beginn, term.ende).items():
                planned = shares.get(vertrag.massnahme_id, {})
                egt, whole = planned.get(max((year for year in planned if year <= jahr), default=0), (usually, 1))
                if jahr >= ab and (share := (2 * cent * egt + whole) // (2 * whole)):
                    bound[jahr][instrument.pk if instrument else 0] += share
    return Bindungen({jahr: dict(by_instrument) for jahr, by_instrument in bound.items()})


def _egt_shares(massnahmen: set[int]) -> Mapping[int, Mapping[int, tuple[int, int]]]:
    """Per measure and year what its plan takes from the Eingliederungstitel, and from all sources."""
    rows = (
        Finanzierung.objects.filter(position__massnahme__in=massnahmen)
        .values("position__massnahme", "position__programm__jahr")
        .annotate(alle=Sum("betrag_cent"), egt=Sum("betrag_cent", filter=Q(quelle=Finanzquelle.EGT)))
        .order_by()
    )
    shares: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        if row["alle"]:  # nought of nought is no share
            shares[row["position__massnahme"]][row["position__programm__jahr"]] = row["egt"] or 0, row["alle"]
    return shares
