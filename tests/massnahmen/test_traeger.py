"""Who may change providers and their certificates, what is refused, and what two people at once do to each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    Kontaktangaben,
    Zulassungsangaben,
    add_kontakt,
    add_massnahmezulassung,
    add_zulassung,
    create_traeger,
    remove_kontakt,
    remove_traeger,
    update_kontakt,
    update_massnahmezulassung,
    update_traeger,
    update_zulassung,
)
from massnahmen.models import Massnahmezulassung, Traeger, Traegerkontakt, Traegerzulassung

ANGABEN = Zulassungsangaben("Z-7", "Zertkontor Nord", date(2026, 1, 1), date(2028, 12, 31))
KONTAKT = Kontaktangaben("Ada Frage", mail="ada@bildungswerk.example")
CHANGES: list[Callable] = [
    lambda by, z, k, m: create_traeger(name="Neu", ort="Oberau", by=by),
    lambda by, z, k, m: update_traeger(traeger=z.traeger, version=1, name="Neu", ort="Oberau", by=by),
    lambda by, z, k, m: remove_traeger(traeger=z.traeger, by=by),
    lambda by, z, k, m: add_zulassung(traeger=z.traeger, fachbereiche=[1], angaben=replace(ANGABEN, nummer="Z-8"), by=by),
    lambda by, z, k, m: update_zulassung(zulassung=z, version=1, fachbereiche=[2], angaben=ANGABEN, by=by),
    lambda by, z, k, m: add_massnahmezulassung(massnahme=m.massnahme, angaben=replace(ANGABEN, nummer="M-2"), by=by),
    lambda by, z, k, m: update_massnahmezulassung(zulassung=m, version=1, angaben=ANGABEN, by=by),
    lambda by, z, k, m: add_kontakt(traeger=z.traeger, angaben=KONTAKT, by=by),
    lambda by, z, k, m: update_kontakt(kontakt=k, version=1, angaben=KONTAKT, by=by),
    lambda by, z, k, m: remove_kontakt(kontakt=k, by=by),
]


@pytest.fixture
def zulassung(traeger, planung) -> Traegerzulassung:
    return add_zulassung(traeger=traeger, fachbereiche=[4, 1, 4], angaben=ANGABEN, by=planung)


@pytest.fixture
def kontakt(traeger, planung) -> Traegerkontakt:
    return add_kontakt(traeger=traeger, angaben=KONTAKT, by=planung)


@pytest.fixture
def massnahmezulassung(position, planung) -> Massnahmezulassung:
    return add_massnahmezulassung(massnahme=position.massnahme, angaben=replace(ANGABEN, nummer="M-1"), by=planung)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["leitung", "controlling", "geschaeftsstelle", "administration", "fremd", "system"])
def test_only_planung_changes_providers(change, who, request, zulassung, kontakt, massnahmezulassung):
    with pytest.raises(PermissionDenied):
        change(request.getfixturevalue(who), zulassung, kontakt, massnahmezulassung)


def test_a_certificate_keeps_what_it_says_and_each_fachbereich_once(zulassung):
    zulassung.refresh_from_db()
    assert (zulassung.fachbereiche, zulassung.version, zulassung.gueltig_bis) == ([1, 4], 1, date(2028, 12, 31))
    assert zulassung.get_fachbereiche_display() == ["Aktivierung und berufliche Eingliederung", "berufliche Weiterbildung"]


@pytest.mark.parametrize(
    ("fields", "fachbereiche", "sentence"),
    [
        ({"gueltig_bis": date(2025, 12, 31)}, [1], "Das Ende liegt vor dem Beginn"),
        ({"gueltig_bis": date(2031, 2, 3)}, [1], "höchstens fünf Jahre .§\u00a05 Abs.\u00a04 AZAV"),
        ({"gueltig_bis": date(2100, 1, 1)}, [1], "höchstens fünf Jahre"),
        ({}, [], "Der Fachbereich fehlt"),
    ],
)
def test_what_no_certificate_can_say_is_refused(traeger, planung, fields, fachbereiche, sentence):
    with pytest.raises(TransitionError, match=sentence):
        add_zulassung(traeger=traeger, fachbereiche=fachbereiche, angaben=replace(ANGABEN, **fields), by=planung)
    assert not Traegerzulassung.objects.exists()


@pytest.mark.parametrize("bis", [date(2026, 1, 1), date(2030, 12, 31), date(2031, 1, 1), date(2031, 2, 2)])
def test_a_day_and_five_years_with_a_month_s_grace_are_terms(traeger, planung, bis):
    assert add_zulassung(traeger=traeger, fachbereiche=[1], angaben=replace(ANGABEN, gueltig_bis=bis), by=planung).gueltig_bis == bis


def test_a_number_stands_once_with_a_provider_and_with_a_measure(zulassung, massnahmezulassung, planung):
    with pytest.raises(TransitionError, match="Nummer „Z-7“ ist hier schon eingetragen"):
        add_zulassung(traeger=zulassung.traeger, fachbereiche=[6], angaben=ANGABEN, by=planung)
    other = add_zulassung(traeger=zulassung.traeger, fachbereiche=[6], angaben=replace(ANGABEN, nummer="Z-8"), by=planung)
    with pytest.raises(TransitionError, match="Nummer „Z-7“"):
        update_zulassung(zulassung=other, version=1, fachbereiche=[6], angaben=ANGABEN, by=planung)
    with pytest.raises(TransitionError, match="Nummer „M-1“"):
        add_massnahmezulassung(massnahme=massnahmezulassung.massnahme, angaben=replace(ANGABEN, nummer="M-1"), by=planung)
    elsewhere = create_traeger(name="Anderswo e. V.", ort="Oberau", by=planung)
    assert add_zulassung(traeger=elsewhere, fachbereiche=[1], angaben=ANGABEN, by=planung).nummer == "Z-7"


@pytest.mark.parametrize(
    "fields",
    [
        {"gueltig_bis": date(2025, 12, 31)},
        {"gueltig_bis": date(2031, 2, 3)},
        {"fachbereiche": []},
        {"fachbereiche": [7]},
    ],
)
def test_the_database_refuses_it_as_well(zulassung, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Traegerzulassung.objects.filter(pk=zulassung.pk).update(**fields)


def test_a_contact_can_be_reached(traeger, kontakt, planung):
    with pytest.raises(TransitionError, match="Wie ist die Person zu erreichen"):
        add_kontakt(traeger=traeger, angaben=Kontaktangaben("Ohne Weg"), by=planung)
    with pytest.raises(IntegrityError), transaction.atomic():
        Traegerkontakt.objects.filter(pk=kontakt.pk).update(mail="")
    assert add_kontakt(traeger=traeger, angaben=Kontaktangaben("Nur Telefon", telefon="09999 1"), by=planung).pk


def test_of_a_contact_that_is_removed_nothing_stays(kontakt, planung):
    remove_kontakt(kontakt=kontakt, by=planung)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'massnahmen_traegerkontakt%event'")
        assert cursor.fetchone() == (0,)
    assert not Traegerkontakt.objects.exists()
    with pytest.raises(TransitionError, match="gibt es nicht mehr"):
        remove_kontakt(kontakt=kontakt, by=planung)


def test_who_saves_on_top_of_a_newer_save_is_told(zulassung, kontakt, massnahmezulassung, planung):
    later = replace(ANGABEN, gueltig_bis=date(2029, 12, 31))
    assert update_zulassung(zulassung=zulassung, version=1, fachbereiche=[1], angaben=later, by=planung).version == 2
    update_massnahmezulassung(zulassung=massnahmezulassung, version=1, angaben=later, by=planung)
    update_kontakt(kontakt=kontakt, version=1, angaben=replace(KONTAKT, telefon="09999 7"), by=planung)
    update_traeger(traeger=zulassung.traeger, version=1, name="Bildungswerk Neu", ort="Oberau", by=planung)
    for stale in (
        lambda: update_zulassung(zulassung=zulassung, version=1, fachbereiche=[2], angaben=ANGABEN, by=planung),
        lambda: update_massnahmezulassung(zulassung=massnahmezulassung, version=1, angaben=ANGABEN, by=planung),
        lambda: update_kontakt(kontakt=kontakt, version=1, angaben=KONTAKT, by=planung),
        lambda: update_traeger(traeger=zulassung.traeger, version=1, name="Alt", ort="Oberau", by=planung),
    ):
        with pytest.raises(VersionConflict):
            stale()
    zulassung.refresh_from_db()
    assert (zulassung.gueltig_bis, zulassung.fachbereiche, zulassung.traeger.name) == (date(2029, 12, 31), [1], "Bildungswerk Neu")


def test_a_name_stands_once_and_is_not_blank(traeger, planung):
    with pytest.raises(TransitionError, match="gibt es schon"):
        create_traeger(name=traeger.name, ort="Oberau", by=planung)
    with pytest.raises(TransitionError, match="Name und Ort fehlen"):
        create_traeger(name=" \u200b", ort="Oberau", by=planung)
    other = create_traeger(name="Anderswo e. V.", ort="Oberau", by=planung)
    with pytest.raises(TransitionError, match="gibt es schon"):
        update_traeger(traeger=other, version=1, name=traeger.name, ort="Oberau", by=planung)


def test_only_a_provider_on_which_nothing_hangs_is_removed(position, traeger, kontakt, planung):
    with pytest.raises(TransitionError, match="bleibt deshalb"):
        remove_traeger(traeger=traeger, by=planung)
    assert Traegerkontakt.objects.get() == kontakt
    unused = create_traeger(name="Aus Versehen", ort="Oberau", by=planung)
    add_kontakt(traeger=unused, angaben=KONTAKT, by=planung)
    remove_traeger(traeger=unused, by=planung)
    assert list(Traeger.objects.all()) == [traeger]


@pytest.mark.django_db(transaction=True)
def test_two_people_enter_the_same_certificate_at_once_and_it_stands_once(traeger, planung):
    barrier = Barrier(2)

    def enter(days: int) -> str:
        try:
            barrier.wait(timeout=10)
            angaben = replace(ANGABEN, gueltig_bis=ANGABEN.gueltig_bis + timedelta(days=days))
            add_zulassung(traeger=traeger, fachbereiche=[1], angaben=angaben, by=planung)
        except TransitionError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(enter, [0, 1]))
    assert answers == ["", "Eine Zulassung mit der Nummer „Z-7“ ist hier schon eingetragen."]
    assert Traegerzulassung.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_correct_the_same_certificate_at_once_and_one_is_told(traeger, planung):
    zulassung = add_zulassung(traeger=traeger, fachbereiche=[1], angaben=ANGABEN, by=planung)
    barrier = Barrier(2)

    def correct(number: int) -> bool:
        try:
            barrier.wait(timeout=10)
            update_zulassung(zulassung=zulassung, version=1, fachbereiche=[number], angaben=ANGABEN, by=planung)
        except VersionConflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(correct, [2, 3])) == [False, True]
    zulassung.refresh_from_db()
    assert zulassung.version == 2
