"""What distinguishes one Jobcenter's portal from another's, read from jobcenter.toml at the start."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

LAENDER = frozenset(["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"])


class InstanzError(Exception):
    """One sentence that says which setting is wrong and what it should be."""


@dataclass(frozen=True)
class Jobcenter:
    name: str
    kurzname: str
    landkreis: str
    land: str
    traegernummer: str
    fiktiv: bool


@dataclass(frozen=True)
class Kontakt:
    strasse: str
    plz: str
    ort: str
    telefon: str
    mail: str
    servicezeiten: str


@dataclass(frozen=True)
class Verantwortlich:
    name: str
    funktion: str
    vertretung: str


@dataclass(frozen=True)
class Presse:
    kontakt: str
    telefon: str
    mail: str
    nummernformat: str


@dataclass(frozen=True)
class Beirat:
    quorum: float
    ladungsfrist_tage: int


@dataclass(frozen=True)
class Aussehen:
    kern_kopfzeile: bool


@dataclass(frozen=True)
class Instanz:
    jobcenter: Jobcenter
    kontakt: Kontakt
    verantwortlich: Verantwortlich
    presse: Presse
    beirat: Beirat
    aussehen: Aussehen


def load_instanz(path: Path) -> Instanz:
    """Read and check the file; every fault is an InstanzError that names section and key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InstanzError(f"{path.name} fehlt: Kopieren Sie die Datei aus dem Projekt und tragen Sie Ihr Jobcenter ein.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InstanzError(f"{path.name} ist nicht lesbar: {error}") from None
    sections: dict[str, Any] = {section.name: _read_section(path.name, section.name, section.type, content) for section in fields(Instanz)}
    instanz = Instanz(**sections)
    _check_values(path.name, instanz)
    return instanz


def _read_section(file: str, section: str, kind: Any, content: dict[str, Any]) -> object:
    given = content.get(section)
    if not isinstance(given, dict):
        raise InstanzError(f"{file}: Der Abschnitt [{section}] fehlt.")
    expected: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    if unknown := sorted(given.keys() - expected.keys()):
        raise InstanzError(f"{file}: [{section}] kennt „{unknown[0]}“ nicht. Erlaubt sind: {', '.join(expected)}.")
    for key, type_ in expected.items():
        if key not in given:
            raise InstanzError(f"{file}: In [{section}] fehlt „{key}“.")
        if type(given[key]) is not type_:
            raise InstanzError(f"{file}: [{section}] {key} = {given[key]!r} ist nicht vom Typ {type_.__name__}.")
    return kind(**given)


def _check_values(file: str, instanz: Instanz) -> None:
    if instanz.jobcenter.land not in LAENDER:
        raise InstanzError(
            f"{file}: [jobcenter] land = {instanz.jobcenter.land!r} ist kein Land. Erlaubt sind: {', '.join(sorted(LAENDER))}."
        )
    if not 0 < instanz.beirat.quorum <= 1:
        raise InstanzError(f"{file}: [beirat] quorum muss größer als 0 und höchstens 1 sein, zum Beispiel 0.5.")
    try:
        instanz.presse.nummernformat.format(nummer=1, jahr=2026)
    except (KeyError, IndexError, ValueError):
        raise InstanzError(f"{file}: [presse] nummernformat darf nur {{nummer}} und {{jahr}} enthalten.") from None
