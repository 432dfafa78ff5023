"""A measure lives for years; and who carries measures out."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import continue_massnahme, create_traeger, open_programm
from massnahmen.enums import Finanzquelle
from massnahmen.models import Fassung, Massnahme, Traeger


@pytest.fixture
def naechstes(planung):
    return open_programm(jahr=2028, by=planung)


def test_a_measure_is_planned_in_the_next_year_without_being_written_again(fassung, position, naechstes, angaben, planung):
    changed = replace(angaben, titel="Neuer Start, zweites Jahr", plaetze=20, kosten_cent={Finanzquelle.LAND: 5_000_00})
    planned = continue_massnahme(
        programm=naechstes, massnahme=position.massnahme, version=position.massnahme.version, angaben=changed, by=planung
    )
    massnahme = Massnahme.objects.get()
    assert (massnahme.titel, massnahme.version) == ("Neuer Start, zweites Jahr", position.massnahme.version + 1)
    assert (planned.massnahme, planned.plaetze, planned.kosten_cent) == (massnahme, 20, 5_000_00)
    position.refresh_from_db()
    assert (position.plaetze, position.kosten_cent) == (12, 52_000_050)  # what the first year plans stays
    assert json.loads(Fassung.objects.get().inhalt)["massnahmen"][0]["titel"] == "Neuer Start im Betrieb"


def test_it_stands_in_a_programme_once(position, naechstes, angaben, planung):
    massnahme = position.massnahme
    with pytest.raises(TransitionError, match="steht schon im Arbeitsmarktprogramm 2027"):
        continue_massnahme(programm=position.programm, massnahme=massnahme, version=massnahme.version, angaben=angaben, by=planung)


def test_not_on_top_of_what_somebody_else_saved(position, naechstes, angaben, planung):
    with pytest.raises(VersionConflict):
        continue_massnahme(
            programm=naechstes, massnahme=position.massnahme, version=position.massnahme.version - 1, angaben=angaben, by=planung
        )
    assert not naechstes.positionen.exists()


def test_only_into_a_draft_with_an_instrument_that_is_valid(fassung, position, naechstes, angaben, planung, instrument):
    massnahme = position.massnahme
    second = {"massnahme": massnahme, "version": massnahme.version, "by": planung}
    with pytest.raises(TransitionError, match="kann jetzt nicht geändert werden"):
        continue_massnahme(programm=fassung.programm, angaben=angaben, **second)
    instrument.gueltig_bis = date(2027, 12, 31)
    instrument.save()
    with pytest.raises(TransitionError, match="gilt nicht während der ganzen Laufzeit"):
        continue_massnahme(programm=naechstes, angaben=replace(angaben, instrument=instrument), **second)


def test_only_planung_continues_measures_and_adds_providers(position, naechstes, angaben, leitung, presse, fremd):
    for user in (leitung, presse, fremd):
        with pytest.raises(PermissionDenied):
            continue_massnahme(programm=naechstes, massnahme=position.massnahme, version=1, angaben=angaben, by=user)
        with pytest.raises(PermissionDenied):
            create_traeger(name="Werkhof", ort="Lindental", by=user)
    assert not Traeger.objects.filter(name="Werkhof").exists()


def test_a_provider_is_there_once(planung):
    create_traeger(name="Werkhof", ort="Lindental", by=planung)
    with pytest.raises(TransitionError, match="„Werkhof“ gibt es schon"):
        create_traeger(name="Werkhof", ort="Oberau", by=planung)
    assert Traeger.objects.get(name="Werkhof").ort == "Lindental"
