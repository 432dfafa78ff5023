import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import Zielangaben, add_ziel, open_programm
from massnahmen.models import Massnahme, Programmposition
from tests.conftest import fill_texts
from tests.html import Page
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-pruefen", args=[2027])


def at(name: str, *args: int) -> str:
    return reverse(f"massnahmen:{name}", args=[2027, *args])


@pytest.fixture
def gaps(position, planung) -> Programmposition:
    """Something is missing in every part."""
    Massnahme.objects.update(beschreibung="")
    add_ziel(programm=position.programm, angaben=Zielangaben("Mehr Integrationen", None, None), by=planung)
    return position


def test_every_gap_leads_planung_to_the_page_that_mends_it(signed_in, planung, gaps):
    page = Page(signed_in(planung).get(PAGE).content)
    ziel = gaps.programm.ziele.get()
    wanted = {
        at("zusammenfassung-bearbeiten"),
        *(at("kapitel-bearbeiten", n) for n in range(1, 13)),
        at("ziel-bearbeiten", ziel.pk),
        at("massnahme-bearbeiten", gaps.massnahme_id),
    }
    assert wanted <= page.links()
    assert "15\xa0Angaben fehlen oder passen noch nicht" in page.one("main").text
    assert "Es fehlt: Beschreibung." in page.one("main").text


def test_who_may_not_mend_it_is_led_where_it_can_be_read(signed_in, leitung, controlling, gaps):
    for account in (leitung, controlling):
        browser = signed_in(account)
        links = {
            a.attrs["href"]
            for a in Page(browser.get(PAGE).content).classed("kern-link")
            if a.attrs["href"].startswith(at("programm-intern-detail"))
        }
        assert at("massnahme-verlauf", gaps.massnahme_id) in links
        assert not links & {at("massnahme-bearbeiten", gaps.massnahme_id), at("kapitel-bearbeiten", 1)}
        for link in links:
            assert browser.get(link).status_code == 200, link


def test_hints_come_after_what_blocks(signed_in, planung, position):
    text = Page(signed_in(planung).get(PAGE).content).one("main").text
    assert text.index("Das fehlt noch") < text.index("Hinweise") < text.index("Das Programm nennt noch kein Ziel.")


def test_when_nothing_is_missing_it_says_so_and_offers_the_next_step(signed_in, planung, leitung, presse, position, hear_bca):
    fill_texts(position.programm, planung)
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Es fehlt nichts.")
    assertContains(page, "Der BCA vorlegen")
    assertNotContains(page, "Dem Beirat vorlegen</span>")
    assertContains(signed_in(leitung).get(PAGE), "Dem Beirat vorlegen</span>")
    assertNotContains(signed_in(presse).get(PAGE), "vorlegen</span>")
    hear_bca(position.programm)
    assertContains(signed_in(leitung).get(PAGE), "die BCA hat Stellung genommen")
    assertNotContains(signed_in(leitung).get(PAGE), "Der BCA vorlegen")


def test_the_open_answer_to_the_bca_leads_to_the_answer(signed_in, leitung, planung, position, hear_bca):
    hear_bca(position.programm, antwort="")
    assert at("stellungnahme-beantworten", 1) in Page(signed_in(leitung).get(PAGE).content).links()
    assert at("fassung-detail", 1) in Page(signed_in(planung).get(PAGE).content).links()


def test_closed_to_strangers(client, signed_in, fremd, mitglied, position, leitung):
    assertRedirects(client.get(PAGE), f"{reverse('account_login')}?next={PAGE}", fetch_redirect_response=False)
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
    assert signed_in(leitung).get(reverse("massnahmen:programm-pruefen", args=[2031])).status_code == 404


def test_query_count(signed_in, planung, programm, plan, django_assert_num_queries):
    browser = signed_in(planung)
    Programmposition.objects.update(uebernommen=True)
    for more in (1, 2, 297):
        plan(programm, more, beschreibung="")
        # session, account, programme, ten of what is missing, Fassungen, steps
        with django_assert_num_queries(16):
            browser.get(PAGE)


def test_a_year_before_that_was_tampered_with_is_not_left_out_silently(signed_in, planung, veroeffentlichung):
    open_programm(jahr=2028, by=planung)
    page, browser = reverse("massnahmen:programm-pruefen", args=[2028]), signed_in(planung)
    assertNotContains(browser.get(page), "Vorjahr 2027")
    falsify(veroeffentlichung.fassung, "Neuer Start", "Alter Start")
    answer = browser.get(page)
    assertContains(answer, "Der veröffentlichte Text von 2027 wurde in der Datenbank verändert.")
    assertContains(answer, at("fassung-detail", 1))
