"""The whole demo, in the order in which it would have happened, through the same actions that people use."""

from collections.abc import Iterator

from django.db import transaction

from jobcenter.common import clock
from jobcenter.demo.beirat import hold_sitzung_20, hold_sitzung_21, invite_sitzung_22, seed_mitglieder
from jobcenter.demo.kalender import Kalender
from jobcenter.demo.kennzahlen import seed_kennzahlen
from jobcenter.demo.konten import Personen
from jobcenter.demo.presse import release_others, release_programm
from jobcenter.demo.programm import draft_coming, publish_running, seed_stammdaten, submit_running
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
        yield "404 Jobcenter und Kennzahlen"
        seed_kennzahlen(kalender, personen)
        yield f"Arbeitsmarktprogramm {kalender.jahr}"
        seed_stammdaten()
        seed_mitglieder(kalender, personen)
        fassung = submit_running(kalender, personen)
        yield "Sitzungen und Pressemitteilungen"
        hold_sitzung_20(fassung, kalender, personen)
        publish_running(fassung, kalender, personen)
        release_programm(fassung, kalender, personen)
        hold_sitzung_21(kalender, personen)
        release_others(kalender, personen)
        yield f"Entwurf {kalender.jahr + 1}"
        draft_coming(kalender, personen)
        invite_sitzung_22(kalender, personen)
