"""The controlling page over 5,000 measures with 36 months each, against the bare statements that it needs.

Both sides run in the same process and database, in turns: the page, and what the page asked PostgreSQL, sent again by a
cursor that fetches every row. What is measured is what Python adds.
"""

import re
import statistics
import time
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.bars import Bar

MASSNAHMEN, MONATE = 5_000, 36
ROUNDS = 9
_CURSOR = re.compile(r"^DECLARE .+? FOR (?=SELECT)", re.DOTALL)  # of the choices in the filters
JAHR = 2026
PAGES = {
    "by measure": "",
    "by measure, worst occupied first": "&sortierung=auslastung",
    "by provider": "&nach=traeger",
    "by target group": "&nach=zielgruppe",
}


def measure() -> list[Bar]:
    with override_settings(ALLOWED_HOSTS=["testserver"]), _copy("bench_controlling"):
        client = _sign_in()
        base = f"{reverse('massnahmen:controlling')}?von={JAHR}-01&bis={JAHR}-12"
        return [_compare(name, client, base + query) for name, query in PAGES.items()]


def _compare(name: str, client: Client, address: str) -> Bar:
    statements = _capture(client, address)
    pairs = [(_seconds(lambda: _get(client, address)), _seconds(lambda: _send(statements))) for _ in range(ROUNDS)]
    ratio = statistics.median(page / bare for page, bare in pairs[1:])
    return Bar(f"controlling {name}: page ÷ its bare SQL, {MASSNAHMEN * MONATE:,} months", ratio, "×", at_most=1.5)


def _capture(client: Client, address: str) -> list[str]:
    _get(client, address)
    with CaptureQueriesContext(connection) as queries:
        _get(client, address)
    return [_CURSOR.sub("", query["sql"]) for query in queries.captured_queries]


def _send(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"), ())
            if cursor.description:
                cursor.fetchall()


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200 or b"tabelle__fuss" not in response.content:
        raise RuntimeError(f"{address}: {response.status_code}")


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def _copy(name: str):  # type: ignore[no-untyped-def]
    """A copy of the demo's database with the measures in it, thrown away afterwards."""
    original = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        _fill()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def _sign_in() -> Client:
    from jobcenter.konten.models import User

    client = Client()
    user = User.objects.get(email="controlling@musterburg.example")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _fill() -> None:
    """Measures of three years with every month reported, a Verbleib where somebody left, and a plan of each year."""
    from jobcenter.konten.models import User
    from massnahmen.models import Instrument, Massnahme, Traeger, Zielgruppe

    instrumente, traeger, zielgruppen = (list(model.objects.all()) for model in (Instrument, Traeger, Zielgruppe))
    massnahmen = Massnahme.objects.bulk_create(
        Massnahme(
            titel=f"Schritt für Schritt in den Betrieb {number:05d}",
            instrument=instrumente[number % len(instrumente)],
            traeger=traeger[number % len(traeger)],
            weg="vergabe",
            stand="laeuft",
            vergabestand="vergeben",
            beginn=date(JAHR - 2, 1, 1),
            ende=date(JAHR, 12, 31),
        )
        for number in range(MASSNAHMEN)
    )
    through = Massnahme.zielgruppen.through
    through.objects.bulk_create(
        through(massnahme=massnahme, zielgruppe=zielgruppen[(number + more) % len(zielgruppen)])
        for number, massnahme in enumerate(massnahmen)
        for more in range(2)
    )
    _plan([massnahme.pk for massnahme in massnahmen])
    _report([massnahme.pk for massnahme in massnahmen], User.objects.get(email="controlling@musterburg.example").pk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _plan(keys: list[int]) -> None:
    from massnahmen.models import Arbeitsmarktprogramm, Finanzierung, Programmposition

    for jahr in range(JAHR - 2, JAHR + 1):
        programm, _ = Arbeitsmarktprogramm.objects.get_or_create(jahr=jahr, defaults={"titel": f"Arbeitsmarktprogramm {jahr}"})
        positions = Programmposition.objects.bulk_create(
            Programmposition(programm=programm, massnahme_id=key, plaetze=20, geplante_eintritte=40) for key in keys
        )
        Finanzierung.objects.bulk_create(Finanzierung(position=position, quelle="egt", betrag_cent=24_000_000) for position in positions)


def _report(keys: list[int], user: int) -> None:
    """180,000 rows, written by PostgreSQL itself, without a history that nobody reads here."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in ("massnahmen_monatsmeldung", "massnahmen_verbleib"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            """INSERT INTO massnahmen_monatsmeldung (version, massnahme_id, monat, platztage, teilnahmetage, zuweisungen, nichtantritte,
              eintritte, austritte_regulaer, austritte_arbeit, austritte_abbruch, austritte_sonstige, integrationen, kosten_cent,
              gemeldet_von_id, gemeldet_am)
            SELECT 1, k, m::date, 600, 300 + (k * 7 + n) %% 320, 6, 1, 5, 1, (k + n) %% 3, (k * n) %% 3, 0, (k + n) %% 2,
              1800000 + (k * n) %% 400000, %s, now()
            FROM generate_series(0, %s) n CROSS JOIN unnest(%s::bigint[]) k
              CROSS JOIN LATERAL (SELECT %s::date + n * interval '1 month') t(m)""",
            [user, MONATE - 1, keys, date(JAHR - 2, 1, 1)],
        )
        cursor.execute(
            """INSERT INTO massnahmen_verbleib (version, massnahme_id, monat, austritte, beschaeftigt, nicht_arbeitslos)
            SELECT 1, massnahme_id, monat, 3, 1, 2 FROM massnahmen_monatsmeldung WHERE monat < %s AND massnahme_id = ANY(%s)""",
            [date(JAHR, 3, 1), keys],
        )
