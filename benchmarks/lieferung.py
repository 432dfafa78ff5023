"""A national delivery from the file to visible values, beside a raw COPY of the same lines into a bare table.

404 invented Jobcenter × 15 Kennzahlen × 3 sexes × 120 months are 2.18 million values. The worker's part runs in a process of
its own, so that its memory is measured; all ratios have both sides in one run, taken in turns.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.bars import Bar

JOBCENTER, MONTHS, TENTH = 404, 120, 12
FIRST = 99100  # Trägernummern of Jobcenter that nobody has, beside those of the demo
ROUNDS = 3
MUTATED = 10_000
HEADER = (
    "traegernummer;jobcenter;form;bundesland;vergleichstyp;berichtsmonat;kennzahl;geschlecht;zaehler;nenner;wert;kennzeichen;datenstand\n"
)


def measure() -> list[Bar]:
    with tempfile.TemporaryDirectory(prefix="jc-bench-") as name:
        folder = Path(name)
        whole, tenth = folder / "ganz.csv", folder / "zehntel.csv"
        rows, few = write_delivery(whole, MONTHS), write_delivery(tenth, TENTH)
        prepare()
        raw, ours, small, memory = [], [], [], []
        for round_ in range(ROUNDS):
            raw.append(copy_raw(whole))
            seconds, peak = deliver(whole, round_)
            ours.append(seconds)
            memory.append(peak)
            small.append(deliver(tenth, 10 + round_)[0])
        later = [deliver(tenth, 0, days_later=one)[0] / few for one in range(1, ROUNDS + 1)]
        pace = [seconds / rows for seconds in raw]
        ratios = [mine / bare for mine, bare in zip(ours, raw, strict=True)]
        print(f"      raw COPY {_list(raw)} s, delivery {_list(ours)} s, a tenth {_list(small)} s")
        print(f"      later tenths {_list([one * few for one in later])} s")
        return [
            Bar(f"delivery of {rows:,} values ÷ raw COPY of the same lines", statistics.median(ratios), "×", at_most=5),
            Bar("delivery: ten times the rows ÷ a tenth", statistics.median(ours) / statistics.median(small), "×", at_most=11),
            Bar(
                "later delivery into the full table, per row ÷ raw COPY", statistics.median(later) / statistics.median(pace), "×", at_most=5
            ),
            Bar("delivery: peak memory of the worker", max(memory), "MiB", at_most=200),
            _mutations(folder),
        ]


def write_delivery(path: Path, months: int, *, seed: int = 1) -> int:
    """Figures that pass every check: men and women add up, the Nenner stands beside its month before."""
    from kennzahlen.models import Kennzahl

    codes = list(Kennzahl.objects.exclude(art="eigene").order_by("code").values_list("code", flat=True))
    dice, rows = random.Random(seed), 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for index in range(months):
            jahr, monat = divmod(2016 * 12 + index + MONTHS - months, 12)
            for number in range(JOBCENTER):
                for code in codes:
                    people = int((500 + number * 25) * (1 + dice.random() / 8))
                    men = people // 2
                    for sex, count in (("I", people), ("M", men), ("F", people - men)):
                        file.write(
                            f"{FIRST + number};Fiktiv {number};zkT;;;{jahr}-{monat + 1:02d};{code};{sex};{count};{count * 4};;;2026-05-20\n"
                        )
                        rows += 1
    return rows


def prepare() -> None:
    """Jobcenter and groups: all, sixteen Länder, fifteen Vergleichstypen."""
    from jobcenter.konten.models import User
    from kennzahlen.actions import Jobcenterzeile, assign_zuordnungen, import_jobcenter
    from kennzahlen.enums import Traegerform
    from kennzahlen.models import Jobcenter

    if Jobcenter.objects.filter(traegernummer=f"{FIRST}").exists():
        return
    system = User.objects.system()
    numbers = [f"{FIRST + one}" for one in range(JOBCENTER)]
    import_jobcenter(zeilen=[Jobcenterzeile(one, Traegerform.ZUGELASSENER_TRAEGER, f"Fiktiv {one}") for one in numbers], by=system)
    zuordnungen = []
    for index, one in enumerate(numbers):
        codes = {"bund": "bench", "land": f"bench-{index % 16}", "typ": f"bench-{index % 15}"}
        zuordnungen += [{"traegernummer": one, "art": art, "code": code} for art, code in codes.items()]
    assign_zuordnungen(zuordnungen=zuordnungen, ab=date(2005, 1, 1), by=system)


def copy_raw(path: Path) -> float:
    """Seconds of COPY into an ordinary table without key, index or check, through the same driver."""
    from django.db import connection

    columns = HEADER.strip().split(";")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_roh")
        cursor.execute(f"CREATE TABLE bench_roh ({', '.join(f'{one} text' for one in columns)})")
        start = time.perf_counter()
        with cursor.copy("COPY bench_roh FROM STDIN (FORMAT csv, DELIMITER ';', HEADER true)") as copy, path.open("rb") as file:
            while block := file.read(1 << 20):
                copy.write(block)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_roh")
    return seconds


def deliver(path: Path, source: int, *, days_later: int = 0) -> tuple[float, float]:
    """Seconds from the upload to visible values, and the worker's peak memory in MiB. A source of its own for each number."""
    from jobcenter.common import clock
    from jobcenter.konten.enums import Rolle
    from jobcenter.konten.models import User
    from kennzahlen.actions import submit_lieferung, take_over_lieferung
    from kennzahlen.models import Quelle

    person = User.objects.filter(rollen__contains=[Rolle.CONTROLLING]).first()
    quelle, _ = Quelle.objects.get_or_create(
        herausgeber="Messung", titel=f"Quelle {source}", defaults={"art": "ba_endgueltig", "lizenz": "zitat"}
    )
    stand = clock.today() - timedelta(days=60 - days_later)
    if days_later:
        path = _changed(path, days_later)
    start = time.perf_counter()
    with path.open("rb") as file:
        lieferung = submit_lieferung(quelle=quelle, stand=stand, datei=file, dateiname=path.name, dateiart="csv", by=person)
    submitted = time.perf_counter() - start
    worker = json.loads(
        subprocess.run([sys.executable, "-m", "benchmarks.lieferung", str(lieferung.pk)], check=True, capture_output=True).stdout
    )
    lieferung.refresh_from_db()
    assert lieferung.zustand == "geprueft", (lieferung.zustand, lieferung.fehlerliste[:3], lieferung.fehler)
    start = time.perf_counter()
    take_over_lieferung(lieferung=lieferung, by=person)
    return submitted + worker["seconds"] + time.perf_counter() - start, worker["peak"]


def _changed(path: Path, days_later: int) -> Path:
    """The same figures with one of them corrected: what a later delivery of a source is."""
    copy = path.with_name(f"{days_later}-{path.name}")
    head, first, rest = path.read_text(encoding="utf-8").split("\n", 2)
    cells = first.split(";")
    cells[8] = str(int(cells[8]) + days_later)
    copy.write_text("\n".join([head, ";".join(cells), rest]), encoding="utf-8")
    return copy


def _mutations(folder: Path) -> Bar:
    """Damaged files: each is read, or refused with a sentence; anything else counts."""
    from jobcenter.common import clock
    from jobcenter.common.tabellendateien import TabellenFehler
    from kennzahlen.imports.lieferung import read_stammdaten
    from kennzahlen.imports.pruefung import Befund, StructureError, read_bloecke
    from kennzahlen.imports.tabellen import explain, open_tabelle
    from tests.kennzahlen.mutationen import mutate

    with (folder / "zehntel.csv").open("rb") as file:
        good = b"".join(file.readline() for _ in range(60))
    stamm, path, wrong = read_stammdaten(), folder / "kaputt.csv", 0
    assert stamm.heute == clock.today()
    for seed in range(MUTATED):
        path.write_bytes(mutate(good, seed))
        befund = Befund()
        try:
            for _ in read_bloecke(open_tabelle(path, "csv"), stamm, befund):
                pass
        except TabellenFehler as error:
            wrong += not error.fehler
        except StructureError:
            wrong += not explain(path, "csv")
        except Exception as error:
            print(f"      seed {seed}: {type(error).__name__}: {error}")
            wrong += 1
    return Bar(f"damaged files out of {MUTATED:,} that are neither read nor explained", wrong, "files", at_most=0)


def _list(values: list[float]) -> str:
    return " ".join(f"{one:.1f}" for one in values)


def _work(lieferung_id: int) -> None:
    """The worker's part, alone in its process."""
    import django

    django.setup()
    from kennzahlen import tasks
    from kennzahlen.imports import lieferung as _warm  # noqa: F401  # a worker that runs for days has imported it

    start = time.perf_counter()
    tasks.check_lieferung(lieferung_id=lieferung_id)
    seconds = time.perf_counter() - start
    peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "peak": peak / 1024}))


if __name__ == "__main__":
    _work(int(sys.argv[1]))
