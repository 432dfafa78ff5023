"""The Beirat of the demo: fourteen seats, two past sessions with a vote, and the next one, to which invitations are out."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from beirat.actions import (
    add_fassung_to_agenda,
    add_top,
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
from beirat.models import Mitglied, Organisation, Sitzung
from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.konten import Personen
from massnahmen.models import Fassung

VORSITZ = "Luise Brandt"
STELLVERTRETUNG = "Karsten Vogt"
BEGINN = 14  # o'clock


def seed_mitglieder(kalender: Kalender, personen: Personen) -> None:
    """Appointed for five years in the summer before last."""
    amtszeit = DateRange(date(kalender.jahr - 2, 7, 1), date(kalender.jahr + 3, 7, 1))
    funktionen = {VORSITZ: Funktion.VORSITZ, STELLVERTRETUNG: Funktion.STELLVERTRETUNG}
    for row in load("beirat")["organisationen"]:
        organisation = Organisation.objects.create(name=row["name"], bank=Bank(row["bank"]))
        for name in row["mitglieder"]:
            Mitglied.objects.create(
                organisation=organisation,
                konto=personen.open_seat(name),
                name=name,
                funktion=funktionen.get(name, Funktion.MITGLIED),
                amtszeit=amtszeit,
            )


def hold_sitzung_20(fassung: Fassung, kalender: Kalender, personen: Personen) -> None:
    """The session that voted on the running year's programme, by name."""
    row = load("beirat")["sitzungen"][0]
    sitzung = _invite(row, kalender.sitzung_20, kalender, personen, fassung=fassung, invited=kalender.sitzung_20 - timedelta(days=16))
    present = _open(sitzung, row, kalender.sitzung_20, personen)
    top = sitzung.tops.get(vorlage__fassung=fassung)
    with at(moment(kalender.sitzung_20, BEGINN, 50)):
        abstimmung = open_abstimmung(top=top, by=personen["vorsitz"])
        for mitglied in present:
            wahl = Wahl.ENTHALTUNG if mitglied.name in row["enthaltung"] else Wahl.JA
            cast_stimme(abstimmung=abstimmung, wahl=wahl, by=mitglied.konto)
    with at(moment(kalender.sitzung_20, BEGINN, 56)):
        close_abstimmung(abstimmung=abstimmung, by=personen["vorsitz"])
    _close(sitzung, kalender.sitzung_20, personen)


def hold_sitzung_21(kalender: Kalender, personen: Personen) -> None:
    row = load("beirat")["sitzungen"][1]
    sitzung = _invite(row, kalender.sitzung_21, kalender, personen, invited=kalender.sitzung_21 - timedelta(days=15))
    _open(sitzung, row, kalender.sitzung_21, personen)
    _close(sitzung, kalender.sitzung_21, personen)


def invite_sitzung_22(kalender: Kalender, personen: Personen) -> None:
    row = load("beirat")["sitzungen"][2]
    _invite(row, kalender.sitzung_22, kalender, personen, invited=kalender.heute - timedelta(days=1))


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
            else:
                titel = typeset(top["titel"], jahr=kalender.jahr)
                add_top(sitzung=sitzung, titel=titel, art=Topart(top["art"]), oeffentlich=top["oeffentlich"], by=by)
    with at(moment(invited, 11)):
        return invite_sitzung(sitzung=sitzung, by=by)


def _open(sitzung: Sitzung, row: dict[str, Any], day: date, personen: Personen) -> list[Mitglied]:
    present = list(Mitglied.objects.exclude(name__in=row["fehlt"]).select_related("konto"))
    with at(moment(day, BEGINN)):
        record_anwesenheit(sitzung=sitzung, mitglieder=present, by=personen["geschaeftsstelle"])
    with at(moment(day, BEGINN, 3)):
        open_sitzung(sitzung=sitzung, by=personen["vorsitz"])
    return present


def _close(sitzung: Sitzung, day: date, personen: Personen) -> None:
    with at(moment(day, BEGINN + 2, 20)):
        close_sitzung(sitzung=sitzung, by=personen["vorsitz"])
