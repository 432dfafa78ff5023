import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from jobcenter.common.enums import Auftragsstatus
from jobcenter.post.actions import resend_versand
from jobcenter.post.models import Versand
from jobcenter.post.tasks import deliver_versand
from tests.html import Page

pytestmark = pytest.mark.django_db


def url(versand: Versand, name: str = "versand-detail") -> str:
    return reverse(f"post:{name}", args=[versand.pk])


@pytest.fixture
def vertraulich(planung) -> Versand:
    EmailMessage("Neues Passwort", "http://localhost/geheim", to=[planung.email], headers={"X-Vertraulich": "ja"}).send()
    return Versand.objects.get()


def test_it_shows_the_mail_as_its_reader_gets_it(versand, signed_in, administration):
    letter = Page(signed_in(administration).get(url(versand)).content).one("article").text
    assert letter.startswith("Guten Tag Petra Plan,\n\nEin Text mit ß & „Zeichen“.")
    assert "Sie bekommen diese E-Mail, weil" in letter


def test_its_links_can_be_clicked_and_its_markup_is_text(versand, signed_in, administration):
    Versand.objects.update(text='Hier: http://localhost/intern/ und <script>alert("x")</script>')
    page = signed_in(administration).get(url(versand)).content.decode()
    assert "http://localhost/intern/" in Page(page).links()
    assert "<script>alert" not in page


@pytest.mark.parametrize("who", ["planung", "leitung", "fremd"])
def test_nobody_else_in_production(request, who, versand, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(url(versand)).status_code == 403
    assert browser.post(url(versand, "versand-senden")).status_code == 403
    assert browser.post(url(versand, "versand-wiederholen")).status_code == 403


def test_a_confidential_text_is_not_for_administration(vertraulich, signed_in, administration):
    page = signed_in(administration).get(url(vertraulich)).content.decode()
    assert "Der Text ist vertraulich" in page
    assert "geheim" not in page


def test_in_the_demo_everybody_reads_everything_and_nobody_but_administration_sends(vertraulich, settings, signed_in, fremd):
    settings.DEMO = True
    deliver_versand(vertraulich.pk)
    browser = signed_in(fremd)
    page = Page(browser.get(url(vertraulich)).content)
    assert "http://localhost/geheim" in page.links()
    assert "In der Vorführung lesen Sie die Mail hier." in page.one("main").text
    assert "Noch einmal senden" not in page.one("main").text
    assert browser.post(url(vertraulich, "versand-senden")).status_code == 403


def test_a_sent_mail_is_sent_once_more(versand, signed_in, administration):
    browser = signed_in(administration)
    assert "Noch einmal senden" not in browser.get(url(versand)).content.decode()
    refused = browser.post(url(versand, "versand-senden"), follow=True).content.decode()
    assert "noch unterwegs" in refused
    deliver_versand(versand.pk)
    assert "Noch einmal senden" in browser.get(url(versand)).content.decode()
    response = browser.post(url(versand, "versand-senden"), follow=True)
    again = Versand.objects.exclude(pk=versand.pk).get()
    assert response.redirect_chain == [(url(again), 302)]
    assert "noch einmal an petra.plan@musterburg.example gesendet" in response.content.decode()
    assert url(versand) in Page(response.content).links()
    assert url(again) in Page(browser.get(url(versand)).content).links()


def test_a_text_that_is_forgotten_cannot_be_sent_once_more(vertraulich, signed_in, administration):
    deliver_versand(vertraulich.pk)
    browser = signed_in(administration)
    assert "Noch einmal senden" not in browser.get(url(vertraulich)).content.decode()
    assert "kann nicht noch einmal gesendet werden" in browser.post(url(vertraulich, "versand-senden"), follow=True).content.decode()


def test_a_mail_that_was_given_up_is_tried_again(versand, signed_in, administration):
    Versand.objects.update(status=Auftragsstatus.GESCHEITERT, fehler="x", versuch=10)
    browser = signed_in(administration)
    assert "Noch einmal versuchen" in browser.get(url(versand)).content.decode()
    page = browser.post(url(versand, "versand-wiederholen"), follow=True).content.decode()
    assert "Die Mail geht noch einmal auf den Weg." in page
    versand.refresh_from_db()
    assert versand.status == Auftragsstatus.WARTET
    assert "ist im Stand „wartet“" in browser.post(url(versand, "versand-wiederholen"), follow=True).content.decode()


def test_an_unknown_mail_is_not_found(signed_in, administration):
    assert signed_in(administration).get(reverse("post:versand-detail", args=[4711])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, versand, signed_in, administration, django_assert_num_queries):
    deliver_versand(versand.pk)
    for _ in range(rows):
        resend_versand(versand=versand, by=administration)
    browser = signed_in(administration)
    with django_assert_num_queries(5):  # session, account, mail, what it gathers, its repetitions
        assert browser.get(url(versand)).status_code == 200
