"""What happens when the power goes: real worker, real beat, real Redis. The PDF still appears, once."""

import pytest
import redis
from django.conf import settings
from django.core.files.storage import default_storage

from jobcenter.berichte.actions import request_bericht
from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Zustellung
from jobcenter.konten.models import User
from massnahmen.models import Fassung
from tests.journey.processes import Portal, wait_for


@pytest.fixture
def big_fassung(demo_portal: Portal) -> Fassung:
    """The demo's published programme: long enough to be caught in the middle."""
    return Fassung.objects.veroeffentlicht().get()


def _stored_reports() -> list[str]:
    return default_storage.listdir("berichte")[1] if default_storage.exists("berichte") else []


def test_a_worker_killed_in_the_middle_leaves_one_report(demo_portal: Portal, big_fassung: Fassung):
    Bericht.objects.all().delete()
    before = set(_stored_reports())
    worker = demo_portal.start_worker("berichte")
    demo_portal.start_worker("celery")
    bericht = request_bericht(art=Berichtsart.PROGRAMM, fassung=big_fassung, by=User.objects.system())
    wait_for(
        lambda: Bericht.objects.filter(pk=bericht.pk, status=Auftragsstatus.IN_ARBEIT, fortschritt__gt=0).exists(),
        "the rendering to be under way",
    )
    demo_portal.kill(worker)
    bericht.refresh_from_db()
    assert (bericht.status, bericht.versuch) == (Auftragsstatus.IN_ARBEIT, 1), "killed in the middle, not before or after"

    demo_portal.start_worker("berichte")
    demo_portal.start_beat()
    wait_for(lambda: Bericht.objects.filter(pk=bericht.pk, status=Auftragsstatus.FERTIG).exists(), "the report after the kill", seconds=120)
    bericht.refresh_from_db()
    assert bericht.versuch == 2
    assert set(_stored_reports()) - before <= {f"{bericht.pruefsumme}.pdf"}
    with default_storage.open(bericht.datei) as file:
        assert file.read(5) == b"%PDF-"


def test_an_emptied_redis_loses_no_report(demo_portal: Portal, big_fassung: Fassung):
    Bericht.objects.all().delete()
    Zustellung.objects.update(status=Auftragsstatus.WARTET, fertig_am=None)  # the events of the publication, not yet heard by anybody
    broker = redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    bericht = request_bericht(art=Berichtsart.PROGRAMM, fassung=big_fassung, by=User.objects.system())
    assert broker.llen("berichte") == 1
    broker.flushdb()

    demo_portal.start_worker("berichte")
    demo_portal.start_worker("celery")
    demo_portal.start_beat()
    wait_for(
        lambda: Bericht.objects.filter(pk=bericht.pk, status=Auftragsstatus.FERTIG).exists(), "the report without its message", seconds=120
    )
    wait_for(lambda: not Zustellung.objects.exclude(status=Auftragsstatus.FERTIG).exists(), "the events without their messages")
    assert Bericht.objects.filter(fassung=big_fassung).count() == 1
