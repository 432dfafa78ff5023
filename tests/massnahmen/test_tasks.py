"""Who is told by mail on the way of a programme; what is written in the house stays there."""

import pytest
from django.urls import reverse

from jobcenter.konten.enums import Rolle
from jobcenter.post.models import Versand
from massnahmen.actions import begin_beteiligung, publish_programm, withdraw_gremienbeschluss, write_stellungnahme
from massnahmen.tasks import ask_bca, tell_of_beschluss, tell_of_stellungnahme


@pytest.fixture
def asked(position, planung, bca, person):
    away = person("Anna Ausgeschieden", Rolle.BCA)
    away.is_active = False
    away.save()
    Versand.objects.all().delete()
    return begin_beteiligung(programm=position.programm, by=planung)


def test_the_bca_is_asked_once_with_the_way_to_her_page(asked, bca, settings):
    for _ in range(2):
        ask_bca(asked.pk)
    mail = Versand.objects.get(an__rollen__contains=[Rolle.BCA])
    assert (mail.an, mail.betreff) == (bca, "Bitte nehmen Sie Stellung: Arbeitsmarktprogramm 2027, Fassung 1")
    assert settings.BASE_URL + reverse("massnahmen:stellungnahme-schreiben", args=[2027, 1]) in mail.text
    assert "Petra Plan" in mail.text
    assert "Neuer Start im Betrieb" not in mail.text


def test_the_leitung_hears_that_she_has_spoken_but_not_what(asked, bca, leitung, settings):
    stellungnahme = write_stellungnahme(fassung=asked, text="Vertraulich: zu wenig Plätze.", by=bca)
    for _ in range(2):
        tell_of_stellungnahme(stellungnahme.pk)
    mail = Versand.objects.get(an=leitung)
    assert mail.betreff == "Stellungnahme der BCA: Arbeitsmarktprogramm 2027, Fassung 1"
    assert settings.BASE_URL + reverse("massnahmen:stellungnahme-beantworten", args=[2027, 1]) in mail.text
    assert "Vertraulich" not in mail.text


def test_the_leitung_hears_that_the_kreistag_has_decided(beschluss, decide, leitung, person, settings):
    other = person("Leo Leitung", Rolle.LEITUNG)
    decided = decide(beschluss.fassung)  # entered by the Leitung herself
    for _ in range(2):
        tell_of_beschluss(decided.pk)
    mail = Versand.objects.get(anlass=f"programm-beschlossen:{decided.pk}")
    assert (mail.an, mail.betreff) == (other, "Beschlossen: Arbeitsmarktprogramm 2027, Fassung 1")
    assert settings.BASE_URL + reverse("massnahmen:programm-veroeffentlichen", args=[2027]) in mail.text


def test_nobody_is_told_of_a_decision_that_was_taken_back(beschluss, decide, leitung, person):
    person("Leo Leitung", Rolle.LEITUNG)
    decided = decide(beschluss.fassung)
    withdraw_gremienbeschluss(beschluss=decided, grund="Falsche Vorlage.", by=leitung)
    tell_of_beschluss(decided.pk)
    assert not Versand.objects.filter(anlass=f"programm-beschlossen:{decided.pk}").exists()


def test_nor_when_it_is_already_public(beschluss, decide, leitung, person):
    person("Leo Leitung", Rolle.LEITUNG)
    decided = decide(beschluss.fassung)
    publish_programm(beratung=decided.fassung.beratung, by=leitung)
    tell_of_beschluss(decided.pk)
    assert not Versand.objects.filter(anlass=f"programm-beschlossen:{decided.pk}").exists()
