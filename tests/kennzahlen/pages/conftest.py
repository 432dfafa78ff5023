"""A small country: our Jobcenter beside others, with the groups it is compared with and months of K2."""

from collections.abc import Callable
from datetime import date

import pytest

from kennzahlen.actions import Messwertzeile, assign_zuordnungen, record_messwerte, sum_gruppen
from kennzahlen.enums import Geschlecht, Lizenz, Quellenart, Traegerform
from kennzahlen.imports import load_kennzahlen
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Quelle, month_bounds

JULI, VORJAHR = date(2026, 7, 1), date(2025, 7, 1)
STAND = date(2026, 11, 20)
NB = "\u00a0"


@pytest.fixture
def statistik(db) -> Quelle:
    load_kennzahlen()
    return Quelle.objects.create(art=Quellenart.BA_ENDGUELTIG, herausgeber="Statistik der BA", titel="Kennzahlen", lizenz=Lizenz.BA)


@pytest.fixture
def record(statistik, eigenes, controlling, system) -> Callable[..., Datenstand]:
    """Publish values of one Kennzahl: record("K2", (eigenes, 2600, 9825), monat=JULI); sums of groups are made with them."""

    def make(code: str, *werte: tuple, monat: date = JULI, stand: date = STAND, geschlecht=Geschlecht.INSGESAMT, quelle=None) -> Datenstand:
        kennzahl = Kennzahl.objects.get(code=code)
        von, bis = month_bounds(monat)
        zeilen = [Messwertzeile(whose, kennzahl, von, bis, *rest, geschlecht=geschlecht) for whose, *rest in werte]
        record_messwerte(zeilen=zeilen, quelle=quelle or statistik, stand=stand, by=controlling)
        datenstand = Datenstand.objects.get(quelle=quelle or statistik, tag=stand)
        sum_gruppen(datenstand=datenstand, by=system)
        return datenstand

    return make


@pytest.fixture
def nachbarn(eigenes, controlling) -> Callable[[int], list[Jobcenter]]:
    """So many Jobcenter with ours as the first: all in the Bund, those with an even number in our Vergleichstyp."""

    def make(count: int) -> list[Jobcenter]:
        others = [
            Jobcenter.objects.create(traegernummer=f"{50000 + n}", name=f"Kreis {n:02}", form=Traegerform.GEMEINSAME_EINRICHTUNG)
            for n in range(1, count)
        ]
        found = [eigenes, *others]
        groups = [
            {"traegernummer": one.traegernummer, "art": art, "code": code}
            for n, one in enumerate(found)
            for art, code in (("bund", "Bund"), ("land", "Musterland"), ("typ", "IIa" if n % 2 == 0 else "IIb"))
        ]
        assign_zuordnungen(zuordnungen=groups, ab=date(2020, 1, 1), by=controlling)
        return found

    return make


@pytest.fixture
def land(nachbarn, record) -> Callable[[int], list[Jobcenter]]:
    """Neighbours with K2 in two months, the best first after us: ours is 26,5 % after 25,7 %; theirs go down from 30 %."""

    def make(count: int) -> list[Jobcenter]:
        found = nachbarn(count)
        rest = [(one, 3000 - 25 * n, 10000) for n, one in enumerate(found[1:])]
        record("K2", (found[0], 2521, 9825), *rest, monat=VORJAHR, stand=date(2025, 11, 20))
        record("K2", (found[0], 2600, 9825), *rest)
        return found

    return make


@pytest.fixture
def read(client, db) -> Callable[..., str]:
    """Open a public page as a visitor: read("/kennzahlen/K2/"). It must be the same for everybody."""

    def get(path: str, status: int = 200) -> str:
        answer = client.get(path)
        assert answer.status_code == status, path
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert not answer.cookies
        return answer.content.decode()

    return get
