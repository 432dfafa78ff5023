"""What has to be right before a portal meets the public. Each check says in one sentence what is wrong and what to do."""

import ctypes
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import checks, mail
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from jobcenter.common.cache import redis_itself
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User

GOOD, HINT, FAULT = "in Ordnung", "Hinweis", "FEHLER"
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")  # what WeasyPrint loads
GIB = 1024**3
LOW_DISK, EMPTY_DISK = 5 * GIB, 1 * GIB
LARGEST_SKEW = 2  # seconds between the clocks of portal and database
SHORTEST_KEY = 50


@dataclass(frozen=True)
class Befund:
    was: str
    stand: str
    satz: str = ""


Pruefung = Callable[[], Iterator[Befund]]


def run_pruefungen() -> Iterator[Befund]:
    """All checks in the order in which they build on each other; without a database those that need it are left out."""
    for pruefung in (_instanz, _adressen, _dateien, _satz, _redis):
        yield from pruefung()
    try:
        for pruefung in (_datenbank, _uhr, _migrationen, _rechte, _konten):
            yield from pruefung()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Befund("Datenbank", FAULT, f"{reason} – Prüfen Sie DATABASE_URL und DATABASE_PASSWORD_FILE.")


def _instanz() -> Iterator[Befund]:
    if settings.INSTANZ.jobcenter.fiktiv and not settings.DEMO:
        yield Befund(
            "jobcenter.toml", FAULT, "Die Datei beschreibt die Vorführung. Rufen Sie `manage.py einrichten` ohne --nur-pruefen auf."
        )
    else:
        yield Befund("jobcenter.toml", GOOD, settings.INSTANZ.jobcenter.name)


def _adressen() -> Iterator[Befund]:
    """Whether visitors reach the portal safely: encrypted, under one name, with a key that nobody knows."""
    public = urlsplit(settings.BASE_URL)
    if settings.DEBUG:
        yield Befund("Betriebsart", FAULT, "DEBUG ist eingeschaltet und zeigt Fremden das Innere. Schalten Sie es aus.")
    if public.scheme != "https" or not settings.HTTPS:
        yield Befund("HTTPS", FAULT, f"BASE_URL ist {settings.BASE_URL}. Setzen Sie eine Adresse mit https:// und HTTPS=1.")
    elif not settings.TRUST_PROXY:
        yield Befund("HTTPS", FAULT, "HTTPS=1 ohne TRUST_PROXY=1 leitet im Kreis: Der Webserver hinter dem Proxy sieht kein HTTPS.")
    else:
        yield Befund("HTTPS", GOOD, settings.BASE_URL)
    if len(settings.SECRET_KEY.strip()) < SHORTEST_KEY:
        yield Befund("SECRET_KEY", FAULT, f"Er ist kürzer als {SHORTEST_KEY} Zeichen. Erzeugen Sie einen mit `openssl rand -hex 32`.")
    for warning in checks.run_checks(include_deployment_checks=True):
        if not warning.is_silenced() and warning.level >= checks.WARNING and not _said_above(warning.id):
            yield Befund("Einstellungen", HINT, f"{warning.msg} ({warning.id})")


def _said_above(number: str | None) -> bool:
    """HSTS, redirect and cookies hang on HTTPS; the length of the key and DEBUG have their own sentence."""
    return number in {f"security.W{n:03}" for n in (4, 5, 8, 9, 12, 16, 18, 21)}


def _dateien() -> Iterator[Befund]:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    probe = settings.MEDIA_ROOT / f".probe-{uuid4().hex}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        yield Befund(
            "Dateien",
            FAULT,
            f"{settings.MEDIA_ROOT} ist nicht beschreibbar ({error.strerror}). Geben Sie den Ordner dem Konto des Portals.",
        )
        return
    free = shutil.disk_usage(settings.MEDIA_ROOT).free
    state = FAULT if free < EMPTY_DISK else HINT if free < LOW_DISK else GOOD
    yield Befund("Dateien", state, f"{settings.MEDIA_ROOT}, {free / GIB:.0f} GiB frei")


def _satz() -> Iterator[Befund]:
    """Pango, which sets the PDFs, on the machine of the worker."""
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            yield Befund("PDF-Satz", FAULT, f"{name} fehlt. Installieren Sie libpango-1.0-0, libpangoft2-1.0-0 und libharfbuzz-subset0.")
            return
    yield Befund("PDF-Satz", GOOD)


def _redis() -> Iterator[Befund]:
    try:
        about = redis_itself().info()
    except (RedisError, OSError) as error:
        yield Befund("Redis", FAULT, f"{error} – Prüfen Sie REDIS_URL.")
        return
    policy = about.get("maxmemory_policy", "")
    if policy.startswith("allkeys"):
        yield Befund("Redis", FAULT, f"maxmemory-policy {policy} wirft auch Aufträge weg. Stellen Sie volatile-lru oder noeviction ein.")
    else:
        yield Befund("Redis", GOOD, f"Version {about['redis_version']}")


def _datenbank() -> Iterator[Befund]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('server_encoding'), rolsuper FROM pg_roles WHERE rolname = current_user")
        role, encoding, superuser = cursor.fetchone()
    if connection.pg_version < 150000:
        yield Befund("Datenbank", FAULT, f"PostgreSQL {connection.pg_version // 10000} ist zu alt. Das Portal braucht mindestens 15.")
    elif encoding != "UTF8":
        yield Befund("Datenbank", FAULT, f"Die Datenbank speichert in {encoding}. Legen Sie sie mit --encoding=UTF8 neu an.")
    elif superuser:
        yield Befund("Datenbank", FAULT, f"{role} ist Superuser. Legen Sie die Rollen mit deploy/postgres/rollen.sql an.")
    else:
        yield Befund("Datenbank", GOOD, f"PostgreSQL {connection.pg_version // 10000}, Rolle {role}")


def _uhr() -> Iterator[Befund]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    here = datetime.now(ZoneInfo(settings.TIME_ZONE))
    if skew > LARGEST_SKEW:
        yield Befund(
            "Uhr", FAULT, f"Portal und Datenbank gehen {skew:.0f} s auseinander. Richten Sie auf beiden die Zeitsynchronisation ein."
        )
    else:
        yield Befund("Uhr", GOOD, f"{here:%d.%m.%Y %H:%M} Uhr ({settings.TIME_ZONE}). Stimmt das?")


def _migrationen() -> Iterator[Befund]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield Befund(
            "Tabellen", FAULT, f"{missing} Migrationen fehlen. Rufen Sie als Eigentümerin der Tabellen `manage.py bereitstellen` auf."
        )
    else:
        yield Befund("Tabellen", GOOD)


def _rechte() -> Iterator[Befund]:
    """What is decided is protected by triggers: the portal's role may neither empty tables nor look past them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(bool_or(has_table_privilege(oid, 'TRUNCATE')), false),"
            " coalesce(bool_or(pg_has_role(relowner, 'USAGE')), false)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        truncates, owns = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{probe}', true), to_regprocedure('_pgtrigger_should_ignore(name)')")
        looks_away = cursor.fetchone()[1] is not None
        if looks_away:
            cursor.execute("SELECT _pgtrigger_should_ignore('probe')")
            looks_away = cursor.fetchone()[0]
    if truncates or owns:
        yield Befund(
            "Rechte in der Datenbank",
            FAULT,
            "Die Rolle darf Tabellen leeren oder ändern. Legen Sie mit deploy/postgres/rollen.sql zwei Rollen an.",
        )
    elif looks_away:
        yield Befund("Rechte in der Datenbank", FAULT, "Der Schutz lässt sich ausschalten. Rufen Sie `manage.py bereitstellen` auf.")
    else:
        yield Befund("Rechte in der Datenbank", GOOD)


def _konten() -> Iterator[Befund]:
    admins = [user for user in User.objects.filter(rollen__contains=[Rolle.ADMINISTRATION]) if user.ist_offen]
    if admins:
        yield Befund("Administration", GOOD, "1 Konto" if len(admins) == 1 else f"{len(admins)} Konten")
    else:
        yield Befund("Administration", FAULT, "Es gibt noch kein Konto. Rufen Sie `manage.py einrichten` ohne --nur-pruefen auf.")


def send_testmail(an: str) -> Befund:
    """A mail through the carrier itself, past the worker, so that its answer is seen here and now."""
    carrier = settings.VERSAND_BACKEND
    if "smtp" not in carrier:
        return Befund(
            "Mail", FAULT, f"Mails verlassen das Portal nicht ({carrier.split('.')[-2]}). Setzen Sie EMAIL_URL, zum Beispiel smtp+tls://…"
        )
    text = f"Das Portal {settings.BASE_URL} kann Mails versenden. Auf diese Mail müssen Sie nicht antworten."
    try:
        mail.send_mail(f"Testmail: {settings.INSTANZ.jobcenter.kurzname}", text, None, [an], connection=mail.get_connection(carrier))
    except Exception as error:  # smtplib, socket and ssl have no common base
        return Befund("Mail", FAULT, f"{error} – {_why(error)}")
    return Befund(
        "Mail", GOOD, f"Testmail an {an} angenommen. Ist sie nach fünf Minuten nicht da, sehen Sie im Spam-Ordner und beim Mailserver nach."
    )


def _why(error: Exception) -> str:
    name = type(error).__name__
    if "Authentication" in name:
        return "Benutzer oder Passwort in EMAIL_URL stimmen nicht. Sonderzeichen müssen dort als %XX stehen."
    if "Recipients" in name or "Sender" in name:
        return (
            f"Der Mailserver nimmt den Absender {settings.DEFAULT_FROM_EMAIL} oder den Empfänger nicht an. Erlauben Sie dort den Absender."
        )
    if "ssl" in name.lower():
        return "Die Verschlüsselung passt nicht: smtp+tls:// ist für Port 587, smtp+ssl:// für Port 465."
    return "Der Mailserver antwortet nicht. Prüfen Sie Name und Port in EMAIL_URL und die Firewall."
