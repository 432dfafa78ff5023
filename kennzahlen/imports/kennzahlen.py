"""Master data of the product, shipped as a file: the Kennzahlen of the law with their definitions."""

import csv

from django.db import transaction

from kennzahlen.enums import Einheit, Kennzahlart, Richtung
from kennzahlen.imports.jobcenter import DATEN
from kennzahlen.models import Kennzahl
from kennzahlen.queries.formeln import NENNER_TEILER

KENNZAHLEN = DATEN / "kennzahlen.csv"  # § 48a SGB II and §§ 4 to 6 of its Verordnung


@transaction.atomic
def load_kennzahlen() -> None:
    """Master data of the product: the Kennzahlen of the law with their definitions, added or brought up to date by code."""
    with KENNZAHLEN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            fields = {
                "name": row["name"],
                "art": Kennzahlart(row["art"]),
                "einheit": Einheit(row["einheit"]),
                "richtung": Richtung(row["richtung"]),
                "definition": row["definition"],
                "frage": row["frage"],
                "zaehler_name": row["zaehler_name"],
                "nenner_name": row["nenner_name"],
                "nenner_teiler": NENNER_TEILER[row["code"]],
            }
            stored, created = Kennzahl.objects.get_or_create(code=row["code"], defaults=fields)
            if not created and any(getattr(stored, name) != value for name, value in fields.items()):
                Kennzahl.objects.filter(pk=stored.pk).update(**fields)
