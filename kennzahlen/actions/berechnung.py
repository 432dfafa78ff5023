"""The figures of § 48a SGB II, computed from what we count ourselves every month."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.actions.messwerte import Messwertzeile, record_fehlende, record_messwerte
from kennzahlen.enums import Kennzeichen
from kennzahlen.models import Jobcenter, Kennzahl, Messwert, Quelle, month_bounds
from kennzahlen.queries.formeln import FORMELN
from kennzahlen.queries.geheimhaltung import NichtGeheimzuhalten
from kennzahlen.queries.grundgroessen import Stand, Stelle, compute_alle, read_grundgroessen, read_staende

log = logging.getLogger(__name__)


@action
def compute_kennzahlen(*, jobcenter: Jobcenter, quelle: Quelle, stand: date, by: User) -> int:
    """Compute every value for which all months are there and record what is new or has changed; return how many. Background service.

    Computed is with the true counts, hidden ones too: whether a result may be shown is decided anew when it is recorded.
    Nothing changed, nothing written; what another source of our own says already is not said again. A value that this
    source has stated on this day or a later one gets today's, since a published Datenstand never changes. What cannot be
    kept secret beside what is out already is not recorded.
    """
    require(by, "kennzahlen.record_messwert", jobcenter)
    lock(jobcenter)
    kennzahlen = Kennzahl.objects.in_bulk(list(FORMELN), field_name="code")
    jetzt, zuletzt = read_staende(jobcenter, quelle)
    zeilen: dict[date, list[Messwertzeile]] = defaultdict(list)
    berechnet = dict(compute_alle(read_grundgroessen(jobcenter)))
    for stelle, bruch in berechnet.items():
        if stelle.code not in kennzahlen:
            continue
        kennzahl = kennzahlen[stelle.code]
        stored = (bruch.zaehler, bruch.nenner * kennzahl.nenner_teiler)
        if stored in {one[stelle][:2] for one in (jetzt, zuletzt) if stelle in one}:
            continue
        tag = _free_day(stelle, stand, zuletzt[stelle].tag if stelle in zuletzt else None)
        if tag:
            von, bis = month_bounds(stelle.monat)
            zeilen[tag].append(Messwertzeile(jobcenter, kennzahl, von, bis, bruch.zaehler, bruch.nenner, stelle.geschlecht))
    gone = {stelle: last for stelle, last in zuletzt.items() if stelle not in berechnet and last.zaehler is not None}
    taken_back = _take_back(gone, kennzahlen, jobcenter=jobcenter, quelle=quelle, stand=stand, by=by)
    return taken_back + sum(_record(rows, quelle, tag, by) for tag, rows in sorted(zeilen.items()))


def _take_back(
    gone: Mapping[Stelle, Stand], kennzahlen: Mapping[str, Kennzahl], *, jobcenter: Jobcenter, quelle: Quelle, stand: date, by: User
) -> int:
    """The counts behind these values were withdrawn: a newer Datenstand says that there is none any more."""
    stellen: dict[date, list[Messwert]] = defaultdict(list)
    for stelle, last in gone.items():
        if tag := _free_day(stelle, stand, last.tag):
            von, bis = month_bounds(stelle.monat)
            key = {"jobcenter": jobcenter, "kennzahl": kennzahlen[stelle.code], "von": von, "bis": bis, "geschlecht": stelle.geschlecht}
            stellen[tag].append(Messwert(**key, kennzeichen=Kennzeichen.SINNLOS))
    return sum(record_fehlende(werte=werte, quelle=quelle, stand=tag, by=by) for tag, werte in sorted(stellen.items()))


def _free_day(stelle: Stelle, stand: date, letzter: date | None) -> date | None:
    if letzter is None or letzter < stand:
        return stand
    if letzter < clock.today():
        return clock.today()
    log.warning("%s %s %s: stated today already, the change waits for the next computing", *stelle)
    return None


def _record(zeilen: Sequence[Messwertzeile], quelle: Quelle, stand: date, by: User) -> int:
    """All at once; where that would give a small number away, month by month without those that do."""
    try:
        return record_messwerte(zeilen=zeilen, quelle=quelle, stand=stand, by=by)
    except TransitionError as error:
        if not isinstance(error.__cause__, NichtGeheimzuhalten):
            raise
    return sum(_record_unless_disclosing(part, quelle, stand, by) for part in _by_month_and_kennzahl(zeilen))


def _by_month_and_kennzahl(zeilen: Iterable[Messwertzeile]) -> list[list[Messwertzeile]]:
    parts: dict[tuple[date, str], list[Messwertzeile]] = defaultdict(list)
    for zeile in zeilen:
        parts[zeile.von, zeile.kennzahl.code].append(zeile)
    return [parts[key] for key in sorted(parts)]


def _record_unless_disclosing(zeilen: Sequence[Messwertzeile], quelle: Quelle, stand: date, by: User) -> int:
    try:
        return record_messwerte(zeilen=zeilen, quelle=quelle, stand=stand, by=by)
    except TransitionError as error:
        if not isinstance(error.__cause__, NichtGeheimzuhalten):
            raise
        log.warning("%s %s: not recorded, it would give a small number away", zeilen[0].kennzahl.code, zeilen[0].von)
        return 0
