"""The three questions by which the law measures every Jobcenter, each with what explains its answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobcenter.common import clock, typography
from kennzahlen.enums import Diagrammart, Geschlecht, Kennzahlart, Reife, Zielart
from kennzahlen.models import Diagramm, Jobcenter, Kennzahl, Zielwert
from kennzahlen.queries.rangliste import Rangliste, read_ranglisten
from kennzahlen.queries.reihe import Punkt, Reihe, read_reihen
from kennzahlen.queries.woerter import Aenderung, find_aenderung, find_befund, value_in_words

DRAWN = "hell-breit"  # a chart that has it is drawn


@dataclass(frozen=True)
class Zahl:
    """The newest month of one Kennzahl; without a value `wert` is "–"."""

    kennzahl: Kennzahl
    wert: str = typography.DASH
    punkt: Punkt | None = None
    befund: str = ""
    aenderung: Aenderung | None = None

    @property
    def ist_hochgerechnet(self) -> bool:
        return self.punkt is not None and self.punkt.reife is Reife.HOCHGERECHNET


@dataclass(frozen=True)
class Frage:
    """A Kennzahl of the law as a card, and the Ergänzungsgrößen that belong to it."""

    zahl: Zahl
    platz: str
    ziel: str
    funke: Diagramm | None
    erklaerungen: tuple[Zahl, ...]


def list_gesetzliche() -> list[Kennzahl]:
    """The Kennzahlen and Ergänzungsgrößen of § 48a SGB II by code. One query."""
    return list(Kennzahl.objects.filter(art__in=(Kennzahlart.KENNZAHL, Kennzahlart.ERGAENZUNG)).order_by("code"))


def read_fragen(eigenes: Jobcenter) -> tuple[Frage, ...]:
    """Nothing where there is no value at all. Nine queries."""
    kennzahlen = list_gesetzliche()
    reihen = read_reihen(kennzahlen, eigenes, bis=clock.today())
    zahlen = {k.code: read_zahl(reihen[k.code, Geschlecht.INSGESAMT]) for k in kennzahlen}
    main = [k for k in kennzahlen if k.art == Kennzahlart.KENNZAHL]
    months = [zahl.punkt.bis for k in main if (zahl := zahlen[k.code]).punkt]
    listen = read_ranglisten(main, bis=max(months, default=clock.today()))
    ziele = read_ziele(eigenes, main)
    funken = read_diagramme(main, [Diagrammart.FUNKE])
    if not any(zahl.punkt for zahl in zahlen.values()):
        return ()
    return tuple(
        Frage(
            zahl=zahlen[k.code],
            platz=_platz(zahlen[k.code], listen[k.code], eigenes),
            ziel=_ziel(zahlen[k.code], ziele),
            funke=funken.get((k.pk, Diagrammart.FUNKE)),
            erklaerungen=tuple(zahl for code, zahl in zahlen.items() if code.startswith(f"{k.code}E")),
        )
        for k in main
    )


def read_zahl(reihe: Reihe) -> Zahl:
    punkt = reihe.letzter
    if punkt is None:
        return Zahl(reihe.kennzahl)
    before = reihe.vorjahr(punkt)
    return Zahl(
        kennzahl=reihe.kennzahl,
        wert=value_in_words(reihe.kennzahl, punkt.wert),
        punkt=punkt,
        befund=find_befund(reihe.kennzahl, punkt, before),
        aenderung=find_aenderung(reihe.kennzahl, punkt, before),
    )


def read_ziele(eigenes: Jobcenter, kennzahlen: Iterable[Kennzahl]) -> dict[tuple[int, int], Zielwert]:
    """Kennzahl and year → what was agreed for its value. One query."""
    rows = Zielwert.objects.filter(jobcenter=eigenes, kennzahl__in=list(kennzahlen), geschlecht=Geschlecht.INSGESAMT, art=Zielart.WERT)
    return {(ziel.kennzahl_id, ziel.jahr): ziel for ziel in rows}


def read_diagramme(kennzahlen: Iterable[Kennzahl], arten: Iterable[Diagrammart]) -> dict[tuple[int, str], Diagramm]:
    """Those that are drawn, without their drawings. One query."""
    rows = Diagramm.objects.filter(kennzahl__in=list(kennzahlen), art__in=list(arten), svg__has_key=DRAWN)
    return {(row.kennzahl_id, row.art): row for row in rows.select_related("kennzahl").defer("svg")}


def ziel_in_words(kennzahl: Kennzahl, ziel: Zielwert | None) -> str:
    """Ziel 2026: mindestens 27,0 %"""
    if ziel is None:
        return ""
    note = ", nur zur Beobachtung" if ziel.nur_beobachtung else ""
    return f"Ziel {ziel.jahr}: {ziel.get_richtung_display()} {value_in_words(kennzahl, ziel.wert)}{note}"


def place_in_words(liste: Rangliste, jobcenter: Jobcenter) -> str:
    """Platz 12 von 41 · Platz 3 von 14 im Vergleichstyp; empty without a place, or where there is nobody else."""
    platz = liste.of(jobcenter)
    if platz is None or len(liste.plaetze) < 2:
        return ""
    words = f"Platz{typography.NBSP}{platz.rang} von{typography.NBSP}{typography.zahl(len(liste.plaetze))}"
    if platz.rang_im_typ is not None and liste.im_typ[platz.typ] > 1:
        words += f" · Platz{typography.NBSP}{platz.rang_im_typ} von{typography.NBSP}{liste.im_typ[platz.typ]} im Vergleichstyp"
    return words


def _platz(zahl: Zahl, liste: Rangliste, eigenes: Jobcenter) -> str:
    return place_in_words(liste, eigenes) if zahl.punkt and zahl.punkt.bis == liste.bis else ""


def _ziel(zahl: Zahl, ziele: Mapping[tuple[int, int], Zielwert]) -> str:
    return ziel_in_words(zahl.kennzahl, ziele.get((zahl.kennzahl.pk, zahl.punkt.bis.year))) if zahl.punkt else ""
