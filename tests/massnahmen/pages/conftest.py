"""What several pages of the room begin with."""

from decimal import Decimal

import pytest
from django.conf import settings

from kennzahlen.actions import set_zielwert
from kennzahlen.enums import Einheit, Kennzahlart, Richtung, Traegerform
from kennzahlen.models import Jobcenter, Kennzahl, Zielwert
from massnahmen.actions import open_programm
from massnahmen.models import Arbeitsmarktprogramm


@pytest.fixture
def programm24(planung) -> Arbeitsmarktprogramm:
    return open_programm(jahr=2024, by=planung)


@pytest.fixture
def zielwert(controlling) -> Zielwert:
    """What our own Jobcenter agreed for 2027; beside it what does not belong to us or to the year."""
    nummer = settings.INSTANZ.jobcenter.traegernummer
    eigenes = Jobcenter.objects.create(traegernummer=nummer, name="Musterburg", form=Traegerform.ZUGELASSENER_TRAEGER)
    other = Jobcenter.objects.create(traegernummer="04412", name="Saalekreis", form=Traegerform.ZUGELASSENER_TRAEGER)
    fields = {"definition": "-", "richtung": Richtung.HOEHER, "art": Kennzahlart.EIGENE}
    quote = Kennzahl.objects.create(code="K2", name="Integrationsquote", einheit=Einheit.PROZENT, **fields)
    set_zielwert(jobcenter=eigenes, kennzahl=quote, jahr=2026, wert=Decimal(26), by=controlling)
    set_zielwert(jobcenter=other, kennzahl=quote, jahr=2027, wert=Decimal(25), by=controlling)
    return set_zielwert(jobcenter=eigenes, kennzahl=quote, jahr=2027, wert=Decimal(27), by=controlling)
