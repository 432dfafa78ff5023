"""What lists on pages are made of: tasks with their state, and answers to be checked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schritt:
    """A row of components/aufgabenliste.html. Without `url` it is no link: done by somebody else, or not possible yet."""

    titel: str
    stand: str
    art: str = "neutral"  # info, success, warning, danger, neutral
    url: str = ""
    satz: str = ""
    nummer: int | None = None

    @property
    def ist_moeglich(self) -> bool:
        return self.stand != NOCH_NICHT


NOCH_NICHT = "noch nicht möglich"


@dataclass(frozen=True)
class Antwort:
    """A line of components/pruefen.html; an empty `wert` reads „Nicht angegeben“."""

    wort: str
    wert: str
