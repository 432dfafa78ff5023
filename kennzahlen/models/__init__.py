"""What is measured: whose figure, of what, for when, from whom and as of which day."""

from kennzahlen.models.diagramm import Diagramm
from kennzahlen.models.lieferung import Datenlieferung, Spaltenplan
from kennzahlen.models.messwert import Gruppensumme, Messwert, rate
from kennzahlen.models.stammdaten import (
    Datenstand,
    Jobcenter,
    Kennzahl,
    Quelle,
    Vergleichsgruppe,
    Zugehoerigkeit,
    month_bounds,
)
from kennzahlen.models.ziel import Zielwarnung, Zielwert
from kennzahlen.models.zitat import Zitat

__all__ = [
    "Datenlieferung",
    "Datenstand",
    "Diagramm",
    "Gruppensumme",
    "Jobcenter",
    "Kennzahl",
    "Messwert",
    "Quelle",
    "Spaltenplan",
    "Vergleichsgruppe",
    "Zielwarnung",
    "Zielwert",
    "Zitat",
    "Zugehoerigkeit",
    "month_bounds",
    "rate",
]
