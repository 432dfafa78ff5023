"""Goals: where they stand, with which method, and that nobody is warned twice."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from jobcenter.common import events
from jobcenter.common.actions import VersionConflict
from jobcenter.common.models import Ereignis, Zustellung
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import last_aenderung
from jobcenter.post.models import Versand
from kennzahlen.actions import set_zielwert, update_zielwert, warn_ziele
from kennzahlen.enums import (
    Einheit,
    Geschlecht,
    Prognosemethode,
    Quellenart,
    Richtung,
    Zeitbezug,
    Zielart,
    Zielrichtung,
    Zielstand,
)
from kennzahlen.models import Kennzahl, Messwert, Quelle, Zielwarnung, Zielwert
from kennzahlen.queries.formeln import add_months, month_end
from kennzahlen.queries.ziele import Zielzeile, read_ziele, years_with_goals

JAHR = 2026
HEUTE = datetime(2026, 11, 22, 9)
MINDESTENS, HOECHSTENS = Zielrichtung.MINDESTENS, Zielrichtung.HOECHSTENS


@pytest.fixture
def eigene(db) -> Quelle:
    return Quelle.objects.create(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Controlling")


@pytest.fixture
def record(messwert, eigenes, eigene) -> Callable[..., Messwert]:
    """A month of our own: record("K2", date(2026, 7, 1), 2600, 9825)."""

    def make(code: str, monat: date, zaehler: int, nenner: int | None = None, **fields) -> Messwert:
        stand = add_months(monat, 4).replace(day=20)
        fields = {"jobcenter": eigenes, "quelle": eigene, "von": monat, "bis": month_end(monat), "stand": stand} | fields
        return messwert(
            code, zaehler, nenner=nenner, einheit=fields.pop("einheit", Einheit.PROZENT if nenner else Einheit.ANZAHL), **fields
        )

    return make


@pytest.fixture
def quoten(record) -> None:
    """26,1 % in July, half a point more in December of the year before: forecast 26,6 %."""
    for monat, zaehler in ((date(2025, 7, 1), 260), (date(2025, 12, 1), 265), (date(2026, 6, 1), 250), (date(2026, 7, 1), 261)):
        record("quote", monat, zaehler, 1000)


@pytest.fixture
def ziel(eigenes, kennzahl, controlling) -> Callable[..., Zielwert]:
    def make(wert: str, code: str = "quote", einheit: Einheit = Einheit.PROZENT, **fields) -> Zielwert:
        return set_zielwert(jobcenter=eigenes, kennzahl=kennzahl(code, einheit), jahr=JAHR, wert=Decimal(wert), **fields, by=controlling)

    return make


def only(eigenes, jahr: int = JAHR) -> Zielzeile:
    (zeile,) = read_ziele(eigenes, jahr)
    return zeile


# --- where a goal stands ----------------------------------------------------------------------------------------
def test_value_forecast_and_method_of_a_rate(quoten, ziel, eigenes):
    ziel("27.0")
    zeile = only(eigenes)
    assert (zeile.wert, zeile.monat, zeile.prognose.wert) == (Fraction("26.1"), date(2026, 7, 1), Fraction("26.6"))
    assert zeile.prognose.methode is Prognosemethode.VORJAHRESVERLAUF
    assert "von Juli bis Dezember 2025 (plus" in zeile.prognose.satz
    assert zeile.stand is Zielstand.GEFAEHRDET
    assert [text.replace("\u00a0", " ") for text in (zeile.ziel_text, zeile.wert_text, zeile.prognose_text, zeile.abstand_text)] == [
        "mindestens 27,0 %",
        "26,1 %",
        "26,6 %",
        "0,4 Prozentpunkte unter dem Ziel",
    ]


@pytest.mark.parametrize(
    ("wert", "richtung", "toleranz", "stand"),
    [
        ("26.6", MINDESTENS, "0", Zielstand.AUF_KURS),
        ("26.61", MINDESTENS, "0", Zielstand.GEFAEHRDET),  # unrounded: 26,6 % is not 26,61 %
        ("27.0", MINDESTENS, "0.4", Zielstand.AUF_KURS),
        ("27.0", MINDESTENS, "0.39", Zielstand.GEFAEHRDET),
        ("26.5", HOECHSTENS, "0", Zielstand.GEFAEHRDET),
        ("26.5", HOECHSTENS, "0.1", Zielstand.AUF_KURS),
    ],
)
def test_direction_and_tolerance(quoten, ziel, eigenes, wert, richtung, toleranz, stand):
    ziel(wert, richtung=richtung, toleranz=Decimal(toleranz))
    assert only(eigenes).stand is stand


def test_the_direction_follows_the_kennzahl_unless_it_is_said(eigenes, kennzahl, controlling):
    lower = kennzahl("lzb", richtung=Richtung.NIEDRIGER)
    assert set_zielwert(jobcenter=eigenes, kennzahl=lower, jahr=2026, wert=Decimal(9000), by=controlling).richtung == HOECHSTENS
    said = set_zielwert(jobcenter=eigenes, kennzahl=lower, jahr=2027, wert=Decimal(9000), richtung=MINDESTENS, by=controlling)
    assert said.richtung == MINDESTENS


def test_a_known_december_decides(quoten, record, ziel, eigenes):
    ziel("27.0")
    record("quote", date(2026, 12, 1), 270, 1000)
    assert only(eigenes).stand is Zielstand.ERREICHT
    record("quote", date(2026, 12, 1), 269, 1000, stand=date(2027, 5, 20))  # a revision
    assert only(eigenes).stand is Zielstand.VERFEHLT


def test_an_estimated_december_does_not_decide(quoten, record, ziel, eigenes):
    ziel("27.0")
    estimate = Quelle.objects.create(art=Quellenart.BA_HOCHGERECHNET, herausgeber="BA", titel="Eckwerte")
    record("quote", date(2026, 12, 1), 270, 1000, quelle=estimate)
    zeile = only(eigenes)
    assert (zeile.stand, zeile.monat) == (Zielstand.GEFAEHRDET, date(2026, 7, 1))


def test_an_official_december_stated_before_the_waiting_time_does_not_decide(record, ziel, eigenes):
    record("K2", date(2026, 12, 1), 270, 1000, stand=date(2027, 1, 10))
    ziel("27.0", "K2")
    assert only(eigenes).stand is Zielstand.OFFEN
    record("K2", date(2026, 12, 1), 270, 1000, stand=date(2027, 4, 20))
    assert only(eigenes).stand is Zielstand.ERREICHT


def test_a_number_of_the_year_out_of_a_rate_and_by_sex(record, ziel, eigenes):
    """Odenwaldkreis 2024: at least 612 integrations, 258 of women. The Zähler of K2 is a sum of twelve months."""
    for monat, zaehler in ((date(2025, 7, 1), 640), (date(2025, 12, 1), 612), (date(2026, 7, 1), 655)):
        record("K2", monat, zaehler, 2400)
        record("K2", monat, zaehler - 360, 1200, geschlecht=Geschlecht.FRAUEN)
    ziel("612", "K2", art=Zielart.ANZAHL)
    ziel("270", "K2", art=Zielart.ANZAHL, geschlecht=Geschlecht.FRAUEN)
    frauen, alle = read_ziele(eigenes, JAHR)
    assert (alle.prognose.wert, alle.stand, alle.ziel_text) == (627, Zielstand.AUF_KURS, "mindestens 612")
    assert (frauen.prognose.wert, frauen.stand) == (267, Zielstand.GEFAEHRDET)
    assert frauen.name == "Name von K2, Frauen, Anzahl im Jahr"
    assert frauen.abstand_text == "3 unter dem Ziel"


def test_months_of_a_flow_become_the_year(record, ziel, eigenes, kennzahl):
    Kennzahl.objects.filter(pk=kennzahl("eintritte").pk).update(zeitbezug=Zeitbezug.STROM)
    for back in range(30):  # ten a month, from July 2026 on eleven
        monat = add_months(date(2026, 12, 1), -back)
        record("eintritte", monat, 11 if monat >= date(2026, 7, 1) else 10, stand=date(2027, 2, 1))
    ziel("126", "eintritte", Einheit.ANZAHL)
    zeile = only(eigenes)
    assert (zeile.wert, zeile.stand) == (126, Zielstand.ERREICHT)


def test_a_year_with_a_missing_month_is_not_guessed(record, ziel, eigenes, kennzahl):
    Kennzahl.objects.filter(pk=kennzahl("eintritte").pk).update(zeitbezug=Zeitbezug.STROM)
    for monat in range(1, 12):
        record("eintritte", date(2026, monat, 1), 10, stand=date(2027, 2, 1))
    ziel("120", "eintritte", Einheit.ANZAHL)
    assert only(eigenes).stand is Zielstand.OFFEN


def test_figures_since_january_are_taken_as_they_are(record, ziel, eigenes, kennzahl):
    Kennzahl.objects.filter(pk=kennzahl("eintritte").pk).update(zeitbezug=Zeitbezug.STROM)
    for ende, zaehler in ((date(2025, 7, 1), 70), (date(2025, 12, 1), 125), (date(2026, 7, 1), 77)):
        record("eintritte", ende, zaehler, von=ende.replace(month=1))
    ziel("130", "eintritte", Einheit.ANZAHL)
    assert only(eigenes).prognose.wert == 132


def test_only_our_own_published_values_count(quoten, record, messwert, jobcenter, quelle, ziel, eigenes):
    ziel("27.0")
    month = {"von": date(2026, 8, 1), "bis": date(2026, 8, 31), "nenner": 1000, "einheit": Einheit.PROZENT}
    messwert("quote", 400, **month)  # another Jobcenter
    messwert("quote", 400, jobcenter=eigenes, quelle=quelle, **month)  # what the press wrote
    hidden = record("quote", date(2026, 8, 1), 400, 1000)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kennzahlen_messwert DISABLE TRIGGER USER")
        cursor.execute("UPDATE kennzahlen_messwert SET gesperrt = true WHERE datenstand_id = %s", [hidden.datenstand_id])
        cursor.execute("ALTER TABLE kennzahlen_messwert ENABLE TRIGGER USER")
    assert only(eigenes).monat == date(2026, 7, 1)


def test_a_goal_without_any_value_is_open(ziel, eigenes):
    ziel("27.0")
    zeile = only(eigenes)
    assert (zeile.stand, zeile.wert_text, zeile.prognose_text, zeile.abstand_text, zeile.balken) == (Zielstand.OFFEN, "–", "–", "", None)


def test_the_bar_keeps_the_order_of_its_marks(quoten, ziel, eigenes):
    ziel("27.0")
    balken = only(eigenes).balken
    assert 0 < balken.wert < balken.prognose < balken.ziel < 1000


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_a_fixed_number_of_queries(quoten, kennzahl, eigenes, record, controlling, django_assert_num_queries, anzahl):
    for n in range(anzahl):
        record(f"quote-{n}", date(2026, 7, 1), 261, 1000)
        set_zielwert(jobcenter=eigenes, kennzahl=kennzahl(f"quote-{n}"), jahr=JAHR, wert=Decimal(27), by=controlling)
    with django_assert_num_queries(4):  # goals, Datenstände, values, warnings
        assert len(read_ziele(eigenes, JAHR)) == anzahl


# --- agreeing ---------------------------------------------------------------------------------------------------
def test_a_goal_is_changed_on_top_of_the_version_that_was_read(ziel, controlling):
    given = ziel("27.0")
    agreed = {"wert": Decimal("27.5"), "richtung": MINDESTENS, "toleranz": Decimal("0.2"), "nur_beobachtung": True}
    changed = update_zielwert(zielwert=given, version=1, **agreed, by=controlling)
    assert (changed.version, changed.wert, changed.nur_beobachtung) == (2, Decimal("27.5"), True)
    with pytest.raises(VersionConflict):
        update_zielwert(zielwert=given, version=1, **agreed | {"wert": Decimal(28)}, by=controlling)
    assert update_zielwert(zielwert=given, version=2, **agreed, by=controlling).version == 2  # nothing new
    assert last_aenderung(given).wer == "Carla Controlling"


def test_men_women_and_numbers_are_goals_of_their_own(ziel, eigenes):
    ziel("27.0")
    ziel("25.0", geschlecht=Geschlecht.FRAUEN)
    ziel("612", art=Zielart.ANZAHL)
    ziel("26.0")  # corrected
    assert sorted(Zielwert.objects.values_list("wert", flat=True)) == [Decimal(25), Decimal(26), Decimal(612)]
    assert years_with_goals(eigenes) == [JAHR]


def test_only_controlling_agrees_goals(ziel, leitung, planung, administration, fremd):
    given = ziel("27.0")
    agreed = {"wert": Decimal(1), "richtung": MINDESTENS, "toleranz": Decimal(0), "nur_beobachtung": False}
    for user in (leitung, planung, administration, fremd):
        with pytest.raises(PermissionDenied):
            update_zielwert(zielwert=given, version=1, **agreed, by=user)
    assert Zielwert.objects.get().wert == 27


def test_nonsense_is_refused(ziel):
    with pytest.raises(TransitionError, match="Toleranz"):
        ziel("27.0", toleranz=Decimal(-1))
    with pytest.raises(TransitionError, match="wird selbst gezählt"):
        ziel("27.0", "elb", Einheit.ANZAHL, art=Zielart.ANZAHL)


# --- early warning ----------------------------------------------------------------------------------------------
@pytest.fixture
def worker(django_capture_on_commit_callbacks) -> Callable[[], None]:
    """Let the worker handle what is due, and what follows from it."""

    def run() -> None:
        while due := list(Zustellung.objects.due().order_by("pk").values_list("pk", flat=True)):
            for pk in due:
                events.deliver(pk)

    return run


def warned() -> list[tuple[date, Decimal]]:
    return list(Zielwarnung.objects.order_by("monat").values_list("monat", "prognose"))


def test_a_goal_in_danger_is_warned_of_once_a_month(quoten, record, ziel, system, at):
    at(HEUTE)
    ziel("27.0")
    assert len(warn_ziele(by=system)) == 1
    assert warn_ziele(by=system) == []
    assert warned() == [(date(2026, 7, 1), Decimal("26.6000"))]
    record("quote", date(2026, 8, 1), 262, 1000)
    assert [one.monat for one in warn_ziele(by=system)] == [date(2026, 8, 1)]
    assert Ereignis.objects.filter(name="kennzahlen.ziel_gefaehrdet").count() == 2


def test_what_is_on_course_only_watched_or_long_over_is_not_warned_of(quoten, ziel, record, kennzahl, eigenes, controlling, system, at):
    at(HEUTE)
    ziel("26.0")
    watched = kennzahl("watched", Einheit.PROZENT)
    record("watched", date(2026, 7, 1), 100, 1000)
    record("watched", date(2020, 7, 1), 100, 1000)
    set_zielwert(jobcenter=eigenes, kennzahl=watched, jahr=2026, wert=Decimal(20), nur_beobachtung=True, by=controlling)
    set_zielwert(jobcenter=eigenes, kennzahl=watched, jahr=2020, wert=Decimal(20), by=controlling)
    assert warn_ziele(by=system) == []


def test_a_missed_year_is_a_result_and_no_warning(quoten, record, ziel, system, at):
    at(datetime(2027, 5, 1, 9))
    ziel("27.0")
    record("quote", date(2026, 12, 1), 260, 1000)
    assert warn_ziele(by=system) == []


def test_only_the_background_service_warns(controlling, leitung):
    for user in (controlling, leitung):
        with pytest.raises(PermissionDenied):
            warn_ziele(by=user)


def test_the_database_keeps_a_warning_from_being_written_twice(quoten, ziel, system, at):
    at(HEUTE)
    ziel("27.0")
    (warnung,) = warn_ziele(by=system)
    with pytest.raises(IntegrityError), transaction.atomic():
        Zielwarnung.objects.create(zielwert=warnung.zielwert, monat=warnung.monat, prognose=1)


def test_new_values_tell_controlling_and_leitung_by_mail_once(
    quoten, ziel, eigene, worker, at, controlling, leitung, planung, presse, person
):
    at(HEUTE)
    ziel("27.0")
    gone = person("Gerd Gegangen", "controlling")
    gone.gueltig_bis = date(2026, 1, 1)
    gone.save()
    datenstand = eigene.datenstaende.order_by("-tag").first()
    for _ in range(2):
        with transaction.atomic():
            events.publish("kennzahlen.werte_uebernommen", datenstand.pk)
        worker()
    mails = Versand.objects.filter(betreff__startswith="Ziel gefährdet").order_by("an__name")
    assert [mail.an for mail in mails] == [controlling, leitung]
    text = mails[0].text.replace("\u00a0", " ")
    assert "Vereinbart ist mindestens 27,0 %. Nach der Prognose endet das Jahr bei 26,6 %, 0,4 Prozentpunkte unter dem Ziel." in text
    assert "verändert sich weiter wie von Juli bis Dezember 2025" in text
    assert f"/intern/kennzahlen/ziele/?jahr={JAHR}" in text
