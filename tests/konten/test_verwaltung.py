"""Django's admin: master data only, behind the same door, and every save tells its author and the public pages."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.template import engines
from django.urls import NoReverseMatch, reverse

from beirat.models import Organisation
from jobcenter.common import seitenspeicher
from jobcenter.konten.admin import verwaltung
from jobcenter.konten.enums import Rolle
from kennzahlen.models import Jobcenter, Kennzahl
from massnahmen.models import Handlungsfeld, Instrument, Rechtsbegriff, Wertgrenze, Zielgruppe
from tests.html import Page

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
MASTER_DATA = {Instrument, Zielgruppe, Handlungsfeld, Rechtsbegriff, Wertgrenze, Organisation, Jobcenter, Kennzahl}


@pytest.fixture(autouse=True)
def _templates_of_django() -> None:
    """Django's own templates name variables that are not always there."""
    engines["django"].engine.string_if_invalid = ""


def test_it_holds_master_data_and_nothing_else():
    assert set(verwaltung._registry) == MASTER_DATA
    assert get_user_model() not in verwaltung._registry
    for model in verwaltung._registry:
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"status", "stand", "version", "freigegeben_am", "pruefsumme"}, model


@pytest.mark.parametrize("rolle", [None, *[rolle for rolle in Rolle if rolle not in {Rolle.ADMINISTRATION, Rolle.SYSTEM}]])
def test_others_meet_a_403_on_every_page(person, signed_in, handlungsfeld, rolle):
    browser = signed_in(person("Irgend Wer", *([rolle] if rolle else [])))
    for page in (
        INDEX,
        reverse("admin:massnahmen_handlungsfeld_changelist"),
        reverse("admin:massnahmen_handlungsfeld_change", args=[handlungsfeld.pk]),
    ):
        assert browser.get(page).status_code == 403, page
    browser.post(
        reverse("admin:massnahmen_handlungsfeld_change", args=[handlungsfeld.pk]), {"name": "Anders", "code": "anders", "reihenfolge": 1}
    )
    handlungsfeld.refresh_from_db()
    assert handlungsfeld.name == "Lange Arbeitslosigkeit beenden"


def test_strangers_are_sent_to_the_portal_s_own_door(client):
    assert client.get(INDEX)["Location"] == f"{reverse('account_login')}?next={INDEX}"
    for name in ("login", "logout", "password_change"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")


def test_every_list_and_form_opens_for_administration(signed_in, administration, instrument, zielgruppe, handlungsfeld, organisation):
    browser = signed_in(administration)
    page = Page(browser.get(INDEX).content)
    assert reverse("portal:aufgaben") in page.links()
    for model in MASTER_DATA:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert browser.get(reverse(f"{name}_changelist") + "?q=x").status_code == 200
        assert browser.get(reverse(f"{name}_add")).status_code == 200
        if row := model.objects.first():
            for verb in ("change", "delete", "history"):
                assert browser.get(reverse(f"{name}_{verb}", args=[row.pk])).status_code == 200, (name, verb)


def test_a_save_stands_in_the_history_and_empties_the_page_cache(
    signed_in, administration, handlungsfeld, settings, django_capture_on_commit_callbacks
):
    settings.SEITENSPEICHER = True
    before = seitenspeicher.begin_generation()
    assert seitenspeicher.read("/")[0] == before is not None
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(administration).post(
            reverse("admin:massnahmen_handlungsfeld_change", args=[handlungsfeld.pk]),
            {"name": "Neuer Name", "code": "neu", "reihenfolge": 1},
        )
    assert answer.status_code == 302
    assert Handlungsfeld.objects.get().name == "Neuer Name"
    assert LogEntry.objects.get().user == administration
    assert seitenspeicher.read("/")[0] != before


def test_what_is_used_is_not_deleted_and_the_page_says_so(signed_in, administration, position, handlungsfeld):
    page = signed_in(administration).post(reverse("admin:massnahmen_handlungsfeld_delete", args=[handlungsfeld.pk]), {"post": "yes"})
    assert "geschützte" in page.content.decode()
    assert Handlungsfeld.objects.filter(pk=handlungsfeld.pk).exists()


def test_a_target_group_of_a_measure_is_not_deleted_either(signed_in, administration, position, zielgruppe):
    url = reverse("admin:massnahmen_zielgruppe_delete", args=[zielgruppe.pk])
    browser = signed_in(administration)
    assert "Neuer Start im Betrieb" in browser.get(url).content.decode()
    browser.post(url, {"post": "yes"})
    assert list(position.massnahme.zielgruppen.all()) == [zielgruppe]


def test_what_nobody_uses_can_be_deleted(signed_in, administration, handlungsfeld):
    signed_in(administration).post(reverse("admin:massnahmen_handlungsfeld_delete", args=[handlungsfeld.pk]), {"post": "yes"})
    assert not Handlungsfeld.objects.filter(pk=handlungsfeld.pk).exists()


def test_the_second_factor_stands_before_it(pflicht, signed_in, administration):
    assert signed_in(administration).get(INDEX)["Location"] == reverse("konten:zweiter-faktor")
