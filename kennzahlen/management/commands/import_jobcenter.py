from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobcenter.konten.models import User
from kennzahlen.actions import import_jobcenter
from kennzahlen.imports import JOBCENTER_2026, parse_jobcenter


class Command(BaseCommand):
    help = "Liest die Liste der Jobcenter ein: alle Zeilen oder keine. Ohne Angabe die mitgelieferte von 2026."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("datei", nargs="?", type=Path, default=JOBCENTER_2026)

    def handle(self, *args: Any, datei: Path, **options: Any) -> None:
        try:
            content = datei.read_bytes()
        except OSError as error:
            raise CommandError(f"{datei} ist nicht lesbar: {error.strerror}") from None
        gelesen = parse_jobcenter(content)
        if gelesen.fehler:
            raise CommandError("\n".join([*gelesen.fehler, "Es wurde nichts übernommen."]))
        ergebnis = import_jobcenter(zeilen=gelesen.zeilen, by=User.objects.system())
        self.stdout.write(f"{ergebnis.neu} neu, {ergebnis.geaendert} geändert, {ergebnis.unveraendert} unverändert.")
