from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jobcenter.demo.vorfuehrung import seed_demo


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Legt die Vorführdaten an, wenn die Datenbank noch leer ist (nur mit DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self.stdout.write("DEMO ist ausgeschaltet: Es werden keine Vorführdaten angelegt.")
            return
        for step in seed_demo():
            self.stdout.write(f"  {step} …")
