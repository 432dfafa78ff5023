"""What comes in from files: master data of the product, and tables of the house."""

from massnahmen.imports.stammdaten import load_stammdaten
from massnahmen.imports.vorlagen import list_spalten, write_vorlage_csv, write_vorlage_xlsx

__all__ = ["list_spalten", "load_stammdaten", "write_vorlage_csv", "write_vorlage_xlsx"]
