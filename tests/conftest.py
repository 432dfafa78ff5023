"""The cast: named people in whose roles every test speaks, and one small programme to act on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import global_settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from beirat.actions import (
    add_fassung_to_agenda,
    add_top,
    cast_stimme,
    close_abstimmung,
    invite_sitzung,
    open_abstimmung,
    open_sitzung,
    plan_sitzung,
    record_anwesenheit,
)
from beirat.enums import Bank, Funktion, Topart, Wahl
from beirat.models import Mitglied, Organisation, Sitzung
from jobcenter.common import clock
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from massnahmen.actions import (
    Positionsangaben,
    add_position,
    open_programm,
    publish_programm,
    record_gremienbeschluss,
    submit_programm,
    update_kapitel,
    update_zusammenfassung,
)
from massnahmen.enums import Finanzquelle, Gremienergebnis, Instrumentgruppe, Kapitelstand, Vergabestand
from massnahmen.imports import load_stammdaten
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Fassung,
    Gremienbeschluss,
    Handlungsfeld,
    Instrument,
    Kapitel,
    Massnahme,
    Programmposition,
    Traeger,
    Veroeffentlichung,
    Zielgruppe,
)
from massnahmen.queries import collect_inhalt
from tests.demodatenbank import copied_demo
from tests.journey.processes import APPLICATION, Portal
from tests.umzug import fresh_database

PASSWORT = "Musterburg-Test-1"


class _UndefinedVariable(str):
    """Makes a template that names what nobody passed fail instead of showing nothing."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined template variable: {name}")

    def __contains__(self, item: object) -> bool:
        return item == "%s" or super().__contains__(item)


@pytest.fixture(autouse=True)
def _strict_templates(settings) -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = _UndefinedVariable("%s")


@pytest.fixture(autouse=True)
def _no_blocks_left(request, _django_db_marker) -> Iterator[None]:
    """Django empties the tables it knows after a transactional test; the block of an undecided delivery stands in its way."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        drop_blocks()


def drop_blocks() -> None:
    """Throw away what deliveries have loaded: the next test may get their numbers again, and Django does not know these tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relispartition FROM pg_class WHERE relname LIKE 'kennzahlen\\_block\\_%' AND relkind = 'r'")
        for name, attached in cursor.fetchall():
            if attached:
                cursor.execute("TRUNCATE kennzahlen_zitat")  # no quotation may keep it
                cursor.execute(f"ALTER TABLE kennzahlen_messwert DETACH PARTITION {name}")
            cursor.execute(f"DROP TABLE {name}")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()  # rate limits of one test must not meet the next


@pytest.fixture(autouse=True)
def _no_page_cache(settings) -> None:
    """A test's transaction is never committed, so the page cache would not hear of its changes. Tests of it switch it on."""
    settings.SEITENSPEICHER = False


@pytest.fixture(autouse=True)
def _real_mail(settings) -> None:
    """pytest-django would catch mails before they become rows; here only what the worker carries lands in mail.outbox."""
    settings.VERSAND_BACKEND = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "jobcenter.post.backends.VersandBackend"


@pytest.fixture
def umzug() -> Iterator[psycopg.Connection]:
    """An empty database of its own, for a migration with rows of an earlier version in it."""
    with fresh_database() as database:
        yield database


@pytest.fixture
def no_log() -> Iterator[None]:
    """For tests that open thousands of addresses: pytest keeps each line of the log, and each line its request, until the test ends."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def deliver_mail(db) -> Callable[[], list[mail.EmailMessage]]:
    """Let the worker carry what is due now, and return everything that has left: deliver_mail()."""
    from jobcenter.post.models import Versand
    from jobcenter.post.tasks import deliver_versand

    def deliver() -> list[mail.EmailMessage]:
        for pk in Versand.objects.due().order_by("pk").values_list("pk", flat=True):
            deliver_versand(pk)
        return mail.outbox

    return deliver


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """Hashing is slow on purpose; no test of ours is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db) -> Callable[..., User]:
    """Open an account: person("Petra Plan", Rolle.PLANUNG)."""

    def make(name: str, *rollen: Rolle) -> User:
        email = name.lower().replace(" ", ".") + "@musterburg.example"
        return User.objects.create_user(email, PASSWORT, name=name, rollen=list(rollen))

    return make


@pytest.fixture
def planung(person) -> User:
    return person("Petra Plan", Rolle.PLANUNG)


@pytest.fixture
def leitung(person) -> User:
    return person("Hanna Reuter", Rolle.LEITUNG)


@pytest.fixture
def geschaeftsstelle(person) -> User:
    return person("Gregor Stelle", Rolle.GESCHAEFTSSTELLE)


@pytest.fixture
def presse(person) -> User:
    return person("Mira Lang", Rolle.PRESSE)


@pytest.fixture
def presse2(person) -> User:
    return person("Paul Zweit", Rolle.PRESSE)


@pytest.fixture
def controlling(person) -> User:
    return person("Carla Controlling", Rolle.CONTROLLING)


@pytest.fixture
def administration(person) -> User:
    return person("Anton Admin", Rolle.ADMINISTRATION)


@pytest.fixture
def fremd(person) -> User:
    """An account with no role and no seat."""
    return person("Frieda Fremd")


@pytest.fixture
def system(db) -> User:
    return User.objects.system()


@pytest.fixture
def organisation(db) -> Organisation:
    return Organisation.objects.create(name="Kreishandwerkerschaft Musterburg", bank=Bank.KAMMERN)


@pytest.fixture
def seat(organisation, person) -> Callable[..., Mitglied]:
    """Give a person a seat in the Beirat: seat("Karl Kammer", funktion=Funktion.MITGLIED, stimmberechtigt=True)."""

    def make(name: str, *, konto: User | None = None, **fields) -> Mitglied:
        term = DateRange(clock.today() - timedelta(days=400), clock.today() + timedelta(days=400))
        fields.setdefault("amtszeit", term)
        return Mitglied.objects.create(organisation=organisation, konto=konto or person(name), name=name, **fields)

    return make


@pytest.fixture
def vorsitz(seat) -> Mitglied:
    return seat("Vera Vorsitz", funktion=Funktion.VORSITZ)


@pytest.fixture
def mitglied(seat) -> Mitglied:
    return seat("Karl Kammer")


@pytest.fixture
def mitglied2(seat) -> Mitglied:
    return seat("Luise Liga")


@pytest.fixture
def instrument(db) -> Instrument:
    return Instrument.objects.create(
        kurz="16i",
        name="Teilhabe am Arbeitsmarkt",
        klartext="Lohnzuschuss für Betriebe",
        paragraph="§ 16i SGB II",
        gruppe=Instrumentgruppe.F,
    )


@pytest.fixture
def zielgruppe(db) -> Zielgruppe:
    return Zielgruppe.objects.create(code="u25", name="Menschen unter 25 Jahren")


@pytest.fixture
def handlungsfeld(db) -> Handlungsfeld:
    return Handlungsfeld.objects.create(code="langzeit", name="Lange Arbeitslosigkeit beenden")


@pytest.fixture
def traeger(db) -> Traeger:
    return Traeger.objects.create(name="Bildungswerk Musterburg", ort="Musterburg")


@pytest.fixture
def angaben(instrument, zielgruppe, handlungsfeld, traeger) -> Positionsangaben:
    """A measure without gaps."""
    return Positionsangaben(
        titel="Neuer Start im Betrieb",
        beschreibung="Betriebe erhalten einen Zuschuss zum Lohn.",
        instrument=instrument,
        zielgruppen=[zielgruppe],
        traeger=traeger,
        beginn=date(2027, 1, 1),
        ende=date(2028, 12, 31),
        plaetze=12,
        geplante_eintritte=20,
        kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.PAT: 10_000_050},
        handlungsfeld=handlungsfeld,
        vergabestand=Vergabestand.VERGEBEN,
        erfolgskriterium="Die Hälfte arbeitet ein halbes Jahr später noch dort.",
        eingliederung_prozent=50,
    )


@pytest.fixture
def programm(planung) -> Arbeitsmarktprogramm:
    return open_programm(jahr=2027, by=planung)


@pytest.fixture
def position(programm, angaben, planung) -> Programmposition:
    return add_position(programm=programm, angaben=angaben, by=planung)


@pytest.fixture
def bedarf(programm, angaben, planung, db) -> Massnahme:
    """A need with everything that a procurement wants to know, for an instrument whose provider is certified."""
    load_stammdaten()
    instrument = Instrument.objects.get(kurz="mat")
    open_need = replace(angaben, instrument=instrument, traeger=None, vergabestand=Vergabestand.OFFEN)
    return add_position(programm=programm, angaben=open_need, by=planung).massnahme


def current_fingerprint(programm: Arbeitsmarktprogramm) -> str:
    return fingerprint(canonical_json(collect_inhalt(programm)))


def write_kapitel(*, kapitel: Kapitel, version: int, text: str, by: User, grund: str = "") -> Kapitel:
    """Save a text and nothing else of a chapter."""
    stand = Kapitelstand.IN_ARBEIT if text else Kapitelstand.OFFEN
    verantwortlich = kapitel.verantwortlich
    return update_kapitel(kapitel=kapitel, version=version, text=text, stand=stand, verantwortlich=verantwortlich, grund=grund, by=by)


def fill_texts(programm: Arbeitsmarktprogramm, by: User) -> None:
    """Write every text that is still missing and report every chapter as finished."""
    for kapitel in programm.kapitel.exclude(stand=Kapitelstand.FERTIG):
        text = kapitel.text or f"<p>Text zu {kapitel.titel}.</p>"
        update_kapitel(
            kapitel=kapitel, version=kapitel.version, text=text, stand=Kapitelstand.FERTIG, verantwortlich=kapitel.verantwortlich, by=by
        )
    programm.refresh_from_db()
    if not programm.zusammenfassung:
        update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung="Was wir vorhaben.", by=by)
        programm.refresh_from_db()


@pytest.fixture
def submit(planung, leitung) -> Callable[..., Fassung]:
    """Finish a draft and hand it to the Beirat, without the BCA: submit(programm)."""

    def make(programm: Arbeitsmarktprogramm) -> Fassung:
        fill_texts(programm, planung)
        grund = "Die Stelle der BCA ist nicht besetzt."
        return submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), grund=grund, by=leitung)

    return make


@pytest.fixture
def decide(leitung) -> Callable[..., Gremienbeschluss]:
    """Let the Kreistag decide today about an advised Fassung: decide(fassung)."""

    def make(fassung: Fassung, ergebnis: Gremienergebnis = Gremienergebnis.BESCHLOSSEN, **fields) -> Gremienbeschluss:
        fields = {"gremium": "Kreistag", "am": clock.today(), "nummer": "KT 12/2026"} | fields
        return record_gremienbeschluss(fassung=fassung, ergebnis=ergebnis, by=leitung, **fields)

    return make


@pytest.fixture
def fassung(position, submit) -> Fassung:
    return submit(position.programm)


@pytest.fixture
def sitzung(geschaeftsstelle) -> Sitzung:
    """An invited session in a week."""
    planned = plan_sitzung(nummer=22, beginn=clock.now() + timedelta(days=7), ort="Kreishaus, Saal 1", by=geschaeftsstelle)
    add_top(sitzung=planned, titel="Begrüßung", art=Topart.KENNTNISNAHME, oeffentlich=True, by=geschaeftsstelle)
    return invite_sitzung(sitzung=planned, by=geschaeftsstelle)


@pytest.fixture
def top(fassung, sitzung, geschaeftsstelle):
    return add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=geschaeftsstelle)


@pytest.fixture
def abstimmung(top, geschaeftsstelle, vorsitz, mitglied, mitglied2):
    """An open ballot on the Fassung; chair and two members are in the room."""
    record_anwesenheit(sitzung=top.sitzung, mitglieder=[vorsitz, mitglied, mitglied2], by=geschaeftsstelle)
    open_sitzung(sitzung=top.sitzung, by=vorsitz.konto)
    return open_abstimmung(top=top, by=vorsitz.konto)


@pytest.fixture
def beschluss(abstimmung, vorsitz, mitglied, mitglied2):
    for seat in (vorsitz, mitglied, mitglied2):
        cast_stimme(abstimmung=abstimmung, wahl=Wahl.JA, by=seat.konto)
    return close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)


@pytest.fixture
def veroeffentlichung(beschluss, decide, leitung) -> Veroeffentlichung:
    decide(beschluss.fassung)
    return publish_programm(beratung=beschluss.fassung.beratung, by=leitung)


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """A browser signed in as somebody: signed_in(planung).get(…)."""

    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return sign_in


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Let the clock stand at a moment of German time until the end of the test: at(datetime(2026, 11, 20, 9))."""
    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(clock.moved_to(timezone.make_aware(moment)))


@pytest.fixture
def portal(transactional_db, settings, tmp_path: Path) -> Iterator[Portal]:
    """The means to start the portal's processes; none of them, and no session of theirs, outlives the test."""
    settings.DEMO = True
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # the processes know no others
    redis.from_url(settings.REDIS_URL).flushdb()
    with ExitStack() as stack:
        yield Portal(stack, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()",
            [APPLICATION],
        )
    drop_blocks()


@pytest.fixture
def _demo_database(transactional_db, settings, testrun_uid: str) -> Iterator[None]:
    settings.DEMO = True
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    with copied_demo(testrun_uid):
        yield


@pytest.fixture
def demo_portal(_demo_database, portal: Portal) -> Portal:
    """The portal, with the demo in its database as it is on its first day: today."""
    return portal
