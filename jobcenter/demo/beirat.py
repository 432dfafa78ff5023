"""The Beirat of the demo: fourteen seats in three terms, twenty-one past sessions, and the next one, to which invitations are out."""

from datetime import date, timedelta
from typing import Any

from beirat.actions import (
    add_fassung_to_agenda,
    add_organisation,
    add_top,
    add_vorlage_to_agenda,
    appoint_mitglied,
    cast_stimme,
    close_abstimmung,
    close_sitzung,
    invite_sitzung,
    open_abstimmung,
    open_sitzung,
    plan_sitzung,
    record_anwesenheit,
)
from beirat.enums import Bank, Funktion, Topart, Wahl
from beirat.models import Mitglied, Sitzung, Tagesordnungspunkt
from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.models import Fassung

BEGINN = 14  # o'clock
IN_SHORT = 16  # of so many sessions there is only the agenda
TERMS = 3
NOTICE = timedelta(days=16)  # between invitation and session


def seed_mitglieder(kalender: Kalender, personen: Personen) -> None:
    """Appointed for five years in the summer before last, most of them not for the first time."""
    data, by = load("beirat"), personen["geschaeftsstelle"]
    with at(moment(date(kalender.amtszeit(TERMS - 1)[0].year, 6, 1), 9)):
        organisationen = {row["name"]: add_organisation(name=row["name"], bank=Bank(row["bank"]), by=by) for row in data["organisationen"]}
    for back in range(TERMS):  # the present term first: its members have the accounts that the demo's table names
        von, bis = kalender.amtszeit(back)
        with at(moment(von - timedelta(days=14), 10)):
            for row in data["organisationen"]:
                for sitz in row["sitze"]:
                    name = sitz[min(back, len(sitz) - 1)]
                    konto = personen.open_seat(name, until=bis if back else None)
                    appoint_mitglied(
                        organisation=organisationen[row["name"]], konto=konto, von=von, bis=bis, funktion=_funktion(name, data), by=by
                    )


def _funktion(name: str, data: dict[str, Any]) -> Funktion:
    if name in data["vorsitz"]:
        return Funktion.VORSITZ
    return Funktion.STELLVERTRETUNG if name in data["stellvertretung"] else Funktion.MITGLIED


def hold_first_sitzungen(kalender: Kalender, personen: Personen) -> None:
    """The Beirat's early years: place, agenda and who was there."""
    for nummer, row in enumerate(load("beirat")["fruehere"], start=1):
        tops = [
            _top("Begrüßung und Feststellung der Beschlussfähigkeit", Topart.KENNTNISNAHME),
            *([_top(f"Genehmigung der Niederschrift der {nummer - 1}. Sitzung", Topart.BERATUNG)] if nummer > 1 else []),
            *(_top(titel, Topart.BERATUNG) for titel in row["tops"]),
            _top("Verschiedenes und nächster Termin", Topart.KENNTNISNAHME),
        ]
        _hold({"nummer": nummer, "ort": row["ort"], "tops": tops}, row["fehlt"], kalender, personen)


def hold_sitzung(nummer: int, kalender: Kalender, personen: Personen, *, fassung: Fassung | None = None) -> None:
    """One of the last sessions: papers, attendance, named votes and their Beschlüsse."""
    row = _row(nummer)
    _hold(row, row["fehlt"], kalender, personen, fassung=fassung)


def invite_sitzung_22(kalender: Kalender, personen: Personen) -> None:
    _invite(_row(22), kalender.sitzung_22, kalender, personen, invited=kalender.heute - timedelta(days=1))


def _row(nummer: int) -> dict[str, Any]:
    return next(row for row in load("beirat")["sitzungen"] if row["nummer"] == nummer)


def _top(titel: str, art: Topart) -> dict[str, Any]:
    return {"titel": titel, "art": art, "oeffentlich": True}


def _hold(row: dict[str, Any], fehlt: int | list[str], kalender: Kalender, personen: Personen, *, fassung: Fassung | None = None) -> None:
    day = kalender.sitzung(row["nummer"])
    seats = list(Mitglied.objects.active(day).select_related("konto"))
    chair = next(seat.konto for seat in seats if seat.funktion == Funktion.VORSITZ)
    absent = fehlt if isinstance(fehlt, list) else [seat.name for seat in seats if seat.konto != chair][row["nummer"] % 5 :: 2][:fehlt]
    sitzung = _invite(row, day, kalender, personen, invited=day - NOTICE, fassung=fassung)
    present = [seat for seat in seats if seat.name not in absent]
    with at(moment(day, BEGINN)):
        record_anwesenheit(sitzung=sitzung, mitglieder=present, by=personen["geschaeftsstelle"])
    with at(moment(day, BEGINN, 3)):
        open_sitzung(sitzung=sitzung, by=chair)
    for top, item in zip(sitzung.tops.select_related("sitzung", "vorlage__fassung"), row["tops"], strict=True):
        if top.art == Topart.BESCHLUSS:
            _vote(top, item, day, present, chair)
    with at(moment(day, BEGINN + 2, 20)):
        close_sitzung(sitzung=sitzung, by=chair)


def _vote(top: Tagesordnungspunkt, item: dict[str, Any], day: date, present: list[Mitglied], chair: User) -> None:
    """By name: whoever neither says No nor abstains says Yes."""
    choices = {name: wahl for wahl in (Wahl.NEIN, Wahl.ENTHALTUNG) for name in item.get(wahl.value, [])}
    opened = moment(day, BEGINN, 20) + timedelta(minutes=6 * top.nummer)
    with at(opened):
        abstimmung = open_abstimmung(top=top, by=chair)
        for mitglied in present:
            cast_stimme(abstimmung=abstimmung, wahl=choices.get(mitglied.name, Wahl.JA), by=mitglied.konto)
    with at(opened + timedelta(minutes=4)):
        close_abstimmung(abstimmung=abstimmung, by=chair)


def _invite(
    row: dict[str, Any], day: date, kalender: Kalender, personen: Personen, *, invited: date, fassung: Fassung | None = None
) -> Sitzung:
    by = personen["geschaeftsstelle"]
    with at(moment(invited - timedelta(days=2), 9)):
        sitzung = plan_sitzung(nummer=row["nummer"], beginn=moment(day, BEGINN), ort=row["ort"], by=by)
        for top in row["tops"]:
            if "programm" in top:
                assert fassung is not None
                add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=by)
                continue
            fields = {"titel": typeset(top["titel"], jahr=kalender.jahr), "art": Topart(top["art"]), "oeffentlich": top["oeffentlich"]}
            if "text" in top:
                add_vorlage_to_agenda(sitzung=sitzung, text=typeset(top["text"]), **fields, by=by)
            else:
                add_top(sitzung=sitzung, **fields, by=by)
    with at(moment(invited, 11)):
        return invite_sitzung(sitzung=sitzung, by=by)
