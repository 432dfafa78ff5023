"""Every delivery with its state; also the example file and what a fault list gives away."""

from datetime import date

import pytest
from django.urls import reverse

from jobcenter.common.enums import Auftragsstatus
from kennzahlen.actions import withdraw_lieferung
from kennzahlen.models import Datenlieferung, Quelle
from tests.html import Page
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:lieferung-liste")


def test_a_delivery_stands_there_with_all_that_is_known(uebernommen, signed_in, leitung):
    page = Page(signed_in(leitung).get(URL).content)
    row = page.all("tr")[1].text
    for text in ("kennzahlen.csv", "Statistik der BA: Kennzahlen", "20.10.2026", "übernommen", "Juli\u00a02026", "Carla Controlling"):
        assert text in row
    assert reverse("kennzahlen:lieferung-detail", args=[uebernommen.pk]) in page.links()
    head, shown = read_csv(signed_in(leitung).get(f"{URL}?format=csv"))
    cells = dict(zip(head, shown, strict=True))
    assert (cells["Quelle"], cells["Zeilen"], cells["Zustand"]) == ("Statistik der BA: Kennzahlen", "2", "übernommen")


def test_filters_and_order(uebernommen, submit, amtlich, signed_in, controlling):
    submit("99001;2026-06;K2;I;2600;9824,58", stand=date(2026, 9, 20))
    other = Quelle.objects.create(art="eigene_erhebung", herausgeber="Jobcenter", titel="Zählung")
    submit("99001;2026-05;K2;I;2600;9824,58", quelle=other, stand=date(2026, 11, 1))
    browser = signed_in(controlling)

    def staende(query: str) -> list[str]:
        return [row[2] for row in read_csv(browser.get(f"{URL}?format=csv&{query}"))[1:]]

    assert staende("sortierung=stand") == ["20.09.2026", "20.10.2026", "01.11.2026"]
    assert staende(f"quelle={other.pk}") == ["01.11.2026"]
    assert staende("zustand=uebernommen") == ["20.10.2026"]
    assert staende(f"zustand=uebernommen&quelle={other.pk}") == []


def test_a_check_that_was_given_up_is_not_called_going_on(submit, signed_in, controlling):
    submit("99001;2026-07;K2;I;2601;9824,58")
    Datenlieferung.objects.update(status=Auftragsstatus.GESCHEITERT)
    assert "Prüfung gescheitert" in Page(signed_in(controlling).get(URL).content).all("tr")[1].text


@pytest.mark.parametrize(("who", "status"), [("leitung", 200), ("administration", 200), ("planung", 403), ("presse", 403), ("fremd", 403)])
def test_who_may_look(request, who, status, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == status
    assert browser.get(reverse("kennzahlen:lieferung-muster")).status_code == status
    assert (URL in Page(browser.get(reverse("portal:aufgaben")).content).links()) == (status == 200)


def test_an_empty_list_offers_the_next_step_to_those_who_may_take_it(signed_in, controlling, leitung, client):
    assert reverse("kennzahlen:lieferung-neu") in Page(signed_in(controlling).get(URL).content).links()
    page = Page(signed_in(leitung).get(URL).content)
    assert "Das Controlling liefert sie." in page.classed("leer")[0].text
    assert reverse("kennzahlen:lieferung-neu") not in page.links()
    assert client.get(URL).status_code == 302


def test_the_example_file_is_itself_a_good_delivery(submit, check, signed_in, controlling):
    text = signed_in(controlling).get(reverse("kennzahlen:lieferung-muster")).content.decode("utf-8-sig")
    kopf, *zeilen = text.splitlines()
    lieferung = check(submit(*zeilen, kopf=kopf))
    assert (lieferung.fehlerliste, lieferung.zustand, lieferung.zeilen) == ([], "geprueft", 4)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, uebernommen, controlling, signed_in, django_assert_num_queries):
    withdraw_lieferung(lieferung=uebernommen, grund="x", by=controlling)
    source = Datenlieferung.objects.get()
    copies = [
        Datenlieferung(
            quelle=source.quelle, stand=date(2026, 1, 1 + n), datei=source.datei, dateiname="a.csv", dateiart="csv",
            pruefsumme=source.pruefsumme, groesse=1, eingereicht_von=controlling,
        )
        for n in range(rows - 1)
    ]  # fmt: skip
    Datenlieferung.objects.bulk_create(copies)
    browser = signed_in(controlling)
    with django_assert_num_queries(5):  # session, account, sources of the filter, number, rows
        browser.get(URL)
