from django.conf import settings
from django.urls import reverse

from massnahmen.actions import reopen_programm
from tests.html import Page

URL = reverse("massnahmen:programm-vorgelegt", args=[2027, 1])


def test_it_says_what_happened_what_comes_next_and_whom_to_ask(signed_in, leitung, fassung):
    page = Page(signed_in(leitung).get(URL).content)
    assert page.one("h1").text.strip() == "Das Programm liegt beim Beirat"
    main = page.one("main").text
    for words in ("Arbeitsmarktprogramm 2027, Fassung 1", "Vorgelegt von Hanna Reuter am", "Tagesordnung der nächsten Sitzung"):
        assert words in main
    assert fassung.pruefsumme in main
    assert settings.INSTANZ.kontakt.telefon in main
    assert {reverse("massnahmen:fassung-detail", args=[2027, 1]), f"mailto:{settings.INSTANZ.kontakt.mail}"} <= page.links()


def test_its_address_can_be_kept(signed_in, leitung, fassung):
    reopen_programm(programm=fassung.programm, by=leitung)
    page = Page(signed_in(leitung).get(URL).content)
    assert page.one("h1").text.strip() == "Diese Fassung wurde dem Beirat vorgelegt"  # where it lies has changed
    assert "Tagesordnung" not in page.one("main").text


def test_closed_to_strangers_and_404_for_what_was_never_submitted(client, signed_in, fremd, mitglied, leitung, programm):
    assert client.get(URL).status_code == 302
    assert signed_in(fremd).get(URL).status_code == 403
    assert signed_in(mitglied.konto).get(URL).status_code == 403
    assert signed_in(leitung).get(URL).status_code == 404
