"""More of the cast: a deputy, a member who only advises, one whose term is over; ballots and sessions in numbers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from beirat.actions import (
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
from beirat.enums import Funktion, Topart, Wahl
from beirat.models import Abstimmung, Beschluss, Mitglied, Sitzung, Tagesordnungspunkt
from jobcenter.common import clock


@pytest.fixture
def stellvertretung(seat) -> Mitglied:
    return seat("Dora Deputy", funktion=Funktion.STELLVERTRETUNG)


@pytest.fixture
def beratend(seat) -> Mitglied:
    return seat("Bea Beratend", stimmberechtigt=False)


@pytest.fixture
def ehemalig(seat) -> Mitglied:
    """Whose term ended yesterday, and who still has the account."""
    return seat("Edgar Ehemalig", amtszeit=DateRange(clock.today() - timedelta(days=400), clock.today()))


@pytest.fixture
def punkt(sitzung, geschaeftsstelle) -> Callable[..., Tagesordnungspunkt]:
    """An item on the agenda of the invited session: punkt("Fahrdienste", oeffentlich=False)."""

    def make(titel: str = "Fahrdienste", *, art: Topart = Topart.BESCHLUSS, oeffentlich: bool = True) -> Tagesordnungspunkt:
        return add_top(sitzung=sitzung, titel=titel, art=art, oeffentlich=oeffentlich, by=geschaeftsstelle)

    return make


@pytest.fixture
def eroeffnet(sitzung, vorsitz, mitglied, mitglied2, geschaeftsstelle) -> Callable[[], Sitzung]:
    """Open the session with chair and both members in the room."""

    def run() -> Sitzung:
        record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, mitglied, mitglied2], by=geschaeftsstelle)
        return open_sitzung(sitzung=sitzung, by=vorsitz.konto)

    return run


@pytest.fixture
def ballot(punkt, eroeffnet, vorsitz) -> Abstimmung:
    """An open ballot on a plain item without a Fassung."""
    top = punkt()
    eroeffnet()
    return open_abstimmung(top=top, by=vorsitz.konto)


@pytest.fixture
def gehaltene_sitzung(geschaeftsstelle, vorsitz, mitglied, mitglied2) -> Callable[..., Beschluss]:
    """A session that is over, with one Beschluss (2 Ja, 1 Nein): gehaltene_sitzung(7, titel="Fahrdienste", oeffentlich=True)."""

    def make(nummer: int, *, titel: str = "Fahrdienste", oeffentlich: bool = True) -> Beschluss:
        sitzung = plan_sitzung(nummer=nummer, beginn=clock.now() + timedelta(days=nummer), ort="Kreishaus, Saal 1", by=geschaeftsstelle)
        top = add_top(sitzung=sitzung, titel=titel, art=Topart.BESCHLUSS, oeffentlich=oeffentlich, by=geschaeftsstelle)
        invite_sitzung(sitzung=sitzung, by=geschaeftsstelle)
        record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, mitglied, mitglied2], by=geschaeftsstelle)
        open_sitzung(sitzung=sitzung, by=vorsitz.konto)
        abstimmung = open_abstimmung(top=top, by=vorsitz.konto)
        for who, wahl in ((vorsitz, Wahl.JA), (mitglied, Wahl.JA), (mitglied2, Wahl.NEIN)):
            cast_stimme(abstimmung=abstimmung, wahl=wahl, by=who.konto)
        beschluss = close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
        close_sitzung(sitzung=sitzung, by=vorsitz.konto)
        return beschluss

    return make
