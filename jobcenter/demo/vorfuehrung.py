"""The whole demo, in the order in which it would have happened, through the same actions that people use."""

from collections.abc import Iterator

from django.db import transaction

from jobcenter.common import clock
from jobcenter.demo.beirat import hold_first_sitzungen, hold_sitzung, invite_sitzung_22, seed_mitglieder
from jobcenter.demo.geld import seed_geld
from jobcenter.demo.importe import seed_importe
from jobcenter.demo.kalender import Kalender
from jobcenter.demo.kennzahlen import seed_kennzahlen
from jobcenter.demo.konten import Personen
from jobcenter.demo.meldungen import seed_meldungen
from jobcenter.demo.presse import seed_pressemitteilungen
from jobcenter.demo.programm import draft_coming, publish_running, seed_stammdaten, submit_running
from jobcenter.demo.traeger import certify_massnahmen, certify_traeger
from jobcenter.demo.umsetzung import begin_with_voucher, carry_out, procure_coming
from jobcenter.demo.zitate import tie_zahlen
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User


def is_seeded() -> bool:
    """Whether anybody has an account: a portal in use is never filled with inventions."""
    return User.objects.exclude(rollen__contains=[Rolle.SYSTEM]).exists()


def seed_demo() -> Iterator[str]:
    """Fill an empty database, all or nothing; yields what comes next in a word or two. Nothing where people are already."""
    with transaction.atomic():
        if is_seeded():
            return
        kalender = Kalender(clock.today())
        yield "Konten"
        personen = Personen()
        yield "Zwei Jahre Kennzahlen von 41 erfundenen Jobcentern, dazu 404 wirkliche"
        seed_kennzahlen(kalender, personen)
        seed_stammdaten(kalender, personen)
        certify_traeger(kalender, personen)
        seed_geld(kalender, personen)
        yield "Beirat: 22 Sitzungen"
        seed_mitglieder(kalender, personen)
        hold_first_sitzungen(kalender, personen)
        for nummer in (17, 18, 19):
            hold_sitzung(nummer, kalender, personen)
        yield f"Arbeitsmarktprogramm {kalender.jahr}"
        fassung = submit_running(kalender, personen)
        hold_sitzung(20, kalender, personen, fassung=fassung)
        publish_running(fassung, kalender, personen)
        yield "Verträge und Vergaben"
        carry_out(kalender, personen)
        hold_sitzung(21, kalender, personen)
        yield "Pressemitteilungen"
        seed_pressemitteilungen(fassung, kalender, personen)
        yield f"Entwurf {kalender.jahr + 1}"
        begin_coming(kalender, personen)
        invite_sitzung_22(kalender, personen)
        yield "Monatsmeldungen der laufenden Maßnahmen"
        seed_meldungen(kalender, personen)


def begin_coming(kalender: Kalender, personen: Personen) -> None:
    """The coming year's programme as a draft, and what is done for its measures already."""
    entwurf = draft_coming(kalender, personen)
    tie_zahlen(entwurf, kalender, personen)
    seed_importe(entwurf, personen)
    certify_massnahmen(kalender, personen)
    begin_with_voucher(kalender, personen)
    procure_coming(kalender, personen)
