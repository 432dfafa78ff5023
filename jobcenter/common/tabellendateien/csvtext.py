"""What a CSV looks like, whoever reads it."""

import codecs
import csv
import io

from jobcenter.common.tabellendateien.stellen import Fehler, TabellenFehler

TRENNZEICHEN = {";": "Semikolons", ",": "Kommas", "\t": "Tabulatoren"}
FREMDE_DATEIEN = {
    b"PK\x03\x04": "Die Datei ist eine Excel-Tabelle oder ein Archiv, keine CSV-Tabelle.",
    b"\xd0\xcf\x11\xe0": "Die Datei ist eine alte oder geschützte Excel-Tabelle, keine CSV-Tabelle.",
    b"%PDF": "Die Datei ist ein PDF, keine CSV-Tabelle.",
    b"\xff\xfe": "Die Datei ist in UTF-16 gespeichert („Unicode-Text“).",
    b"\xfe\xff": "Die Datei ist in UTF-16 gespeichert („Unicode-Text“).",
}
SPEICHERN = "Speichern Sie sie in Excel als „CSV UTF-8 (durch Trennzeichen getrennt)“."


def split_line(line: str, separator: str) -> list[str]:
    """The cells of one line; a line with stray quotes is split as it stands."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def decode_csv(content: bytes) -> str:
    """UTF-8 with or without BOM, or what Windows writes (cp1252). TabellenFehler for everything that is no such text."""
    for magic, sentence in FREMDE_DATEIEN.items():
        if content.startswith(magic):
            raise TabellenFehler(Fehler("Datei", f"{sentence} {SPEICHERN}"))
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise TabellenFehler(Fehler(f"Zeile {line}", f"Hier steht ein Zeichen, das in keine Tabelle gehört (NUL). {SPEICHERN}"))
    if content.startswith(codecs.BOM_UTF8):
        content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        broken = error.start
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        line = content.count(b"\n", 0, broken) + 1
        raise TabellenFehler(
            Fehler(f"Zeile {line}", f"Die Datei ist weder in UTF-8 noch in der Windows-Kodierung gespeichert. {SPEICHERN}")
        ) from None
