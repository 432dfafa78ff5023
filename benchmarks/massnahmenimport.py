"""10,000 measures from a workbook: read, checked and taken over, beside bare parsing of the same file with openpyxl.

The worker's part and the take-over run in a process of their own, so that their memory is measured; both sides in one run, in turns.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.bars import Bar

MEASURES = 10_000
ROUNDS = 3
JAHR = 2029


def measure() -> list[Bar]:
    with tempfile.TemporaryDirectory(prefix="jc-bench-") as name:
        path, reports = Path(name) / "massnahmen.xlsx", Path(name) / "meldungen.xlsx"
        write_measures(path)
        bare, ours, memory = [], [], []
        for number in range(ROUNDS):
            bare.append(_run("bare", str(path))["seconds"])
            mine = _run("massnahmen", str(path), str(JAHR + number))
            ours.append(mine["seconds"])
            memory.append(mine["peak"])
        write_reports(reports)
        bare_reports, mine = _run("bare", str(reports))["seconds"], _run("meldungen", str(reports), "0")
        print(f"      openpyxl {_list(bare)} s, import {_list(ours)} s")
        print(f"      {MEASURES:,} monthly reports: openpyxl {bare_reports:.1f} s, import {mine['seconds']:.1f} s, {mine['peak']:.0f} MiB")
        ratios = [one / raw for one, raw in zip(ours, bare, strict=True)]
        return [
            Bar(f"import of {MEASURES:,} measures ÷ bare parsing of the same XLSX", statistics.median(ratios), "×", at_most=3),
            Bar("import of measures: peak memory", max(memory), "MiB", at_most=300),
        ]


def write_measures(path: Path) -> None:
    """Every column of the template filled, money from two sources, two Zielgruppen."""
    from xlsxwriter import Workbook

    from massnahmen.imports.massnahmen import SPALTEN
    from massnahmen.models import Handlungsfeld, Instrument, Zielgruppe

    book = Workbook(str(path))
    day, sheet = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_worksheet("Maßnahmen")
    sheet.write_row(0, 0, [spalte.name for spalte in SPALTEN])
    instrumente = list(Instrument.objects.filter(gueltig_von=None, gueltig_bis=None).values_list("kurz", flat=True))
    felder = list(Handlungsfeld.objects.values_list("name", flat=True))
    gruppen = list(Zielgruppe.objects.values_list("name", flat=True))
    for number in range(MEASURES):
        werte = {
            "titel": f"Messung {number}", "beschreibung": f"Ein Kurs mit der Nummer {number}. " * 4,
            "instrument": instrumente[number % len(instrumente)], "handlungsfeld": felder[number % len(felder)],
            "zielgruppen": f"{gruppen[number % len(gruppen)]}; {gruppen[(number + 1) % len(gruppen)]}", "vergabestand": "Vergabe offen",
            "beginn": date(2028, 1, 1), "ende": date(2060, 12, 31), "plaetze": number % 40 + 1, "geplante_eintritte": number % 60 + 1,
            "kosten_egt": 1000 + number + 0.5, "kosten_kommune": 500 + number, "verpflichtung_cent": 100,
            "erfolgskriterium": "Jeder Zweite arbeitet danach.", "dauer_wochen": number % 50 + 1, "wochenstunden": 30, "jederzeit": "ja",
            "ort": "Musterburg", "zugang": "Rufen Sie an.", "ansprechstelle": f"Team {number % 9}", "telefon": "09999 100-0",
        }  # fmt: skip
        for column, spalte in enumerate(SPALTEN):
            if isinstance(value := werte.get(spalte.feld), date):
                sheet.write_datetime(number + 1, column, value, day)
            elif value not in {None, ""}:
                sheet.write(number + 1, column, value)
    book.close()


def write_reports(path: Path) -> None:
    """A report of last month from each of the measures that were imported, all running."""
    from xlsxwriter import Workbook

    from jobcenter.common import clock
    from massnahmen.enums import Massnahmestand, Vergabestand, Weg
    from massnahmen.imports.meldungen import SPALTEN
    from massnahmen.models import Massnahme

    rows = Massnahme.objects.filter(positionen__programm__jahr=JAHR)
    month = clock.months_later(clock.today().replace(day=1), -1)
    rows.update(beginn=date(2020, 1, 1), weg=Weg.EIGEN, stand=Massnahmestand.LAEUFT, vergabestand=Vergabestand.OHNE)
    book = Workbook(str(path))
    sheet = book.add_worksheet("Meldungen")
    sheet.write_row(0, 0, [spalte.name for spalte in SPALTEN])
    for number, pk in enumerate(rows.order_by("pk").values_list("pk", flat=True)[:MEASURES], start=1):
        sheet.write_row(number, 0, [pk, "", "", f"{month:%Y-%m}", 10, 4, 1, 3, 0, 1, 0, 0, 1, 1234.5])
    book.close()


def _run(*arguments: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.massnahmenimport", *arguments], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def _list(values: list[float]) -> str:
    return " ".join(f"{one:.1f}" for one in values)


def _parse_bare(path: Path) -> float:
    from openpyxl import load_workbook

    start = time.perf_counter()
    book = load_workbook(path, read_only=True)
    for _ in book.active.iter_rows(values_only=True):
        pass
    return time.perf_counter() - start


def _import(art: str, path: Path, jahr: int) -> float:
    from jobcenter.konten.enums import Rolle
    from jobcenter.konten.models import User
    from massnahmen import tasks
    from massnahmen.actions import open_programm
    from massnahmen.actions.importe import submit_import, take_over_import
    from massnahmen.enums import Importart
    from massnahmen.imports import pruefung as _warm  # noqa: F401  # a worker that runs for days has imported it

    by = User.objects.filter(rollen__contains=[Rolle.PLANUNG if art == "massnahmen" else Rolle.CONTROLLING]).first()
    programm = open_programm(jahr=jahr, by=by) if jahr else None
    with path.open("rb") as file:
        quelle = submit_import(art=Importart(art), datei=file, dateiname=path.name, dateiart="xlsx", programm=programm, by=by)
    start = time.perf_counter()
    tasks.check_import(import_id=quelle.pk)
    checked = time.perf_counter() - start
    quelle.refresh_from_db()
    assert quelle.zustand == "geprueft", (quelle.zustand, quelle.fehlerliste[:3], quelle.fehler)
    take_over_import(quelle=quelle, by=by)
    seconds = time.perf_counter() - start
    print(f"check {checked:.2f} s, take over {seconds - checked:.2f} s")
    if art == "massnahmen":  # the next round brings the same measures
        from massnahmen.models import Massnahme

        Massnahme.objects.filter(positionen__programm=programm).update(titel=f"Gemessen {jahr}")
    return seconds


def _work(what: str, path: str, jahr: str = "0") -> None:
    if what == "bare":
        seconds = _parse_bare(Path(path))
    else:
        import django

        django.setup()
        seconds = _import(what, Path(path), int(jahr))
    peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "peak": peak / 1024}))


if __name__ == "__main__":
    _work(*sys.argv[1:])
