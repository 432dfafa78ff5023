import pytest
from django.core.exceptions import PermissionDenied

from jobcenter.common.actions import VersionConflict, action, check_version, require
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from massnahmen.actions import update_zusammenfassung


@pytest.mark.django_db
def test_the_history_of_rows_knows_who_and_by_which_action(programm, planung):
    update_zusammenfassung(programm=programm, version=1, zusammenfassung="Neu", by=planung)
    event = programm.events.order_by("-pgh_id").first()
    assert event.zusammenfassung == "Neu"
    assert event.pgh_context.metadata == {"aktion": "massnahmen.update_zusammenfassung", "user": planung.pk}


@pytest.mark.django_db
def test_a_mail_written_on_the_way_does_not_become_the_author_of_the_change(programm, planung, leitung, system):
    @action
    def probe(*, by: User) -> None:
        update_zusammenfassung(programm=programm, version=1, zusammenfassung="Neu", by=planung)
        write_versand(an=leitung, anlass="probe", betreff="Probe", text="Probe", by=system)

    probe(by=planung)
    event = programm.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata == {"aktion": "massnahmen.update_zusammenfassung", "user": planung.pk}


@pytest.mark.django_db
def test_an_unknown_permission_is_no(leitung):
    with pytest.raises(PermissionDenied):
        require(leitung, "massnahmen.gibt_es_nicht")


@pytest.mark.django_db
def test_a_closed_account_may_nothing(leitung):
    assert leitung.has_perm("massnahmen.submit_programm")
    leitung.is_active = False
    assert not leitung.has_perm("massnahmen.submit_programm")


@pytest.mark.django_db
def test_nobody_is_superuser():
    assert not hasattr(User(), "is_superuser")


@pytest.mark.django_db
def test_a_newer_version_is_not_overwritten(programm):
    with pytest.raises(VersionConflict) as conflict:
        check_version(programm, programm.version - 1)
    assert conflict.value.current == programm


@pytest.mark.django_db
def test_pages_behind_the_sign_in_stay_in_no_cache(signed_in, leitung, client):
    assert signed_in(leitung).get("/intern/").headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
