"""What the legal pages state: the authorities of the Land, and what the portal says about its own accessibility."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jobcenter.common import clock
from jobcenter.common.instanz import Mangel

LAENDER_TOML = Path(__file__).resolve().parents[1] / "daten" / "laender.toml"
VORLAUF = timedelta(days=30)  # how long before a check is due it becomes a task


@dataclass(frozen=True)
class Stelle:
    """An authority. What is not known for certain is empty."""

    name: str
    web: str
    anschrift: str = ""
    telefon: str = ""
    mail: str = ""


@dataclass(frozen=True)
class Land:
    """Whose law binds the Jobcenter's website, and who watches over it."""

    name: str
    im_land: str  # as prose needs it: "in Hessen", "im Saarland"
    recht: str
    frist: str  # after which time without an answer `durchsetzung` may be asked; empty where the Land says nothing
    durchsetzung: Stelle
    datenschutz: Stelle
    stand: date  # of these statements


@cache
def _laender() -> dict[str, Any]:
    return tomllib.loads(LAENDER_TOML.read_text(encoding="utf-8"))


def read_land(code: str | None = None) -> Land:
    """A Land by its code of ISO 3166-2; without one, that of this instance."""
    found = _laender()[code or settings.INSTANZ.jobcenter.land]
    return Land(
        name=found["name"],
        im_land=found["in"],
        recht=found["recht"],
        frist=found.get("frist", ""),
        durchsetzung=Stelle(**found["durchsetzung"]),
        datenschutz=Stelle(**found["datenschutz"]),
        stand=_laender()["stand"],
    )


# The three kinds of the model statement of Durchführungsbeschluss (EU) 2018/1523, in its order.
_MANGELARTEN = {
    "unvereinbar": "Noch nicht barrierefrei",
    "belastung": "Zurzeit eine unverhältnismäßige Belastung",
    "ausgenommen": "Von den Vorschriften ausgenommen",
}


def group_maengel() -> list[tuple[str, list[Mangel]]]:
    """What is not accessible, by kind; kinds without an entry are left out."""
    maengel = settings.INSTANZ.barrierefreiheit.mangel
    groups = [(titel, [mangel for mangel in maengel if mangel.art == art]) for art, titel in _MANGELARTEN.items()]
    return [(titel, found) for titel, found in groups if found]


@dataclass(frozen=True)
class Frist:
    """Something about the portal itself that has to be looked after by a day."""

    titel: str
    verb: str
    seite: str  # name of the page
    faellig_am: date
    ab: date  # from this day on it is a task

    @property
    def ist_ueberfaellig(self) -> bool:
        return self.faellig_am < clock.today()


def due_fristen() -> list[Frist]:
    """What has to be checked soon or should have been: the yearly statement, and the contact in security.txt."""
    instanz = settings.INSTANZ
    found = [
        ("Erklärung zur Barrierefreiheit", "Prüfen und neu datieren", "portal:barrierefreiheit", instanz.barrierefreiheit.faellig_am),
        ("Sicherheitskontakt (security.txt)", "Prüfen und neu datieren", "portal:security-txt", instanz.sicherheit.gueltig_bis),
    ]
    fristen = [Frist(titel, verb, seite, am, am - VORLAUF) for titel, verb, seite, am in found]
    return [frist for frist in fristen if frist.ab <= clock.today()]
