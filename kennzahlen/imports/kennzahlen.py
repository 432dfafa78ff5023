"""Master data of the product, shipped as files: the Kennzahlen of the law, and the monthly counts that they are computed from."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from kennzahlen.enums import Einheit, Kennzahlart, Richtung, Zeitbezug
from kennzahlen.imports.jobcenter import DATEN
from kennzahlen.models import Kennzahl
from kennzahlen.queries.formeln import NENNER_TEILER

KENNZAHLEN = DATEN / "kennzahlen.csv"  # § 48a SGB II and §§ 4 to 6 of its Verordnung
GRUNDGROESSEN = DATEN / "grundgroessen.csv"  # one row for each Grundgroesse


@transaction.atomic
def load_kennzahlen() -> None:
    """Add them with their definitions, or bring them up to date by code."""
    for row in (*_read(KENNZAHLEN), *_read(GRUNDGROESSEN)):
        code = row.pop("code")
        fields = row | {
            "art": Kennzahlart(row["art"]),
            "einheit": Einheit(row["einheit"]),
            "richtung": Richtung(row["richtung"]),
            "zeitbezug": Zeitbezug(row.get("zeitbezug", Zeitbezug.BESTAND)),
            "nenner_teiler": NENNER_TEILER.get(code, 1),
        }
        stored, created = Kennzahl.objects.get_or_create(code=code, defaults=fields)
        if not created and any(getattr(stored, name) != value for name, value in fields.items()):
            Kennzahl.objects.filter(pk=stored.pk).update(**fields)


def _read(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")
