"""Every change of figures."""

from kennzahlen.actions.berechnung import compute_kennzahlen
from kennzahlen.actions.diagramme import claim_diagramm, fail_diagramm, finish_diagramm, order_diagramme
from kennzahlen.actions.gruppen import sum_gruppen
from kennzahlen.actions.lieferung import (
    Pruefergebnis,
    claim_lieferung,
    discard_lieferung,
    fail_lieferung,
    finish_pruefung,
    note_lieferung,
    retry_lieferung,
    submit_lieferung,
    take_over_lieferung,
    withdraw_lieferung,
)
from kennzahlen.actions.messwerte import Messwertzeile, record_messwert, record_messwerte
from kennzahlen.actions.spaltenplan import keep_spaltenplan
from kennzahlen.actions.stammdaten import (
    Importergebnis,
    Jobcenterzeile,
    assign_zuordnungen,
    define_kennzahl,
    import_jobcenter,
    import_zuordnungen,
    merge_jobcenter,
    register_quelle,
)
from kennzahlen.actions.ziele import set_zielwert, update_zielwert, warn_ziele
from kennzahlen.actions.zitate import cite_messwert, remove_zitat

__all__ = [
    "Importergebnis",
    "Jobcenterzeile",
    "Messwertzeile",
    "Pruefergebnis",
    "assign_zuordnungen",
    "cite_messwert",
    "claim_diagramm",
    "claim_lieferung",
    "compute_kennzahlen",
    "define_kennzahl",
    "discard_lieferung",
    "fail_diagramm",
    "fail_lieferung",
    "finish_diagramm",
    "finish_pruefung",
    "import_jobcenter",
    "import_zuordnungen",
    "keep_spaltenplan",
    "merge_jobcenter",
    "note_lieferung",
    "order_diagramme",
    "record_messwert",
    "record_messwerte",
    "register_quelle",
    "remove_zitat",
    "retry_lieferung",
    "set_zielwert",
    "submit_lieferung",
    "sum_gruppen",
    "take_over_lieferung",
    "update_zielwert",
    "warn_ziele",
    "withdraw_lieferung",
]
