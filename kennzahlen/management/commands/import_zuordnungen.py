from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.actions import import_zuordnungen
from kennzahlen.imports import parse_zuordnungen


class Command(BaseCommand):
    help = "Liest ein, zu welchem Land und Vergleichstyp die Jobcenter gehören: alle Zeilen oder keine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("datei", type=Path, help="CSV: traegernummer;art;code;name;gueltig_ab")

    def handle(self, *args: Any, datei: Path, **options: Any) -> None:
        try:
            content = datei.read_bytes()
        except OSError as error:
            raise CommandError(f"{datei} ist nicht lesbar: {error.strerror}") from None
        gelesen = parse_zuordnungen(content)
        if gelesen.fehler:
            raise CommandError("\n".join([*gelesen.fehler, "Es wurde nichts übernommen."]))
        try:
            changed = import_zuordnungen(zeilen=gelesen.zeilen, by=User.objects.system())
        except TransitionError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{changed} geändert, {len(gelesen.zeilen) - changed} unverändert.")
