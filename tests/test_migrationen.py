"""A database of an earlier version, with work in it, comes along."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Zustellung
from jobcenter.post.models import Versand

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = [("berichte", "0001_anfang"), ("post", "0001_anfang"), ("common", "0001_anfang")]


@pytest.fixture
def first_version():
    """Go back to the first version of the jobs' tables; whatever happens, the test database is whole again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate(FIRST)
    try:
        yield executor.loader.project_state(FIRST).apps
    finally:
        forward()


def forward() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_jobs_of_the_first_version_go_on(fassung, planung, system, first_version):
    old = first_version.get_model
    wartend = old("berichte", "Bericht").objects.create(art="programm", fassung_id=fassung.pk, angefordert_von_id=system.pk)
    for anlass, stand, am in (("a", "versendet", clock.now()), ("b", "wartet", None), ("c", "gescheitert", None)):
        old("post", "Versand").objects.create(
            an_id=planung.pk, anlass=anlass, betreff=anlass, text="x", status=stand, versendet_am=am, versuche=3
        )
    ereignis = old("common", "Ereignis").objects.create(name="probe", objekt_id=1)
    for abonnent, am in (("x", clock.now()), ("y", None)):
        old("common", "Zustellung").objects.create(ereignis=ereignis, abonnent=abonnent, erledigt_am=am, versuche=1)

    forward()

    assert Bericht.objects.get(pk=wartend.pk).status == Auftragsstatus.WARTET
    mails = {mail.anlass: (mail.status, mail.adresse, mail.versuch) for mail in Versand.objects.filter(anlass__in="abc")}
    address = planung.email
    assert mails == {"a": ("fertig", address, 3), "b": ("wartet", address, 3), "c": ("gescheitert", address, 3)}
    assert dict(Zustellung.objects.filter(ereignis_id=ereignis.pk).values_list("abonnent", "status")) == {"x": "fertig", "y": "wartet"}
