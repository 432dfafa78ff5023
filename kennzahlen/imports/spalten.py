"""Which column of a delivered file holds what, and how a file says that it cannot be read."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jobcenter.common.tabellendateien.stellen import UMLAUTE, Fehler, TabellenFehler, enumerate_words, quote

FELDER = (
    "traegernummer",
    "bundesland",
    "vergleichstyp",
    "berichtsmonat",
    "kennzahl",
    "geschlecht",
    "zaehler",
    "nenner",
    "wert",
    "kennzeichen",
)
PFLICHT = frozenset({"traegernummer", "berichtsmonat", "kennzahl", "zaehler", "nenner"})
GESAMT = "I"  # the sex of a file that names none: women and men together
ALLE_BLAETTER = "*"

MOST_ZEILEN = 5_000_000
MOST_SPALTEN = 200
MOST_FEHLER = 200
SUCHE_KOPF = 20  # lines in which the header is looked for when it is not where the plan says
_NEAR, _VERY_NEAR = 0.6, 0.8


@dataclass(frozen=True)
class Spaltenplan:
    """How a source of figures lays out its files; staff keep one per source.

    `spalten` gives the header text that the file has for a field of FELDER, `fest` the value that all of its rows share.
    A field in both takes the fixed value. A column that the plan names must be in the file; only an optional field under
    its own name may be absent. `blatt` concerns XLSX: "" is the first visible sheet, "*" every sheet whose name says
    Kennzahl and sex, as in K2, K2_M, K2E4_F.
    """

    blatt: str = ""
    kopfzeile: int = 1
    spalten: Mapping[str, str] = field(default_factory=dict)
    fest: Mapping[str, str] = field(default_factory=dict)


STANDARD = Spaltenplan(spalten={feld: feld for feld in FELDER})


class Tabelle:
    """A delivered file, ready for COPY … (FORMAT csv, DELIMITER <trennzeichen>, NULL '').

    `spalten` are the columns of the staging table in the order of the blocks; what nobody wants is called _1, _2 and so on.
    `fest` are the values of fields that have no column. `gelesen` of `groesse` bytes are behind us; `zeilen` counts them.
    """

    spalten: tuple[str, ...] = ()
    trennzeichen: str = ";"
    fest: Mapping[str, str]
    groesse = 0
    gelesen = 0
    zeilen = 0

    def copy_bloecke(self) -> Iterator[bytes]:
        """The rows as UTF-8, in whole lines. Raises TabellenFehler on the way, so that only a whole file becomes visible."""
        raise NotImplementedError

    def stelle(self, nummer: int, feld: str = "") -> str:
        """Where the row that COPY met as number `nummer` (from 1) stands in the file. Known once its block was given."""
        raise NotImplementedError


def fixed_values(plan: Spaltenplan, columns: Collection[str]) -> dict[str, str]:
    fest = {feld: value for feld, value in plan.fest.items() if feld in FELDER and feld not in columns}
    return fest if "geschlecht" in columns else {"geschlecht": GESAMT, **fest}


def match_header(cells: Sequence[str], plan: Spaltenplan, stelle: str, given: Collection[str] = ()) -> dict[str, int]:
    """Field → index of its column. `given` are fields that the file tells elsewhere, such as in the name of a sheet."""
    wanted = _wanted(plan, given)
    if open_fields := [feld for feld in FELDER if feld in PFLICHT and feld not in {*wanted, *plan.fest, *given}]:
        verb = "ist keine Spalte" if len(open_fields) == 1 else "sind keine Spalten"
        raise TabellenFehler(Fehler("Zuordnung", f"Für {enumerate_words(open_fields)} {verb} genannt. Ergänzen Sie die Zuordnung."))
    if len(cells) > MOST_SPALTEN:
        raise TabellenFehler(Fehler(stelle, f"Die Kopfzeile hat {len(cells)} Spalten. Möglich sind höchstens {MOST_SPALTEN}."))
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        places.setdefault(_plain(cell), []).append(index)
    faults = []
    for text in wanted.values():
        if (times := len(places.get(_plain(text), []))) > 1:
            advice = "Löschen Sie die Spalten, die zu viel sind, oder nennen Sie sie anders."
            faults.append(Fehler(stelle, f"Die Spalte {quote(text)} steht {times}-mal in der Kopfzeile. {advice}"))
    free = {_plain(cell).translate(UMLAUTE): cell for cell in cells if _plain(cell) and _plain(cell) not in map(_plain, wanted.values())}
    missing = [text for feld, text in wanted.items() if _plain(text) not in places and _must_be_there(feld, text, free)]
    if missing:
        faults.append(Fehler(stelle, _missing_sentence(missing, cells, free)))
    if faults:
        raise TabellenFehler(*faults)
    return {feld: places[_plain(text)][0] for feld, text in wanted.items() if _plain(text) in places}


def count_matches(cells: Iterable[str], plan: Spaltenplan) -> int:
    """How many of the wanted columns a line names; the header is the line that names most."""
    return len({_plain(text) for text in _wanted(plan).values()} & {_plain(cell) for cell in cells})


def find_header(lines: Iterable[Sequence[str]], plan: Spaltenplan) -> str:
    """A sentence that says in which line the header rather stands, or nothing."""
    counts = [count_matches(cells, plan) for cells in lines]
    best = max(range(len(counts)), key=counts.__getitem__, default=0)
    if not counts or best + 1 == plan.kopfzeile or counts[best] < 2 or counts[best] <= sum(counts[plan.kopfzeile - 1 : plan.kopfzeile]):
        return ""
    return f" Die Spaltennamen stehen wohl in Zeile {best + 1}: Ändern Sie die Zuordnung."


def add_hint(error: TabellenFehler, hint: str) -> TabellenFehler:
    first, *others = error.fehler
    return TabellenFehler(Fehler(first.stelle, first.satz + hint), *others) if hint else error


def _wanted(plan: Spaltenplan, given: Collection[str] = ()) -> dict[str, str]:
    return {feld: plan.spalten[feld] for feld in FELDER if plan.spalten.get(feld) and feld not in plan.fest and feld not in given}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _must_be_there(feld: str, text: str, free: Mapping[str, str]) -> bool:
    """An optional column is absent on purpose, unless somebody chose its name or misspelt it."""
    return feld in PFLICHT or _plain(text) != feld or bool(difflib.get_close_matches(feld, free, 1, _VERY_NEAR))


def _missing_sentence(missing: Sequence[str], cells: Sequence[str], free: Mapping[str, str]) -> str:
    found = [cell for cell in cells if cell.strip()]
    word, verb = ("Die Spalte", "fehlt") if len(missing) == 1 else ("Die Spalten", "fehlen")
    sentence = f"{word} {enumerate_words(missing)} {verb}. "
    sentence += f"Gefunden: {enumerate_words(found[:30])}." if found else "Die Zeile ist leer."
    for text in missing:
        if near := difflib.get_close_matches(_plain(text).translate(UMLAUTE), free, 1, _NEAR):
            sentence += f" Ist {quote(free[near[0]])} die Spalte {quote(text)}?"
    return sentence
