import pytest
from django.urls import reverse

from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Auftrag, Ereignis, Zustellung
from jobcenter.post.models import Versand
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("portal:auftrag-wiederholen")
LISTE = reverse("portal:auftrag-liste")


@pytest.fixture
def given_up(veroeffentlichung, planung, system) -> dict[str, Auftrag]:
    """One job of each kind that was given up, by its key."""
    fields = {"status": Auftragsstatus.GESCHEITERT, "fehler": "TimeoutError: timed out", "versuch": 5}
    event = Ereignis.objects.create(name="beirat.geschehen", objekt_id=7)
    rows = {
        "bericht": Bericht.objects.create(art="programm", fassung=veroeffentlichung.fassung, angefordert_von=system, **fields),
        "entwurf": Entwurfsdruck.objects.create(
            programm=veroeffentlichung.fassung.programm, inhalt="{}", pruefsumme="0" * 64, angefordert_von=planung, **fields
        ),
        "versand": Versand.objects.create(an=planung, adresse=planung.email, betreff="Einladung", text="a", **fields),
        "zustellung": Zustellung.objects.create(ereignis=event, abonnent="tests.listener", **fields),
    }
    return {f"{name}-{row.pk}": row for name, row in rows.items()}


def test_it_asks_with_the_whole_list_before_anything_happens(given_up, signed_in, administration):
    page = Page(signed_in(administration).get(URL, {"auswahl": list(given_up)}).content)
    assert page.one("h1").text == "Diese 4 Aufträge noch einmal versuchen?"
    assert "Einladung an Petra Plan" in page.one("main").text
    assert {e.attrs["value"] for e in page.all("input", name="auswahl")} == set(given_up)
    for row in given_up.values():
        row.refresh_from_db()
        assert row.status == Auftragsstatus.GESCHEITERT


def test_each_kind_begins_its_next_attempts(given_up, signed_in, administration):
    response = signed_in(administration).post(URL, {"auswahl": list(given_up)}, follow=True)
    assert response.redirect_chain == [(LISTE, 302)]
    assert "4 Aufträge werden noch einmal versucht." in response.content.decode()
    for row in given_up.values():
        row.refresh_from_db()
        assert (row.status, row.fehler, row.versuch) == (Auftragsstatus.WARTET, "", 5)


def test_only_what_was_chosen(given_up, signed_in, administration):
    chosen, *others = given_up
    response = signed_in(administration).post(URL, {"auswahl": [chosen]}, follow=True)
    assert "Der Auftrag wird noch einmal versucht." in response.content.decode()
    for key in others:
        given_up[key].refresh_from_db()
        assert given_up[key].status == Auftragsstatus.GESCHEITERT


def test_a_second_click_is_told(given_up, signed_in, administration):
    browser, (first, *_) = signed_in(administration), given_up
    browser.post(URL, {"auswahl": [first]})
    assert "Ein Auftrag war inzwischen schon wieder in Arbeit" in browser.post(URL, {"auswahl": [first]}, follow=True).content.decode()
    assert "werden schon wieder versucht" in browser.get(URL, {"auswahl": [first]}, follow=True).content.decode()


@pytest.mark.parametrize("keys", [[], ["unsinn"], ["versand-"], ["versand-9" * 30], ["user-1"], ["versand-٣"]])
def test_nonsense_leads_back_to_the_list(keys, signed_in, administration):
    assert signed_in(administration).get(URL, {"auswahl": keys}).url == LISTE
    assert signed_in(administration).post(URL, {"auswahl": keys}).url == LISTE


@pytest.mark.parametrize("who", ["planung", "leitung", "fremd"])
def test_it_is_for_administration(request, who, given_up, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL, {"auswahl": list(given_up)}).status_code == 403
    assert browser.post(URL, {"auswahl": list(given_up)}).status_code == 403
    assert not Versand.objects.exclude(status=Auftragsstatus.GESCHEITERT).filter(betreff="Einladung").exists()
