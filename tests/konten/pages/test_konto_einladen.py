import pytest
from django.urls import reverse

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from tests.html import Page

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:konto-einladen")
GIVEN = {"name": "Nina Neu", "email": "Nina@Example.org", "rollen": ["planung", "presse"], "gueltig_bis": "31.12.2099"}


def test_an_invitation_opens_the_account_and_mails_the_link(signed_in, administration, deliver_mail):
    answer = signed_in(administration).post(PAGE, GIVEN)
    konto = User.objects.get(email="nina@example.org")
    assert answer["Location"] == reverse("konten:konto-detail", args=[konto.pk])
    assert (konto.rollen, konto.has_usable_password()) == ([Rolle.PLANUNG, Rolle.PRESSE], False)
    [message] = deliver_mail()
    assert message.to == ["nina@example.org"]
    assert "14 Tage" in message.body
    assert "Anton Admin" in message.body


def test_members_of_the_beirat_need_no_role(signed_in, administration):
    signed_in(administration).post(PAGE, GIVEN | {"rollen": []})
    assert User.objects.get(email="nina@example.org").rollen == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "ANTON.admin@musterburg.example"}, "gibt es schon ein Konto"),
        ({"email": "nina"}, "nicht vollständig"),
        ({"name": " "}, "fehlt"),
        ({"rollen": ["system"]}, "Diese Rolle gibt es nicht"),
        ({"gueltig_bis": "1.1.2020"}, "liegt in der Vergangenheit"),
    ],
)
def test_faults_are_sentences_and_nothing_is_sent(signed_in, administration, deliver_mail, change, sentence):
    answer = signed_in(administration).post(PAGE, GIVEN | change)
    assert answer.status_code == 422
    assert sentence in Page(answer.content).one("div", role="alert").text
    assert deliver_mail() == []


def test_a_name_cannot_smuggle_a_header(signed_in, administration, deliver_mail):
    signed_in(administration).post(PAGE, GIVEN | {"name": "Nina\r\nBcc: alle@example.org"})
    assert all("alle@example.org" not in message.recipients() for message in deliver_mail())


@pytest.mark.parametrize("rolle", [Rolle.LEITUNG, Rolle.PLANUNG])
def test_others_may_not(person, signed_in, rolle):
    assert signed_in(person("Irgend Wer", rolle)).post(PAGE, GIVEN).status_code == 403
    assert not User.objects.filter(email="nina@example.org").exists()
