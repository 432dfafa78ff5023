"""What stands in the cells of a delivery: each block of lines becomes typed columns, or faults with their places.

Works on blocks of some megabytes with polars, so that two million lines need seconds and little memory. Numbers stay whole:
decimals are read as millionths, never as floating point.
"""

import calendar
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from jobcenter.common import typography
from jobcenter.common.tabellendateien import Fehler, quote
from kennzahlen.enums import Geschlecht, Kennzeichen
from kennzahlen.imports.spalten import Tabelle

FIRST_YEAR = 2005  # the SGB II is in force since then
MILLION = 1_000_000
MOST_DIGITS = 13
MOST_ZUORDNUNGEN = 5_000
SPALTEN = ("zaehler", "nenner", "jobcenter_id", "kennzahl_id", "zeitraum", "geschlecht", "kennzeichen")  # zeitraum: von and bis
ZEICHEN = {"*": Kennzeichen.GEHEIM, ".": Kennzeichen.GEHEIM, "x": Kennzeichen.SINNLOS, "X": Kennzeichen.SINNLOS}
HUNDREDTH = MILLION // 100  # how far a decimal may be from what can be stored
ROUNDED = 0.1  # a printed rate may be rounded to one decimal
_DECIMAL = r"^\d{1,13}(?:[.,]\d{1,18})?$"
_THOUSANDS = r"^[1-9]\d{0,2}(?:[.,]\d{3})+$"


@dataclass(frozen=True)
class Kennzahlplan:
    """What has to be known of a Kennzahl to read its cells."""

    id: int
    faktor_zaehler: int  # 100 where it is money in euros, stored in cents
    faktor_nenner: int
    mit_nenner: bool
    anteil: bool  # the Zähler counts some of those that the Nenner counts
    veraenderung: bool
    ist_k2: bool


@dataclass(frozen=True)
class Stammdaten:
    """Everything that a cell may name."""

    jobcenter: Mapping[str, int]
    kennzahlen: Mapping[str, Kennzahlplan]
    heute: date

    def monate(self) -> dict[str, tuple[date, date]]:
        last = self.heute.year * 12 + self.heute.month - 1
        found = {}
        for index in range(FIRST_YEAR * 12, last + 1):
            jahr, monat = index // 12, index % 12 + 1
            found[f"{jahr}-{monat:02d}"] = (date(jahr, monat, 1), date(jahr, monat, calendar.monthrange(jahr, monat)[1]))
        return found


@dataclass
class Befund:
    """What the blocks had in common: faults (the first of them in words), and what is worth knowing about the whole."""

    most: int = 200
    zahl: int = 0
    fehler: list[Fehler] = field(default_factory=list)
    hinweise: list[Fehler] = field(default_factory=list)  # worth a look, no reason to refuse
    zeilen: int = 0
    dezimalzeichen: list[str] = field(default_factory=list)  # in the order of their appearance; a second one is a fault
    zuordnungen: set[tuple[str, str, str]] = field(default_factory=set)  # Trägernummer, Land, Vergleichstyp as the file says

    def add(self, stelle: str, satz: str) -> None:
        self.zahl += 1
        if len(self.fehler) < self.most:
            self.fehler.append(Fehler(stelle, satz))


def read_bloecke(tabelle: Tabelle, stamm: Stammdaten, befund: Befund) -> Iterator[bytes]:
    """The table as lines for COPY with the columns SPALTEN between tabs; once there is a fault nothing more is given, only looked for."""
    leser = _Leser(tabelle, stamm, befund)
    for block in tabelle.copy_bloecke():
        yield from leser.read(block)


class _Leser:
    """Reads block after block. What nearly every block is, whole numbers without a fault, takes the shortest way."""

    def __init__(self, tabelle: Tabelle, stamm: Stammdaten, befund: Befund) -> None:
        self._tabelle, self._befund = tabelle, befund
        plaene, monate = list(stamm.kennzahlen.values()), stamm.monate()
        self._wanted = [index for index, name in enumerate(tabelle.spalten) if not name.startswith("_")]
        self._names = [tabelle.spalten[index] for index in self._wanted]
        self._jobcenter = pl.Enum(list(stamm.jobcenter))
        self._kennzahl = pl.Enum(list(stamm.kennzahlen))
        self._monat = pl.Enum(list(monate))
        self._geschlecht = pl.Enum(Geschlecht.values)
        self._zeichen = pl.Enum(list(ZEICHEN))
        self._ids = pl.Series(list(stamm.jobcenter.values()), dtype=pl.Int32)
        self._plan = pl.DataFrame({name: [getattr(plan, name) for plan in plaene] for name in Kennzahlplan.__dataclass_fields__})
        self._spanne = pl.Series([f"{von}\t{bis}" for von, bis in monate.values()], dtype=pl.String)
        self._kennzeichen = pl.Series([one.value for one in ZEICHEN.values()], dtype=pl.String)

    def read(self, block: bytes) -> Iterator[bytes]:
        frame = self._parse(block)
        if frame is None:
            return
        self._note_zuordnungen(frame)
        typed = self._typed(frame)
        if typed.select(self._any_fault(frame).any()).item():
            frame = frame.with_columns(pl.all().str.strip_chars())
            typed = self._typed(frame)
            self._tell(self._faults(frame, typed))
        if not self._befund.zahl:
            self._note_remarkable(typed)
            buffer = io.BytesIO()
            typed.select(SPALTEN).write_csv(buffer, include_header=False, separator="\t", quote_style="never")
            yield buffer.getvalue()
        self._befund.zeilen += frame.height

    def _parse(self, block: bytes) -> pl.DataFrame | None:
        try:
            frame = pl.read_csv(
                block,
                separator=self._tabelle.trennzeichen,
                has_header=False,
                columns=self._wanted,
                infer_schema=False,
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError as error:
            raise StructureError(str(error)) from error
        if not frame.height:
            return None
        if frame.width != len(self._names):
            raise StructureError(f"{frame.width} columns instead of {len(self._names)}")
        frame.columns = self._names
        fixed = [pl.lit(value).alias(name) for name, value in self._tabelle.fest.items()]
        missing = [pl.lit(None, pl.String).alias(name) for name in ("kennzeichen", "wert") if name not in frame.columns]
        return frame.with_columns(*fixed, *missing)

    def _note_zuordnungen(self, frame: pl.DataFrame) -> None:
        names = [name for name in ("bundesland", "vergleichstyp") if name in frame.columns and frame[name].null_count() < frame.height]
        if not names:
            return
        for row in frame.select("traegernummer", *names).unique().iter_rows(named=True):
            if len(self._befund.zuordnungen) < MOST_ZUORDNUNGEN:
                self._befund.zuordnungen.add((row["traegernummer"] or "", row.get("bundesland") or "", row.get("vergleichstyp") or ""))

    # --- cells become numbers and ids --------------------------------------------------------------------------
    def _typed(self, frame: pl.DataFrame) -> pl.DataFrame:
        plain = not self._note_signs(frame)
        zeichen = _index("kennzeichen", self._zeichen)
        frame = frame.with_columns(pl.col("kennzahl").cast(self._kennzahl, strict=False).to_physical().alias("_k"))
        known = frame.with_columns(pl.lit(self._plan[name]).gather("_k").alias(name) for name in self._plan.columns)
        return known.select(
            (_whole if plain else _decimal)("zaehler", "faktor_zaehler").alias("zaehler"),
            (_whole if plain else _decimal)("nenner", "faktor_nenner").alias("nenner"),
            pl.lit(self._ids).gather(_index("traegernummer", self._jobcenter)).alias("jobcenter_id"),
            pl.col("id").alias("kennzahl_id"),
            pl.lit(self._spanne).gather(_index("berichtsmonat", self._monat)).alias("zeitraum"),
            pl.col("geschlecht").cast(self._geschlecht, strict=False).cast(pl.String),
            pl.when(pl.col("kennzeichen").is_null())
            .then(pl.lit(""))
            .otherwise(pl.lit(self._kennzeichen).gather(zeichen))
            .alias("kennzeichen"),
            pl.col("mit_nenner", "anteil", "veraenderung", "faktor_nenner", "ist_k2"),
            pl.col("wert").is_not_null().alias("_wert"),
            (pl.col("zaehler").is_null() & pl.col("nenner").is_null()).alias("_leer"),
            pl.col("nenner").is_null().alias("_ohne_nenner"),
        )

    def _note_signs(self, frame: pl.DataFrame) -> bool:
        """Whether a number is written with anything but digits; decimal signs are remembered in the order of their appearance."""
        if not any(frame.select(pl.col("zaehler", "nenner").str.contains("[^0-9]").any()).row(0)):
            return False
        for sign in (",", "."):
            if sign not in self._befund.dezimalzeichen and any(
                frame.select(pl.col("zaehler", "nenner").str.contains(sign, literal=True).any()).row(0)
            ):
                self._befund.dezimalzeichen.append(sign)
        return True

    # --- faults ------------------------------------------------------------------------------------------------
    def _any_fault(self, frame: pl.DataFrame) -> pl.Expr:
        masks = [mask.fill_null(False) for mask in _MASKEN.values()]
        if self._befund.dezimalzeichen or frame["wert"].null_count() < frame.height:
            return pl.lit(True)
        return pl.any_horizontal(masks)

    def _faults(self, frame: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
        """The rows with a fault, each kind as a column."""
        counted = typed.select(mask.fill_null(False).alias(name) for name, mask in _MASKEN.items())
        plan = typed.select("mit_nenner", "veraenderung")
        written = pl.concat([frame, plan], how="horizontal").select(
            f_wert=_wrong_rate(), f_tausender=self._thousands(), f_gemischt=self._mixed()
        )
        rows = pl.concat([frame, counted, written], how="horizontal").with_row_index("zeile", self._befund.zeilen + 1)
        return rows.filter(pl.any_horizontal(pl.col("^f_.*$")))

    def _thousands(self) -> pl.Expr:
        """1.234 may be a thousand or one and a bit; only a person knows."""
        return pl.any_horizontal(pl.col("zaehler", "nenner").str.contains(_THOUSANDS)).fill_null(False)

    def _mixed(self) -> pl.Expr:
        if len(self._befund.dezimalzeichen) < 2:
            return pl.lit(False)
        second = self._befund.dezimalzeichen[1]
        return pl.any_horizontal(pl.col("zaehler", "nenner").str.contains(second, literal=True)).fill_null(False)

    def _tell(self, bad: pl.DataFrame) -> None:
        before = len(self._befund.fehler)
        for row in bad.head(max(self._befund.most - before, 0)).iter_rows(named=True):
            for name, sentence in _SAETZE.items():
                if row[name]:
                    self._befund.add(self._tabelle.stelle(row["zeile"], _FELD[name]), sentence(row))
        self._befund.zahl += max(0, bad.height - max(self._befund.most - before, 0))

    def _note_remarkable(self, typed: pl.DataFrame) -> None:
        """K2 outside 5 to 60 per cent, changes beyond −50 or +100 per cent: unusual, but no fault."""
        z, n, teiler = pl.col("zaehler"), pl.col("nenner"), pl.col("faktor_nenner")
        odd = (pl.col("ist_k2") & ((z * 100 * teiler < n * 5) | (z * 100 * teiler > n * 60))) | (
            pl.col("veraenderung") & ((z * 2 < n) | (z > n * 2))
        )
        rows = typed.select(odd.fill_null(False).alias("odd"), z, n, teiler, "veraenderung").with_row_index(
            "zeile", self._befund.zeilen + 1
        )
        rows = rows.filter("odd")
        for row in rows.head(max(self._befund.most - len(self._befund.hinweise), 0)).iter_rows(named=True):
            teiler_ = 1 if row["veraenderung"] else row["faktor_nenner"]
            wert = Decimal(row["zaehler"] * 100 * teiler_) / row["nenner"] - (100 if row["veraenderung"] else 0)
            self._befund.hinweise.append(
                Fehler(self._tabelle.stelle(row["zeile"], "zaehler"), f"{typography.prozent(wert)} wäre ungewöhnlich. Stimmt das?")
            )


class StructureError(ValueError):
    """The lines have not all the columns of the header; `tabellen.explain` says which."""


def _index(name: str, kind: pl.Enum) -> pl.Expr:
    """Where a text stands in its list; NULL where it does not."""
    return pl.col(name).cast(kind, strict=False).to_physical()


def _whole(name: str, factor: str) -> pl.Expr:
    number = pl.when(pl.col(name).str.len_bytes() <= MOST_DIGITS).then(pl.col(name))  # more would overflow without a word
    return number.cast(pl.Int64, strict=False) * pl.col(factor).fill_null(1)


def _decimal(name: str, factor: str) -> pl.Expr:
    """A number with a decimal sign, times the factor of its Kennzahl; NULL where it is none, or not exact enough."""
    text = pl.when(pl.col(name).str.contains(_DECIMAL)).then(pl.col(name).str.replace(",", ".", literal=True))
    parts = text.str.splitn(".", 2)
    whole = parts.struct.field("field_0").cast(pl.Int64, strict=False)
    fraction = parts.struct.field("field_1").fill_null("").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64, strict=False)
    times = pl.col(factor).fill_null(1)
    scaled = fraction * times  # the whole part is exact anyway
    rest = scaled % MILLION
    value = whole * times + scaled // MILLION + (rest >= MILLION - HUNDREDTH).cast(pl.Int64)
    return pl.when((rest <= HUNDREDTH) | (rest >= MILLION - HUNDREDTH)).then(value)


def _wrong_rate() -> pl.Expr:
    """The printed rate beside a computed one; only compared, never stored, so floats do."""
    wert, zaehler, nenner = [
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) for name in ("wert", "zaehler", "nenner")
    ]
    computed = zaehler / nenner * 100
    computed = pl.when(pl.col("veraenderung")).then(computed - 100).otherwise(computed)
    return (pl.col("wert").is_not_null() & pl.col("mit_nenner") & ((wert - computed).abs() > ROUNDED)).fill_null(False)


_GEZAEHLT = pl.col("kennzeichen") == ""
_MASKEN = {
    "f_jobcenter": pl.col("jobcenter_id").is_null(),
    "f_kennzahl": pl.col("kennzahl_id").is_null(),
    "f_monat": pl.col("zeitraum").is_null(),
    "f_geschlecht": pl.col("geschlecht").is_null(),
    "f_kennzeichen": pl.col("kennzeichen").is_null(),
    "f_zaehler": _GEZAEHLT & (pl.col("zaehler").is_null() | (pl.col("zaehler") < 0)),
    "f_nenner": _GEZAEHLT & pl.col("mit_nenner") & pl.col("nenner").is_null(),
    "f_null": _GEZAEHLT & pl.col("mit_nenner") & (pl.col("nenner") <= 0),
    "f_zuviel": _GEZAEHLT & ~pl.col("mit_nenner") & ~pl.col("_ohne_nenner"),
    "f_anteil": _GEZAEHLT & pl.col("anteil") & (pl.col("zaehler") > pl.col("nenner")),
    "f_nicht_leer": ~_GEZAEHLT & ~pl.col("_leer"),
}


def _jobcenter(row: Mapping[str, str]) -> str:
    return f"Das Jobcenter {quote(row['traegernummer'] or '')} ist unbekannt. Eine Trägernummer hat fünf Ziffern, zum Beispiel 04412."


def _monat(row: Mapping[str, str]) -> str:
    return (
        f"{quote(row['berichtsmonat'] or '')} ist kein Monat, zu dem es Zahlen geben kann. "
        f"Schreiben Sie Jahr und Monat, zum Beispiel 2026-07; er darf nicht in der Zukunft liegen."
    )


def _zahl(row: Mapping[str, str], name: str, wort: str) -> str:
    if not row[name]:
        return f"Der {wort} fehlt. Tragen Sie eine Zahl ein, oder ein Kennzeichen: * für geheim, x für nicht sinnvoll."
    return f"{quote(row[name])} ist kein {wort}. Erlaubt sind Ziffern und ein Dezimalkomma, zum Beispiel 9824,58."


_SAETZE = {
    "f_jobcenter": _jobcenter,
    "f_kennzahl": lambda row: (
        f"Die Kennzahl {quote(row['kennzahl'] or '')} ist unbekannt. Erlaubt sind die Kürzel K1 bis K3E4 und eigene Kennzahlen."
    ),
    "f_monat": _monat,
    "f_geschlecht": lambda row: f"{quote(row['geschlecht'] or '')} ist kein Geschlecht. Erlaubt sind I (insgesamt), M und F.",
    "f_kennzeichen": lambda row: (
        f"Das Kennzeichen {quote(row['kennzeichen'] or '')} ist unbekannt. Erlaubt sind * und . (geheim) sowie x (nicht sinnvoll)."
    ),
    "f_tausender": lambda row: (
        "Ist das ein Tausenderpunkt oder ein Dezimalzeichen? Schreiben Sie Zahlen ohne Tausenderpunkt, zum Beispiel 9825 oder 9824,58."
    ),
    "f_gemischt": lambda row: "In der Datei kommen Punkt und Komma als Dezimalzeichen vor. Verwenden Sie überall dasselbe.",
    "f_zaehler": lambda row: _zahl(row, "zaehler", "Zähler"),
    "f_nenner": lambda row: _zahl(row, "nenner", "Nenner"),
    "f_null": lambda row: (
        "Der Nenner ist 0. Durch 0 lässt sich nicht teilen: Lassen Sie Zähler und Nenner leer und setzen Sie das Kennzeichen x."
    ),
    "f_zuviel": lambda row: f"Zu {quote(row['kennzahl'])} gehört kein Nenner, denn sie ist eine Anzahl.",
    "f_anteil": lambda row: (
        f"Der Zähler {row['zaehler']} ist größer als der Nenner {row['nenner']}. Bei {quote(row['kennzahl'])} kann das nicht sein."
    ),
    "f_wert": lambda row: f"Der Wert {quote(row['wert'])} passt nicht zu Zähler und Nenner.",
    "f_nicht_leer": lambda row: f"Mit dem Kennzeichen {quote(row['kennzeichen'])} müssen Zähler und Nenner leer sein.",
}
_FELD = {
    "f_jobcenter": "traegernummer",
    "f_kennzahl": "kennzahl",
    "f_monat": "berichtsmonat",
    "f_geschlecht": "geschlecht",
    "f_kennzeichen": "kennzeichen",
    "f_tausender": "nenner",
    "f_gemischt": "nenner",
    "f_zaehler": "zaehler",
    "f_nenner": "nenner",
    "f_null": "nenner",
    "f_zuviel": "nenner",
    "f_anteil": "zaehler",
    "f_wert": "wert",
    "f_nicht_leer": "zaehler",
}
