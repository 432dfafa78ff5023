import io
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from kennzahlen.actions import claim_lieferung, finish_pruefung, record_messwert, submit_lieferung, take_over_lieferung
from kennzahlen.enums import Einheit, Kennzahlart, Lizenz, Quellenart, Richtung, Traegerform
from kennzahlen.imports import load_kennzahlen
from kennzahlen.models import Datenlieferung, Jobcenter, Kennzahl, Messwert, Quelle


@pytest.fixture
def jobcenter(db) -> Jobcenter:
    return Jobcenter.objects.create(traegernummer="04412", name="Saalekreis", form=Traegerform.ZUGELASSENER_TRAEGER)


@pytest.fixture
def eigenes(db) -> Jobcenter:
    nummer = settings.INSTANZ.jobcenter.traegernummer
    return Jobcenter.objects.create(traegernummer=nummer, name="Landkreis Musterburg", form=Traegerform.ZUGELASSENER_TRAEGER)


@pytest.fixture
def quelle(db) -> Quelle:
    return Quelle.objects.create(art=Quellenart.PRESSE, herausgeber="Landkreis", titel="Pressemitteilung")


@pytest.fixture
def kennzahl(db) -> Callable[..., Kennzahl]:
    def make(code: str, einheit: Einheit = Einheit.ANZAHL, art: Kennzahlart = Kennzahlart.EIGENE, **fields) -> Kennzahl:
        fields = {"name": f"Name von {code}", "definition": f"Definition von {code}", "richtung": Richtung.HOEHER} | fields
        return Kennzahl.objects.get_or_create(code=code, defaults={"einheit": einheit, "art": art, **fields})[0]

    return make


@pytest.fixture
def messwert(jobcenter, quelle, kennzahl, controlling) -> Callable[..., Messwert]:
    """Record a figure: messwert("elb", 15654, von=date(2014, 7, 1), bis=date(2014, 7, 31))."""

    def record(code: str, zaehler: int | None = None, **fields) -> Messwert:
        fields = {
            "jobcenter": jobcenter,
            "kennzahl": kennzahl(code, fields.pop("einheit", Einheit.ANZAHL)),
            "von": date(2018, 1, 1),
            "bis": date(2018, 12, 31),
            "quelle": quelle,
            "stand": date(2019, 2, 1),
            "by": controlling,
        } | fields
        return record_messwert(zaehler=zaehler, **fields)

    return record


# --- deliveries -------------------------------------------------------------------------------------------------

KOPF = "traegernummer;berichtsmonat;kennzahl;geschlecht;zaehler;nenner"


class _Silent:
    """Progress that nobody watches."""

    def note(self, fortschritt: int, schritt: str) -> None: ...

    def mention(self, fortschritt: int, schritt: str) -> None: ...


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    return settings.MEDIA_ROOT


@pytest.fixture
def amtlich(eigenes, media) -> Quelle:
    """A source of the Bundesagentur, with the Kennzahlen of the law and a fictional neighbour."""
    load_kennzahlen()
    Jobcenter.objects.create(traegernummer="99002", name="Landkreis Nebenan", form=Traegerform.GEMEINSAME_EINRICHTUNG)
    return Quelle.objects.create(art=Quellenart.BA_ENDGUELTIG, herausgeber="Statistik der BA", titel="Kennzahlen", lizenz=Lizenz.BA)


@pytest.fixture
def submit(amtlich, controlling) -> Callable[..., Datenlieferung]:
    """Hand in lines of a CSV: submit("99001;2026-07;K2;I;2601;9824,58", stand=date(2026, 10, 20))."""

    def make(*zeilen: str, stand: date = date(2026, 10, 20), kopf: str = KOPF, **fields) -> Datenlieferung:
        datei = io.BytesIO("\n".join([kopf, *zeilen]).encode())
        fields = {"quelle": amtlich, "dateiname": "kennzahlen.csv", "dateiart": "csv", "by": controlling} | fields
        return submit_lieferung(stand=stand, **({"datei": datei} | fields))

    return make


@pytest.fixture
def check(system) -> Callable[[Datenlieferung], Datenlieferung]:
    """Do what the worker does, inside the test's own transaction."""
    from kennzahlen.imports.lieferung import check_lieferung

    def run(lieferung: Datenlieferung) -> Datenlieferung:
        versuch, nummer = claim_lieferung(lieferung=lieferung, by=system)
        ergebnis = check_lieferung(lieferung, nummer, _Silent())
        return finish_pruefung(lieferung=lieferung, versuch=versuch, ergebnis=ergebnis, by=system)

    return run


@pytest.fixture
def geprueft(submit, check) -> Datenlieferung:
    return check(submit("99001;2026-07;K2;I;2601;9824,58", "99002;2026-07;K2;I;2500;10000"))


@pytest.fixture
def fehlerhaft(submit, check) -> Datenlieferung:
    return check(submit("99001;2026-07;K2;I;2601;9824,58", "12345;2026-13;K2;I;1;2"))


@pytest.fixture
def uebernommen(geprueft, controlling) -> Datenlieferung:
    return take_over_lieferung(lieferung=geprueft, by=controlling)


def blocks() -> set[str]:
    """Tables of deliveries, attached or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'kennzahlen\\_block\\_%%' AND relkind = 'r'")
        return {name for (name,) in cursor.fetchall()}
