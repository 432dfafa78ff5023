"""Deliveries of the invented Land: taken over month by month, one that was refused, and one that waits for a decision."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from jobcenter.demo.kalender import at, moment
from jobcenter.konten.models import User
from kennzahlen.actions import Messwertzeile, claim_lieferung, finish_pruefung, submit_lieferung, take_over_lieferung
from kennzahlen.imports.lieferung import check_lieferung
from kennzahlen.models import Datenlieferung, Quelle
from kennzahlen.queries.formeln import gerundet

HEADER = "traegernummer;berichtsmonat;kennzahl;geschlecht;zaehler;nenner"
MILLIONTHS = 6  # decimals of a mean of twelve months


class Still:
    """Nobody watches the progress of the demo."""

    def note(self, fortschritt: int, schritt: str) -> None:
        pass

    mention = note


def deliver_month(zeilen: Sequence[Messwertzeile], *, quelle: Quelle, stand: date, by: User) -> None:
    """A file that controlling hands in, the worker checks and controlling takes over, all on the day of its Stand."""
    with at(moment(stand, 7)):
        lieferung = _hand_in(_lines(zeilen), zeilen[0].von, quelle=quelle, stand=stand, by=by)
    with at(moment(stand, 8)):
        take_over_lieferung(lieferung=lieferung, by=by)


def deliver_wrong(zeilen: Sequence[Messwertzeile], *, quelle: Quelle, stand: date, by: User) -> None:
    """What happens in every house: a thousand's point, a month of the future, a number that nobody knows."""
    lines = list(_lines(zeilen))
    lines[3] = lines[3].replace(f";{zeilen[2].kennzahl.code};", ";K9;")
    lines[8] = lines[8].replace(f";{zeilen[7].von:%Y-%m};", ";2031-01;")
    lines[12] = lines[12].replace(lines[12].split(";")[0], "12345")
    with at(moment(stand, 7)):
        _hand_in(lines, zeilen[0].von, quelle=quelle, stand=stand, by=by)


def deliver_correction(zeilen: Sequence[Messwertzeile], *, quelle: Quelle, stand: date, by: User) -> None:
    """The newest month once more, a few values corrected: it waits for a decision."""
    corrected = [replace(zeile, zaehler=zeile.zaehler + 7) if _is_corrected(index, zeile) else zeile for index, zeile in enumerate(zeilen)]
    with at(moment(stand, 9)):
        _hand_in(_lines(corrected), zeilen[0].von, quelle=quelle, stand=stand, by=by)


def _is_corrected(index: int, zeile: Messwertzeile) -> bool:
    return index % 17 == 0 and zeile.kennzahl.code in {"K1E2", "K3", "K3E2"}


def _hand_in(lines: Iterable[str], month: date, *, quelle: Quelle, stand: date, by: User) -> Datenlieferung:
    datei = io.BytesIO("\n".join([*lines, ""]).encode())
    name = f"Musterland-{month:%Y-%m}.csv"
    lieferung = submit_lieferung(quelle=quelle, stand=stand, datei=datei, dateiname=name, dateiart="csv", by=by)
    system = User.objects.system()
    claimed = claim_lieferung(lieferung=lieferung, by=system)
    assert claimed is not None
    versuch, nummer = claimed
    ergebnis = check_lieferung(lieferung, nummer, Still())
    finished = finish_pruefung(lieferung=lieferung, versuch=versuch, ergebnis=ergebnis, by=system)
    assert finished is not None
    return finished


def _lines(zeilen: Iterable[Messwertzeile]) -> Iterable[str]:
    yield HEADER
    for zeile in zeilen:
        zaehler, nenner = zeile.zaehler, zeile.nenner
        if zeile.kennzahl.ist_geld:
            zaehler, nenner = _euro(zaehler), _euro(nenner)
        elif isinstance(nenner, Fraction):
            nenner = f"{gerundet(nenner, MILLIONTHS):f}"
        key = f"{zeile.jobcenter.traegernummer};{zeile.von:%Y-%m};{zeile.kennzahl.code};{zeile.geschlecht.value}"
        yield f"{key};{zaehler};{'' if nenner is None else nenner}"


def _euro(cents: int | Fraction | None) -> str | None:
    return None if cents is None else f"{int(cents) // 100}.{int(cents) % 100:02d}"
