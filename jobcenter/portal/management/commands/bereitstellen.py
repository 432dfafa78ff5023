"""The steps between two versions: what has to be done before the first request meets the new code."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.http import HttpRequest

from jobcenter.common.fehler import render_fehler

STOERUNGSSEITEN = [413, 429, 503]  # what deploy/nginx.conf answers by itself

# django-pgtrigger lets every session switch its triggers off by a variable, for the sake of tests and data repairs.
# In production nobody does: the question is always answered with no, and only the owner of the tables may change that.
_NAIL_TRIGGERS = """
    CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$ SELECT FALSE $$ LANGUAGE SQL IMMUTABLE
"""


class Command(BaseCommand):
    help = "Bringt die Datenbank auf den Stand des Programms, zieht ihren Schutz fest und legt dem Proxy seine Dateien hin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ordner", nargs="?", type=Path, help="Ordner, aus dem der Proxy statische Dateien und Störungsseiten nimmt")

    def handle(self, *args: Any, ordner: Path | None, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        with connection.cursor() as cursor:
            cursor.execute(_NAIL_TRIGGERS)
        call_command("stammdaten", stdout=self.stdout)
        if ordner:
            lay_out(ordner)
        self.stdout.write("Bereit.")


def lay_out(ordner: Path) -> None:
    """Pages for when the portal does not answer, and all static files; those of earlier versions stay."""
    shutil.copytree(settings.STATIC_ROOT, ordner / "static", dirs_exist_ok=True, copy_function=shutil.copyfile)
    nobody = HttpRequest()
    nobody.method, nobody.path = "GET", "/"
    for status in STOERUNGSSEITEN:
        draft = ordner / f"{status}.html.neu"
        draft.write_bytes(render_fehler(nobody, status).content)
        draft.replace(ordner / f"{status}.html")
