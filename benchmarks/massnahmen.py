"""The list of measures for staff: 5,000 of them against 50, page by page in turns.

Both sides are the same page with fifty rows on it, in the same process, each with a database of its own: a copy of the
demo with one year more. What grows is only what lies behind the page.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.bars import Bar

FEW, MANY = 50, 5_000
ROUNDS = 7
CALLS = 6  # of one side in one round
JAHR = 2090
PAGES = {
    "as it opens": "",
    "dearest first": "?sortierung=-kosten",
    "with a word": "?text=Betrieb",
}


def measure() -> list[Bar]:
    original = connection.settings_dict["NAME"]
    with ExitStack() as stack:
        stack.enter_context(override_settings(ALLOWED_HOSTS=["testserver"]))
        few = stack.enter_context(_copy(original, "bench_massnahmen_few", FEW))
        many = stack.enter_context(_copy(original, "bench_massnahmen_many", MANY))
        return [_compare(name, reverse("massnahmen:massnahme-intern-liste") + query, few, many) for name, query in PAGES.items()]


def _compare(name: str, address: str, few: Callable[[str], float], many: Callable[[str], float]) -> Bar:
    for side in (few, many):
        side(address)
    ratio = statistics.median(many(address) / few(address) for _ in range(ROUNDS))
    return Bar(f"list of measures, {name}: {MANY:,} ÷ {FEW}", ratio, "×", at_most=1.3)


@contextmanager
def _copy(original: str, name: str, rows: int) -> Iterator[Callable[[str], float]]:
    """A copy of the database with so many measures more; gives a function that says how long a page takes there."""
    _use(original)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    try:
        _use(name)
        _fill(rows)
        client = _sign_in()
        yield partial(_seconds, name, client)
    finally:
        _use(original)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def _use(name: str) -> None:
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


def _sign_in() -> Client:
    from jobcenter.konten.models import User

    client = Client()
    client.force_login(User.objects.get(email="planung@musterburg.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _fill(rows: int) -> None:
    """Measures of one year with all that a row of the list reads."""
    from massnahmen.enums import Finanzquelle
    from massnahmen.models import (
        Arbeitsmarktprogramm,
        Finanzierung,
        Handlungsfeld,
        Instrument,
        Massnahme,
        Programmposition,
        Traeger,
        Zielgruppe,
    )

    programm = Arbeitsmarktprogramm.objects.create(jahr=JAHR, titel=f"Arbeitsmarktprogramm {JAHR}")
    instrumente, traeger = list(Instrument.objects.all()), list(Traeger.objects.all())
    felder, zielgruppen = list(Handlungsfeld.objects.all()), list(Zielgruppe.objects.all()[:3])
    massnahmen = Massnahme.objects.bulk_create(
        Massnahme(
            titel=f"Schritt für Schritt in den Betrieb {number:05d}",
            beschreibung="Wer lange nicht gearbeitet hat, probiert einen Beruf aus und wird dabei begleitet. " * 5,
            instrument=instrumente[number % len(instrumente)],
            traeger=traeger[number % len(traeger)],
            ort="Musterburg",
            beginn=date(JAHR, 1 + number % 12, 1),
            ende=date(JAHR, 12, 31),
        )
        for number in range(rows)
    )
    Massnahme.zielgruppen.through.objects.bulk_create(
        Massnahme.zielgruppen.through(massnahme=massnahme, zielgruppe=zielgruppen[number % 3])
        for number, massnahme in enumerate(massnahmen)
    )
    positionen = Programmposition.objects.bulk_create(
        Programmposition(
            programm=programm,
            massnahme=massnahme,
            handlungsfeld=felder[number % len(felder)],
            plaetze=number % 40,
            geplante_eintritte=number % 90,
            erfolgskriterium="Die Hälfte arbeitet ein halbes Jahr später.",
            verpflichtung_cent=number * 1000,
        )
        for number, massnahme in enumerate(massnahmen)
    )
    Finanzierung.objects.bulk_create(
        Finanzierung(position=position, quelle=quelle, betrag_cent=10_000_00 + number)
        for number, position in enumerate(positionen)
        for quelle in (Finanzquelle.EGT, Finanzquelle.KOMMUNE)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seconds(name: str, client: Client, address: str) -> float:
    """How long the pages of one round take, after one that opens the connection."""
    _use(name)
    _get(client, address)
    begun = time.perf_counter()
    for _ in range(CALLS):
        _get(client, address)
    return time.perf_counter() - begun


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200 or response.content.count(b'name="auswahl"') != 50:
        raise RuntimeError(f"{address}: {response.status_code}")
