"""Tables whose cells carry bars (components/balken.html, and the same on paper), out of a programme's content alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jobcenter.common.typography import NBSP, euro, prozent, zahl
from massnahmen.queries.inhalt import Anteil, Betrag, Programminhalt


@dataclass(frozen=True)
class Balken:
    """A figure as people read it and its length in per mille of the longest; what it is set against is drawn quietly.

    `spalte` names its column where there are several: on a phone the head of the table is out of sight.
    """

    wert: str
    promille: int
    leise: bool = False
    spalte: str = ""


@dataclass(frozen=True)
class Balkenzeile:
    name: str
    balken: tuple[Balken, ...]
    zusatz: str = ""


@dataclass(frozen=True)
class Balkentabelle:
    """`kopf` names the column of names, one column for each bar, and the column of additions; `satz` says what is counted."""

    id: str
    titel: str
    satz: str
    kopf: tuple[str, ...]
    zeilen: tuple[Balkenzeile, ...]
    summe: Balkenzeile | None = None

    @property
    def einfach(self) -> bool:
        """Whether a row has one bar only; it then stands beside its figure."""
        return all(len(zeile.balken) == 1 for zeile in self.zeilen)


def chart_handlungsfelder(inhalt: Programminhalt) -> Balkentabelle:
    whole = inhalt.plaetze
    return Balkentabelle(
        "plaetze-handlungsfelder",
        "Plätze nach Handlungsfeld",
        f"{inhalt.jahr}, jeder Platz zählt einmal.",
        ("Handlungsfeld", "Plätze", "Anteil"),
        tuple(_count_row(a, _percent(a.anzahl, whole)) for a in inhalt.plaetze_nach_handlungsfeld),
        Balkenzeile("Zusammen", (Balken(zahl(whole), 0),), _percent(whole, whole)),
    )


def chart_zielgruppen(inhalt: Programminhalt) -> Balkentabelle:
    return Balkentabelle(
        "plaetze-zielgruppen",
        "Plätze nach Zielgruppe",
        f"{inhalt.jahr}. Ist eine Maßnahme für mehrere Zielgruppen da, zählen ihre Plätze bei jeder. Deshalb gibt es keine Summe.",
        ("Zielgruppe", "Plätze"),
        tuple(_count_row(anteil, "") for anteil in inhalt.plaetze_nach_zielgruppe),
    )


def chart_quellen(inhalt: Programminhalt) -> Balkentabelle:
    return Balkentabelle(
        "geld-quellen",
        "Woher das Geld kommt",
        f"Geplante Kosten {inhalt.jahr}.",
        ("Quelle", "Betrag", "Anteil"),
        tuple(_money_rows(inhalt.nach_quelle, inhalt.kosten_cent)),
        Balkenzeile("Zusammen", (Balken(euro(inhalt.kosten_cent), 0),), _percent(inhalt.kosten_cent, inhalt.kosten_cent)),
    )


def chart_vorjahr(inhalt: Programminhalt) -> Balkentabelle | None:
    """Money of the year against what last year's programme had planned; None where there is nothing to set it against."""
    before = inhalt.vorjahr
    if before is None:
        return None
    old, new = str(before.jahr), str(inhalt.jahr)
    sums = (Balken(euro(before.kosten_cent), 0, leise=True, spalte=old), Balken(euro(inhalt.kosten_cent), 0, spalte=new))
    return Balkentabelle(
        "geld-vorjahr",
        f"{inhalt.jahr} gegen {before.jahr}",
        f"Geplante Kosten nach Zweck. {before.jahr}: Fassung{NBSP}{before.fassung} des Arbeitsmarktprogramms.",
        ("Zweck", old, new, "Veränderung"),
        tuple(
            Balkenzeile(
                row.name,
                (
                    Balken(euro(row.vorher), row.vorher_promille, leise=True, spalte=old),
                    Balken(euro(row.jetzt), row.jetzt_promille, spalte=new),
                ),
                name_change(row.vorher, row.jetzt),
            )
            for row in inhalt.gegen_vorjahr
        ),
        Balkenzeile("Zusammen", sums, name_change(before.kosten_cent, inhalt.kosten_cent)),
    )


def chart_jahre(programme: Iterable[Programminhalt]) -> Balkentabelle:
    """Places and money of several years, newest first."""
    years = list(programme)
    places, money = max([1, *(i.plaetze for i in years)]), max([1, *(i.kosten_cent for i in years)])
    return Balkentabelle(
        "jahre",
        "Die Jahre im Vergleich",
        "Geplante Plätze und geplante Kosten, wie sie veröffentlicht sind.",
        ("Jahr", "Plätze", "Kosten"),
        tuple(
            Balkenzeile(
                str(i.jahr),
                (
                    Balken(zahl(i.plaetze), i.plaetze * 1000 // places, spalte="Plätze"),
                    Balken(euro(i.kosten_cent), i.kosten_cent * 1000 // money, spalte="Kosten"),
                ),
            )
            for i in years
        ),
    )


def name_change(before: int, now: int) -> str:
    """plus 8,3 %, minus 4,7 %, unverändert, neu or entfallen: in words, so that no sign and no colour carries it alone."""
    if before == now:
        return "unverändert"
    if not before:
        return "neu"
    if not now:
        return "entfallen"
    return f"{'plus' if now > before else 'minus'} {prozent(abs(Decimal(100) * (now - before) / before))}"


def _count_row(anteil: Anteil, zusatz: str) -> Balkenzeile:
    return Balkenzeile(anteil.name, (Balken(zahl(anteil.anzahl), anteil.promille),), zusatz)


def _money_rows(betraege: tuple[Betrag, ...], whole: int) -> Iterable[Balkenzeile]:
    longest = max([1, *(betrag.cent for betrag in betraege)])
    for betrag in betraege:
        yield Balkenzeile(betrag.name, (Balken(euro(betrag.cent), betrag.cent * 1000 // longest),), _percent(betrag.cent, whole))


def _percent(part: int, whole: int) -> str:
    return prozent(Decimal(100) * part / whole) if whole else ""
