"""Who sends members, who holds a seat for how long, and papers of the Geschäftsstelle's own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from beirat.actions import add_organisation, add_vorlage_to_agenda, appoint_mitglied, open_sitzung
from beirat.enums import Bank, Funktion, Topart
from beirat.models import Mitglied, Organisation, Vorlage
from jobcenter.common import clock
from jobcenter.common.transitions import TransitionError

VON, BIS = date(2024, 7, 1), date(2029, 6, 30)


def test_a_seat_is_held_from_its_first_day_to_its_last(organisation, person, geschaeftsstelle):
    konto = person("Karl Kammer")
    mitglied = appoint_mitglied(organisation=organisation, konto=konto, von=VON, bis=BIS, by=geschaeftsstelle)
    assert mitglied.name == "Karl Kammer"
    for day, sits in ((VON - timedelta(days=1), False), (VON, True), (BIS, True), (BIS + timedelta(days=1), False)):
        assert Mitglied.objects.active(day).exists() == sits, day


def test_one_seat_per_person_and_one_chair_at_a_time(organisation, person, geschaeftsstelle):
    konto, fields = person("Karl Kammer"), {"organisation": organisation, "von": VON, "bis": BIS, "by": geschaeftsstelle}
    appoint_mitglied(konto=konto, funktion=Funktion.VORSITZ, **fields)
    with pytest.raises(TransitionError, match="Karl Kammer hat in dieser Amtszeit schon einen Sitz"):
        appoint_mitglied(konto=konto, **fields)
    with pytest.raises(TransitionError, match="führt schon jemand den Vorsitz"):
        appoint_mitglied(konto=person("Vera Vorsitz"), funktion=Funktion.VORSITZ, **fields)
    later = fields | {"von": BIS + timedelta(days=1), "bis": date(2034, 6, 30)}
    appoint_mitglied(konto=konto, funktion=Funktion.VORSITZ, **later)
    assert Mitglied.objects.count() == 2


def test_a_term_does_not_end_before_it_begins(organisation, fremd, geschaeftsstelle):
    with pytest.raises(TransitionError, match="endet, bevor sie beginnt"):
        appoint_mitglied(organisation=organisation, konto=fremd, von=BIS, bis=VON, by=geschaeftsstelle)


def test_an_organisation_is_there_once(geschaeftsstelle):
    add_organisation(name="Liga", bank=Bank.WOHLFAHRT, by=geschaeftsstelle)
    with pytest.raises(TransitionError, match="„Liga“ gibt es schon"):
        add_organisation(name="Liga", bank=Bank.KIRCHEN, by=geschaeftsstelle)
    assert Organisation.objects.get(name="Liga").bank == Bank.WOHLFAHRT


def test_a_paper_gets_the_next_number_and_its_item(sitzung, geschaeftsstelle):
    fields = {"text": "Drei Verträge laufen aus.", "art": Topart.BERATUNG, "oeffentlich": False, "by": geschaeftsstelle}
    tops = [add_vorlage_to_agenda(sitzung=sitzung, titel=titel, **fields) for titel in ("Vergaben", "Einsatzorte")]
    jahr = clock.today().year
    assert [top.vorlage.nummer for top in tops] == [f"V 01/{jahr}", f"V 02/{jahr}"]
    assert [(top.nummer, top.titel, top.vorlage.fassung) for top in tops] == [(2, "Vergaben", None), (3, "Einsatzorte", None)]


def test_no_paper_once_the_session_is_open(sitzung, geschaeftsstelle, vorsitz):
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="Ihre Tagesordnung steht fest"):
        add_vorlage_to_agenda(sitzung=sitzung, titel="Zu spät", text="", art=Topart.BERATUNG, oeffentlich=True, by=geschaeftsstelle)
    assert not Vorlage.objects.exists()


def test_only_the_geschaeftsstelle_appoints_and_writes_papers(organisation, sitzung, mitglied, leitung, fremd):
    for user in (mitglied.konto, leitung, fremd):
        with pytest.raises(PermissionDenied):
            add_organisation(name="Liga", bank=Bank.WOHLFAHRT, by=user)
        with pytest.raises(PermissionDenied):
            appoint_mitglied(organisation=organisation, konto=fremd, von=VON, bis=BIS, by=user)
        with pytest.raises(PermissionDenied):
            add_vorlage_to_agenda(sitzung=sitzung, titel="x", text="", art=Topart.BERATUNG, oeffentlich=True, by=user)
