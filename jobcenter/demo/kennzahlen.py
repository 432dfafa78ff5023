"""Figures of the demo: published ones of real Jobcenter; invented ones of Musterburg and of forty more that do not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings

from jobcenter.common.typography import MINUS, datum, euro_kurz, monat, prozent, zahl, zeitraum
from jobcenter.demo.bezirke import SPLIT, YEAR, Bezirk, Gepraege, Wert, musterland
from jobcenter.demo.kalender import Kalender, at, load, moment
from jobcenter.demo.konten import Personen
from jobcenter.demo.lieferungen import deliver_correction, deliver_month, deliver_wrong
from jobcenter.konten.models import User
from kennzahlen.actions import (
    Jobcenterzeile,
    Messwertzeile,
    assign_zuordnungen,
    define_kennzahl,
    import_jobcenter,
    record_messwert,
    record_messwerte,
    register_quelle,
    set_zielwert,
)
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Gruppenart, Quellenart, Richtung, Traegerform
from kennzahlen.imports import JOBCENTER_2026, load_kennzahlen, parse_jobcenter
from kennzahlen.models import Jobcenter, Kennzahl
from kennzahlen.queries.formeln import add_months, gerundet, month_end
from massnahmen.enums import Finanzquelle

MONTHS_SHOWN = 24
MONTHS_DELIVERED = 3  # as files, which the page of deliveries shows; the months before were written down at once
PUBLISHED_AFTER = 4  # months; figures are final after a waiting time of three
PUBLISHED_ON = 20
HALF_A_YEAR = 6  # months that K2E3 is known later
COMPARED = {"K1", "K2", "K2E4", "K3", "K3E2", "elb"}  # what is there of the other fictional Jobcenter
COMPARED_BY_SEX = {"K2", "K2E4"}
INVENTED = "Vorführdaten (erfunden)"
ZIELE = {"K2": "27.0", "K3": "-3.0", "K1": "0.0"}  # of the running year; K1 is only watched
ZIELE_VORJAHR = {"K2": "26.5", "K3": "-2.5", "K1": "1.0"}


def stand_of(month: date) -> date:
    """The day on which the figures of a month come out."""
    return add_months(month, PUBLISHED_AFTER).replace(day=PUBLISHED_ON)


def newest_month(day: date) -> date:
    """The last month whose figures are out on a day."""
    month = add_months(day, -PUBLISHED_AFTER)
    return month if stand_of(month) <= day else add_months(month, -1)


def musterburg(kalender: Kalender) -> Bezirk:
    eigenes = Gepraege(settings.INSTANZ.jobcenter.traegernummer, settings.INSTANZ.jobcenter.landkreis, unruhe=0.025)
    return Bezirk(eigenes, jahr=kalender.jahr, newest=newest_month(kalender.heute), shown=MONTHS_SHOWN)


def satzteile(kalender: Kalender, day: date) -> dict[str, str]:
    """The newest figures of a day as texts quote them, so that programme and press say what the tables say."""
    month, bezirk = newest_month(day), musterburg(kalender)
    werte, vorjahr = dict(bezirk.werte(month)), dict(bezirk.werte(add_months(month, -YEAR)))
    return {
        "monat": monat(month),
        "stand": datum(stand_of(month)),
        "elb": zahl(werte["elb"][0]),
        "lzb": zahl(werte["lzb"][0]),
        "k2": _prozent(werte["K2"]),
        "k2_vorjahr": _prozent(vorjahr["K2"]),
        "k2e4": _prozent(werte["K2E4"]),
        "k3e2": _prozent(werte["K3E2"]),
        "k3_betrag": _prozent(werte["K3"], Einheit.VERAENDERUNG).lstrip(MINUS),
    }


def _prozent(wert: Wert, einheit: Einheit = Einheit.PROZENT) -> str:
    assert wert[1] is not None
    quote = Fraction(wert[0] * 100) / wert[1]
    return prozent(gerundet(quote - 100 if einheit is Einheit.VERAENDERUNG else quote, 1))


# --- results of the running programme ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Ergebnis:
    """What the measures of a year have reached by the newest month, beside what was planned for these months."""

    month: date
    eintritte_plan: int
    eintritte: int
    plaetze: int
    besetzt: int
    budget_cent: int
    ausgaben_cent: int
    ausbildung: int

    @property
    def beginn(self) -> date:
        return self.month.replace(month=1)

    def satzteile(self) -> dict[str, str]:
        return {
            "zeitraum": zeitraum(self.beginn, month_end(self.month)),
            "eintritte_ist": zahl(self.eintritte),
            "eintritte_soll": zahl(self.eintritte_plan),
            "auslastung": _prozent((self.besetzt, self.plaetze)),
            "ausgaben": euro_kurz(self.ausgaben_cent),
            "budget": euro_kurz(self.budget_cent),
            "ausbildung": zahl(self.ausbildung),
        }


def read_ergebnis(kalender: Kalender) -> Ergebnis:
    month = newest_month(kalender.heute)
    plan = [row["laufend"] for row in load("massnahmen")["massnahmen"] if "laufend" in row]
    eintritte = sum(row["eintritte"] for row in plan) * month.month // YEAR
    budget = 100 * sum(row["kosten"].get(Finanzquelle.EGT, 0) for row in plan)
    plaetze = sum(row["plaetze"] for row in plan)
    return Ergebnis(
        month=month,
        eintritte_plan=eintritte,
        eintritte=eintritte * 964 // 1000,
        plaetze=plaetze,
        besetzt=plaetze * 887 // 1000,
        budget_cent=budget,
        ausgaben_cent=budget * month.month // YEAR * 941 // 1000,
        ausbildung=11 * month.month,
    )


# --- seeding ----------------------------------------------------------------------------------------------------
def seed_kennzahlen(kalender: Kalender, personen: Personen) -> None:
    load_kennzahlen()
    liste = parse_jobcenter(JOBCENTER_2026.read_bytes())
    eigenes = settings.INSTANZ.jobcenter
    fiktive = [Jobcenterzeile(eigenes.traegernummer, Traegerform.ZUGELASSENER_TRAEGER, eigenes.landkreis)]
    forms = (Traegerform.ZUGELASSENER_TRAEGER, Traegerform.GEMEINSAME_EINRICHTUNG, Traegerform.GEMEINSAME_EINRICHTUNG)
    fiktive += [Jobcenterzeile(g.traegernummer, forms[index % 3], g.name) for index, g in enumerate(musterland())]
    with at(moment(date(kalender.jahr - 3, 1, 12), 9)):
        import_jobcenter(zeilen=[*liste.zeilen, *fiktive], by=personen["administration"])
        _group(by=personen["administration"])
        _record_published(by=personen["controlling"])
    _record_invented(kalender, by=personen["controlling"])
    _record_results(kalender, by=personen["controlling"])


def _group(*, by: User) -> None:
    """Invented groups of the invented Jobcenter: all of them, two Länder, three Vergleichstypen."""
    ab = date(2005, 1, 1)
    zuordnungen = []
    for index, nummer in enumerate(Jobcenter.objects.filter(traegernummer__startswith="99").values_list("traegernummer", flat=True)):
        land, typ = ("Nord", "Süd")[index % 5 // 3], "ABC"[index % 7 // 3]
        in_land = {"code": f"musterland-{land[0].lower()}", "name": f"Musterland-{land} (erfunden)"}
        zuordnungen += [
            {"traegernummer": nummer, "art": Gruppenart.BUND, "code": "musterland", "name": "Alle Jobcenter der Vorführung"},
            {"traegernummer": nummer, "art": Gruppenart.LAND, **in_land},
            {"traegernummer": nummer, "art": Gruppenart.TYP, "code": f"v-{typ.lower()}", "name": f"{typ} (erfunden)"},
        ]
    assign_zuordnungen(zuordnungen=zuordnungen, ab=ab, by=by)


def _record_published(*, by: User) -> None:
    data = load("kennzahlen")
    for row in data["kennzahlen"]:
        _own_kennzahl(row, by=by)
    kennzahlen = Kennzahl.objects.in_bulk(field_name="code")
    quellen = {
        name: (register_quelle(art=Quellenart.PRESSE, herausgeber=row["herausgeber"], titel=row["titel"], by=by), row["stand"])
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


def _own_kennzahl(row: dict[str, str], *, by: User) -> Kennzahl:
    return define_kennzahl(
        code=row["code"],
        name=row["name"],
        einheit=Einheit(row["einheit"]),
        richtung=Richtung(row.get("richtung", "neutral")),
        definition=row["definition"],
        by=by,
    )


def _record_invented(kalender: Kalender, *, by: User) -> None:
    """Two years of months, each on the day on which its figures came out: Musterburg whole, the others with what is compared."""
    eigene = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber=settings.INSTANZ.jobcenter.name, titel=INVENTED, by=by)
    andere = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Musterland, ein Land, das es nicht gibt", titel=INVENTED, by=by)
    newest = newest_month(kalender.heute)
    bezirke = [Bezirk(g, jahr=kalender.jahr, newest=newest, shown=MONTHS_SHOWN) for g in musterland()]
    burg, rows = musterburg(kalender), _Zeilen()
    for back in reversed(range(MONTHS_SHOWN)):
        month = add_months(newest, -back)
        stand = stand_of(month)
        with at(moment(stand, 7)):
            record_messwerte(zeilen=rows.of_musterburg(burg, month), quelle=eigene, stand=stand, by=by)
            others = [row for bezirk in bezirke for row in rows.compared(bezirk, month)]
            if back >= MONTHS_DELIVERED:
                record_messwerte(zeilen=others, quelle=andere, stand=stand, by=by)
        if back < MONTHS_DELIVERED:
            if back == 0:
                deliver_wrong(others, quelle=andere, stand=stand, by=by)
            deliver_month(others, quelle=andere, stand=stand, by=by)
    if (gestern := kalender.heute - timedelta(days=1)) > stand_of(newest):
        deliver_correction(others, quelle=andere, stand=gestern, by=by)
    for jahr, ziele in {kalender.jahr - 1: ZIELE_VORJAHR, kalender.jahr: ZIELE}.items():
        with at(moment(date(jahr - 1, 12, 15), 10)):
            for code, wert in ziele.items():
                set_zielwert(
                    jobcenter=rows.jobcenter[burg.gepraege.traegernummer],
                    kennzahl=rows.kennzahlen[code],
                    jahr=jahr,
                    wert=Decimal(wert),
                    nur_beobachtung=code == "K1",
                    by=by,
                )


class _Zeilen:
    """Figures of fictional districts as rows of a delivery."""

    def __init__(self) -> None:
        self.jobcenter = Jobcenter.objects.in_bulk(field_name="traegernummer")
        self.kennzahlen = Kennzahl.objects.in_bulk(field_name="code")

    def of_musterburg(self, bezirk: Bezirk, month: date) -> Iterator[Messwertzeile]:
        for geschlecht in SPLIT:
            for code, wert in bezirk.werte(month, geschlecht):
                yield self._row(bezirk, code, month, wert, geschlecht)
            earlier = add_months(month, -HALF_A_YEAR)
            yield self._row(bezirk, "K2E3", earlier, bezirk.kontinuierlich(earlier, geschlecht), geschlecht)

    def compared(self, bezirk: Bezirk, month: date) -> Iterator[Messwertzeile]:
        for geschlecht in SPLIT:
            codes = COMPARED if geschlecht is Geschlecht.INSGESAMT else COMPARED_BY_SEX
            for code, wert in bezirk.werte(month, geschlecht):
                if code in codes:
                    yield self._row(bezirk, code, month, wert, geschlecht)

    def _row(self, bezirk: Bezirk, code: str, month: date, wert: Wert, geschlecht: Geschlecht) -> Messwertzeile:
        return Messwertzeile(
            jobcenter=self.jobcenter[bezirk.gepraege.traegernummer],
            kennzahl=self.kennzahlen[code],
            von=month,
            bis=month_end(month),
            zaehler=wert[0],
            nenner=wert[1],
            geschlecht=geschlecht,
        )


def _record_results(kalender: Kalender, *, by: User) -> None:
    """What the measures have reached, as Kennzahlen of the house's own: the figures that the Rückblick of the new programme quotes."""
    ergebnis = read_ergebnis(kalender)
    eigenes: Any = Jobcenter.objects.get(traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    stand = stand_of(ergebnis.month)
    with at(moment(stand, 8)):
        quelle = register_quelle(
            art=Quellenart.EIGENE_ERHEBUNG, herausgeber=settings.INSTANZ.jobcenter.name, titel="Maßnahmen, Vorführdaten (erfunden)", by=by
        )
        own = {row["code"]: _own_kennzahl(row, by=by) for row in load("kennzahlen")["ergebnisse"]}
        own["ausbildung"] = Kennzahl.objects.get(code="ausbildung")
        werte: dict[str, Wert] = {
            "eintritte": (ergebnis.eintritte, None),
            "eintritte-plan": (ergebnis.eintritte_plan, None),
            "auslastung": (ergebnis.besetzt, ergebnis.plaetze),
            "ausgaben-egt": (ergebnis.ausgaben_cent, None),
            "ausbildung": (ergebnis.ausbildung, None),
        }
        zeilen = [Messwertzeile(eigenes, own[code], ergebnis.beginn, month_end(ergebnis.month), *wert) for code, wert in werte.items()]
        record_messwerte(zeilen=zeilen, quelle=quelle, stand=stand, by=by)
