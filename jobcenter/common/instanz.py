"""What distinguishes one Jobcenter's portal from another's, read from jobcenter.toml at the start."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

LAENDER = frozenset(["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"])
ERGEBNISSE = frozenset(["vollstaendig", "teilweise", "nicht"])  # Durchführungsbeschluss (EU) 2018/1523
METHODEN = frozenset(["selbstbewertung", "pruefstelle"])
MANGELARTEN = frozenset(["unvereinbar", "belastung", "ausgenommen"])  # its three kinds of content that is not accessible

# What a template file leaves behind. A demo may keep it, a real Jobcenter's portal does not start with it.
_PLACEHOLDER = re.compile(
    r"\b(todo|fixme|tbd|xxx+|lorem ipsum|platzhalter|muster(mann|frau|stadt|dorf|hausen|str(aße|asse|\.))|n\.\s?n\.)(?!\w)"
    r"|\.(example|invalid|test)\b|\?\?\?|<[^>]*>",
    re.IGNORECASE,
)
_WORDS = {
    str: "ein Text in Anführungszeichen",
    int: "eine ganze Zahl",
    float: "eine Zahl mit Punkt, zum Beispiel 0.5",
    bool: "true oder false",
    date: "ein Datum ohne Anführungszeichen, zum Beispiel 2026-11-22",
}


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
    ags: str = ""  # key of the Kreis (amtlicher Gemeindeschlüssel, five digits), for the open-data catalogue
    contributor_id: str = ""  # address that GovData gave to whoever delivers the catalogue


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
class Impressum:
    """Who supervises the Jobcenter as zugelassener kommunaler Träger (§ 48 Abs. 1 SGB II); each Land decides which authority."""

    aufsicht: str
    aufsicht_web: str
    umsatzsteuer_id: str = ""  # § 5 Abs. 1 Nr. 6 DDG, where there is one


@dataclass(frozen=True)
class Datenschutz:
    """The Datenschutzbeauftragte, by name or by function, and how long the portal keeps what visitors send it."""

    beauftragt: str
    strasse: str
    plz: str
    ort: str
    telefon: str
    mail: str
    barrieremeldungen_monate: int  # after they are answered


@dataclass(frozen=True)
class Mangel:
    """Something on the portal that is not accessible yet: why, what helps meanwhile, and when it will be mended."""

    art: str  # see MANGELARTEN
    was: str
    warum: str
    alternative: str
    bis: date


@dataclass(frozen=True)
class Barrierefreiheit:
    """The Erklärung zur Barrierefreiheit as data; it has to be checked again every year."""

    stand: date  # of the last check
    methode: str
    geprueft_von: str
    ergebnis: str
    mangel: tuple[Mangel, ...] = ()

    @property
    def faellig_am(self) -> date:
        """The day on which the next check is due: a year after the last."""
        return _a_year_after(self.stand)


@dataclass(frozen=True)
class Sicherheit:
    """Whom to tell about a hole in the portal (security.txt, RFC 9116)."""

    kontakt: str  # mailto:… or https://…
    stand: date  # on which somebody last made sure that the contact is read

    @property
    def gueltig_bis(self) -> date:
        """Less than a year after `stand`, as the RFC recommends."""
        return date.fromordinal(_a_year_after(self.stand).toordinal() - 1)


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
class Programm:
    """Who decides on the Arbeitsmarktprogramm after the Beirat's advice: bodies of the Landkreis in their order, the last one decides."""

    gremien: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aussehen:
    kern_kopfzeile: bool


@dataclass(frozen=True)
class Instanz:
    jobcenter: Jobcenter
    kontakt: Kontakt
    verantwortlich: Verantwortlich
    impressum: Impressum
    datenschutz: Datenschutz
    barrierefreiheit: Barrierefreiheit
    sicherheit: Sicherheit
    presse: Presse
    beirat: Beirat
    programm: Programm
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
    return _read_table(file, f"[{section}]", section, kind, given)


def _read_table(file: str, where: str, path: str, kind: Any, given: dict[str, Any]) -> object:
    """One table of the file as its dataclass. `where` is how a sentence names it, `path` how TOML does."""
    expected = {field.name: field for field in fields(kind)}
    if unknown := sorted(given.keys() - expected.keys()):
        raise InstanzError(f"{file}: {where} kennt „{unknown[0]}“ nicht. Erlaubt sind: {', '.join(expected)}.")
    values: dict[str, Any] = {}
    for key, field in expected.items():
        if key not in given:
            if field.default is MISSING:
                raise InstanzError(f"{file}: In {where} fehlt „{key}“.")
            continue
        type_: Any = field.type
        values[key] = given[key]
        if type_ == tuple[str, ...]:
            values[key] = _read_texts(file, where, key, given[key])
        elif get_origin(type_) is tuple:
            values[key] = _read_tables(file, f"{path}.{key}", get_args(type_)[0], given[key])
        elif type(given[key]) is not type_:
            raise InstanzError(f"{file}: {where} {key} = {_as_written(given[key])} ist falsch. Erwartet wird {_WORDS[type_]}.")
    return kind(**values)


def _read_tables(file: str, path: str, kind: Any, given: Any) -> tuple[object, ...]:
    """A list of tables, each written as [[path]]."""
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise InstanzError(f"{file}: „{path}“ ist eine Liste. Schreiben Sie für jeden Eintrag einen Abschnitt [[{path}]].")
    return tuple(_read_table(file, f"[[{path}]] Nr. {number}", path, kind, entry) for number, entry in enumerate(given, start=1))


def _read_texts(file: str, where: str, key: str, given: Any) -> tuple[str, ...]:
    """A list of different texts."""
    if not isinstance(given, list) or not all(isinstance(text, str) and text.strip() for text in given) or len(set(given)) < len(given):
        raise InstanzError(f'{file}: {where} {key} ist falsch. Erwartet wird eine Liste verschiedener Texte, zum Beispiel ["Kreistag"].')
    return tuple(given)


def _as_written(value: object) -> str:
    return f"„{value}“" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _check_values(file: str, instanz: Instanz) -> None:
    if instanz.jobcenter.land not in LAENDER:
        raise InstanzError(
            f"{file}: [jobcenter] land = {instanz.jobcenter.land!r} ist kein Land. Erlaubt sind: {', '.join(sorted(LAENDER))}."
        )
    if not re.fullmatch(r"([0-9]{5})?", instanz.jobcenter.ags):
        raise InstanzError(f"{file}: [jobcenter] ags = „{instanz.jobcenter.ags}“ ist falsch. Erwartet werden die fünf Ziffern des Kreises.")
    if not re.fullmatch(r"(https?://\S+)?", instanz.jobcenter.contributor_id):
        raise InstanzError(f"{file}: [jobcenter] contributor_id muss eine Adresse sein, die mit „http“ beginnt.")
    if not 0 < instanz.beirat.quorum <= 1:
        raise InstanzError(f"{file}: [beirat] quorum muss größer als 0 und höchstens 1 sein, zum Beispiel 0.5.")
    try:
        instanz.presse.nummernformat.format(nummer=1, jahr=2026)
    except (KeyError, IndexError, ValueError):
        raise InstanzError(f"{file}: [presse] nummernformat darf nur {{nummer}} und {{jahr}} enthalten.") from None
    _check_legal_pages(file, instanz)
    if not instanz.jobcenter.fiktiv:
        _check_nothing_left_open(file, instanz)


def _check_legal_pages(file: str, instanz: Instanz) -> None:
    erklaerung, where = instanz.barrierefreiheit, f"{file}: [barrierefreiheit]"
    for key, value, allowed in [
        ("ergebnis", erklaerung.ergebnis, ERGEBNISSE),
        ("methode", erklaerung.methode, METHODEN),
        *(("mangel.art", mangel.art, MANGELARTEN) for mangel in erklaerung.mangel),
    ]:
        if value not in allowed:
            raise InstanzError(f"{where} {key} = „{value}“ gibt es nicht. Erlaubt sind: {', '.join(sorted(allowed))}.")
    faults = [mangel for mangel in erklaerung.mangel if mangel.art != "ausgenommen"]
    if erklaerung.ergebnis == "vollstaendig" and faults:
        raise InstanzError(f"{where} ergebnis = „vollstaendig“ passt nicht dazu, dass ein Mangel eingetragen ist: „{faults[0].was}“.")
    if erklaerung.ergebnis != "vollstaendig" and not faults:
        raise InstanzError(f"{where} ergebnis = „{erklaerung.ergebnis}“ braucht mindestens einen Abschnitt [[barrierefreiheit.mangel]].")
    if instanz.datenschutz.barrieremeldungen_monate < 1:
        raise InstanzError(f"{file}: [datenschutz] barrieremeldungen_monate muss mindestens 1 sein.")
    if not instanz.sicherheit.kontakt.startswith(("mailto:", "https://")):
        raise InstanzError(f"{file}: [sicherheit] kontakt muss mit „mailto:“ oder „https://“ beginnen.")


def _check_nothing_left_open(file: str, instanz: Instanz) -> None:
    for where, key, value, optional in _texts(instanz):
        if not value.strip() and not optional:
            raise InstanzError(f"{file}: {where} {key} ist leer. Tragen Sie ein, was für Ihr Jobcenter gilt.")
        if placeholder := _PLACEHOLDER.search(value):
            raise InstanzError(
                f"{file}: In {where} {key} steht noch der Platzhalter „{placeholder[0]}“. Tragen Sie den richtigen Wert ein."
            )


def _texts(instanz: Instanz) -> Iterator[tuple[str, str, str, bool]]:
    """Every text of the file: where it stands, its key, itself, and whether it may be empty."""
    for section in fields(instanz):
        yield from _texts_of(getattr(instanz, section.name), f"[{section.name}]", section.name)


def _texts_of(table: Any, where: str, path: str) -> Iterator[tuple[str, str, str, bool]]:
    for field in fields(table):
        value = getattr(table, field.name)
        if isinstance(value, str):
            yield where, field.name, value, field.default is not MISSING
        elif isinstance(value, tuple):
            for number, entry in enumerate(value, start=1):
                if is_dataclass(entry):
                    yield from _texts_of(entry, f"[[{path}.{field.name}]] Nr. {number}", path)
