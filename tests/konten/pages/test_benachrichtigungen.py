import pytest
from django.urls import reverse

from jobcenter.konten.enums import Posttakt

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:benachrichtigungen")


def test_the_choice_is_kept(signed_in, planung):
    browser = signed_in(planung)
    answer = browser.post(PAGE, {"takt": Posttakt.TAEGLICH}, follow=True)
    assert "einmal am Tag um 7 Uhr, alles in einer Mail" in answer.content.decode()
    planung.refresh_from_db()
    assert planung.post_takt == Posttakt.TAEGLICH


def test_nonsense_is_refused(signed_in, planung):
    assert signed_in(planung).post(PAGE, {"takt": "nie"}).status_code == 422
    planung.refresh_from_db()
    assert planung.post_takt == Posttakt.SOFORT
