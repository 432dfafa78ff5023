import pytest
from django.urls import reverse

from jobcenter.common.enums import Auftragsstatus
from jobcenter.post.models import Versand
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("post:versand-liste")


@pytest.fixture
def mails(planung, presse):
    """Three mails: sent, given up, waiting for a digest."""
    make = Versand.objects.create
    return [
        make(an=planung, adresse=planung.email, betreff="Einladung", text="a", status=Auftragsstatus.FERTIG, fertig_am="2026-01-01T10:00Z"),
        make(an=presse, adresse=presse.email, betreff="Kommentar", text="b", status=Auftragsstatus.GESCHEITERT, fehler="x"),
        make(an=planung, adresse=planung.email, betreff="Hinweis", text="c", sammelbar=True),
    ]


def test_administration_sees_what_was_sent_to_whom_newest_first(mails, signed_in, administration):
    page = signed_in(administration).get(URL).content.decode()
    assert page.index("Hinweis") < page.index("Kommentar") < page.index("Einladung")
    assert "Petra Plan, petra.plan@musterburg.example" in page
    for words in ("verschickt", "nicht verschickt", "wartet auf die Sammelmail"):
        assert words in page
    assert "Vorführung bleiben die Mails hier" not in page


@pytest.mark.parametrize("who", ["planung", "leitung", "presse", "fremd", "mitglied"])
def test_nobody_else_in_production(request, who, mails, signed_in):
    person = request.getfixturevalue(who)
    assert signed_in(getattr(person, "konto", person)).get(URL).status_code == 403


@pytest.mark.parametrize("who", ["planung", "fremd", "mitglied"])
def test_everybody_who_is_signed_in_in_the_demo(request, who, mails, signed_in, settings, client):
    settings.DEMO = True
    person = request.getfixturevalue(who)
    page = signed_in(getattr(person, "konto", person)).get(URL).content.decode()
    assert "Kommentar" in page
    assert "In der Vorführung bleiben die Mails hier" in page
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?suche=mira", {"Kommentar"}),
        ("?suche=PETRA.PLAN%40", {"Einladung", "Hinweis"}),
        ("?suche=einlad", {"Einladung"}),
        ("?stand=fertig", {"Einladung"}),
        ("?stand=gescheitert", {"Kommentar"}),
        ("?stand=sammelmail", {"Hinweis"}),
        ("?stand=wartet", set()),
        ("?stand=sammelmail&suche=mira", set()),
        ("?stand=unsinn", {"Einladung", "Kommentar", "Hinweis"}),
    ],
)
def test_search_and_state_stand_in_the_address(mails, signed_in, administration, query, found):
    text = Page(signed_in(administration).get(URL + query).content)
    titles = {e.text for e in text.classed("liste__titel")}
    assert titles == found
    assert bool(found) != ("Keine Mail passt dazu" in text.one("main").text)


def test_an_empty_list_says_when_there_will_be_mails(signed_in, administration):
    assert "Noch keine Mail" in signed_in(administration).get(URL).content.decode()


def test_long_lists_have_pages_that_keep_the_search(signed_in, administration, planung):
    Versand.objects.bulk_create(Versand(adresse=planung.email, betreff=f"Probe {n}", text="x") for n in range(30))
    page = Page(signed_in(administration).get(f"{URL}?suche=probe").content)
    assert len(page.classed("mail-zeile")) == 25
    assert "?suche=probe&seite=2" in page.links()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, signed_in, administration, planung, django_assert_num_queries):
    Versand.objects.bulk_create(Versand(an=planung, adresse=planung.email, betreff=f"Probe {n}", text="x") for n in range(rows))
    browser = signed_in(administration)
    with django_assert_num_queries(4):  # session, account, number of mails, mails
        assert browser.get(URL).status_code == 200
