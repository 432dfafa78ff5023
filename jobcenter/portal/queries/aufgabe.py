"""One thing that is due for one person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Aufgabe:
    """Something due for one person. The verb is what the page behind `url` offers."""

    titel: str
    verb: str
    url: str
    seit: datetime
    satz: str
    wort: str
    art: str = "info"
