"""Figures of the demo: published ones of real Jobcenter, invented ones of Musterburg alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from jobcenter.common.typography import MINUS, datum, monat, prozent, zahl
from jobcenter.demo.kalender import Kalender, at, load, moment
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from kennzahlen.actions import Jobcenterzeile, import_jobcenter, record_messwert
from kennzahlen.enums import Einheit, Genauigkeit, Kennzahlart, Quellenart, Richtung, Traegerform
from kennzahlen.imports import JOBCENTER_2026, load_kennzahlen, parse_jobcenter
from kennzahlen.models import Jobcenter, Kennzahl, Quelle, Zielwert, rate

MONTHS_SHOWN = 13  # the newest and the same month of the year before
PUBLISHED_AFTER = 4  # months; figures are final after a waiting time of three
PUBLISHED_ON = 20


def add_months(month: date, count: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def month_end(month: date) -> date:
    return date.fromordinal(add_months(month, 1).toordinal() - 1)


def stand_of(month: date) -> date:
    """The day on which the figures of a month come out."""
    return add_months(month, PUBLISHED_AFTER).replace(day=PUBLISHED_ON)


def newest_month(day: date) -> date:
    """The last month whose figures are out on a day."""
    month = add_months(day, -PUBLISHED_AFTER)
    return month if stand_of(month) <= day else add_months(month, -1)


@dataclass(frozen=True)
class Verlauf:
    """The invented district's months: the same seasons every year, fewer people and a little more luck from year to year."""

    jahr: int  # the running one

    # January to December of the year before the running one
    _ELB = (10000, 10040, 10060, 9980, 9900, 9850, 9800, 9700, 9650, 9600, 9620, 9700)
    _INTEGRATIONEN = (180, 190, 240, 230, 220, 205, 210, 230, 300, 260, 190, 145)
    _ELB_PERMILLE = {-3: 1067, -2: 1033, -1: 1000, 0: 972}
    _INTEGRATIONEN_PERMILLE = {-3: 985, -2: 990, -1: 1000, 0: 990}

    def elb(self, month: date) -> int:
        return self._ELB[month.month - 1] * self._ELB_PERMILLE[month.year - self.jahr] // 1000

    def integrationen(self, month: date) -> int:
        return self._INTEGRATIONEN[month.month - 1] * self._INTEGRATIONEN_PERMILLE[month.year - self.jahr] // 1000

    def lzb(self, month: date) -> int:
        return self.elb(month) * (620 - 3 * (month.year - self.jahr)) // 1000

    def werte(self, month: date) -> dict[str, tuple[int, int | None]]:
        """Zähler and Nenner of every Kennzahl that the demo shows; money in cents."""
        before = add_months(month, -12)
        year = [add_months(month, -back) for back in range(12)]
        integrationen, elb = sum(map(self.integrationen, year)), _mean(map(self.elb, year))
        return {
            "K2": (integrationen, elb),
            "elb": (self.elb(month), None),
            "K3": (self.lzb(month), self.lzb(before)),
            "K1": (self._lebensunterhalt(month), self._lebensunterhalt(before)),
            "K1E2": (self.elb(month), self.elb(before)),
            "K2E4": (integrationen * (112 + 3 * (month.year - self.jahr)) // 1000, elb * 148 // 1000),
            "lzb": (self.lzb(month), None),
            "K3E2": (self.lzb(month) * (84 + 4 * (month.year - self.jahr)) // 1000, self.lzb(month)),
        }

    def satzteile(self, day: date) -> dict[str, str]:
        """The newest figures of a day as texts quote them, so that programme and press say what the tables say."""
        month = newest_month(day)
        werte, vorjahr = self.werte(month), self.werte(add_months(month, -12)) if month.year > self.jahr - 2 else self.werte(month)
        return {
            "monat": monat(month),
            "stand": datum(stand_of(month)),
            "elb": zahl(werte["elb"][0]),
            "lzb": zahl(werte["lzb"][0]),
            "k2": _prozent(werte["K2"]),
            "k2_vorjahr": _prozent(vorjahr["K2"]),
            "k2e4": _prozent(werte["K2E4"]),
            "k3_betrag": _prozent(werte["K3"], Einheit.VERAENDERUNG).lstrip(MINUS),
        }

    def _lebensunterhalt(self, month: date) -> int:
        return self.elb(month) * 512_00 * (1000 + 12 * (month.year - self.jahr)) // 1000


def _mean(values: Any) -> int:
    numbers = list(values)
    return (sum(numbers) + len(numbers) // 2) // len(numbers)


def _prozent(wert: tuple[int, int | None], einheit: Einheit = Einheit.PROZENT) -> str:
    assert wert[1] is not None
    return prozent(rate(wert[0], wert[1], einheit))


def seed_kennzahlen(kalender: Kalender, personen: Personen) -> None:
    load_kennzahlen()
    liste = parse_jobcenter(JOBCENTER_2026.read_bytes())
    eigenes = settings.INSTANZ.jobcenter
    fiktiv = Jobcenterzeile(traegernummer=eigenes.traegernummer, form=Traegerform.ZUGELASSENER_TRAEGER, name=eigenes.landkreis)
    with at(moment(date(kalender.jahr - 1, 1, 12), 9)):
        import_jobcenter(zeilen=[*liste.zeilen, fiktiv], by=personen["administration"])
        _record_published(by=personen["controlling"])
    _record_musterburg(kalender, by=personen["controlling"])


def _record_published(*, by: User) -> None:
    data = load("kennzahlen")
    kennzahlen = {row["code"]: _own_kennzahl(row) for row in data["kennzahlen"]}
    quellen = {
        name: (Quelle.objects.create(art=Quellenart.PRESSE, herausgeber=row["herausgeber"], titel=row["titel"]), row["stand"])
        for name, row in data["quellen"].items()
    }
    jobcenter = Jobcenter.objects.in_bulk({row["jobcenter"] for row in data["werte"]}, field_name="traegernummer")
    for row in data["werte"]:
        quelle, stand = quellen[row["quelle"]]
        record_messwert(
            jobcenter=jobcenter[row["jobcenter"]],
            kennzahl=kennzahlen[row["kennzahl"]],
            von=row["von"],
            bis=row["bis"],
            quelle=quelle,
            stand=stand,
            zaehler=row.get("wert"),
            zitat=Decimal(row["zitat"]) if "zitat" in row else None,
            genauigkeit=Genauigkeit(row.get("genauigkeit", "genau")),
            by=by,
        )


def _own_kennzahl(row: dict[str, str]) -> Kennzahl:
    return Kennzahl.objects.create(
        code=row["code"],
        name=row["name"],
        art=Kennzahlart.EIGENE,
        einheit=Einheit(row["einheit"]),
        richtung=Richtung(row.get("richtung", "neutral")),
        definition=row["definition"],
    )


def _record_musterburg(kalender: Kalender, *, by: User) -> None:
    jobcenter = Jobcenter.objects.get(traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    quelle = Quelle.objects.create(
        art=Quellenart.EIGENE_ERHEBUNG, herausgeber=settings.INSTANZ.jobcenter.name, titel="Vorführdaten (erfunden)"
    )
    verlauf = Verlauf(kalender.jahr)
    kennzahlen = Kennzahl.objects.in_bulk(field_name="code")
    newest = newest_month(kalender.heute)
    for back in reversed(range(MONTHS_SHOWN)):
        month = add_months(newest, -back)
        with at(moment(stand_of(month), 7)):
            for code, (zaehler, nenner) in verlauf.werte(month).items():
                record_messwert(
                    jobcenter=jobcenter,
                    kennzahl=kennzahlen[code],
                    von=month,
                    bis=month_end(month),
                    quelle=quelle,
                    stand=stand_of(month),
                    zaehler=zaehler,
                    nenner=nenner,
                    by=by,
                )
    for code, wert in {"K2": "27.0", "K3": "-3.0"}.items():
        Zielwert.objects.create(jobcenter=jobcenter, kennzahl=kennzahlen[code], jahr=kalender.jahr, wert=Decimal(wert))
