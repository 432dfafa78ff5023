import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from jobcenter.presse.actions import update_pressemitteilung
from jobcenter.presse.models import Pressemitteilung
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def geschrieben(draft, texte, presse2) -> Pressemitteilung:
    return update_pressemitteilung(pressemitteilung=draft(), version=1, **{**texte, "titel": "Weniger Betriebe"}, by=presse2)


@pytest.fixture
def page(geschrieben) -> str:
    return reverse("presse:pressemitteilung-verlauf", args=[geschrieben.pk])


@pytest.fixture
def editor(geschrieben) -> str:
    return reverse("presse:pressemitteilung-bearbeiten", args=[geschrieben.pk])


def test_who_wrote_what(signed_in, leitung, page):
    response = signed_in(leitung).get(page)
    assertContains(response, "Paul Zweit")
    assertContains(response, "Entwurf angelegt")
    assertContains(response, "[eingefügt: </span>Weniger")


def test_an_old_draft_is_taken_in_again_by_who_may_write(signed_in, presse, leitung, page, editor, geschrieben):
    stand = geschrieben.events.order_by("pgh_id").first().pgh_id
    assertNotContains(signed_in(leitung).get(f"{page}?stand={stand}"), f"{editor}?stand={stand}")
    browser = signed_in(presse)
    assertContains(browser.get(f"{page}?stand={stand}"), f"{editor}?stand={stand}")
    values = sent_by(browser.get(f"{editor}?stand={stand}"), f"{editor}?stand={stand}")
    assert values["titel"] == ["Mehr Betriebe nutzen den Lohnzuschuss"]
    assert browser.post(f"{editor}?stand={stand}", values).status_code == 302
    geschrieben.refresh_from_db()
    assert (geschrieben.titel, geschrieben.version, geschrieben.geaendert_von) == ("Mehr Betriebe nutzen den Lohnzuschuss", 3, presse)
    assertContains(browser.get(page), "wieder eingesetzt", count=1)
    values |= {"titel": "Noch einmal anders", "version": "3"}
    assert browser.post(f"{editor}?stand={stand}", values).status_code == 302
    assertContains(browser.get(page), "Auf Grundlage des Stands vom ", count=1)
    assertContains(browser.get(page), "wieder eingesetzt", count=1)


def test_what_is_released_stands_and_nothing_is_taken_in_again(signed_in, presse, released):
    mitteilung = released()
    page = reverse("presse:pressemitteilung-verlauf", args=[mitteilung.pk])
    response = signed_in(presse).get(page)
    assertContains(response, "Freigegeben")
    stand = mitteilung.events.order_by("pgh_id").first().pgh_id
    assertNotContains(signed_in(presse).get(f"{page}?stand={stand}"), "wieder einsetzen")


def test_an_unreleased_text_is_nobody_elses(client, signed_in, mitglied, fremd, page):
    assert client.get(page).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(page).status_code in {403, 404}


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_page_costs_the_same_however_long(signed_in, presse, draft, texte, django_assert_num_queries, anzahl):
    mitteilung = draft()
    for version in range(1, anzahl):
        update_pressemitteilung(pressemitteilung=mitteilung, version=version, **{**texte, "titel": f"Titel {version}"}, by=presse)
    browser = signed_in(presse)
    page = reverse("presse:pressemitteilung-verlauf", args=[mitteilung.pk])
    browser.get(page)
    with django_assert_num_queries(8):
        browser.get(page)
