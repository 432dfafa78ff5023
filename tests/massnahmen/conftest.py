"""More rows, and what a browser would send back."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from massnahmen.actions import (
    Budgetangaben,
    Meldungsangaben,
    Teilbudgetangaben,
    Vergabeangaben,
    Vertragsangaben,
    Zulassungsangaben,
    add_position,
    add_teilbudget,
    add_zulassung,
    answer_stellungnahme,
    award_vergabe,
    begin_abstimmung,
    begin_beteiligung,
    create_budget,
    open_programm,
    prepare_vergabe,
    publish_programm,
    record_angebot,
    record_beratung,
    record_meldung,
    write_stellungnahme,
)
from massnahmen.actions.importe import claim_import, finish_import, submit_import
from massnahmen.enums import Beratungsergebnis, Importart, Massnahmestand, Umgang, Vergabeart, Vergabestand, Weg
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Beratung,
    Budget,
    Fassung,
    Import,
    Massnahme,
    Monatsmeldung,
    Programmposition,
    Teilbudget,
    Traeger,
    Traegerzulassung,
    Vergabe,
    Veroeffentlichung,
    Vertrag,
)


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
def certify(traeger, planung) -> Callable[..., Traegerzulassung]:
    """Enter a certificate: certify("Z-1", date(2026, 1, 1), date(2028, 12, 31), [1, 4])."""

    def make(nummer: str, von: date, bis: date, fachbereiche: Sequence[int] = (1,), *, whose: Traeger | None = None) -> Traegerzulassung:
        angaben = Zulassungsangaben(nummer=nummer, stelle="Zertkontor Nord", gueltig_von=von, gueltig_bis=bis)
        return add_zulassung(traeger=whose or traeger, fachbereiche=fachbereiche, angaben=angaben, by=planung)

    return make


@pytest.fixture
def contract(traeger) -> Callable[..., Vertrag]:
    """A contract about a measure of its own, or about one that is there: contract(date(2026, 1, 1), date(2026, 12, 31))."""

    def make(beginn: date, ende: date, *, whose: Traeger | None = None, massnahme: Massnahme | None = None, **fields: Any) -> Vertrag:
        massnahme = massnahme or Massnahme.objects.create(titel=f"Vertragsmaßnahme {Vertrag.objects.count() + 1}")
        values = {"geschlossen_am": beginn, "plaetze": 12, "preis_cent": 7_654_321_09} | fields
        return Vertrag.objects.create(massnahme=massnahme, traeger=whose or traeger, beginn=beginn, ende=ende, **values)

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


@pytest.fixture
def budget(controlling) -> Budget:
    """1.000.000 € for measures in 2027, of which 110 % may be planned, and 1.500.000 € for administration."""
    angaben = Budgetangaben(1_000_000_00, 1_500_000_00, ueberplanung_prozent=Decimal(110), quelle="Bescheid vom 12.01.2027")
    return create_budget(jahr=2027, angaben=angaben, by=controlling)


@pytest.fixture
def teilbudget(budget, instrument, controlling) -> Teilbudget:
    angaben = Teilbudgetangaben("TaAM", 600_000_00, vorbindung_cent=50_000_00, instrument=instrument)
    return add_teilbudget(budget=budget, angaben=angaben, by=controlling)


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


# --- how a measure is carried out ---------------------------------------------------------------------------------------
@pytest.fixture
def zugelassen(traeger) -> Traeger:
    """Certified for Aktivierung from 2025 to the end of 2029."""
    Traegerzulassung.objects.create(
        traeger=traeger, nummer="Z-1", stelle="Prüfstelle", fachbereiche=[1], gueltig_von=date(2025, 1, 1), gueltig_bis=date(2029, 12, 31)
    )
    return traeger


@pytest.fixture
def traeger2(db) -> Traeger:
    return Traeger.objects.create(name="Anderer Träger", ort="Musterburg")


@pytest.fixture
def vergabe(bedarf, planung) -> Vergabe:
    angaben = Vergabeangaben(vergabeart=Vergabeart.VERHANDLUNG, wert_cent=300_000_00)
    return prepare_vergabe(massnahme=bedarf, version=bedarf.version, angaben=angaben, grund="Neuer Bedarf.", by=planung)


@pytest.fixture
def vertragsangaben(traeger) -> Vertragsangaben:
    return Vertragsangaben(
        traeger=traeger,
        geschlossen_am=date(2026, 11, 2),
        beginn=date(2027, 1, 1),
        ende=date(2028, 12, 31),
        plaetze=12,
        preis_cent=290_000_00,
        nummer="V 7",
    )


@pytest.fixture
def award(vergabe, zugelassen, vertragsangaben, planung, leitung) -> Callable[..., Vertrag]:
    """Bring the procurement to its contract: award(ende=date(2027, 6, 30))."""

    def make(**fields: Any) -> Vertrag:
        record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=290_000_00, by=planung)
        return award_vergabe(vergabe=vergabe, version=vergabe.version, angaben=replace(vertragsangaben, **fields), by=leitung)

    return make


@pytest.fixture
def run(traeger, instrument) -> Callable[..., Massnahme]:
    """A measure that runs with a contract of ten places from January 2026 to the end of 2027: run("Werkstatt", plaetze=12)."""

    def make(titel: str = "Werkstatt", *, plaetze: int = 10, stand: Massnahmestand = Massnahmestand.LAEUFT, **fields: Any) -> Massnahme:
        given = {"beginn": date(2026, 1, 1), "ende": date(2027, 12, 31), "traeger": traeger, "instrument": instrument} | fields
        massnahme = Massnahme.objects.create(titel=titel, weg=Weg.VERGABE, stand=stand, vergabestand=Vergabestand.VERGEBEN, **given)
        if plaetze:
            term = {"beginn": given["beginn"], "ende": given["ende"], "geschlossen_am": date(2025, 11, 1)}
            Vertrag.objects.create(massnahme=massnahme, traeger=given["traeger"], plaetze=plaetze, preis_cent=1_000_000_00, **term)
        return massnahme

    return make


@pytest.fixture
def report(controlling) -> Callable[..., Monatsmeldung]:
    """Report a month as the Controlling does: report(massnahme, 2026, 3, eintritte=5)."""

    def make(massnahme: Massnahme, jahr: int, monat: int, **zahlen: int) -> Monatsmeldung:
        return record_meldung(massnahme=massnahme, angaben=Meldungsangaben(monat=date(jahr, monat, 1), **zahlen), by=controlling)

    return make


@pytest.fixture
def november(at) -> None:
    """20 November 2026: October is due, exits of February are ripe."""
    at(datetime(2026, 11, 20, 9))


# --- imports ----------------------------------------------------------------------------------------------------
class _Silent:
    def note(self, fortschritt: int, schritt: str) -> None:
        pass

    mention = note


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    return settings.MEDIA_ROOT


@pytest.fixture
def upload(media, planung, controlling) -> Callable[..., Import]:
    """Hand in a file: upload("massnahmen", b"Titel\\n…", programm=programm); bytes of a workbook are recognised."""

    def make(art: str, content: bytes, *, by: User | None = None, **ziel: Any) -> Import:
        dateiart = "xlsx" if content.startswith(b"PK") else "csv"
        by = by or (planung if art == "massnahmen" else controlling)
        return submit_import(art=Importart(art), datei=io.BytesIO(content), dateiname=f"datei.{dateiart}", dateiart=dateiart, by=by, **ziel)

    return make


@pytest.fixture
def check_file(system) -> Callable[[Import], Import]:
    """Do what the worker does, inside the test's own transaction."""
    from massnahmen.imports.pruefung import check_import

    def run(quelle: Import) -> Import:
        versuch = claim_import(quelle=quelle, by=system)
        return finish_import(quelle=quelle, versuch=versuch, ergebnis=check_import(quelle, _Silent()), by=system)

    return run


@pytest.fixture
def table() -> Callable[..., bytes]:
    """Lines as CSV in UTF-8, or in another encoding: table("Titel;Ort", "Kurs;Süd", encoding="cp1252")."""

    def make(*lines: str, encoding: str = "utf-8") -> bytes:
        return "\r\n".join(lines).encode(encoding)

    return make


@pytest.fixture
def book() -> Callable[..., bytes]:
    """Rows as a workbook of one sheet; `change(sheet)` does the rest: book([["Titel"], ["Kurs"]])."""

    def make(rows: list[list[object]], change: Callable[[Any], None] = lambda sheet: None) -> bytes:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "Plan"
        for row in rows:
            sheet.append(row)
        change(sheet)
        buffer = io.BytesIO()
        workbook.save(buffer)
        return buffer.getvalue()

    return make


@pytest.fixture
def begonnen(position) -> Massnahme:
    """A measure that runs since January, so that months of it can be reported."""
    Massnahme.objects.filter(pk=position.massnahme_id).update(
        stand=Massnahmestand.LAEUFT, beginn=date(2026, 1, 1), vergabestand="ohne", weg="eigen"
    )
    return Massnahme.objects.get(pk=position.massnahme_id)
