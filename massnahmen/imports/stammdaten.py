"""Master data of the product, shipped as files: what the law knows from when to when, whom measures are for, where they set to work."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction

from massnahmen.enums import Fachbereich, Instrumentgruppe
from massnahmen.models import Handlungsfeld, Instrument, Rechtsbegriff, Wertgrenze, Zielgruppe

DATEN = Path(__file__).resolve().parent.parent / "daten"


@transaction.atomic
def load_stammdaten() -> None:
    """Add instruments, Zielgruppen, Handlungsfelder, terms of the law and Wertgrenzen, or bring them up to date by their code.

    A second time writes nothing.

    What a file no longer names stays: measures hang on it.
    """
    for row in _rows("instrumente.csv"):
        _keep(
            Instrument.objects.filter(kurz=row["kurz"]),
            kurz=row["kurz"],
            name=row["name"],
            praxisname=row["praxisname"],
            klartext=row["klartext"],
            finanzquelle=row["finanzquelle"],
            paragraph=row["paragraph"],
            gruppe=Instrumentgruppe(row["gruppe"]),
            gueltig_von=_day(row["gueltig_von"]),
            gueltig_bis=_day(row["gueltig_bis"]),
            fachbereich=Fachbereich(int(row["fachbereich"])) if row["fachbereich"] else None,
            zaehlt_als_integration=_yes(row["integration"]),
            zaehlt_als_aktivierung=_yes(row["aktivierung"]),
        )
    for row in _rows("zielgruppen.csv"):
        _keep(Zielgruppe.objects.filter(code=row["code"]), **row)
    for row in _rows("handlungsfelder.csv"):
        _keep(Handlungsfeld.objects.filter(code=row["code"]), **row | {"reihenfolge": int(row["reihenfolge"])})
    for row in _rows("rechtsbegriffe.csv"):
        days = {name: _day(row[name]) for name in ("gueltig_von", "gueltig_bis")}
        _keep(Rechtsbegriff.objects.filter(wort=row["wort"]), **row | days)
    for row in _rows("wertgrenzen.csv"):
        days = {name: _day(row[name]) for name in ("gueltig_von", "gueltig_bis")}
        key = {name: row[name] for name in ("vergabeart", "leistungsart")} | {"gueltig_von": days["gueltig_von"]}
        _keep(Wertgrenze.objects.filter(**key), **row | days | {"bis_cent": int(row["bis_cent"])})


def _rows(name: str) -> list[dict[str, str]]:
    with (DATEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def _keep(stored: models.QuerySet, **fields: Any) -> None:
    row = stored.first()
    if row is None:
        stored.model._default_manager.create(**fields)
    elif any(getattr(row, name) != value for name, value in fields.items()):
        stored.update(**fields)


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d.%m.%Y").date() if text else None  # noqa: DTZ007 - a calendar day has no zone


def _yes(text: str) -> bool:
    return {"ja": True, "nein": False}[text]
