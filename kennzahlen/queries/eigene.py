"""What the house counts itself, for the people who keep it: definitions with their newest value, hidden ones named as such."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Geschlecht, Grundgroesse, Kennzahlart, Kennzeichen, Lieferzustand
from kennzahlen.models import Jobcenter, Kennzahl, Messwert
from kennzahlen.queries.woerter import format_wert

GEHEIM = "geheim"


@dataclass(frozen=True)
class EigeneZeile:
    """One Kennzahl of the house; `messwert` is its newest value for us, `text` what may be read of it."""

    kennzahl: Kennzahl
    messwert: Messwert | None
    text: str
    zeitraum: str


@dataclass(frozen=True)
class Eigene:
    grundgroessen: tuple[EigeneZeile, ...]
    weitere: tuple[EigeneZeile, ...]


def read_eigene(jobcenter: Jobcenter, *, mit_rohwerten: bool) -> Eigene:
    """Own Kennzahlen and Grundgrößen. `mit_rohwerten`: hidden numbers are named too. Two queries."""
    kennzahlen = Kennzahl.objects.filter(art=Kennzahlart.EIGENE).select_related("teil_von").order_by("name")
    newest = _newest(jobcenter)
    zeilen = [_zeile(kennzahl, newest.get(kennzahl.pk), mit_rohwerten) for kennzahl in kennzahlen]
    order = {groesse.value: rang for rang, groesse in enumerate(Grundgroesse)}
    base = sorted((one for one in zeilen if one.kennzahl.code in order), key=lambda one: order[one.kennzahl.code])
    return Eigene(tuple(base), tuple(one for one in zeilen if one.kennzahl.code not in order))


def _newest(jobcenter: Jobcenter) -> dict[int, Messwert]:
    rows = Messwert.objects.filter(jobcenter=jobcenter, geschlecht=Geschlecht.INSGESAMT, kennzahl__art=Kennzahlart.EIGENE)
    shown = rows.exclude(datenstand__lieferung__zustand=Lieferzustand.ZURUECKGEZOGEN).with_source()
    first = shown.order_by("kennzahl_id", "-bis", "-datenstand__tag", "-datenstand_id").distinct("kennzahl_id")
    return {row.kennzahl_id: row for row in first}


def _zeile(kennzahl: Kennzahl, row: Messwert | None, mit_rohwerten: bool) -> EigeneZeile:
    if row is None:
        return EigeneZeile(kennzahl, None, typography.DASH, "")
    return EigeneZeile(kennzahl, row, _text(row, mit_rohwerten), typography.zeitraum(row.von, row.bis))


def _text(row: Messwert, mit_rohwerten: bool) -> str:
    if row.kennzeichen:
        return Kennzeichen(row.kennzeichen).label
    if row.gesperrt:
        return f"geheim gehalten (intern: {_amount(row)})" if mit_rohwerten else GEHEIM
    return _amount(row)


def _amount(row: Messwert) -> str:
    return " ".join(_parts(row))


def _parts(row: Messwert) -> Iterable[str]:
    if word := row.get_genauigkeit_display():
        yield word
    yield format_wert(Einheit(row.kennzahl.einheit), row.wert)
