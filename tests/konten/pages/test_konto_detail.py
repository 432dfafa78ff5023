import pytest
from django.urls import reverse

from jobcenter.konten.actions import close_konto
from jobcenter.konten.enums import Kontostand, Rolle
from jobcenter.konten.models import User
from tests.html import Page

pytestmark = pytest.mark.django_db


def page_of(konto: User) -> str:
    return reverse("konten:konto-detail", args=[konto.pk])


def actions_on(browser, konto: User) -> set[str]:
    page = Page(browser.get(page_of(konto)).content)
    return {e.attrs["action"] for e in page.all("form") if "/intern/konten/" in e.attrs["action"]} | {
        u for u in page.links() if u.startswith(f"/intern/konten/{konto.pk}/")
    }


def test_what_is_offered_follows_the_state(signed_in, administration, planung, eingeladen):
    browser = signed_in(administration)
    change, close, again, reopen = (
        lambda konto, name=name: reverse(f"konten:{name}", args=[konto.pk])
        for name in ("konto-bearbeiten", "konto-schliessen", "einladung-senden", "konto-oeffnen")
    )
    assert actions_on(browser, planung) == {change(planung), close(planung)}
    assert actions_on(browser, eingeladen) == {change(eingeladen), close(eingeladen), again(eingeladen)}
    close_konto(konto=planung, by=administration)
    assert actions_on(browser, planung) == {change(planung), reopen(planung)}


def test_one_s_own_account_offers_nothing_and_says_why(signed_in, administration):
    browser = signed_in(administration)
    assert actions_on(browser, administration) == set()
    assert "Das ist Ihr eigenes Konto" in browser.get(page_of(administration)).content.decode()


def test_a_service_has_no_page(signed_in, administration, system):
    assert signed_in(administration).get(page_of(system)).status_code == 404


@pytest.mark.parametrize("rolle", [None, Rolle.LEITUNG])
def test_others_may_not_even_know_which_numbers_exist(person, signed_in, planung, rolle):
    browser = signed_in(person("Irgend Wer", *([rolle] if rolle else [])))
    assert (browser.get(page_of(planung)).status_code, browser.get(reverse("konten:konto-detail", args=[0])).status_code) == (403, 403)


# --- its two buttons --------------------------------------------------------------------------------------------
def test_the_invitation_goes_out_again(signed_in, administration, eingeladen, deliver_mail):
    answer = signed_in(administration).post(reverse("konten:einladung-senden", args=[eingeladen.pk]), follow=True)
    assert "Der frühere Link gilt nicht mehr." in answer.content.decode()
    assert [message.to for message in deliver_mail()] == [[eingeladen.email]] * 2


def test_who_has_a_password_is_not_invited_again(signed_in, administration, planung, deliver_mail):
    answer = signed_in(administration).post(reverse("konten:einladung-senden", args=[planung.pk]), follow=True)
    assert "Eine Einladung ist nicht nötig" in answer.content.decode()
    assert deliver_mail() == []


def test_a_closed_account_opens_again(signed_in, administration, planung):
    close_konto(konto=planung, by=administration)
    signed_in(administration).post(reverse("konten:konto-oeffnen", args=[planung.pk]))
    assert User.objects.get(pk=planung.pk).stand is Kontostand.OFFEN


@pytest.mark.parametrize("name", ["einladung-senden", "konto-oeffnen"])
def test_the_buttons_are_administration_s_and_not_for_oneself(signed_in, administration, leitung, planung, name):
    assert signed_in(leitung).post(reverse(f"konten:{name}", args=[planung.pk])).status_code == 403
    assert signed_in(administration).post(reverse(f"konten:{name}", args=[administration.pk])).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_history(signed_in, administration, planung, django_assert_max_num_queries):
    browser = signed_in(administration)
    for number in range(30):
        User.objects.filter(pk=planung.pk).update(name=f"Petra {number}")
    with django_assert_max_num_queries(8):
        assert "Petra 29" in browser.get(page_of(planung)).content.decode()
