from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jobcenter.demo.konten import table_of_accounts


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Zeigt, wer sich in der Vorführung mit welchem Passwort anmelden kann (nur mit DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO and (table := table_of_accounts()):
            self.stdout.write(table)
