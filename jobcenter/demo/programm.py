"""Two programmes of the demo: the running year's on its whole way into the public, the coming year's as a draft."""

from datetime import date, timedelta
from typing import Any

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.typography import euro_kurz, zahl
from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.kennzahlen import Verlauf
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.actions import (
    Positionsangaben,
    add_position,
    open_programm,
    publish_programm,
    submit_programm,
    update_kapitel,
    update_zusammenfassung,
)
from massnahmen.enums import Finanzquelle
from massnahmen.imports import load_stammdaten
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Instrument, Traeger, Zielgruppe
from massnahmen.queries import collect_inhalt

WRITING_DAYS = 40  # from opening a programme to its last chapter


def seed_stammdaten() -> None:
    load_stammdaten()
    Traeger.objects.bulk_create(Traeger(**row) for row in load("traeger")["traeger"])


def submit_running(kalender: Kalender, personen: Personen) -> Fassung:
    """Write the running year's programme and hand it to the Beirat three weeks before the session."""
    submitted = kalender.sitzung_20 - timedelta(weeks=3)
    programm = _write("programm_laufend", kalender.jahr, submitted, kalender, by=personen["planung"])
    with at(moment(submitted, 10)):
        pruefsumme = fingerprint(canonical_json(collect_inhalt(programm)))
        return submit_programm(programm=programm, pruefsumme=pruefsumme, by=personen["leitung"])


def publish_running(fassung: Fassung, kalender: Kalender, personen: Personen) -> None:
    with at(moment(kalender.sitzung_20 + timedelta(days=7), 9)):
        publish_programm(beratung=fassung.beratung, by=personen["leitung"])


def draft_coming(kalender: Kalender, personen: Personen) -> Arbeitsmarktprogramm:
    """Write the coming year's programme; its last chapter was saved yesterday."""
    return _write("programm_kommend", kalender.jahr + 1, kalender.heute - timedelta(days=1), kalender, by=personen["planung"])


def _write(name: str, jahr: int, last_day: date, kalender: Kalender, *, by: User) -> Arbeitsmarktprogramm:
    data = load(name)
    opened = last_day - timedelta(days=WRITING_DAYS)
    with at(moment(opened, 9)):
        programm = open_programm(jahr=jahr, by=by)
    instrumente = Instrument.objects.in_bulk(field_name="kurz")
    zielgruppen = Zielgruppe.objects.in_bulk(field_name="code")
    traeger = Traeger.objects.in_bulk(field_name="name")
    for number, row in enumerate(data["massnahmen"]):
        with at(moment(opened + timedelta(days=1 + number), 10, 5 * number % 60)):
            angaben = Positionsangaben(
                titel=row["titel"],
                beschreibung=typeset(row["beschreibung"]),
                instrument=instrumente[row["instrument"]],
                zielgruppen=[zielgruppen[code] for code in row["zielgruppen"]],
                traeger=traeger[row["traeger"]] if "traeger" in row else None,
                beginn=date.fromisoformat(f"{jahr}-{row.get('beginn', '01-01')}"),
                ende=date.fromisoformat(f"{jahr - 1 + row.get('jahre', 1) + ('ende' in row)}-{row.get('ende', '12-31')}"),
                plaetze=row["plaetze"],
                geplante_eintritte=row["eintritte"],
                kosten_cent={Finanzquelle(quelle): betrag * 100 for quelle, betrag in row["kosten"].items()},
            )
            add_position(programm=programm, angaben=angaben, by=by)
    values = {"jahr": jahr, "vorjahr": jahr - 1, "vorvorjahr": jahr - 2, "ziel_k2": "27,5\u00a0%"}
    values |= plan_in_words(data) | Verlauf(kalender.jahr).satzteile(last_day)
    for kapitel, row in zip(programm.kapitel.all(), data["kapitel"], strict=True):
        with at(moment(opened + timedelta(days=WRITING_DAYS // 2 + kapitel.nummer), 14, 3 * kapitel.nummer)):
            update_kapitel(kapitel=kapitel, version=kapitel.version, text=typeset(row["text"], **values), by=by)
    with at(moment(last_day, 9)):
        text = typeset(data["zusammenfassung"], **values)
        return update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung=text, by=by)


def plan_in_words(data: dict[str, Any]) -> dict[str, str]:
    """Sums of a programme's file as texts quote them."""
    rows = data["massnahmen"]
    money = {quelle: 100 * sum(row["kosten"].get(quelle, 0) for row in rows) for quelle in Finanzquelle.values}
    return {
        **{quelle: euro_kurz(cent) for quelle, cent in money.items()},
        "summe": euro_kurz(sum(money.values())),
        "anzahl": zahl(len(rows)),
        "plaetze": zahl(sum(row["plaetze"] for row in rows)),
        "eintritte": zahl(sum(row["eintritte"] for row in rows)),
    }
