"""Whether the portal can work. Answers are public, so they name no addresses and no people."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from redis.exceptions import RedisError

from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.cache import redis_itself
from jobcenter.common.dienste import TAKT
from jobcenter.common.models import Regeldienst, Zustellung
from jobcenter.post.models import Versand

LONGEST_WAIT = timedelta(minutes=10)  # a job that is due longer than this says that workers are missing
LONGEST_SILENCE = timedelta(minutes=5)  # of beat
MIB = 1024 * 1024
LOW_DISK = 200 * MIB
LOW_SHARE = 0.05
FULL_DISK = 50 * MIB

_migrated: set[str] = set()  # databases that this process has seen complete: a running program does not lose migrations


def find_outages() -> dict[str, str]:
    """What keeps this process from answering, by part; empty when all is well."""
    outages = {}
    try:
        if not _is_migrated():
            outages["migrationen"] = "Nicht alle Migrationen sind angewendet."
    except DatabaseError:
        outages["datenbank"] = "Die Datenbank antwortet nicht."
    try:
        redis_itself().ping()
    except (RedisError, OSError):
        outages["redis"] = "Redis antwortet nicht."
    free, _ = _disk()
    if free < FULL_DISK:
        outages["speicher"] = "Der Datenordner ist voll."
    return outages


def find_warnings() -> dict[str, str]:
    """What will need somebody soon, though pages are still answered. Ask it where there are no outages."""
    warnings = {}
    if _oldest_due() < clock.now() - LONGEST_WAIT:
        warnings["auftraege"] = "Ein Auftrag wartet seit mehr als 10 Minuten auf einen Hintergrunddienst."
    takt = Regeldienst.objects.filter(name=TAKT).first()
    if takt is None or not takt_is_fresh(takt.zuletzt_am):
        warnings["takt"] = "Der Taktgeber hat sich seit mehr als 5 Minuten nicht gemeldet."
    free, total = _disk()
    if free < max(LOW_DISK, LOW_SHARE * total):
        warnings["speicher"] = "Der Datenordner ist fast voll."
    return warnings


def takt_is_fresh(last: datetime) -> bool:
    """Whether beat and a worker were there a moment ago; a time far ahead was written by a clock that was set back."""
    return abs(clock.now() - last) <= LONGEST_SILENCE


def _is_migrated() -> bool:
    name = connection.settings_dict["NAME"]
    if name in _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _migrated.add(name)
    return True


def _oldest_due() -> datetime:
    """Since when the job has been due that waits longest; now, when none does."""
    found = [kind.objects.due().aggregate(seit=Min("naechster_versuch"))["seit"] for kind in (Bericht, Versand, Zustellung)]
    return min((seit for seit in found if seit), default=clock.now())


def _disk() -> tuple[int, int]:
    """Free and total bytes where files are kept."""
    folder = settings.VAR_DIR
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total
