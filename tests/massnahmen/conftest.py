"""More rows, and what a browser would send back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from massnahmen.actions import (
    add_position,
    answer_stellungnahme,
    begin_abstimmung,
    begin_beteiligung,
    open_programm,
    publish_programm,
    record_beratung,
    write_stellungnahme,
)
from massnahmen.enums import Beratungsergebnis, Umgang
from massnahmen.models import Arbeitsmarktprogramm, Beratung, Fassung, Programmposition, Veroeffentlichung


@pytest.fixture
def plan(angaben, planung) -> Callable[..., list[Programmposition]]:
    """Plan n measures in a programme: plan(programm, 3, plaetze=5)."""

    def make(programm: Arbeitsmarktprogramm, anzahl: int, **fields: Any) -> list[Programmposition]:
        start = programm.positionen.count()
        return [
            add_position(programm=programm, angaben=replace(angaben, **{"titel": f"Maßnahme {start + n + 1}"} | fields), by=planung)
            for n in range(anzahl)
        ]

    return make


@pytest.fixture
def advise(vorsitz) -> Callable[..., Beratung]:
    """Write down the Beirat's advice without playing a session: advise(fassung, nein=2)."""

    def make(fassung, *, ja: int = 9, nein: int = 0, enthaltung: int = 0) -> Beratung:
        ergebnis = Beratungsergebnis.ZUGESTIMMT if ja > nein else Beratungsergebnis.ABGELEHNT
        counts = {"ja": ja, "nein": nein, "enthaltung": enthaltung}
        begin_abstimmung(fassung=fassung, by=vorsitz.konto)
        return record_beratung(fassung=fassung, ergebnis=ergebnis, beschluss="Beschluss 03/2026, 22. Sitzung", by=vorsitz.konto, **counts)

    return make


@pytest.fixture
def bca(person) -> User:
    return person("Berta Gleich", Rolle.BCA)


@pytest.fixture
def hear_bca(bca, planung, leitung) -> Callable[..., Fassung]:
    """Freeze a draft for the BCA and let her speak; the Leitung answers her: hear_bca(programm, antwort="Gut.")."""

    def make(programm: Arbeitsmarktprogramm, *, text: str = "Mehr Plätze für Alleinerziehende.", antwort: str = "Das tun wir.") -> Fassung:
        fassung = begin_beteiligung(programm=programm, by=planung)
        stellungnahme = write_stellungnahme(fassung=fassung, text=text, by=bca)
        if antwort:
            answer_stellungnahme(stellungnahme=stellungnahme, umgang=Umgang.TEILWEISE, begruendung=antwort, by=leitung)
        programm.refresh_from_db()
        return fassung

    return make


@pytest.fixture
def make_public(plan, planung, leitung, advise, submit, decide) -> Callable[..., Veroeffentlichung]:
    """Bring a year's programme the whole way: make_public(2026, anzahl=3)."""

    def make(jahr: int, *, anzahl: int = 1, **fields: Any) -> Veroeffentlichung:
        programm = open_programm(jahr=jahr, by=planung)
        plan(programm, anzahl, **{"beginn": date(jahr, 1, 1), "ende": date(jahr, 12, 31)} | fields)
        beratung = advise(submit(programm))
        decide(beratung.fassung)
        return publish_programm(beratung=beratung, by=leitung)

    return make


class _Fields(HTMLParser):
    """Collects what the browser would send for every form that goes to one address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("action") == self.action and a.get("method") == "post"
        if not self.inside:
            return
        name = a.get("name") or ""
        if tag == "textarea":
            self.textarea = name
            self.values[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in a:
            self.values.setdefault(self.select, []).append(a.get("value") or "")
        elif tag == "input" and name and (a.get("type") not in {"checkbox", "radio"} or "checked" in a):
            self.values.setdefault(name, []).append(a.get("value") or "")

    def handle_data(self, text: str) -> None:
        if self.inside and self.textarea:
            self.values[self.textarea][0] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.textarea:
            self.values[self.textarea][0] = self.values[self.textarea][0].removeprefix("\n")
            self.textarea = ""


def sent_by(response: HttpResponse, action: str) -> dict[str, list[str]]:
    """The values that a form of a page would send if its button were pressed now, without what every form carries."""
    parser = _Fields(action)
    parser.feed(response.content.decode())
    for name in ("csrfmiddlewaretoken", "zwischenstand", "einmal"):
        parser.values.pop(name, None)
    assert parser.values, f"no form goes to {action}"
    return parser.values
