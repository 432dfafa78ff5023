"""A file of measures that somebody has uploaded and nobody has decided about yet."""

import csv
import io

from jobcenter.demo.konten import Personen
from massnahmen.actions.importe import submit_import
from massnahmen.enums import Importart
from massnahmen.models import Arbeitsmarktprogramm, Import
from massnahmen.tasks import check_import

KOPF = (
    "Titel",
    "Beschreibung",
    "Instrument",
    "Zielgruppen",
    "Handlungsfeld",
    "Beginn",
    "Ende",
    "Plätze",
    "Geplante Eintritte",
    "Kosten EGT",
)
ZEILEN = (
    ("Fahrrad-Werkstatt", "In der Werkstatt richten Sie alte Räder her.", "16d", "langzeit", "langzeit", 10, 18, "84.500,00 €"),
    ("Büro am Vormittag", "Büroarbeit, während die Kinder in der Kita sind.", "mat", "alleinerziehende", "erziehende", 14, 28, "126000"),
    ("Lernen im Betrieb", "Ein Betrieb zeigt Ihnen den Beruf.", "mag", "u25; geringqualifizierte", "jugend", 20, 60, "30.000,50 €"),
)  # fmt: skip


def seed_importe(programm: Arbeitsmarktprogramm, personen: Personen) -> Import:
    """Checked, and waiting among the tasks of the planners."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(KOPF)
    for titel, beschreibung, instrument, gruppen, feld, *zahlen in ZEILEN:
        writer.writerow([titel, beschreibung, instrument, gruppen, feld, f"01.02.{programm.jahr}", f"31.12.{programm.jahr}", *zahlen])
    datei = io.BytesIO(text.getvalue().encode("cp1252"))  # as an older spreadsheet program saves it
    quelle = submit_import(
        art=Importart.MASSNAHMEN, datei=datei, dateiname="nachmeldungen.csv", dateiart="csv", programm=programm, by=personen["planung"]
    )
    check_import(import_id=quelle.pk)
    return quelle
