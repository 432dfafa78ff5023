"""All Kennzahlen of the law for one month: our own, a year earlier, and those we are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobcenter.common import clock, typography
from kennzahlen.enums import Einheit, Geschlecht, Kennzahlart, Reife
from kennzahlen.models import Gruppensumme, Jobcenter, Kennzahl, Vergleichsgruppe, month_bounds
from kennzahlen.queries.datenstand import read_vorrang
from kennzahlen.queries.fragen import list_gesetzliche
from kennzahlen.queries.rangliste import Rangliste, read_ranglisten
from kennzahlen.queries.reihe import ENOUGH_TO_COMPARE, Punkt, Reihe, read_gruppen, read_reihen, wert_of
from kennzahlen.queries.woerter import change_in_words, value_in_words


@dataclass(frozen=True)
class Vergleichswert:
    kennzahl: Kennzahl
    wert: str
    geheim: bool
    ist_hochgerechnet: bool
    grund: str  # why there is no value
    vorjahr: str
    unterschied: str
    gruppen: tuple[str, ...]  # as many as Vergleich.gruppen
    platz: str
    platz_im_typ: str


@dataclass(frozen=True)
class Vergleich:
    eigenes: Jobcenter
    monat: date  # first day
    gruppen: tuple[Vergleichsgruppe, ...]  # the nearest first
    zeilen: tuple[tuple[Kennzahl, tuple[Vergleichswert, ...]], ...]  # by Kennzahl, with its Ergänzungsgrößen
    jahre: tuple[date, ...]  # the same month in other years, newest first
    monate: tuple[date, ...]  # all with a value, newest first
    staende: tuple[tuple[str, date], ...]  # sources and days of our values

    @property
    def spalten(self) -> int:
        return 6 + len(self.gruppen)


def read_vergleich(eigenes: Jobcenter, monat: date | None = None) -> Vergleich | None:
    """The newest month unless another one with values is asked for; None without any value. Ten queries."""
    kennzahlen = list_gesetzliche()
    reihen = {code: reihe for (code, _), reihe in read_reihen(kennzahlen, eigenes, bis=clock.today()).items()}
    months = sorted({punkt.von for reihe in reihen.values() for punkt in reihe.punkte if punkt.wert is not None}, reverse=True)
    if not months:
        return None
    shown = min(months, key=lambda von: (abs((von - monat).days), -von.toordinal())) if monat else months[0]
    von, bis = month_bounds(shown)
    gruppen = tuple(reversed(read_gruppen(eigenes, bis)))
    summen = _summen(kennzahlen, gruppen, von, bis)
    listen = read_ranglisten(kennzahlen, bis=bis)
    werte = {}
    for k in kennzahlen:
        aggregates = tuple(summen.get((gruppe.pk, k.pk), typography.DASH) for gruppe in gruppen)
        werte[k.code] = _wert(reihen[k.code], bis, aggregates, listen[k.code], eigenes)
    punkte = [punkt for reihe in reihen.values() if (punkt := reihe.at(bis)) and punkt.wert is not None]
    return Vergleich(
        eigenes=eigenes,
        monat=von,
        gruppen=gruppen,
        zeilen=tuple(
            (k, tuple(wert for code, wert in werte.items() if code == k.code or code.startswith(f"{k.code}E")))
            for k in kennzahlen
            if k.art == Kennzahlart.KENNZAHL
        ),
        jahre=tuple(one for one in months if one.month == von.month),
        monate=tuple(months),
        staende=tuple(sorted({(str(p.datenstand.quelle), p.datenstand.tag) for p in punkte if p.datenstand})),
    )


def _wert(reihe: Reihe, bis: date, gruppen: tuple[str, ...], liste: Rangliste, eigenes: Jobcenter) -> Vergleichswert:
    kennzahl, punkt = reihe.kennzahl, reihe.at(bis)
    assert punkt is not None
    before, platz = reihe.vorjahr(punkt), liste.of(eigenes)
    known = punkt.wert is not None and before is not None and before.wert is not None
    im_typ = platz.rang_im_typ if platz and punkt.wert is not None else None
    return Vergleichswert(
        kennzahl=kennzahl,
        wert=value_in_words(kennzahl, punkt.wert),
        geheim=punkt.geheim,
        ist_hochgerechnet=punkt.reife is Reife.HOCHGERECHNET,
        grund="" if punkt.wert is not None or punkt.geheim else _why_missing(reihe, punkt),
        vorjahr=value_in_words(kennzahl, before.wert if before else None),
        unterschied=_points(kennzahl, punkt, before) if known and before else typography.DASH,
        gruppen=gruppen,
        platz=f"{platz.rang} von {len(liste.plaetze)}" if platz and punkt.wert is not None and len(liste.plaetze) > 1 else typography.DASH,
        platz_im_typ=f"{im_typ} von {liste.im_typ[platz.typ]}" if platz and im_typ and liste.im_typ[platz.typ] > 1 else typography.DASH,
    )


def _points(kennzahl: Kennzahl, punkt: Punkt, before: Punkt) -> str:
    assert punkt.wert is not None
    assert before.wert is not None
    return change_in_words(Einheit(kennzahl.einheit), punkt.wert, before.wert).removesuffix(" Prozentpunkte")


def _why_missing(reihe: Reihe, punkt: Punkt) -> str:
    last = reihe.letzter
    if last and last.von < punkt.von:
        return f"bekannt bis {typography.monat(last.von)}"
    return "nicht geliefert"


def _summen(kennzahlen: Sequence[Kennzahl], gruppen: Sequence[Vergleichsgruppe], von: date, bis: date) -> Mapping[tuple[int, int], str]:
    """Group and Kennzahl → the value of the sum that holds most Jobcenter, of those the one that counts most. Two queries."""
    vorrang = read_vorrang(von, bis)
    rang = {pk: index for index, pk in enumerate(vorrang.ids)}
    by_pk = {kennzahl.pk: kennzahl for kennzahl in kennzahlen}
    rows = Gruppensumme.objects.filter(
        gruppe__in=gruppen, kennzahl__in=kennzahlen, geschlecht=Geschlecht.INSGESAMT, bis=bis, von=von, datenstand__in=vorrang.ids
    ).values_list("gruppe_id", "kennzahl_id", "zaehler", "nenner", "anzahl", "datenstand_id")
    best: dict[tuple[int, int], tuple[tuple[int, int], str]] = {}
    found = list(rows)
    most: dict[tuple[int, int], int] = {}
    for gruppe, kennzahl, _, _, anzahl, _ in found:
        most[gruppe, kennzahl] = max(anzahl, most.get((gruppe, kennzahl), 0))
    for gruppe, kennzahl, zaehler, nenner, anzahl, datenstand in found:
        if anzahl < ENOUGH_TO_COMPARE:
            continue
        weight = (anzahl * 2 < most[gruppe, kennzahl], rang[datenstand])
        if (gruppe, kennzahl) not in best or weight < best[gruppe, kennzahl][0]:
            best[gruppe, kennzahl] = weight, value_in_words(by_pk[kennzahl], wert_of(by_pk[kennzahl], zaehler, nenner))
    return {key: text for key, (_, text) in best.items()}
