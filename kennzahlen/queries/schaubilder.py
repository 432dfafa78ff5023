"""What our charts show: the finding as their title, our own months beside those of the groups, and our place among all."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef

from jobcenter.common import typography
from kennzahlen.enums import Diagrammart, Einheit, Geschlecht, Reife, Zielart
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Zielwert
from kennzahlen.queries.diagrammdaten import Funke, Lage, Linie, Schaubild, Verlauf, format_punkt
from kennzahlen.queries.rangliste import read_rangliste
from kennzahlen.queries.reihe import Punkt, Reihe, newest_month, read_reihe, read_vergleichsreihen

FIVE_YEARS, TWO_YEARS = 60, 24  # months


def list_drawn_kennzahlen(datenstand: Datenstand) -> list[Kennzahl]:
    """Kennzahlen of which a Datenstand has monthly values of our own Jobcenter, or of others that ours is compared with."""
    values = Messwert.objects.filter(kennzahl=OuterRef("pk"), zitat=None)
    own = values.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    return list(Kennzahl.objects.filter(Exists(own), Exists(values.filter(datenstand=datenstand))).order_by("pk"))


def collect_schaubild(kennzahl: Kennzahl, art: Diagrammart) -> Schaubild | None:
    """None where there is nothing to draw: no value, or nobody to compare with."""
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    bis = newest_month(kennzahl, eigenes) if eigenes else None
    if eigenes is None or bis is None:
        return None
    match art:
        case Diagrammart.VERLAUF:
            return _verlauf(kennzahl, eigenes, bis)
        case Diagrammart.LAGE:
            return _lage(kennzahl, eigenes, bis)
    return Funke(_punkte(_since_first(read_reihe(kennzahl, eigenes, bis=bis, monate=TWO_YEARS).punkte)), kennzahl.einheit)


def _verlauf(kennzahl: Kennzahl, eigenes: Jobcenter, bis: date) -> Verlauf | None:
    reihen = read_vergleichsreihen(kennzahl, eigenes, bis=bis, monate=FIVE_YEARS)
    eigene = reihen.eigene
    letzter = eigene.letzter
    if letzter is None:
        return None
    start = _since_first(eigene.punkte)[0].von
    shown = [reihe for reihe in reihen.alle if reihe is eigene or reihe.letzter]
    ziel = Zielwert.objects.filter(
        jobcenter=eigenes, kennzahl=kennzahl, jahr=bis.year, geschlecht=Geschlecht.INSGESAMT, art=Zielart.WERT
    ).first()
    return Verlauf(
        titel=find_satz(eigene, letzter),
        untertitel=f"{_einheit(kennzahl)}, {typography.monat(start)} bis {typography.monat(bis)}. {_stand(letzter)}",
        einheit=kennzahl.einheit,
        linien=tuple(_linie(reihe, start) for reihe in shown),
        ziel=ziel.wert if ziel else None,
    )


def _lage(kennzahl: Kennzahl, eigenes: Jobcenter, bis: date) -> Lage | None:
    liste = read_rangliste(kennzahl, bis=bis)
    platz, median = liste.of(eigenes), liste.quantil(1, 2)
    if platz is None or median is None or len(liste.plaetze) < 2:
        return None
    return Lage(
        titel=f"Platz {platz.rang} von {len(liste.plaetze)} Jobcentern",
        untertitel=f"{_einheit(kennzahl)}, {typography.monat(bis)}. Jeder Punkt ist ein Jobcenter.",
        einheit=kennzahl.einheit,
        werte=tuple(liste.wert(one) for one in liste.plaetze),
        eigener=liste.wert(platz),
        mittel=(("Mitte aller Jobcenter", median),),
        name=str(eigenes),
    )


def find_satz(reihe: Reihe, punkt: Punkt) -> str:
    """The finding: „Integrationsquote steigt auf 26,5 %“, against the same month of the year before."""
    assert punkt.wert is not None
    wert = format_punkt(punkt.wert, reihe.kennzahl.einheit)
    if reihe.kennzahl.einheit == Einheit.VERAENDERUNG:
        return f"{reihe.kennzahl}: {wert}"
    before = reihe.vorjahr(punkt)
    if before is None or before.wert is None:
        return f"{reihe.kennzahl} liegt bei {wert}"
    if wert == format_punkt(before.wert, reihe.kennzahl.einheit):
        return f"{reihe.kennzahl} bleibt bei {wert}"
    return f"{reihe.kennzahl} {'steigt' if punkt.wert > before.wert else 'sinkt'} auf {wert}"


def _linie(reihe: Reihe, start: date) -> Linie:
    punkte = [punkt for punkt in reihe.punkte if punkt.von >= start]
    estimated = next((punkt.von for punkt in punkte if punkt.reife is Reife.HOCHGERECHNET), None)
    return Linie(reihe.name, _punkte(punkte), eigene=reihe.gruppe is None, hochgerechnet_ab=estimated)


def _punkte(punkte: Iterable[Punkt]) -> tuple[tuple[date, Decimal | None], ...]:
    return tuple((punkt.von, punkt.wert) for punkt in punkte)


def _since_first(punkte: tuple[Punkt, ...]) -> tuple[Punkt, ...]:
    """Without the months before the first value."""
    first = next((index for index, punkt in enumerate(punkte) if punkt.wert is not None), 0)
    return punkte[first:]


def _einheit(kennzahl: Kennzahl) -> str:
    words = {Einheit.ANZAHL: "Anzahl", Einheit.PROZENT: "In Prozent", Einheit.CENT: "In Euro"}
    return words.get(Einheit(kennzahl.einheit), "Veränderung zum Vorjahr in Prozent")


def _stand(punkt: Punkt) -> str:
    return f"Stand: {typography.datum(punkt.datenstand.tag)}" if punkt.datenstand else ""
