"""Reading with the whole country loaded: the service calls of a ranking and of ten years beside their bare SQL.

Bare SQL are the very statements that the call sends, through the same driver, every row fetched and nothing made of it.
Before the country comes, the same calls run over about a hundredth of its values.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bars import Bar
from benchmarks.lieferung import FIRST, HEADER, JOBCENTER, MONTHS, deliver, prepare, write_delivery

CALLS = 60
NEWEST = date(2025, 12, 31)


def measure() -> list[Bar]:
    from django.db import connection

    from jobcenter.konten.models import User
    from kennzahlen.actions import sum_gruppen, withdraw_lieferung
    from kennzahlen.models import Datenlieferung, Datenstand, Jobcenter, Kennzahl
    from kennzahlen.queries.rangliste import read_rangliste
    from kennzahlen.queries.reihe import read_vergleichsreihen

    prepare()
    with TemporaryDirectory(prefix="jc-bench-") as folder:
        hundredth, whole = Path(folder) / "hundertstel.csv", Path(folder) / "ganz.csv"
        few, rows = _write_hundredth(hundredth), write_delivery(whole, MONTHS, seed=2)
        kennzahl, jobcenter = Kennzahl.objects.get(code="K2"), Jobcenter.objects.get(traegernummer=f"{FIRST}")
        calls: dict[str, Callable[[], Any]] = {
            "ranking of 404": lambda: read_rangliste(kennzahl, bis=NEWEST),
            "ten years with groups": lambda: read_vergleichsreihen(kennzahl, jobcenter, bis=NEWEST),
        }
        others = list(Datenlieferung.objects.filter(zustand="uebernommen"))
        for lieferung in others:  # of the benchmark before: out of sight
            withdraw_lieferung(lieferung=lieferung, grund="Messung", by=lieferung.eingereicht_von)
        before = {}
        for path, source in ((hundredth, 50), (whole, 51)):
            deliver(path, source)
            sum_gruppen(datenstand=Datenstand.objects.get(quelle__titel=f"Quelle {source}"), by=User.objects.system())
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE kennzahlen_gruppensumme")
            if path == hundredth:
                before = {name: statistics.median(_seconds(call) for _ in range(CALLS)) for name, call in calls.items()}
                lieferung = Datenlieferung.objects.get(datenstand__quelle__titel="Quelle 50")
                withdraw_lieferung(lieferung=lieferung, grund="Messung", by=lieferung.eingereicht_von)
        bars = []
        for name, call in calls.items():
            bare = _bare(call)
            pairs = [(_seconds(call), _seconds(bare)) for _ in range(CALLS)]
            service, sql = statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
            times = f"service {service * 1000:.2f} ms, SQL {sql * 1000:.2f} ms"
            print(f"      {name}: {times}, over {few:,} values {before[name] * 1000:.2f} ms")
            bars.append(Bar(f"{name} out of {rows:,} values ÷ its bare SQL", service / sql, "×", at_most=1.5))
            bars.append(Bar(f"{name}: {rows:,} values ÷ {few:,}", service / before[name], "×", at_most=1.5))
        return bars


def _write_hundredth(path: Path) -> int:
    """What the two calls read, and little else: the last month of all, and ten years of thirty Jobcenter."""
    keep_month, keep_houses = "2025-12", {f"{FIRST + one}" for one in range(30)}
    rows = 0
    with TemporaryDirectory() as folder, path.open("w", encoding="utf-8") as out:
        source = Path(folder) / "alle.csv"
        write_delivery(source, MONTHS, seed=3)
        out.write(HEADER)
        with source.open(encoding="utf-8") as file:
            for line in file:
                cells = line.split(";")
                if cells[6] == "K2" and (cells[5] == keep_month or cells[0] in keep_houses):
                    out.write(line)
                    rows += 1
    assert rows < JOBCENTER * MONTHS * 45 // 90
    return rows


def _bare(call: Callable[[], Any]) -> Callable[[], None]:
    """The statements of a call, ready to be sent again without anything around them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    statements = [query["sql"] for query in captured.captured_queries]
    driver = connection.connection

    def run() -> None:
        with driver.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement).fetchall()

    return run


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
