"""A file of measures, a budget or monthly reports: handed in, checked by the worker, taken over as a whole, and undone."""

from massnahmen.actions.importe.ablauf import (
    claim_import,
    discard_import,
    fail_import,
    finish_import,
    note_import,
    recheck_import,
    retry_import,
    submit_import,
    take_over_import,
    undo_import,
)
from massnahmen.actions.importe.ergebnis import Geworden, Importergebnis, Importwerte, massnahme_key

__all__ = [
    "Geworden",
    "Importergebnis",
    "Importwerte",
    "claim_import",
    "discard_import",
    "fail_import",
    "finish_import",
    "massnahme_key",
    "note_import",
    "recheck_import",
    "retry_import",
    "submit_import",
    "take_over_import",
    "undo_import",
]
