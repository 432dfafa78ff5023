"""What the demo's running measures have reported in the last fourteen months, through the same actions that people use."""

from datetime import date, timedelta

from jobcenter.common import clock
from jobcenter.demo.kalender import Kalender, at, moment
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.actions import Meldungsangaben, record_meldung, record_verbleib
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme
from massnahmen.queries import Platzrahmen, count_monate, last_due, read_rahmen
from massnahmen.queries.kennwerte import reif_ab

MONATE = 14
# The measure that fills badly of late, the one whose newest report is missing, and the one that costs more than planned.
WEAK, FORGETFUL, DEAR = 1, 2, 4
OCCUPIED = (84, 91, 88, 95, 79, 97, 86, 93, 82, 90, 101, 87, 94, 89)  # per cent, month by month
WEAKER = (81, 78, 74, 72, 69, 66, 71, 68, 64, 61, 63, 58, 55, 52)


def seed_meldungen(kalender: Kalender, personen: Personen) -> None:
    """Months of every measure that runs; the Verbleib of those that are ripe. Nothing where no measure runs yet."""
    by = personen["controlling"]
    running = Massnahme.objects.filter(stand=Massnahmestand.LAEUFT).order_by("titel", "pk")
    rows = list(running.prefetch_related("positionen__programm", "positionen__finanzierungen"))
    rahmen = read_rahmen(massnahme.pk for massnahme in rows)
    due = last_due(kalender.heute)
    for number, massnahme in enumerate(rows):
        first = clock.months_later(due, 1 - MONATE)
        monate = [monat for monat in rahmen[massnahme.pk].list_monate(due) if monat >= first]
        inside = 0
        for step, monat in enumerate(monate[:-1] if number == FORGETFUL else monate):
            angaben = _invent((number, step), inside, massnahme, monat, _count_places(rahmen[massnahme.pk], monat))
            inside += angaben.eintritte - angaben.austritte
            day = min(clock.months_later(monat, 1) + timedelta(days=8 + number % 5), kalender.heute - timedelta(days=1))
            with at(moment(day, 9, 3 * step % 60)):
                record_meldung(massnahme=massnahme, angaben=angaben, by=by)
            if angaben.austritte and reif_ab(monat) <= kalender.heute - timedelta(days=10):
                _follow_up(massnahme, angaben, step, by)


def _count_places(rahmen: Platzrahmen, monat: date) -> int:
    """Days of all places; a year that no programme plans has those of the next one."""
    known = rahmen.count_platztage(monat)
    return known if known is not None else (next(iter(rahmen.plaetze.values()), 0) or 0) * rahmen.count_tage(monat)


def _invent(seed: tuple[int, int], inside: int, massnahme: Massnahme, monat: date, places: int) -> Meldungsangaben:
    """One month in which nobody leaves who has not come."""
    number, step = seed
    share = WEAKER[step] if number == WEAK else OCCUPIED[(step + number) % MONATE]
    eintritte, cent = _planned(massnahme, monat)
    entering = max(eintritte * (share + 4 * ((number + step) % 5)) // 100, 0 if step else 1)
    leaving = min(inside, entering * (2 + (number + step) % 3) // 3) if step else 0
    breaking, working = leaving // 5, leaving * 2 // 5
    return Meldungsangaben(
        monat=monat,
        teilnahmetage=places * share // 100,
        zuweisungen=entering + step % 2,
        nichtantritte=step % 2,
        eintritte=entering,
        austritte_arbeit=working,
        austritte_abbruch=breaking,
        austritte_regulaer=leaving - working - breaking,
        integrationen=working,
        kosten_cent=cent * (share + (25 if number == DEAR else 6)) // 10_000 * 100,
    )


def _planned(massnahme: Massnahme, monat: date) -> tuple[int, int]:
    """Entries and cents of one month as this year's programme plans them, or as the next one it knows of does."""
    positions = sorted(massnahme.positionen.all(), key=lambda position: abs(position.programm.jahr - monat.year))
    if not positions:
        return 0, 0
    monate = count_monate(positions[0].programm.jahr, massnahme.beginn, massnahme.ende) or 12
    eintritte = positions[0].geplante_eintritte or 0
    until, before = (eintritte * number // monate for number in (monat.month, monat.month - 1))  # so that a year is whole
    return until - before, positions[0].kosten_cent // monate


def _follow_up(massnahme: Massnahme, angaben: Meldungsangaben, step: int, by: User) -> None:
    working = angaben.austritte_arbeit
    with at(moment(reif_ab(angaben.monat) + timedelta(days=6), 14)):
        record_verbleib(
            massnahme=massnahme,
            monat=angaben.monat,
            austritte=angaben.austritte,
            beschaeftigt=working,
            nicht_arbeitslos=min(working + step % 2, angaben.austritte),
            by=by,
        )
