from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings

from kennzahlen.actions import record_messwert
from kennzahlen.enums import Einheit, Kennzahlart, Quellenart, Richtung, Traegerform
from kennzahlen.models import Jobcenter, Kennzahl, Messwert, Quelle


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
