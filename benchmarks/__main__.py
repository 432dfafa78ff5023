"""Measures the portal: ratios of one run and memory, each against its bar. `make bench`, `make bench ARGS=bericht`.

Machines are noisy, so no seconds are compared between runs: every ratio has both of its sides in the same process or
against the same servers, taken in turns.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from jobcenter.demo.embedded import embedded_servers


def main(chosen: list[str]) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jc-bench-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # PostgreSQL runs as another user when this runs as root
        servers = stack.enter_context(embedded_servers())
        os.environ |= {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "JOBCENTER_VAR": str(folder / "var"),
            "STATIC_ROOT": str(folder / "static"),
            "DJANGO_SETTINGS_MODULE": "jobcenter.settings",
            "DEMO": "1",
        }
        _fill_database()
        from benchmarks import bericht, controlling, lieferung, massnahmen, massnahmenimport, programm, seiten, vergleich, web

        benchmarks = {"seiten": seiten.measure, "bericht": bericht.measure, "web": web.measure}
        benchmarks |= {"lieferung": lieferung.measure, "vergleich": vergleich.measure, "programm": programm.measure}
        benchmarks |= {"massnahmen": massnahmen.measure, "controlling": controlling.measure, "massnahmenimport": massnahmenimport.measure}
        bars = [bar for name, measure in benchmarks.items() if not chosen or name in chosen for bar in measure()]
    for bar in bars:
        print(f"{'ok  ' if bar.holds else 'MISS'}  {bar.name:<62} {bar.value:8.2f} {bar.unit}  (bar {bar.limit})")
    return 0 if all(bar.holds for bar in bars) else 1


def _fill_database() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("demo_daten")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
