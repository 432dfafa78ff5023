"""The demo is a promise of its own: everything in it went through the actions and holds together, whatever day it starts on."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beirat.enums import Bank, Funktion, Sitzungsstatus, Wahl
from beirat.models import Abstimmung, Anwesenheit, Beschluss, Mitglied, Sitzung, Stimme, Tagesordnungspunkt
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.models import Zustellung
from jobcenter.demo.kalender import Kalender, typeset
from jobcenter.demo.konten import PASSWORT, TABELLE
from jobcenter.demo.vorfuehrung import seed_demo
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.models import Jobcenter, Messwert
from massnahmen.enums import Finanzquelle, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Finanzierung, Kapitel, Massnahme, Traeger
from massnahmen.queries import read_fassung

START = datetime.fromisoformat("2026-11-22T10:00")  # German time


@pytest.fixture
def demo(db, at) -> Kalender:
    at(START)
    list(seed_demo())
    return Kalender(START.date())


def snapshot() -> dict[str, tuple]:
    return {
        model._meta.label: tuple(model._base_manager.aggregate(n=Count("pk"), last=Max(Cast("pk", TextField()))).values())
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }


def test_a_second_time_changes_nothing(demo, settings, capsys):
    settings.DEMO = True
    before = snapshot()
    assert before["kennzahlen.Jobcenter"][0] == 405
    with CaptureQueriesContext(connection) as queries:
        call_command("demo_daten")
    assert not [q["sql"] for q in queries if q["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert snapshot() == before
    assert capsys.readouterr().out == ""


def test_a_portal_in_use_is_never_filled(fremd, settings):
    settings.DEMO = True
    call_command("demo_daten")
    assert User.objects.get() == fremd
    assert not Jobcenter.objects.exists()


def test_without_demo_there_are_neither_data_nor_passwords(db, settings, capsys):
    settings.DEMO = False
    call_command("demo_daten")
    assert not User.objects.exists()
    list(seed_demo())
    call_command("demo_konten")
    assert PASSWORT not in capsys.readouterr().out


def test_the_table_names_an_account_for_every_role(demo, settings, capsys, client):
    settings.DEMO = True
    call_command("demo_konten")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(TABELLE) + 2
    assert len({line.index(PASSWORT) for line in lines[2:]}) == 1  # aligned
    for konto in TABELLE:
        user = User.objects.get(email=konto.email)
        assert any(konto.email in line and konto.name in line for line in lines)
        assert client.login(email=user.email, password=PASSWORT)
    held = {rolle for user in User.objects.all() for rolle in user.rollen}
    assert held >= set(Rolle.values) - {Rolle.SYSTEM}
    assert User.objects.filter(rollen__contains=[Rolle.PRESSE]).count() == 2


def test_fourteen_seats_from_all_groups_and_no_provider_among_them(demo):
    assert Mitglied.objects.active().voting().count() == 14
    assert set(Mitglied.objects.values_list("organisation__bank", flat=True)) == set(Bank.values)
    assert Mitglied.objects.get(funktion=Funktion.VORSITZ).konto.email == "vorsitz@musterburg.example"
    assert Mitglied.objects.filter(funktion=Funktion.STELLVERTRETUNG).count() == 1
    assert not Traeger.objects.filter(name__in=Mitglied.objects.values("organisation__name")).exists()
    assert not User.objects.filter(mitgliedschaften__isnull=False).exclude(rollen=[]).exists()


def test_what_was_voted_on_is_what_was_published(demo):
    fassung = Fassung.objects.get()
    abstimmung = Abstimmung.objects.get()
    beschluss = Beschluss.objects.get()
    assert (fassung.programm.jahr, fassung.programm.status) == (2026, Programmstatus.VEROEFFENTLICHT)
    assert abstimmung.top.vorlage.fassung.pruefsumme == fassung.pruefsumme
    assert (beschluss.abstimmung, beschluss.fassung.pruefsumme) == (abstimmung, fassung.pruefsumme)
    assert fassung.beratung.veroeffentlichung.fassung.pruefsumme == fassung.pruefsumme
    assert str(beschluss) in fassung.beratung.beschluss
    assert (abstimmung.anwesende, abstimmung.ja, abstimmung.nein, abstimmung.enthaltung, abstimmung.nicht_abgegeben) == (12, 11, 0, 1, 0)
    assert Stimme.objects.filter(wahl=Wahl.ENTHALTUNG).get().mitglied.name == "Friedrich Sommer"
    assert not Stimme.objects.exclude(mitglied__in=Anwesenheit.objects.filter(sitzung=abstimmung.top.sitzung).values("mitglied")).exists()
    assert fassung.vorgelegt_am < abstimmung.eroeffnet_am < abstimmung.geschlossen_am < fassung.beratung.veroeffentlichung.am


def test_both_programmes_are_whole(demo):
    for jahr, status in {2026: Programmstatus.VEROEFFENTLICHT, 2027: Programmstatus.ENTWURF}.items():
        programm = Arbeitsmarktprogramm.objects.get(jahr=jahr)
        assert programm.status == status
        assert programm.zusammenfassung
        assert programm.kapitel.count() == 12
        assert not programm.kapitel.filter(text="").exists()
        assert programm.positionen.count() == 12
        assert len({p.massnahme.instrument.gruppe for p in programm.positionen.with_details()}) == 5
        egt = sum(f.betrag_cent for f in Finanzierung.objects.filter(position__programm=programm, quelle=Finanzquelle.EGT))
        assert 8_000_000_00 < egt < 10_000_000_00
        assert not programm.positionen.filter(finanzierungen__isnull=True).exists()
    for massnahme in Massnahme.objects.all():
        assert massnahme.instrument.is_valid_for(massnahme.beginn, massnahme.ende)
    inhalt = read_fassung(Fassung.objects.get())
    projekt = next(m for m in inhalt.massnahmen if m.instrument.kurz == "esf")
    assert {betrag.schluessel for betrag in projekt.finanzierung} == {"esf", "kommune", "egt"}


def test_texts_are_filled_in_and_typeset(demo):
    texts = [*Kapitel.objects.values_list("text", flat=True), *Arbeitsmarktprogramm.objects.values_list("zusammenfassung", flat=True)]
    texts += [text for row in Pressemitteilung.objects.values_list("titel", "vorspann", "text") for text in row]
    texts += [*Tagesordnungspunkt.objects.values_list("titel", flat=True), *Massnahme.objects.values_list("beschreibung", flat=True)]
    for text in texts:
        assert not set("{}\n") & set(text.replace("\n\n", "")), text
        assert "  " not in text
        assert "lorem" not in text.lower()
    assert max(map(len, texts)) < 3000
    assert typeset("Nach § 16i SGB II  gilt\n{x}\n\nzwei", x=1) == "Nach §\u00a016i SGB II gilt 1\n\nzwei"


def test_press_quotes_the_figures_of_its_day(demo):
    k2 = Messwert.objects.with_source().filter(kennzahl__code="K2", datenstand__tag__lte=date(2026, 10, 27)).order_by("bis").last()
    titel = Pressemitteilung.objects.get(jahr=2026, nummer=2).titel
    assert f"{k2.wert:.1f}".replace(".", ",") in titel


def test_press_releases_are_numbered_without_gap_and_seen_by_two(demo):
    released = list(Pressemitteilung.objects.veroeffentlicht().newest_first())
    assert [m.nummer_text for m in released] == ["002/2026", "001/2026", "001/2025"]
    assert all(m.geaendert_von != m.freigegeben_von for m in released)
    assert released[-1].fassung == Fassung.objects.get()
    assert Pressemitteilung.objects.count() == 3


def test_no_figure_is_invented_for_a_real_jobcenter(demo):
    eigenes = settings.INSTANZ.jobcenter.traegernummer
    invented = Messwert.objects.filter(datenstand__quelle__titel__contains="Vorführdaten")
    assert set(invented.values_list("jobcenter__traegernummer", flat=True)) == {eigenes}
    assert not Messwert.objects.filter(jobcenter__traegernummer=eigenes).exclude(pk__in=invented).exists()
    others = Messwert.objects.exclude(jobcenter__traegernummer__startswith="99")
    assert set(others.values_list("jobcenter__name", flat=True)) == {"Erzgebirgskreis", "Kronach", "Offenbach", "Saalekreis", "Saarlouis"}
    assert others.count() == 23
    assert not others.filter(datenstand__tag__gt=date(2024, 12, 31)).exists()
    assert Jobcenter.objects.exclude(traegernummer__startswith="99").count() == 404


def test_later_rooms_have_heard_of_everything(demo):
    assert not Zustellung.objects.filter(erledigt_am=None).exists()
    assert not Bericht.objects.exclude(fassung=Fassung.objects.get()).exists()


@pytest.mark.parametrize("start", ["2026-12-31", "2027-01-01", "2027-07-31", "2028-02-29", "2028-12-18"])
def test_it_holds_together_on_any_day(db, at, start):
    today = date.fromisoformat(start)
    at(datetime.combine(today, datetime.min.time().replace(hour=7)))
    list(seed_demo())
    s20, s21, s22 = Sitzung.objects.order_by("nummer")
    assert [s.nummer for s in (s20, s21, s22)] == [20, 21, 22]
    assert s20.geschlossen_am < s21.eroeffnet_am < s21.geschlossen_am < clock.now()
    assert s22.status == Sitzungsstatus.EINGELADEN
    assert timedelta(days=14) <= s22.beginn - clock.now() <= timedelta(days=36)
    assert {timezone.localtime(s.beginn).weekday() for s in (s20, s21, s22)} == {2}
    assert Arbeitsmarktprogramm.objects.get(status=Programmstatus.ENTWURF).jahr == today.year + 1
    assert Fassung.objects.get().programm.jahr == today.year
    assert Mitglied.objects.active().count() == 14
    released = list(Pressemitteilung.objects.veroeffentlicht().order_by("freigegeben_am"))
    assert len(released) == 3
    for jahr in {m.jahr for m in released}:
        assert [m.nummer for m in released if m.jahr == jahr] == list(range(1, 1 + sum(m.jahr == jahr for m in released)))
    newest = Messwert.objects.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer).aggregate(Max("datenstand__tag"))
    assert timedelta(0) <= today - newest["datenstand__tag__max"] <= timedelta(days=31)
