"""Press releases of the demo: written by one person, read and released by another, numbered in the order of their days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from jobcenter.demo.kalender import SATURDAY, Kalender, at, load, moment, typeset
from jobcenter.demo.kennzahlen import satzteile
from jobcenter.demo.konten import Personen
from jobcenter.demo.programm import FIRST, plan_in_words
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release, update_pressemitteilung
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Fassung

TEXTS = ("titel", "vorspann", "text")
READERS = {"presse": "presse2", "presse2": "presse"}


def seed_pressemitteilungen(fassung: Fassung, kalender: Kalender, personen: Personen) -> None:
    """Twelve releases of fourteen months, the last of them under embargo; then one that waits for its second reader, and a draft."""
    data = load("presse")
    day = kalender.sitzung_20 + timedelta(days=8)
    releases: list[tuple[date, Callable[[], None]]] = [(day, lambda: _release_programm(fassung, day, kalender, personen))]
    for number, row in enumerate(data["mitteilungen"]):
        releases.append((when := _day(row["wann"], kalender), _releasing(row, when, number, kalender, personen)))
    for _, release in sorted(releases, key=lambda pair: pair[0]):
        release()
    waiting = kalender.before_start(data["wartend"]["tage"])
    with at(moment(waiting, 16)):
        draft = create_pressemitteilung(**_texts(data["wartend"]), by=personen["presse"])
        request_release(pressemitteilung=draft, version=draft.version, by=personen["presse"])
    with at(moment(kalender.before_start(data["entwurf"]["tage"]), 11, 20)):
        create_pressemitteilung(**_texts(data["entwurf"]), by=personen["presse2"])


def _day(wann: dict[str, Any], kalender: Kalender) -> date:
    if "am" in wann:
        return kalender.last_time(wann["am"])
    return kalender.sitzung_21 + timedelta(days=2) if "anlass" in wann else kalender.before_start(wann["tage"])


def _texts(row: dict[str, Any], **values: object) -> dict[str, str]:
    return {name: typeset(row[name], **values) for name in TEXTS}


def _releasing(row: dict[str, Any], day: date, number: int, kalender: Kalender, personen: Personen) -> Callable[[], None]:
    """The two persons of the press office take turns."""
    writer = "presse2" if number % 3 == 1 else "presse"
    sperrfrist = _embargo(kalender, row["wann"]["sperrfrist"]) if "sperrfrist" in row["wann"] else None

    def release() -> None:
        with at(moment(day, 9, 15)):
            texts = _texts(row, **satzteile(kalender, day))
            draft = create_pressemitteilung(**texts, sperrfrist=sperrfrist, by=personen[writer])
            draft = request_release(pressemitteilung=draft, version=draft.version, by=personen[writer])
        with at(moment(day, 11)):
            release_pressemitteilung(pressemitteilung=draft, version=draft.version, by=personen[READERS[writer]])

    return release


def _embargo(kalender: Kalender, days: int) -> datetime:
    """Some days ahead, not at a weekend."""
    day = kalender.heute + timedelta(days=days)
    return moment(day + timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0), 10)


def _release_programm(fassung: Fassung, day: date, kalender: Kalender, personen: Personen) -> None:
    """The draft that the programme's publication prepared, rewritten; released by the Leitung."""
    texts = _texts(load("presse")["programm"], jahr=kalender.jahr, **plan_in_words(FIRST))
    with at(moment(day, 10)):
        draft = Pressemitteilung.objects.get(fassung=fassung)
        draft = update_pressemitteilung(pressemitteilung=draft, version=draft.version, **texts, by=personen["presse"])
        draft = request_release(pressemitteilung=draft, version=draft.version, by=personen["presse"])
    with at(moment(day, 15, 30)):
        release_pressemitteilung(pressemitteilung=draft, version=draft.version, by=personen["leitung"])
