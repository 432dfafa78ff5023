"""Templates to fill in: the columns that are understood, one example, and a sheet that explains them."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from jobcenter.common.export import guard
from jobcenter.common.typography import zahl
from massnahmen.enums import Importart, Vergabestand
from massnahmen.imports.lesen import ERKLAERUNG, MOST_ZEILEN
from massnahmen.imports.pruefung import ARTEN
from massnahmen.imports.spalten import Spalte
from massnahmen.models import Handlungsfeld, Instrument, Massnahme, Zielgruppe

BLATT = {Importart.MASSNAHMEN: "Maßnahmen", Importart.BUDGET: "Budget", Importart.MELDUNGEN: "Monatsmeldungen"}


def write_vorlage_csv(art: Importart, jahr: int) -> bytes:
    """UTF-8 with BOM and semicolons: opens in a German Excel by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    spalten = _spalten(art)
    writer.writerow([spalte.name for spalte in spalten])
    writer.writerow([_as_text(value) for value in _example(art, spalten, jahr)])
    return ("\ufeff" + text.getvalue()).encode()


def write_vorlage_xlsx(art: Importart, jahr: int) -> bytes:
    """The columns with an example, and beside them what each may hold."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # not in the memory of every web process

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    top, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd.mm.yyyy"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet, spalten = book.add_worksheet(BLATT[art]), _spalten(art)
    for column, (spalte, value) in enumerate(zip(spalten, _example(art, spalten, jahr), strict=True)):
        sheet.write_string(0, column, spalte.name, top)
        sheet.set_column(column, column, max(len(spalte.name) + 3, 14), money if _is_money(spalte) else None)
        if isinstance(value, date):
            sheet.write_datetime(1, column, value, day)
        elif isinstance(value, int | float):
            sheet.write_number(1, column, value, money if _is_money(spalte) else None)
        elif value:
            sheet.write_string(1, column, value)
    sheet.freeze_panes(1, 0)
    _explain(book.add_worksheet(ERKLAERUNG), art, spalten, top)
    book.close()
    return buffer.getvalue()


def list_spalten(art: Importart) -> list[Spalte]:
    """What the page about a kind of file explains."""
    return _spalten(art)


def _spalten(art: Importart) -> list[Spalte]:
    return list(ARTEN[art][0])


def _explain(sheet: Any, art: Importart, spalten: Sequence[Spalte], top: Any) -> None:
    lines = [["Spalte", "Nötig", "Was darin steht", "Auch möglich als Name der Spalte"]]
    lines += [[one.name, "ja" if one.pflicht else "nein", one.hilfe, ", ".join(one.auch)] for one in spalten]
    lines += [[], [f"Höchstens {zahl(MOST_ZEILEN)} Zeilen. Keine Formeln, keine Summenzeile. Löschen Sie die Zeile mit dem Beispiel."]]
    for titel, words in _allowed(art):
        lines += [[], [titel], *words]
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell, top if number == 0 or len(line) == 1 else None)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 3, 60)


def _allowed(art: Importart) -> list[tuple[str, list[list[str]]]]:
    """Words that master data allow, as they are now."""
    if art == Importart.MELDUNGEN:
        return []
    instrumente = [[row.kurz, "", row.name, f"{row.praxisname}, {row.paragraph}".strip(", ")] for row in Instrument.objects.all()]
    if art == Importart.BUDGET:
        return [("Instrumente (Kürzel)", instrumente)]
    return [
        ("Vergabe", [[wort] for wort in Vergabestand.labels]),
        ("Instrumente (Kürzel)", instrumente),
        ("Zielgruppen (Kürzel)", [[row.code, "", row.name] for row in Zielgruppe.objects.all()]),
        ("Handlungsfelder (Kürzel)", [[row.code, "", row.name] for row in Handlungsfeld.objects.all()]),
    ]


def _example(art: Importart, spalten: Sequence[Spalte], jahr: int) -> list[Any]:
    """One line that the portal takes as it is, with master data that exist."""
    days = {"beginn": date(jahr, 1, 1), "ende": date(jahr, 12, 31), "monat": date(jahr, 1, 1)}
    found: dict[str, Any] = {
        one.feld: days.get(one.beispiel, one.beispiel) if isinstance(one.beispiel, str) else one.beispiel for one in spalten
    }
    if art == Importart.MELDUNGEN:
        from massnahmen.queries.meldungen import MELDBAR  # noqa: PLC0415

        row = Massnahme.objects.filter(stand__in=MELDBAR, beginn__isnull=False).order_by("-beginn", "pk").first()
        found |= {"nummer": row.pk if row else None, "massnahme": row.titel if row else "Titel der Maßnahme"}
        if row and row.beginn:
            found["monat"] = row.beginn.replace(day=1)
        return [found[one.feld] for one in spalten]
    for feld, model, key in (("instrument", Instrument, "kurz"), ("handlungsfeld", Handlungsfeld, "code")):
        if feld in found and not model.objects.filter(**{key: found[feld]}).exists():
            found[feld] = model.objects.values_list(key, flat=True).first()
    if "zielgruppen" in found:
        found["zielgruppen"] = "; ".join(Zielgruppe.objects.order_by("pk").values_list("code", flat=True)[:2])
    return [found[one.feld] for one in spalten]


def _is_money(spalte: Spalte) -> bool:
    return spalte.feld.startswith(("kosten_", "monat_")) or spalte.feld.endswith("_cent")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else guard(str(value))
