"""Many figures at once, own Kennzahlen, sources and what was agreed with the Land."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from jobcenter.common.transitions import TransitionError
from kennzahlen.actions import Messwertzeile, define_kennzahl, record_messwerte, register_quelle, set_zielwert
from kennzahlen.enums import Einheit, Geschlecht, Kennzahlart, Quellenart, Richtung, Traegerform
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle, Zielwert

STAND = date(2026, 11, 20)


@pytest.fixture
def musterburg(db) -> Jobcenter:
    return Jobcenter.objects.create(traegernummer="99001", name="Landkreis Musterburg", form=Traegerform.ZUGELASSENER_TRAEGER)


@pytest.fixture
def quote(controlling) -> Kennzahl:
    fields = {"einheit": Einheit.PROZENT, "richtung": Richtung.HOEHER, "definition": "Besetzte Plätze durch Plätze."}
    return define_kennzahl(code="auslastung", name="Auslastung", **fields, by=controlling)


@pytest.fixture
def eigene(controlling) -> Quelle:
    return register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter Musterburg", titel="Eigene Zählung", by=controlling)


@pytest.fixture
def zeile(musterburg, quote):
    def make(month: int, zaehler: int = 90, nenner: int | None = 100, **fields) -> Messwertzeile:
        return Messwertzeile(musterburg, quote, date(2026, month, 1), date(2026, month, 28), zaehler, nenner, **fields)

    return make


def test_a_delivery_is_recorded_whole_under_one_datenstand(zeile, eigene, controlling, django_assert_num_queries):
    zeilen = [zeile(1), zeile(2), *(zeile(3, 45, 50, geschlecht=sex) for sex in Geschlecht)]
    assert record_messwerte(zeilen=zeilen, quelle=eigene, stand=STAND, by=controlling) == 5
    assert Datenstand.objects.get().tag == STAND
    assert {row.wert for row in Messwert.objects.select_related("kennzahl")} == {Decimal(90)}
    many = [zeile(month, geschlecht=sex) for month in range(4, 13) for sex in Geschlecht]
    with django_assert_num_queries(17):
        record_messwerte(zeilen=many, quelle=eigene, stand=date(2026, 12, 20), by=controlling)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lambda zeile: zeile(2, 90, None), "ist eine Quote"),
        (lambda zeile: zeile(2, 90, 0), "größer als 0"),
        (lambda zeile: Messwertzeile(**(vars(zeile(2)) | {"bis": date(2026, 1, 1)})), "endet, bevor er beginnt"),
        (lambda zeile: zeile(1), "schon da"),
    ],
)
def test_one_wrong_figure_keeps_the_whole_delivery_out(zeile, eigene, controlling, fault, sentence):
    with pytest.raises(TransitionError, match=sentence):
        record_messwerte(zeilen=[zeile(1), fault(zeile)], quelle=eigene, stand=STAND, by=controlling)
    assert not Messwert.objects.exists()


def test_the_same_delivery_twice_changes_nothing(zeile, eigene, controlling):
    record_messwerte(zeilen=[zeile(1)], quelle=eigene, stand=STAND, by=controlling)
    with pytest.raises(TransitionError, match="Eine Korrektur erhält einen neuen Stand"):
        record_messwerte(zeilen=[zeile(2), zeile(1)], quelle=eigene, stand=STAND, by=controlling)
    assert Messwert.objects.count() == 1


def test_only_controlling_writes_figures_definitions_and_goals(zeile, eigene, musterburg, quote, leitung, planung, fremd):
    for user in (leitung, planung, fremd):
        with pytest.raises(PermissionDenied):
            record_messwerte(zeilen=[zeile(1)], quelle=eigene, stand=STAND, by=user)
        with pytest.raises(PermissionDenied):
            register_quelle(art=Quellenart.PRESSE, herausgeber="Zeitung", titel="Bericht", by=user)
        with pytest.raises(PermissionDenied):
            define_kennzahl(code="x", name="X", einheit=Einheit.ANZAHL, richtung=Richtung.NEUTRAL, definition="", by=user)
        with pytest.raises(PermissionDenied):
            set_zielwert(jobcenter=musterburg, kennzahl=quote, jahr=2027, wert=Decimal(90), by=user)
    assert not Messwert.objects.exists()
    assert not Zielwert.objects.exists()


def test_an_own_kennzahl_has_its_code_alone(quote, controlling):
    assert quote.art == Kennzahlart.EIGENE
    with pytest.raises(TransitionError, match="„auslastung“ gibt es schon"):
        define_kennzahl(
            code="auslastung", name="Noch eine", einheit=Einheit.ANZAHL, richtung=Richtung.NEUTRAL, definition="", by=controlling
        )


def test_a_known_source_is_found_again(eigene, controlling):
    again = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber=eigene.herausgeber, titel=eigene.titel, by=controlling)
    assert again == eigene
    assert Quelle.objects.count() == 1


def test_a_goal_is_agreed_once_a_year_and_may_be_corrected(musterburg, quote, controlling):
    for wert in ("90", "91.5"):
        set_zielwert(jobcenter=musterburg, kennzahl=quote, jahr=2027, wert=Decimal(wert), by=controlling)
    assert Zielwert.objects.get().wert == Decimal("91.5")
