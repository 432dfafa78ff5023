"""A seat in the Beirat and a contract of the same organisation do not go together (§ 18d SGB II)."""

from datetime import date, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from beirat.queries import list_unvereinbar
from jobcenter.portal.queries import list_aufgaben
from massnahmen.models import Massnahme, Traeger, Vertrag


@pytest.fixture(autouse=True)
def _in_november(at):
    at(datetime(2026, 11, 2, 9))


@pytest.fixture
def vertrag(organisation) -> Vertrag:
    return Vertrag.objects.create(
        massnahme=Massnahme.objects.create(titel="M"),
        traeger=Traeger.objects.create(name=organisation.name, ort="O"),
        geschlossen_am=date(2026, 1, 1),
        beginn=date(2026, 3, 1),
        ende=date(2027, 2, 28),
        plaetze=1,
        preis_cent=1,
    )


@pytest.mark.parametrize(
    ("term", "von"),
    [
        ((date(2025, 1, 1), date(2030, 1, 1)), date(2026, 11, 2)),
        ((date(2027, 2, 28), date(2030, 1, 1)), date(2027, 2, 28)),
        ((date(2027, 3, 1), date(2030, 1, 1)), None),  # the day after the contract
        ((date(2025, 1, 1), date(2026, 11, 2)), None),  # over since yesterday
    ],
)
def test_an_overlap_from_today_on_is_told(seat, vertrag, term, von):
    seat("Karl Kammer", amtszeit=DateRange(*term))
    assert [one.von for one in list_unvereinbar()] == ([von] if von else [])


def test_a_notice_ends_it_and_others_are_not_meant(seat, vertrag, geschaeftsstelle, planung):
    seat("Karl Kammer")
    assert [a.verb for a in list_aufgaben(geschaeftsstelle)] == ["Sitz im Beirat klären"]
    assert list_aufgaben(planung) == []
    Vertrag.objects.update(gekuendigt_zum=date(2026, 11, 1), kuendigungsgrund="G")
    assert list_unvereinbar() == []
    Vertrag.objects.update(gekuendigt_zum=None, kuendigungsgrund=None)
    Traeger.objects.update(name="Ein anderer")
    assert list_unvereinbar() == []
