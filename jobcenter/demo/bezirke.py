"""Invented months of invented districts: stocks, flows and sums, from which the Kennzahlen follow as § 48a SGB II computes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

from jobcenter.demo.kalender import load
from kennzahlen.enums import Geschlecht
from kennzahlen.queries.formeln import add_months

YEAR = 12  # months
HISTORY = 2 * YEAR  # months before the first one shown: rates look back a year, and changes of them another one
SPLIT = (Geschlecht.INSGESAMT, Geschlecht.MAENNER, Geschlecht.FRAUEN)

# January to December of the year before the running one, for a district of the size 1.0
_ELB = (10000, 10040, 10060, 9980, 9900, 9850, 9800, 9700, 9650, 9600, 9620, 9700)
_INTEGRATIONEN = (180, 190, 240, 230, 220, 205, 210, 230, 300, 260, 190, 145)
_ZUGANG = (52, 50, 48, 47, 46, 46, 48, 46, 46, 46, 49, 52)  # per mille of the stock

Wert = tuple[int, int | Fraction | None]  # Zähler and Nenner


@dataclass(frozen=True)
class Gepraege:
    """What makes one district unlike the others."""

    traegernummer: str
    name: str
    groesse: float = 1.0
    erfolg: float = 1.0  # of the integrations
    trend: float = -0.028  # of the stock in a year
    frauen: float = 0.505
    langzeit: float = 0.62
    unruhe: float = 0.0  # how far single months stray
    fehlende: tuple[int, ...] = ()  # months without a delivery, counted back from the newest


@dataclass(frozen=True)
class _Anzahl:
    """Persons in a month."""

    maenner: int
    frauen: int

    def of(self, geschlecht: Geschlecht) -> int:
        match geschlecht:
            case Geschlecht.MAENNER:
                return self.maenner
            case Geschlecht.FRAUEN:
                return self.frauen
        return self.maenner + self.frauen


class Bezirk:
    """The months of one district up to the newest one. The same Gepräge and month always give the same figures."""

    def __init__(self, gepraege: Gepraege, *, jahr: int, newest: date, shown: int) -> None:
        self.gepraege, self._jahr, self._random = gepraege, jahr, Random(gepraege.traegernummer)
        self._fehlende = {add_months(newest, -back) for back in gepraege.fehlende}
        self._persons: dict[str, dict[date, _Anzahl]] = {}
        self._cents: dict[str, dict[date, int]] = {"leben": {}, "wohnen": {}}
        for back in reversed(range(shown + HISTORY + 1)):
            self._live(add_months(newest, -back))

    def werte(self, month: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT) -> Iterator[tuple[str, Wert]]:
        """Every figure that can be computed for a month; a year with a missing month has no rate of twelve months."""
        if month in self._fehlende:
            return
        before = add_months(month, -YEAR)
        if geschlecht is Geschlecht.INSGESAMT:
            yield "K2", (self._sum("integrationen", month), self._mean("elb", month))
        yield "elb", (self.stock("elb", month, geschlecht), None)
        if before not in self._fehlende:
            yield "K3", (self.stock("lzb", month, geschlecht), self.stock("lzb", before, geschlecht))
            yield "K1E2", (self.stock("elb", month, geschlecht), self.stock("elb", before, geschlecht))
            if geschlecht is Geschlecht.INSGESAMT:
                yield "K1", (self._cents["leben"][month], self._cents["leben"][before])
                yield "K1E1", (self._cents["wohnen"][month], self._cents["wohnen"][before])
        yield "lzb", (self.stock("lzb", month, geschlecht), None)
        yield "K3E2", (self.stock("lzb_aktiv", month, geschlecht), self.stock("lzb", month, geschlecht))
        if self._fehlende.isdisjoint(_year(month)):
            yield from self._year_rates(month, geschlecht)

    def kontinuierlich(self, month: date, geschlecht: Geschlecht) -> Wert:
        """K2E3, which is known half a year later than the others."""
        return self._sum("gehalten", month, geschlecht), self._sum("versichert", month, geschlecht)

    def stock(self, name: str, month: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT) -> int:
        return self._persons[name][month].of(geschlecht)

    def _year_rates(self, month: date, geschlecht: Geschlecht) -> Iterator[tuple[str, Wert]]:
        last = add_months(month, -1)
        elb, lzb = self._mean("elb", month, geschlecht), self._mean("lzb", month, geschlecht)
        if geschlecht is not Geschlecht.INSGESAMT:
            yield "K2", (self._sum("integrationen", month, geschlecht), elb)
        yield "K1E3", (self._sum("zugang", month, geschlecht), self._sum("elb", month, geschlecht))
        yield "K1E4", (self._sum("abgang", month, geschlecht), self._sum("elb", last, geschlecht))
        yield "K2E1", (self._sum("geringfuegig", month, geschlecht), elb)
        yield "K2E2", (self._sum("gefoerdert", month, geschlecht), elb)
        yield "K2E4", (self._sum("allein_integrationen", month, geschlecht), self._mean("allein", month, geschlecht))
        yield "K3E1", (self._sum("lzb_integrationen", month, geschlecht), lzb)
        yield "K3E3", (self._sum("lzb_zugang", month, geschlecht), self._sum("lzb", month, geschlecht))
        yield "K3E4", (self._sum("lzb_abgang", month, geschlecht), self._sum("lzb", last, geschlecht))

    def _sum(self, name: str, month: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT) -> int:
        return sum(self.stock(name, m, geschlecht) for m in _year(month))

    def _mean(self, name: str, month: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT) -> Fraction:
        return Fraction(max(1, self._sum(name, month, geschlecht)), YEAR)

    # --- one month ---------------------------------------------------------------------------------------------
    def _live(self, month: date) -> None:
        g, index, years = self.gepraege, month.month - 1, month.year - self._jahr + 1
        season = _INTEGRATIONEN[index] * YEAR / sum(_INTEGRATIONEN)
        elb = self._stray(_ELB[index] * g.groesse * (1 + g.trend) ** years, 0.15)
        self._note("elb", month, elb * (1 - g.frauen), elb * g.frauen)
        integrationen = self._stray(_INTEGRATIONEN[index] * g.groesse * g.erfolg * 0.995**years)
        self._note("integrationen", month, integrationen * 0.57, integrationen * 0.43)
        self._share("versichert", month, "integrationen", 0.93)
        self._share("gehalten", month, "versichert", self._stray(0.64, 0.4))
        self._flow("zugang", "abgang", "elb", month, self._stray(_ZUGANG[index] / 1000))
        self._share("geringfuegig", month, "elb", self._stray(0.0055))
        self._share("gefoerdert", month, "elb", self._stray(0.0009))
        self._share("allein", month, "elb", 0.012, 0.27)
        alone = self._stray(season * 0.0155 * g.erfolg * 1.01**years)
        self._share("allein_integrationen", month, "allein", alone * 1.6, alone)
        self._share("lzb", month, "elb", g.langzeit - 0.003 * years)
        long = self._stray(season * 0.0112 * g.erfolg)
        self._share("lzb_integrationen", month, "lzb", long * 1.2, long * 0.8)
        self._share("lzb_aktiv", month, "lzb", self._stray(0.084 + 0.004 * years, 0.5))
        self._flow("lzb_zugang", "lzb_abgang", "lzb", month, self._stray(0.023))
        people = self.stock("elb", month)
        self._cents["leben"][month] = int(people * self._stray(51_200 * 1.012**years, 0.1))
        self._cents["wohnen"][month] = int(people * self._stray(39_800 * 1.031**years, 0.1))

    def _note(self, name: str, month: date, maenner: float, frauen: float) -> None:
        """Whole persons: the part behind the comma is the chance of one more, so that small numbers are not all zero."""
        draw = self._random.random() if self.gepraege.unruhe else 0.5
        self._persons.setdefault(name, {})[month] = _Anzahl(int(maenner + draw), int(frauen + 1 - draw))

    def _share(self, name: str, month: date, of: str, maenner: float, frauen: float | None = None) -> None:
        whole = self._persons[of][month]
        self._note(name, month, whole.maenner * maenner, whole.frauen * (maenner if frauen is None else frauen))

    def _flow(self, into: str, out: str, of: str, month: date, share: float) -> None:
        """Who came, and who must have gone for the stock to be what it is."""
        self._share(into, month, of, share)
        now, came = self._persons[of][month], self._persons[into][month]
        last = self._persons[of].get(add_months(month, -1), now)
        self._note(out, month, max(0, last.maenner + came.maenner - now.maenner), max(0, last.frauen + came.frauen - now.frauen))

    def _stray(self, value: float, share: float = 1.0) -> float:
        return value * (1 + self.gepraege.unruhe * share * self._random.uniform(-1, 1))


def musterland() -> Sequence[Gepraege]:
    """The forty other fictional Jobcenter, from a small rural one to a large city; three of them have missed a month."""
    random, found = Random("Musterland"), []
    names = load("musterland")["jobcenter"]
    gaps = {5: (2,), 17: (7, 8), 33: (19,)}
    for index, name in enumerate(names):
        found.append(
            Gepraege(
                traegernummer=f"{99002 + index}",
                name=f"{name} (Musterland)",
                groesse=round(min(2.8, random.lognormvariate(-0.35, 0.75)), 3) if index else 0.06,
                erfolg=round(random.triangular(0.6, 1.36, 0.98), 3),
                trend=round(random.uniform(-0.045, 0.012), 4),
                frauen=round(random.uniform(0.48, 0.53), 3),
                langzeit=round(random.uniform(0.55, 0.68), 3),
                unruhe=round(random.uniform(0.03, 0.09), 3),
                fehlende=gaps.get(index, ()),
            )
        )
    return found


def _year(month: date) -> list[date]:
    return [add_months(month, -back) for back in range(YEAR)]
