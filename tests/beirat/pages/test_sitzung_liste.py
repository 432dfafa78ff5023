from datetime import timedelta

import pytest
from django.urls import reverse

from beirat.actions import plan_sitzung
from jobcenter.common import clock
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:sitzung-liste")


def test_invited_and_past_sessions_but_no_planned_one(client, sitzung, gehaltene_sitzung, geschaeftsstelle):
    gehaltene_sitzung(3)
    plan_sitzung(nummer=23, beginn=clock.now() + timedelta(days=90), ort="Kreishaus", by=geschaeftsstelle)
    text = words(client.get(URL))
    assert text.index("22. Sitzung") < text.index("Vergangene Sitzungen") < text.index("3. Sitzung Kreishaus")
    assert "in 7 Tagen" in text
    assert "23. Sitzung" not in text


def test_before_the_first_it_says_why(client):
    assert "Noch kein Termin" in words(client.get(URL))


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(client, gehaltene_sitzung, n, django_assert_num_queries):
    for i in range(n):
        gehaltene_sitzung(i + 1)
    with django_assert_num_queries(3):
        client.get(URL)
