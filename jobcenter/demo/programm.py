"""Two programmes of the demo: the running year's on its whole way into the public, the coming year's as a draft."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.richtext import from_plain
from jobcenter.common.typography import euro_kurz, zahl
from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.kennzahlen import read_ergebnis, satzteile
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.actions import (
    Positionsangaben,
    Zielangaben,
    add_position,
    add_ziel,
    answer_stellungnahme,
    begin_beteiligung,
    continue_massnahme,
    create_traeger,
    open_programm,
    publish_programm,
    record_gremienbeschluss,
    submit_programm,
    update_kapitel,
    update_zusammenfassung,
    write_stellungnahme,
)
from massnahmen.enums import Finanzquelle, Gremienergebnis, Kapitelstand, Umgang, Vergabestand
from massnahmen.imports import load_stammdaten
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Handlungsfeld, Instrument, Massnahme, Traeger, Zielgruppe
from massnahmen.queries import collect_inhalt, own_zielwerte

WRITING_DAYS = 40  # from opening a programme to its last chapter
FIRST, SECOND = "laufend", "kommend"  # what the running and what the coming year plan with a measure


def seed_stammdaten(kalender: Kalender, personen: Personen) -> None:
    load_stammdaten()
    with at(moment(date(kalender.jahr - 3, 1, 12), 10)):
        for row in load("traeger")["traeger"]:
            create_traeger(name=row["name"], ort=row["ort"], by=personen["planung"])


def submit_running(kalender: Kalender, personen: Personen) -> Fassung:
    """Write the running year's programme, hear the BCA, and hand it to the Beirat three weeks before the session."""
    submitted = kalender.sitzung_20 - timedelta(weeks=3)
    programm = _write(FIRST, kalender.jahr, submitted, kalender, by=personen["planung"])
    _hear_bca(programm, submitted - timedelta(days=8), personen)
    with at(moment(submitted, 10)):
        pruefsumme = fingerprint(canonical_json(collect_inhalt(programm)))
        return submit_programm(programm=programm, pruefsumme=pruefsumme, by=personen["leitung"])


def _hear_bca(programm: Arbeitsmarktprogramm, day: date, personen: Personen) -> None:
    """§ 18e Abs. 3 SGB II: asked, heard, answered."""
    words = load("bca")
    with at(moment(day, 11)):
        fassung = begin_beteiligung(programm=programm, by=personen["planung"])
    with at(moment(day + timedelta(days=4), 15, 20)):
        stellungnahme = write_stellungnahme(fassung=fassung, text=typeset(words["stellungnahme"]), by=personen["bca"])
    with at(moment(day + timedelta(days=6), 8, 45)):
        begruendung = typeset(words["antwort"])
        answer_stellungnahme(stellungnahme=stellungnahme, umgang=Umgang(words["umgang"]), begruendung=begruendung, by=personen["leitung"])


def publish_running(fassung: Fassung, kalender: Kalender, personen: Personen) -> None:
    """Publish what the Beirat advised, with the Jobcenter's answer to the one No."""
    ausschuss, kreistag = settings.INSTANZ.programm.gremien
    voted = kalender.sitzung_20
    for gremium, days, nummer, stimmen in ((ausschuss, 1, "AAS", (11, 1, 1)), (kreistag, 5, "KT", (43, 4, 6))):
        with at(moment(voted + timedelta(days=days + 1), 9, 30)):
            record_gremienbeschluss(
                fassung=fassung,
                gremium=gremium,
                am=voted + timedelta(days=days),
                ergebnis=Gremienergebnis.BESCHLOSSEN,
                nummer=f"{nummer} {10 + 17 * days}/{voted.year}",
                stimmen=stimmen,
                by=personen["geschaeftsstelle"],
            )
    antwort = typeset(load("beirat")["antwort"])
    with at(moment(voted + timedelta(days=7), 9)):
        publish_programm(beratung=fassung.beratung, antwort=antwort, by=personen["leitung"])


def draft_coming(kalender: Kalender, personen: Personen) -> Arbeitsmarktprogramm:
    """Write the coming year's programme; its last chapter was saved yesterday."""
    return _write(SECOND, kalender.jahr + 1, kalender.heute - timedelta(days=1), kalender, by=personen["planung"])


def _write(stage: str, jahr: int, last_day: date, kalender: Kalender, *, by: User) -> Arbeitsmarktprogramm:
    opened = last_day - timedelta(days=WRITING_DAYS)
    with at(moment(opened, 9)):
        programm = open_programm(jahr=jahr, by=by)
    _plan_massnahmen(programm, stage, opened, kalender, by=by)
    data = load(f"programm_{stage}")
    values = {"jahr": jahr, "vorjahr": jahr - 1, "vorvorjahr": jahr - 2, "ziel_k2": "27,5\u00a0%" if stage == SECOND else "27,0\u00a0%"}
    values |= plan_in_words(stage) | satzteile(kalender, last_day) | read_ergebnis(kalender).satzteile()
    _set_ziele(programm, data["ziele"], opened, by=by)
    last = len(data["kapitel"]) if stage == FIRST else data["fertig"]
    for kapitel, row in zip(programm.kapitel.all(), data["kapitel"], strict=True):
        stand = Kapitelstand.FERTIG if kapitel.nummer <= last else Kapitelstand.IN_ARBEIT
        text = from_plain(typeset(row["text"], **values))
        with at(moment(opened + timedelta(days=WRITING_DAYS // 2 + kapitel.nummer), 14, 3 * kapitel.nummer)):
            update_kapitel(kapitel=kapitel, version=kapitel.version, text=text, stand=stand, verantwortlich=by, by=by)
    with at(moment(last_day, 9)):
        text = typeset(data["zusammenfassung"], **values)
        return update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung=text, by=by)


def _set_ziele(programm: Arbeitsmarktprogramm, rows: list[dict[str, Any]], opened: date, *, by: User) -> None:
    """Goals in words, each tied to the year's Zielwert of its Kennzahl if there is one."""
    felder = Handlungsfeld.objects.in_bulk(field_name="code")
    agreed = {zielwert.kennzahl.code: zielwert for zielwert in own_zielwerte(programm.jahr)}
    for number, row in enumerate(rows):
        angaben = Zielangaben(
            text=typeset(row["text"]),
            handlungsfeld=felder.get(row.get("handlungsfeld", "")),
            zielwert=agreed.get(row.get("kennzahl", "")),
        )
        with at(moment(opened + timedelta(days=3), 10, 10 * number)):
            add_ziel(programm=programm, angaben=angaben, by=by)


def _plan_massnahmen(programm: Arbeitsmarktprogramm, stage: str, opened: date, kalender: Kalender, *, by: User) -> None:
    """Two measures a working morning; one that is there from the year before is continued, not written a second time."""
    known = {massnahme.titel: massnahme for massnahme in Massnahme.objects.all()}
    instrumente = Instrument.objects.in_bulk(field_name="kurz")
    zielgruppen = Zielgruppe.objects.in_bulk(field_name="code")
    traeger = Traeger.objects.in_bulk(field_name="name")
    felder = Handlungsfeld.objects.in_bulk(field_name="code")
    rows = [row for row in load("massnahmen")["massnahmen"] if stage in row]
    for number, row in enumerate(rows):
        plan = row[stage]
        von = plan.get("von", "0/01-01" if FIRST in row else "1/01-01")
        start = _day(row["start"], programm.jahr if row["start"].startswith("0") else kalender.jahr) if "start" in row else None
        angaben = Positionsangaben(
            titel=row["titel"],
            beschreibung=typeset(row.get(f"beschreibung_{stage}", row["beschreibung"])),
            instrument=instrumente[row["instrument"]],
            zielgruppen=[zielgruppen[code] for code in row["zielgruppen"]],
            traeger=traeger[row["traeger"]] if "traeger" in row else None,
            beginn=_day(von, kalender.jahr),
            ende=_day(plan.get("bis", f"{programm.jahr - kalender.jahr}/12-31"), kalender.jahr),
            plaetze=plan["plaetze"],
            geplante_eintritte=plan["eintritte"],
            kosten_cent={Finanzquelle(quelle): betrag * 100 for quelle, betrag in plan["kosten"].items()},
            handlungsfeld=felder[row["handlungsfeld"]],
            vergabestand=_vergabestand(row),
            ort=row["ort"],
            dauer_wochen=row.get("wochen"),
            wochenstunden=row.get("stunden"),
            jederzeit=start is None,
            naechster_start=start,
            zugang=row["zugang"],
            ansprechstelle="Team Markt und Integration",
            telefon=settings.INSTANZ.kontakt.telefon,
            erfolgskriterium=row["erfolg"],
            eingliederung_prozent=row.get("quote"),
        )
        with at(moment(opened + timedelta(days=1 + number // 2), 9 + number % 2, 7 * number % 60)):
            if massnahme := known.get(row["titel"]):
                continue_massnahme(programm=programm, massnahme=massnahme, version=massnahme.version, angaben=angaben, by=by)
            else:
                add_position(programm=programm, angaben=angaben, by=by)


def _vergabestand(row: dict[str, Any]) -> Vergabestand:
    """Vouchers and what the Jobcenter does itself are not awarded; what has no provider is not yet."""
    if row["instrument"].startswith("avgs") or row.get("traeger", "").startswith("Jobcenter"):
        return Vergabestand.OHNE
    return Vergabestand.VERGEBEN if "traeger" in row else Vergabestand.LAEUFT


def _day(text: str, jahr: int) -> date:
    """A day counted from the running year: "1/03-01" is 1 March of the coming one."""
    years, day = text.split("/")
    return date.fromisoformat(f"{jahr + int(years)}-{day}")


def plan_in_words(stage: str) -> dict[str, str]:
    """Sums of a programme's measures as texts quote them."""
    rows: list[dict[str, Any]] = [row[stage] for row in load("massnahmen")["massnahmen"] if stage in row]
    money = {quelle: 100 * sum(row["kosten"].get(quelle, 0) for row in rows) for quelle in Finanzquelle.values}
    return {
        **{quelle: euro_kurz(cent) for quelle, cent in money.items()},
        "summe": euro_kurz(sum(money.values())),
        "anzahl": zahl(len(rows)),
        "plaetze": zahl(sum(row["plaetze"] for row in rows)),
        "eintritte": zahl(sum(row["eintritte"] for row in rows)),
    }
