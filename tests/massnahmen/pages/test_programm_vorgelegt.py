from django.conf import settings
from django.urls import reverse

from massnahmen.actions import begin_beteiligung, reopen_programm, write_stellungnahme
from tests.html import Page

URL = reverse("massnahmen:programm-vorgelegt", args=[2027, 1])


def test_it_says_what_happened_what_comes_next_and_whom_to_ask(signed_in, leitung, fassung):
    page = Page(signed_in(leitung).get(URL).content)
    assert page.one("h1").text.strip() == "Das Programm liegt beim Beirat"
    main = page.one("main").text
    for words in (
        "Arbeitsmarktprogramm 2027, Fassung 1",
        "Vorgelegt von Hanna Reuter am",
        "Tagesordnung der nächsten Sitzung",
        "Danach entscheiden: Ausschuss für Arbeit und Soziales, dann Kreistag.",
    ):
        assert words in main
    assert fassung.pruefsumme in main
    assert settings.INSTANZ.kontakt.telefon in main
    assert {reverse("massnahmen:fassung-detail", args=[2027, 1]), f"mailto:{settings.INSTANZ.kontakt.mail}"} <= page.links()


def test_what_the_bca_got_tells_of_her_part(signed_in, planung, position, bca):
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    page = Page(signed_in(planung).get(URL).content)
    assert page.one("h1").text.strip() == "Das Programm liegt bei der BCA"
    assert "Am Programm kann inzwischen weiter geschrieben werden." in page.one("main").text
    write_stellungnahme(fassung=fassung, text="Gut.", by=bca)
    assert Page(signed_in(planung).get(URL).content).one("h1").text.strip() == "Diese Fassung wurde der BCA vorgelegt"


def test_its_address_can_be_kept(signed_in, leitung, fassung):
    reopen_programm(programm=fassung.programm, grund="Ein Fehler.", by=leitung)
    page = Page(signed_in(leitung).get(URL).content)
    assert page.one("h1").text.strip() == "Diese Fassung wurde dem Beirat vorgelegt"  # where it lies has changed
    assert "Tagesordnung" not in page.one("main").text


def test_closed_to_strangers_and_404_for_what_was_never_submitted(client, signed_in, fremd, mitglied, leitung, programm):
    assert client.get(URL).status_code == 302
    assert signed_in(fremd).get(URL).status_code == 403
    assert signed_in(mitglied.konto).get(URL).status_code == 403
    assert signed_in(leitung).get(URL).status_code == 404
