"""Reading figures: as people read them, as they compare, and as they may be shown."""

from kennzahlen.queries.uebersicht import check_monthly_mean, read_uebersicht
from kennzahlen.queries.woerter import change_in_words, format_wert

__all__ = ["change_in_words", "check_monthly_mean", "format_wert", "read_uebersicht"]
