"""How far a programme is: its steps with who did what when, and what comes next for the person who looks."""

from massnahmen.views.schritte.liste import list_antworten, list_schritte
from massnahmen.views.schritte.weg import Weg
from massnahmen.views.schritte.weiter import find_weiter

__all__ = ["Weg", "find_weiter", "list_antworten", "list_schritte"]
