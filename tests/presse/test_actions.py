"""Numbers without gap, four eyes, and a text that stands once it is released."""

import time
from datetime import UTC, datetime
from threading import Barrier, Event, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from jobcenter.common import clock
from jobcenter.common.actions import VersionConflict
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release, update_pressemitteilung
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung

pytestmark = pytest.mark.django_db


def release(mitteilung, by):
    return release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=by)


def test_numbers_follow_each_other_in_the_house_format(released):
    assert [released().nummer_text for _ in range(3)] == [f"00{n}/{clock.today().year}" for n in (1, 2, 3)]


def test_the_format_is_a_setting(released, settings):
    from dataclasses import replace

    presse = replace(settings.INSTANZ.presse, nummernformat="{jahr}-{nummer:02d}")
    settings.INSTANZ = replace(settings.INSTANZ, presse=presse)
    assert released().nummer_text == f"{clock.today().year}-01"


def test_the_year_is_that_of_german_time_and_every_year_begins_at_one(released):
    with clock.moved_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)):
        assert released().nummer_text == "001/2026"
    with clock.moved_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):  # 00:30 on 1 January in Germany
        assert released().nummer_text == "001/2027"
        assert released().nummer_text == "002/2027"
    with clock.moved_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)):
        assert released().nummer_text == "002/2026"


def test_a_rolled_back_release_gives_its_number_back(requested, released, presse2):
    mitteilung = requested()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert release(mitteilung, presse2).nummer == 1
        raise ZeroDivisionError
    mitteilung.refresh_from_db()
    assert (mitteilung.status, mitteilung.nummer) == (Pressestatus.ZUR_FREIGABE, None)
    assert released().nummer == 1


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_the_same_moment_get_two_numbers(requested, released, presse2, leitung):
    """The second asks for its number while the first, not yet committed, holds one."""
    released()
    first, second, begun = requested(titel="Erste"), requested(titel="Zweite"), Event()

    def release_slowly() -> None:
        with transaction.atomic():
            release(first, presse2)
            begun.set()
            time.sleep(0.4)
        connection.close()

    def release_meanwhile() -> None:
        begun.wait()
        release(second, leitung)
        connection.close()

    threads = [Thread(target=work) for work in (release_slowly, release_meanwhile)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = dict(Pressemitteilung.objects.values_list("titel", "nummer"))
    assert (numbers["Erste"], numbers["Zweite"]) == (2, 3)


@pytest.mark.django_db(transaction=True)
def test_one_text_released_by_two_at_the_same_moment_gets_one_number(requested, released, presse2, leitung):
    mitteilung, barrier, faults = requested(), Barrier(2), []

    def work(by) -> None:
        barrier.wait()
        try:
            release(mitteilung, by)
        except TransitionError as error:
            faults.append(str(error))
        connection.close()

    threads = [Thread(target=work, args=[by]) for by in (presse2, leitung)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(faults) == 1
    assert released().nummer == 2  # nothing was skipped


def test_the_author_of_the_last_change_may_not_release(requested, presse):
    mitteilung = requested()
    with pytest.raises(PermissionDenied):
        release(mitteilung, presse)


def test_who_changed_last_counts_not_who_began(requested, texte, presse, presse2):
    mitteilung = requested()
    neu = texte | {"titel": "Neuer Titel"}
    changed = update_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, **neu, by=presse2)
    again = request_release(pressemitteilung=changed, version=changed.version, by=presse2)
    with pytest.raises(PermissionDenied):
        release(again, presse2)
    assert release(again, presse).nummer == 1


def save(mitteilung, texte, by, **fields):
    return update_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, **texte | fields, by=by)


def test_who_saves_without_a_change_is_no_author(draft, texte, presse, presse2, leitung):
    """Or else A writes everything, B presses the button, and A releases A's own text."""
    mitteilung = draft()
    asked = save(mitteilung, texte, presse2, zur_freigabe=True)
    assert (asked.geaendert_von, asked.geaendert_am, asked.version) == (presse, mitteilung.geaendert_am, mitteilung.version)
    assert (asked.status, asked.angefragt_von) == (Pressestatus.ZUR_FREIGABE, presse2)
    for by in (presse, presse2):
        with pytest.raises(PermissionDenied):
            release(asked, by)
    assert release(asked, leitung).nummer == 1


@pytest.mark.parametrize(
    "same",
    [
        {"text": "Der Zuschuss hilft beim Anfang.\r\n\r\n„Der erste Tag entscheidet“, sagt die Leiterin."},
        {"titel": " Mehr Betriebe nutzen den Lohnzuschuss\n"},
        {"sperrfrist": datetime(2027, 3, 1, 9, 0, tzinfo=UTC)},
    ],
)
def test_what_a_browser_does_to_a_text_is_no_change(draft, texte, presse2, same):
    mitteilung = draft(sperrfrist=datetime(2027, 3, 1, 9, 0, 31, tzinfo=UTC))
    saved = save(mitteilung, texte, presse2, **{"sperrfrist": mitteilung.sperrfrist} | same)
    assert (saved.version, saved.geaendert_von, saved.text) == (1, mitteilung.geaendert_von, texte["text"])


@pytest.mark.parametrize(
    "other",
    [
        {"titel": "Weniger Betriebe"},
        {"vorspann": "39 Betriebe."},
        {"text": "Ein Absatz."},
        {"text": "Der Zuschuss hilft beim Anfang.\n„Der erste Tag entscheidet“, sagt die Leiterin."},
        {"sperrfrist": datetime(2027, 3, 1, 9, tzinfo=UTC)},
    ],
)
def test_every_real_change_has_its_author_and_is_a_draft_again(requested, texte, presse2, other):
    mitteilung = requested()
    saved = save(mitteilung, texte, presse2, **other)
    assert (saved.version, saved.geaendert_von) == (mitteilung.version + 1, presse2)
    assert saved.geaendert_am > mitteilung.geaendert_am
    assert (saved.status, saved.angefragt_von) == (Pressestatus.ENTWURF, None)


def test_saving_what_waits_unchanged_leaves_it_waiting(requested, texte, presse, presse2):
    mitteilung = requested()
    for zur_freigabe in (False, True):
        saved = save(mitteilung, texte, presse2, zur_freigabe=zur_freigabe)
        assert (saved.status, saved.angefragt_von, saved.version) == (Pressestatus.ZUR_FREIGABE, presse, mitteilung.version)


def test_saving_and_asking_is_one_change(draft, texte, presse2):
    """One row of history: no moment in which the text is saved and the release not asked for."""
    mitteilung = draft()
    saved = save(mitteilung, texte, presse2, titel="Endgültig", zur_freigabe=True)
    assert (saved.titel, saved.status, saved.angefragt_von) == ("Endgültig", Pressestatus.ZUR_FREIGABE, presse2)
    assert [event.status for event in mitteilung.events.filter(pgh_label="update")] == [Pressestatus.ZUR_FREIGABE]


def test_a_request_has_its_name_in_the_database(draft, requested, presse):
    for mitteilung, change in ((draft(), {"angefragt_von": presse}), (requested(), {"angefragt_von": None})):
        with pytest.raises(IntegrityError, match="presse_anfrage_vollstaendig"), transaction.atomic():
            Pressemitteilung.objects.filter(pk=mitteilung.pk).update(**change)


@pytest.mark.parametrize("who", ["presse", "presse2"])  # wrote it; asked for its release
def test_the_database_holds_the_four_eyes_too(request, who, draft, texte, presse2):
    mitteilung = save(draft(), texte, presse2, zur_freigabe=True)
    jahr = clock.today().year
    with pytest.raises(IntegrityError, match="presse_vier_augen"), transaction.atomic():
        Pressemitteilung.objects.filter(pk=mitteilung.pk).update(
            status="freigegeben",
            jahr=jahr,
            nummer=9,
            slug="x",
            freigegeben_am=clock.now(),
            freigegeben_von=request.getfixturevalue(who),
            oeffentlich_ab=clock.now(),
        )


@pytest.mark.parametrize("who", ["planung", "geschaeftsstelle", "controlling", "administration", "fremd", "system"])
def test_only_presse_and_leitung_release(request, requested, who):
    with pytest.raises(PermissionDenied):
        release(requested(), request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["planung", "leitung", "administration", "fremd"])
def test_only_presse_writes(request, draft, texte, who):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        create_pressemitteilung(**texte, by=by)
    entwurf = draft()
    with pytest.raises(PermissionDenied):
        update_pressemitteilung(pressemitteilung=entwurf, version=1, **texte, by=by)
    with pytest.raises(PermissionDenied):
        request_release(pressemitteilung=entwurf, version=1, by=by)


def test_a_draft_is_not_released_unasked(draft, presse2):
    with pytest.raises(TransitionError, match="Entwurf"):
        release(draft(), presse2)


def test_only_the_text_that_was_read_is_released(requested, texte, presse, presse2):
    read = requested()
    changed = update_pressemitteilung(pressemitteilung=read, version=read.version, **texte | {"titel": "Neu"}, by=presse)
    request_release(pressemitteilung=changed, version=changed.version, by=presse)
    with pytest.raises(VersionConflict):
        release(read, presse2)


def test_a_released_text_cannot_be_changed(released, texte, presse):
    mitteilung = released()
    with pytest.raises(TransitionError, match="steht fest"):
        update_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, **texte, by=presse)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE presse_pressemitteilung SET titel = 'anders'",
        "UPDATE presse_pressemitteilung SET nummer = 99",
        "UPDATE presse_pressemitteilung SET oeffentlich_ab = now()",
        "DELETE FROM presse_pressemitteilung",
    ],
)
def test_raw_sql_is_refused_after_the_release(released, sql):
    mitteilung = released()
    with pytest.raises(DatabaseError, match="presse_pressemitteilung"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    mitteilung.refresh_from_db()
    assert mitteilung.titel == "Mehr Betriebe nutzen den Lohnzuschuss"


def test_the_address_is_plain(released):
    assert released(titel="Größere Chancen: Übergänge für 1.200 Menschen!").slug == "groessere-chancen-uebergaenge-fuer-1200-menschen"
    assert released(titel="…").slug == "pressemitteilung"


def test_a_release_is_said_once(released):
    mitteilung = released()
    assert list(Ereignis.objects.filter(name="presse.pressemitteilung_freigegeben").values_list("objekt_id", flat=True)) == [mitteilung.pk]
