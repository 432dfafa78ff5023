from typing import Any

from django.core.management.base import BaseCommand

from kennzahlen.imports import load_kennzahlen
from massnahmen.imports import load_stammdaten


class Command(BaseCommand):
    help = "Lädt Kennzahlen, Instrumente und Zielgruppen oder bringt sie auf den mitgelieferten Stand."

    def handle(self, *args: Any, **options: Any) -> None:
        load_kennzahlen()
        load_stammdaten()
