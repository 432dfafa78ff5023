"""Which of our own values a figure of a text may mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max

from jobcenter.common import typography
from kennzahlen.enums import Geschlecht, Wiedergabe, Zahleinheit
from kennzahlen.models import Kennzahl, Messwert
from kennzahlen.queries.datenstand import read_vorrang
from kennzahlen.queries.formeln import add_months, month_end
from kennzahlen.queries.zahlen_im_text import Zahlstelle
from kennzahlen.queries.zitate.pruefung import Lesung, Schluessel, key_before, key_of, matches, read_wert, same_unit, write_lesung

MOST_KANDIDATEN = 3
MONTHS_SUGGESTED = 24
SMALLEST_SUGGESTED = 10  # smaller counts print like too many others


@dataclass(frozen=True)
class Kandidat:
    """One of our newest values that would be printed exactly like a figure of the text."""

    messwert: Messwert
    wiedergabe: Wiedergabe
    wert: str

    @property
    def schluessel(self) -> str:
        row = self.messwert
        return f"{row.kennzahl_id}_{row.geschlecht}_{row.von:%Y-%m-%d}_{row.bis:%Y-%m-%d}_{row.datenstand_id}_{self.wiedergabe}"

    @property
    def satz(self) -> str:
        row = self.messwert
        sex = "" if row.geschlecht == Geschlecht.INSGESAMT else f" ({row.get_geschlecht_display()})"
        what = "" if self.wiedergabe is Wiedergabe.WERT else f", {self.wiedergabe.label}"
        return f"{row.kennzahl.name}{sex}{what}, {typography.zeitraum(row.von, row.bis)}: {self.wert}"


def suggest(stellen: Sequence[Zahlstelle]) -> dict[str, tuple[Kandidat, ...]]:
    """For each figure up to three of our own newest published values that would print exactly like it. Four queries at most."""
    stellen = [one for one in stellen if one.einheit is not Zahleinheit.ANZAHL or abs(one.wert) >= SMALLEST_SUGGESTED]
    if not stellen:
        return {}
    rows = _own_rows()
    newest: dict[tuple[int, str], date] = {}
    for key in rows:
        newest[key[0], key[1]] = max(newest.get((key[0], key[1]), date.min), key[3])
    found: dict[str, list[Kandidat]] = {one.text: [] for one in stellen}
    for key, row in sorted(
        rows.items(), key=lambda item: (item[1].geschlecht != Geschlecht.INSGESAMT, -item[0][3].toordinal(), item[0][0])
    ):
        is_newest = row.bis == newest[key[0], key[1]]
        if row.geschlecht != Geschlecht.INSGESAMT and not is_newest:
            continue
        for wiedergabe in Wiedergabe if is_newest else (Wiedergabe.WERT,):
            if (wiedergabe is Wiedergabe.ZAEHLER and row.nenner is None) or not isinstance(
                lesung := read_wert(row, wiedergabe, rows.get(key_before(row))), Lesung
            ):
                continue
            for one in stellen:
                if same_unit(one, lesung) and matches(one, lesung, one.genauigkeit):
                    found[one.text].append(Kandidat(row, wiedergabe, write_lesung(lesung, one)))
    order = list(Wiedergabe)
    return {text: tuple(sorted(some, key=lambda one: order.index(one.wiedergabe))[:MOST_KANDIDATEN]) for text, some in found.items()}


def _own_rows() -> dict[Schluessel, Messwert]:
    """Our own values of the last two years that may be shown, each as the Datenstand says that counts most."""
    own = Messwert.objects.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    end = own.aggregate(end=Max("bis"))["end"]
    if end is None:
        return {}
    vorrang = read_vorrang()
    order = {pk: place for place, pk in enumerate(vorrang.ids)}
    begin = add_months(end.replace(day=1), -MONTHS_SUGGESTED)
    rows = list(own.filter(bis__gte=begin, datenstand__in=vorrang.ids).select_related("kennzahl"))
    best = {key_of(row): row for row in sorted(rows, key=lambda row: -order[row.datenstand_id])}
    return {key: row for key, row in best.items() if not row.gesperrt and not row.kennzeichen}


def find_messwert(kennzahl: Kennzahl, monat: date, geschlecht: str) -> Messwert | None:
    """Our own value of a month: of the month itself, or of a period that ends with it; as the Datenstand says that counts most."""
    vorrang = read_vorrang()
    rows = Messwert.objects.filter(
        jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer,
        kennzahl=kennzahl,
        bis=month_end(monat),
        geschlecht=geschlecht,
        datenstand__in=vorrang.ids,
    )
    return min(rows, key=lambda row: (-row.von.toordinal(), vorrang.ids.index(row.datenstand_id)), default=None)


def find_kandidat(schluessel: str) -> tuple[Messwert, Wiedergabe] | None:
    """The value behind a candidate's key out of a form; None where there is none."""
    parts = schluessel.split("_", 5)
    try:
        kennzahl, sex, von, bis, datenstand, wiedergabe = parts
        key = {"kennzahl": int(kennzahl), "geschlecht": Geschlecht(sex), "datenstand": int(datenstand)}
        days = {"von": date.fromisoformat(von), "bis": date.fromisoformat(bis)}
        kind = Wiedergabe(wiedergabe)
    except ValueError:
        return None
    own = {"jobcenter__traegernummer": settings.INSTANZ.jobcenter.traegernummer}
    row = Messwert.objects.filter(**key, **days, **own).first()
    return (row, kind) if row else None
