import pytest
from django.urls import reverse

from jobcenter.konten.enums import Kontostand
from jobcenter.konten.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(planung) -> str:
    return reverse("konten:konto-schliessen", args=[planung.pk])


def test_it_asks_once_more_and_then_closes(signed_in, sign_in, is_inside, administration, planung, page):
    there, browser = sign_in(planung), signed_in(administration)
    assert "Möchten Sie das Konto von Petra Plan schließen?" in browser.get(page).content.decode()
    assert is_inside(there)
    answer = browser.post(page, follow=True)
    assert "Das Konto von Petra Plan ist geschlossen" in answer.content.decode()
    assert User.objects.get(pk=planung.pk).stand is Kontostand.GESCHLOSSEN
    assert not is_inside(there)


def test_a_second_click_says_that_it_is_closed_already(signed_in, administration, page):
    browser = signed_in(administration)
    browser.post(page)
    assert "ist schon geschlossen" in browser.post(page, follow=True).content.decode()


def test_others_and_oneself_may_not(signed_in, administration, leitung, planung, page):
    assert signed_in(leitung).post(page).status_code == 403
    assert signed_in(administration).post(reverse("konten:konto-schliessen", args=[administration.pk])).status_code == 403
    assert User.objects.filter(is_active=False).count() == 0
