"""The values of a delivery in PostgreSQL, beside the published ones: loaded, keyed, checked as a whole, and compared.

Everything here happens before anybody sees a value. The functions kennzahlen_block_… (migration 0003) create the table.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import IntegrityError, connection, transaction

from jobcenter.common import typography
from jobcenter.common.tabellendateien import Fehler
from kennzahlen.enums import Einheit, Geschlecht
from kennzahlen.imports.pruefung import SPALTEN
from kennzahlen.models import Datenlieferung, Datenstand, Jobcenter, Kennzahl, month_bounds, rate
from kennzahlen.queries.formeln import add_months
from kennzahlen.queries.geheimhaltung import NichtGeheimzuhalten
from kennzahlen.queries.sperrung import Schluessel, find_gesperrt

MOST_SHOWN = 200
MOST_CHANGES = 50
SCHLUESSEL = "kennzahl_id, bis, jobcenter_id, geschlecht, von"  # as the index has it
JUMP = 20  # per cent from one month to the next in the Nenner
ENOUGH_TO_JUMP = 100


@dataclass(frozen=True)
class Stelle:
    """A value named by its key, in words."""

    jobcenter: Jobcenter
    kennzahl: Kennzahl
    bis: date
    geschlecht: Geschlecht

    def __str__(self) -> str:
        parts = [self.kennzahl.code, typography.monat(self.bis), f"{self.jobcenter} ({self.jobcenter.traegernummer})"]
        return ", ".join(parts + ([self.geschlecht.label] if self.geschlecht is not Geschlecht.INSGESAMT else []))


@dataclass
class Vergleich:
    """What a delivery would change against the last Datenstand of its source."""

    neu: int = 0
    geaendert: int = 0
    gleich: int = 0
    entfallen: int = 0  # known before within these months and Kennzahlen, not delivered any more
    je_kennzahl: dict[str, dict[str, int]] = field(default_factory=dict)
    aenderungen: list[dict[str, str]] = field(default_factory=list)  # the largest, in words


class Block:
    """The table of one delivery. Rows are unknown to readers until the delivery is taken over."""

    def __init__(self, lieferung: Datenlieferung, datenstand_nummer: int) -> None:
        self.lieferung, self.nummer = lieferung, datenstand_nummer
        self.table = f"kennzahlen_block_{lieferung.pk}"
        self._jobcenter = Jobcenter.objects.in_bulk()
        self._kennzahlen = Kennzahl.objects.in_bulk()

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Statements over millions of rows may take longer than a page's, and more memory of the server."""
        _run("SET statement_timeout = 0")
        _run("SET work_mem = '128MB'")
        try:
            yield
        finally:
            _run("RESET statement_timeout")
            _run("RESET work_mem")

    def create(self) -> None:
        """Empty; what an attempt before has left behind is thrown away."""
        _run("SELECT kennzahlen_block_anlegen(%s, %s)", self.lieferung.pk, self.nummer)

    def drop(self) -> None:
        _run("SELECT kennzahlen_block_verwerfen(%s)", self.lieferung.pk)

    def load(self, bloecke: Iterable[bytes]) -> None:
        """COPY blocks of CSV with the columns of pruefung.SPALTEN, with the Datenstand as a default of the table's copy."""
        columns = ", ".join(SPALTEN).replace("zeitraum", "von, bis")
        statement = f"COPY {self.table} ({columns}) FROM STDIN (FORMAT csv, DELIMITER E'\\t', FORCE_NOT_NULL (kennzeichen))"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for block in bloecke:
                copy.write(block)

    def add_key(self) -> bool:
        """Build the key and check the references; False when a key is there twice."""
        try:
            with transaction.atomic():
                _run("SELECT kennzahlen_block_schluesseln(%s)", self.lieferung.pk)
        except IntegrityError:
            return False
        return True

    def duplicates(self) -> list[Fehler]:
        rows = _rows(
            f"SELECT {SCHLUESSEL}, count(*), count(DISTINCT (zaehler, nenner, kennzeichen)) FROM {self.table}"
            f" GROUP BY {SCHLUESSEL} HAVING count(*) > 1 ORDER BY {SCHLUESSEL} LIMIT {MOST_SHOWN}"
        )
        return [
            Fehler(
                str(self._stelle(*key)),
                f"Dieser Wert steht {times}-mal in der Datei, {'mit verschiedenen Zahlen' if different > 1 else 'jedes Mal gleich'}.",
            )
            for *key, times, different in rows
        ]

    def wrong_totals(self) -> list[Fehler]:
        """Men and women together may not be more than all, and nearly all (a few are neither, or unknown)."""
        rows = _rows(
            f"""SELECT kennzahl_id, bis, jobcenter_id, 'I', von, i, mf FROM (
                  SELECT kennzahl_id, bis, jobcenter_id, von, max(zaehler) FILTER (WHERE geschlecht = 'I') AS i,
                         max(zaehler) FILTER (WHERE geschlecht = 'M') + max(zaehler) FILTER (WHERE geschlecht = 'F') AS mf
                    FROM {self.table} GROUP BY kennzahl_id, bis, jobcenter_id, von) summen
                WHERE mf > i OR i - mf > greatest(3, i / 100) LIMIT {MOST_SHOWN}"""
        )
        return [
            Fehler(
                str(self._stelle(*key)),
                f"Männer und Frauen ergeben zusammen {typography.zahl(both)}, insgesamt sind es aber {typography.zahl(total)}. "
                "Prüfen Sie die Zähler.",
            )
            for *key, total, both in rows
        ]

    def jumps(self) -> list[Fehler]:
        """Nenner of the newest month that are far from the month before: worth a look, no reason to refuse."""
        newest = month_bounds(self.months[1])
        before = month_bounds(add_months(newest[0], -1))
        rows = _rows(
            f"""SELECT b.kennzahl_id, b.bis, b.jobcenter_id, b.geschlecht, b.von, v.nenner, b.nenner FROM {self.table} b
                  JOIN {self.table} v ON v.kennzahl_id = b.kennzahl_id AND v.bis = %s AND v.jobcenter_id = b.jobcenter_id
                   AND v.geschlecht = b.geschlecht AND v.von = %s
                 WHERE b.kennzahl_id = ANY(%s) AND b.bis = %s AND b.von = %s AND b.geschlecht = 'I' AND v.nenner >= {ENOUGH_TO_JUMP}
                   AND abs(b.nenner - v.nenner) * 100 > v.nenner * {JUMP} LIMIT {MOST_SHOWN}""",
            before[1],
            before[0],
            list(self._kennzahlen),
            newest[1],
            newest[0],
        )
        found = []
        for *key, earlier, now in rows:
            change = typography.prozent(Decimal(now - earlier) * 100 / earlier)
            found.append(Fehler(str(self._stelle(*key)), f"Der Nenner springt gegenüber dem Vormonat um {change}. Stimmt das?"))
        return found

    def hide_small(self) -> list[Fehler]:
        """Mark what secrecy hides among our own counts; faults where nothing could hide it any more."""
        rows = _rows(f"SELECT {SCHLUESSEL}, zaehler, nenner FROM {self.table} WHERE zaehler IS NOT NULL")
        try:
            hidden = find_gesperrt({Schluessel(*row[:5]): (row[5], row[6]) for row in rows})
        except NichtGeheimzuhalten as error:
            cells = {cell.schluessel for cell in error.schluessel}
            return [
                Fehler(str(self._stelle(*key)), "Diese kleine Zahl ließe sich aus schon veröffentlichten Zahlen ausrechnen.")
                for key in cells
            ]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {self.table} SET gesperrt = true WHERE ({SCHLUESSEL}) = (%s, %s, %s, %s, %s)", [tuple(key) for key in hidden]
            )
        return []

    @cached_property
    def months(self) -> tuple[date, date]:
        """First day of the first and last day of the last month."""
        return _rows(f"SELECT min(von), max(bis) FROM {self.table}")[0]

    def compare(self, datenstaende: Sequence[Datenstand]) -> Vergleich:
        """Against what the source has said before; its Datenstände newest first."""
        if not datenstaende:
            return self._all_new()
        found = Vergleich()
        alt, args = self._before(self._back_to_complete(datenstaende))
        changed = "(alt.zaehler, alt.nenner, alt.kennzeichen) IS DISTINCT FROM (neu.zaehler, neu.nenner, neu.kennzeichen)"
        rows = _rows(
            f"""SELECT kennzahl_id, count(*) FILTER (WHERE alt.zaehler IS NULL AND alt.kennzeichen IS NULL),
                       count(*) FILTER (WHERE alt.kennzeichen IS NOT NULL AND neu.kennzeichen IS NOT NULL AND {changed}),
                       count(*) FILTER (WHERE alt.kennzeichen IS NOT NULL AND neu.kennzeichen IS NOT NULL AND NOT {changed}),
                       count(*) FILTER (WHERE neu.kennzeichen IS NULL)
                  FROM {self.table} neu FULL JOIN {alt} USING ({SCHLUESSEL}) GROUP BY kennzahl_id ORDER BY kennzahl_id""",
            *args,
        )
        for kennzahl, *counts in rows:
            names = dict(zip(("neu", "geaendert", "gleich", "entfallen"), counts, strict=True))
            found.je_kennzahl[self._kennzahlen[kennzahl].code] = names
            for name, count in names.items():
                setattr(found, name, getattr(found, name) + count)
        if found.geaendert:
            rows = _rows(
                f"""SELECT {SCHLUESSEL}, alt.zaehler, alt.nenner, neu.zaehler, neu.nenner
                      FROM {self.table} neu JOIN {alt} USING ({SCHLUESSEL}) WHERE {changed} AND NOT alt.gesperrt AND NOT neu.gesperrt
                     ORDER BY abs(coalesce(neu.zaehler, 0) - coalesce(alt.zaehler, 0))::float8 / greatest(alt.zaehler, 1) DESC, {SCHLUESSEL}
                     LIMIT {MOST_CHANGES}""",
                *args,
            )
            found.aenderungen = [
                {"stelle": str(self._stelle(*row[:5])), "vorher": self._wert(row[0], *row[5:7]), "nachher": self._wert(row[0], *row[7:9])}
                for row in rows
            ]
        return found

    def _all_new(self) -> Vergleich:
        found = Vergleich()
        for kennzahl, count in _rows(f"SELECT kennzahl_id, count(*) FROM {self.table} GROUP BY kennzahl_id ORDER BY kennzahl_id"):
            found.je_kennzahl[self._kennzahlen[kennzahl].code] = {"neu": count, "geaendert": 0, "gleich": 0, "entfallen": 0}
            found.neu += count
        return found

    def _back_to_complete(self, datenstaende: Sequence[Datenstand]) -> list[int]:
        """Back to the first delivery that says as much about these months as this one: what older ones know was compared with it."""
        von, bis = self.months
        lieferungen = [getattr(stand, "lieferung", None) for stand in datenstaende]
        known_to = min(bis, max((one.monat_bis for one in lieferungen if one), default=bis))
        ids = []
        for stand, other in zip(datenstaende, lieferungen, strict=True):
            ids.append(stand.pk)
            spans = other and other.monat_von <= von and other.monat_bis >= known_to
            if spans and other.zeilen >= _rows(f"SELECT count(*) FROM {self.table} WHERE bis <= %s", other.monat_bis)[0][0]:
                break
        return ids

    def _before(self, datenstaende: list[int]) -> tuple[str, list[Any]]:
        """What the source has said of these months and Kennzahlen, as a subquery „alt“ and its parameters."""
        von, bis = self.months
        best, order = "", ""
        args: list[Any] = [datenstaende, von, bis, von, self._delivered()]
        if len(datenstaende) > 1:
            best, order = f"DISTINCT ON ({SCHLUESSEL})", f"ORDER BY {SCHLUESSEL}, array_position(%s, datenstand_id)"
            args.append(datenstaende)
        alt = f"""(SELECT {best} {SCHLUESSEL}, zaehler, nenner, kennzeichen, gesperrt FROM kennzahlen_messwert
                    WHERE datenstand_id = ANY(%s) AND bis BETWEEN %s AND %s AND von >= %s AND kennzahl_id = ANY(%s) {order}) alt"""
        return alt, args

    def _delivered(self) -> list[int]:
        """The Kennzahlen of which there are values, by a look into the index for each."""
        each = f"SELECT k.id FROM kennzahlen_kennzahl k WHERE EXISTS (SELECT FROM {self.table} b WHERE b.kennzahl_id = k.id)"
        return [row[0] for row in _rows(each)]

    def _stelle(self, kennzahl_id: int, bis: date, jobcenter_id: int, geschlecht: str, von: date) -> Stelle:
        return Stelle(self._jobcenter[jobcenter_id], self._kennzahlen[kennzahl_id], bis, Geschlecht(geschlecht))

    def _wert(self, kennzahl_id: int, zaehler: int | None, nenner: int | None) -> str:
        kennzahl = self._kennzahlen[kennzahl_id]
        if zaehler is None:
            return "geheim"
        if nenner is None:
            return typography.euro(zaehler) if kennzahl.ist_geld else typography.zahl(zaehler)
        return typography.prozent(rate(zaehler, nenner, Einheit(kennzahl.einheit), kennzahl.nenner_teiler), 2)


def _run(sql: str, *args: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def _rows(sql: str, *args: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()
