import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(planung, with_factor) -> str:
    return reverse("konten:konto-faktor-zuruecksetzen", args=[with_factor(planung).pk])


def test_all_factors_go_all_devices_are_out_and_the_person_is_told(
    signed_in, sign_in, is_inside, administration, planung, page, deliver_mail
):
    answer = signed_in(administration).post(page, follow=True)
    assert "richtet dann einen neuen zweiten Faktor ein" in answer.content.decode()
    assert not Authenticator.objects.filter(user=planung).exists()
    [message] = deliver_mail()
    assert (message.to, "Anton Admin" in message.body) == ([planung.email], True)
    assert is_inside(sign_in(planung))


def test_without_a_factor_there_is_nothing_to_reset(signed_in, administration, page):
    browser = signed_in(administration)
    browser.post(page)
    assert "hat keinen zweiten Faktor" in browser.post(page, follow=True).content.decode()


def test_others_and_oneself_may_not(signed_in, with_factor, administration, leitung, planung, page):
    own = reverse("konten:konto-faktor-zuruecksetzen", args=[with_factor(administration).pk])
    assert signed_in(leitung).post(page).status_code == 403
    assert signed_in(administration).post(own).status_code == 403
    assert Authenticator.objects.count() == 2
