"""The whole demo, in the order in which it would have happened, through the same actions that people use."""

from collections.abc import Iterator

from django.db import transaction

from jobcenter.common import clock
from jobcenter.demo.beirat import hold_first_sitzungen, hold_sitzung, invite_sitzung_22, seed_mitglieder
from jobcenter.demo.kalender import Kalender
from jobcenter.demo.kennzahlen import seed_kennzahlen
from jobcenter.demo.konten import Personen
from jobcenter.demo.presse import seed_pressemitteilungen
from jobcenter.demo.programm import draft_coming, publish_running, seed_stammdaten, submit_running
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
        yield "Beirat: 22 Sitzungen"
        seed_mitglieder(kalender, personen)
        hold_first_sitzungen(kalender, personen)
        for nummer in (17, 18, 19):
            hold_sitzung(nummer, kalender, personen)
        yield f"Arbeitsmarktprogramm {kalender.jahr}"
        fassung = submit_running(kalender, personen)
        hold_sitzung(20, kalender, personen, fassung=fassung)
        publish_running(fassung, kalender, personen)
        hold_sitzung(21, kalender, personen)
        yield "Pressemitteilungen"
        seed_pressemitteilungen(fassung, kalender, personen)
        yield f"Entwurf {kalender.jahr + 1}"
        tie_zahlen(draft_coming(kalender, personen), kalender, personen)
        invite_sitzung_22(kalender, personen)
