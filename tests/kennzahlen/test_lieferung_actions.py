"""From a file to published values: all or nothing, once, and by one person."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.enums import Rolle
from kennzahlen import actions
from kennzahlen.actions import (
    define_kennzahl,
    discard_lieferung,
    fail_lieferung,
    keep_spaltenplan,
    record_messwert,
    register_quelle,
    retry_lieferung,
    submit_lieferung,
    take_over_lieferung,
    withdraw_lieferung,
)
from kennzahlen.enums import Einheit, Lieferzustand, Quellenart, Richtung
from kennzahlen.models import Datenlieferung, Datenstand, Kennzahl, Messwert, Vergleichsgruppe, Zugehoerigkeit
from kennzahlen.queries.datenstand import visible_datenstaende
from tests.kennzahlen.conftest import blocks

pytestmark = pytest.mark.django_db
ZEILE = "99001;2026-07;K2;I;2601;9824,58"


@pytest.fixture
def large(monkeypatch) -> None:
    monkeypatch.setitem(actions.lieferung.LARGE, "csv", 1)


def test_a_checked_delivery_becomes_visible_values(geprueft, controlling):
    assert geprueft.zustand == Lieferzustand.GEPRUEFT
    assert (geprueft.zeilen, geprueft.monat_von, geprueft.monat_bis) == (2, date(2026, 7, 1), date(2026, 7, 31))
    assert not Messwert.objects.exists()
    done = take_over_lieferung(lieferung=geprueft, by=controlling)
    wert = Messwert.objects.published().get(jobcenter__traegernummer="99001")
    assert (wert.zaehler, wert.nenner, wert.datenstand.tag) == (2601, 982458 * 12, date(2026, 10, 20))
    assert (done.entschieden_von, done.datenstand) == (controlling, wert.datenstand)
    assert Ereignis.objects.filter(name="kennzahlen.werte_uebernommen", objekt_id=wert.datenstand.pk).exists()
    assert f"kennzahlen_block_{done.pk}" not in blocks()


def test_the_same_file_again_is_refused_and_changes_nothing(uebernommen, submit):
    before = list(Messwert.objects.values_list())
    with pytest.raises(TransitionError, match="Genau diese Datei ist schon übernommen"):
        submit(ZEILE, "99002;2026-07;K2;I;2500;10000", stand=date(2026, 11, 20))
    assert list(Messwert.objects.values_list()) == before


def test_what_is_published_does_not_change_under_the_same_stand(uebernommen, submit):
    with pytest.raises(TransitionError, match="Eine Korrektur erhält einen neuen Stand"):
        submit("99001;2026-07;K2;I;2700;9824,58")


def test_a_correction_under_a_new_stand_leaves_the_old_one_readable(uebernommen, submit, check, controlling):
    lieferung = check(submit("99001;2026-07;K2;I;2700;9824,58", stand=date(2026, 11, 20)))
    counts = [lieferung.vorschau[name] for name in ("neu", "geaendert", "gleich", "entfallen")]
    assert counts == [0, 1, 0, 1]
    (change,) = lieferung.vorschau["aenderungen"]
    assert (change["vorher"], change["nachher"]) == ("26,47\u00a0%", "27,48\u00a0%")
    take_over_lieferung(lieferung=lieferung, by=controlling)
    values = Messwert.objects.filter(jobcenter__traegernummer="99001").order_by("datenstand__tag").values_list("zaehler", flat=True)
    assert list(values) == [2601, 2700]


def test_a_preview_goes_back_through_corrections_to_the_last_whole_delivery(submit, check, controlling):
    """A correction of one value is no Datenstand of its own to compare with; what an old delivery said and a later did not, is past."""
    a, b, c = ("99001;2026-07;K2;I;2601;9824,58", "99002;2026-07;K2;I;2500;10000", "99002;2026-07;K2;F;1200;5000")
    corrected, changed = a.replace("2601", "2602"), b.replace("2500", "2501")
    for day, lines in enumerate([(a, b, c), (a, changed), (corrected,)], start=1):
        take_over_lieferung(lieferung=check(submit(*lines, stand=date(2026, 10, day))), by=controlling)
    vorschau = check(submit(corrected, changed, stand=date(2026, 10, 20))).vorschau
    assert [vorschau[name] for name in ("neu", "geaendert", "gleich", "entfallen")] == [0, 0, 2, 0]


def test_one_delivery_at_a_time_for_a_source_and_day(geprueft, submit):
    with pytest.raises(TransitionError, match="schon eine Lieferung in Arbeit"):
        submit("99001;2026-07;K2;I;2700;9824,58")


def test_a_stand_of_tomorrow_is_refused(submit):
    with pytest.raises(TransitionError, match="in der Zukunft"):
        submit(ZEILE, stand=date(2999, 1, 1))


def test_a_delivery_that_changes_nothing_is_not_published(uebernommen, submit, check, controlling):
    lieferung = check(submit("99002;2026-07;K2;I;2500;10000", ZEILE, stand=date(2026, 11, 20)))
    with pytest.raises(TransitionError, match="ändert keinen Wert"):
        take_over_lieferung(lieferung=lieferung, by=controlling)
    assert Datenstand.objects.count() == 1
    assert discard_lieferung(lieferung=lieferung, by=controlling).zustand == Lieferzustand.VERWORFEN


def test_faults_are_listed_by_place_and_nothing_is_left_behind(fehlerhaft, controlling):
    assert fehlerhaft.zustand == Lieferzustand.FEHLERHAFT
    assert fehlerhaft.fehlerzahl >= 2
    assert {one["stelle"] for one in fehlerhaft.fehlerliste} == {"Zeile 3, Spalte traegernummer", "Zeile 3, Spalte berichtsmonat"}
    assert not Messwert.objects.exists()
    assert f"kennzahlen_block_{fehlerhaft.pk}" not in blocks()
    with pytest.raises(TransitionError):
        take_over_lieferung(lieferung=fehlerhaft, by=controlling)


def test_the_same_line_twice_is_a_fault(submit, check):
    lieferung = check(submit(ZEILE, "99001;2026-07;K2;I;2602;9824,58"))
    assert "mit verschiedenen Zahlen" in lieferung.fehlerliste[0]["satz"]
    assert f"kennzahlen_block_{lieferung.pk}" not in blocks()


def test_a_withdrawn_delivery_is_hidden_and_kept(uebernommen, controlling):
    with pytest.raises(TransitionError, match="Schreiben Sie, warum"):
        withdraw_lieferung(lieferung=uebernommen, grund="  ", by=controlling)
    done = withdraw_lieferung(lieferung=uebernommen, grund="Die Quelle hat widerrufen.", by=controlling)
    assert (done.zustand, done.grund) == (Lieferzustand.ZURUECKGEZOGEN, "Die Quelle hat widerrufen.")
    assert not visible_datenstaende().exists()
    assert not Messwert.objects.published().exists()
    assert Messwert.objects.count() == 2


def test_a_discarded_delivery_leaves_no_block_and_is_not_checked_again(geprueft, controlling):
    assert f"kennzahlen_block_{geprueft.pk}" in blocks()
    discard_lieferung(lieferung=geprueft, by=controlling)
    assert f"kennzahlen_block_{geprueft.pk}" not in blocks()
    with pytest.raises(TransitionError):
        take_over_lieferung(lieferung=geprueft, by=controlling)


def test_a_waiting_delivery_can_be_discarded_and_makes_room(submit, controlling):
    lieferung = submit(ZEILE)
    done = discard_lieferung(lieferung=lieferung, by=controlling)
    assert done.status == Auftragsstatus.FERTIG
    assert not Datenlieferung.objects.due().exists()
    submit(ZEILE)


def test_nobody_discards_what_a_worker_reads(submit, system, controlling):
    lieferung = submit(ZEILE)
    actions.claim_lieferung(lieferung=lieferung, by=system)
    with pytest.raises(TransitionError, match="wird gerade geprüft"):
        discard_lieferung(lieferung=lieferung, by=controlling)


def test_a_check_that_was_given_up_can_be_asked_for_again_until_it_is_discarded(submit, system, controlling, monkeypatch):
    monkeypatch.setattr(Datenlieferung, "MAX_VERSUCHE", 1)
    lieferung = submit(ZEILE)
    versuch, _ = actions.claim_lieferung(lieferung=lieferung, by=system)
    fail_lieferung(lieferung=lieferung, versuch=versuch, fehler="Der Speicher ist voll.", by=system)
    assert retry_lieferung(lieferung=lieferung, by=controlling).status == Auftragsstatus.WARTET
    versuch, _ = actions.claim_lieferung(lieferung=lieferung, by=system)
    fail_lieferung(lieferung=lieferung, versuch=versuch, fehler="Der Speicher ist voll.", by=system)
    discard_lieferung(lieferung=lieferung, by=controlling)
    with pytest.raises(TransitionError, match="wird nicht mehr geprüft"):
        retry_lieferung(lieferung=lieferung, by=controlling)


def test_only_controlling_delivers_and_decides(geprueft, uebernommen, amtlich, leitung, planung, administration, fremd):
    for by in (leitung, planung, administration, fremd):
        for step in (take_over_lieferung, discard_lieferung):
            with pytest.raises(PermissionDenied):
                step(lieferung=geprueft, by=by)
        with pytest.raises(PermissionDenied):
            withdraw_lieferung(lieferung=uebernommen, grund="x", by=by)
        with pytest.raises(PermissionDenied):
            submit_lieferung(quelle=amtlich, stand=date(2026, 1, 1), datei=None, dateiname="", dateiart="csv", by=by)
        with pytest.raises(PermissionDenied):
            keep_spaltenplan(name="x", spalten={}, fest={}, by=by)
    uebernommen.refresh_from_db()
    assert uebernommen.zustand == Lieferzustand.UEBERNOMMEN


def test_laender_of_the_file_become_master_data_only_when_asked(submit, check, controlling):
    kopf = "traegernummer;bundesland;vergleichstyp;berichtsmonat;kennzahl;geschlecht;zaehler;nenner"
    lieferung = check(submit("99001;Musterland;IIIb;2026-07;K2;I;2601;9824,58", kopf=kopf))
    assert {one["code"] for one in lieferung.vorschau["zuordnungen"]} == {"Musterland", "IIIb"}
    assert not Zugehoerigkeit.objects.exists()
    take_over_lieferung(lieferung=lieferung, mit_zuordnungen=True, by=controlling)
    assert set(Vergleichsgruppe.objects.values_list("code", flat=True)) == {"Musterland", "IIIb"}
    assert {row.zeitraum.lower for row in Zugehoerigkeit.objects.all()} == {date(2026, 7, 1)}


# --- large deliveries and other people at the same time -----------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO {block} ({columns}, von, bis) SELECT {columns}, von - 31, von - 1 FROM {block}",
        "INSERT INTO kennzahlen_messwert ({columns}, von, bis) SELECT {columns}, von - 31, von - 1 FROM {block}",
        "UPDATE {block} SET zaehler = 1",
        "DELETE FROM {block}",
        "DELETE FROM kennzahlen_messwert",
    ],
)
def test_a_large_delivery_is_a_partition_that_nobody_changes(large, geprueft, controlling, sql):
    done = take_over_lieferung(lieferung=geprueft, by=controlling)
    assert done.ist_gross
    block = f"kennzahlen_block_{done.pk}"
    assert block in blocks()
    assert Messwert.objects.published().count() == 2
    refused = pytest.raises(ProgrammingError, match="is published, nothing can be added|Cannot update or delete")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(block=block, columns="zaehler, nenner, jobcenter_id, kennzahl_id, geschlecht, datenstand_id"))
    assert Messwert.objects.published().filter(zaehler=2601).exists()


@pytest.mark.django_db(transaction=True)
def test_readers_go_on_while_a_large_delivery_is_attached(large, geprueft, controlling):
    seen: list[int] = []

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        seen.append(Messwert.objects.published().count())
        connection.close()

    with transaction.atomic():
        take_over_lieferung(lieferung=geprueft, by=controlling)
        reader = Thread(target=read)
        reader.start()
        reader.join(10)
        assert seen == [0]
    read()
    assert seen == [0, 2]


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.django_db(transaction=True)
def test_two_people_take_over_at_once_and_one_wins(request, size, geprueft, controlling, person):
    people = [controlling, person("Carlo Zweit", Rolle.CONTROLLING)]
    start, results = Barrier(2), []

    def take(by) -> None:
        start.wait()
        try:
            results.append(take_over_lieferung(lieferung=Datenlieferung.objects.get(pk=geprueft.pk), by=by).entschieden_von)
        except TransitionError:
            results.append(None)
        finally:
            connection.close()

    threads = [Thread(target=take, args=[by]) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(None) == 1
    assert Datenlieferung.objects.get().entschieden_von in people
    assert Messwert.objects.count() == 2


# --- Spaltenpläne -------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_once_by_name_and_changed_on_top_of_what_was_seen(controlling):
    plan = keep_spaltenplan(name="Kennzahlentool", spalten={"zaehler": "Z"}, fest={"kennzahl": "K2"}, by=controlling)
    with pytest.raises(TransitionError, match="„Kennzahlentool“ gibt es schon"):
        keep_spaltenplan(name="Kennzahlentool", spalten={}, fest={}, by=controlling)
    changed = keep_spaltenplan(
        name="Kennzahlentool", kopfzeile=4, spalten={"zaehler": "Zähler"}, fest={}, spaltenplan=plan, version=plan.version, by=controlling
    )
    assert (changed.pk, changed.version, changed.kopfzeile, changed.spalten, changed.fest) == (plan.pk, 2, 4, {"zaehler": "Zähler"}, {})
    with pytest.raises(VersionConflict):
        keep_spaltenplan(name="x", spalten={}, fest={}, spaltenplan=plan, version=1, by=controlling)


# --- what a hostile reader found --------------------------------------------------------------------------------
def test_secrecy_is_decided_again_when_a_delivery_is_taken_over(amtlich, submit, check, controlling, eigenes):
    """Women 2 and men 18 wait; meanwhile 20 of all are published: men would then say how many women there are."""
    own = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Zählung", by=controlling)
    elb = Kennzahl.objects.get(code="elb")
    lieferung = check(submit("99001;2026-07;elb;M;18;", "99001;2026-07;elb;F;2;", quelle=own, stand=date(2026, 10, 20)))
    assert lieferung.zustand == Lieferzustand.GEPRUEFT
    other = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Andere Zählung", by=controlling)
    juli = {"von": date(2026, 7, 1), "bis": date(2026, 7, 31), "stand": date(2026, 10, 21)}
    record_messwert(jobcenter=eigenes, kennzahl=elb, zaehler=20, quelle=other, by=controlling, **juli)
    with pytest.raises(TransitionError, match="Seit der Prüfung"):
        take_over_lieferung(lieferung=lieferung, by=controlling)
    assert set(Messwert.objects.published().values_list("zaehler", flat=True)) == {20}


def test_small_numbers_of_our_own_delivery_are_hidden_with_their_partner(amtlich, submit, check, controlling):
    own = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Zählung", by=controlling)
    lieferung = check(submit("99001;2026-07;elb;I;20;", "99001;2026-07;elb;M;18;", "99001;2026-07;elb;F;2;", quelle=own))
    take_over_lieferung(lieferung=lieferung, by=controlling)
    assert set(Messwert.objects.published().values_list("geschlecht", "zaehler")) == {("I", 20)}


@pytest.mark.parametrize("zahl", ["184467440737095517", "99999999999999", "1" * 19])
def test_two_numbers_run_together_are_a_fault_and_no_other_number(submit, check, zahl):
    lieferung = check(submit(f"99001;2026-07;K2;I;{zahl};10000"))
    assert (lieferung.zustand, lieferung.fehlerzahl) == (Lieferzustand.FEHLERHAFT, 1)
    assert "ist kein Zähler" in lieferung.fehlerliste[0]["satz"]


def test_a_corrected_figure_that_is_hidden_now_is_not_told_in_its_older_version(client, amtlich, eigenes, controlling):
    own = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Zählung", by=controlling)
    beratungen = define_kennzahl(
        code="beratungen", name="Beratungen", einheit=Einheit.ANZAHL, richtung=Richtung.NEUTRAL, definition="Beratungen", by=controlling
    )
    for zahl, stand in ((4712, date(2026, 8, 1)), (2, date(2026, 9, 5))):
        record_messwert(
            jobcenter=eigenes,
            kennzahl=beratungen,
            von=date(2026, 7, 1),
            bis=date(2026, 7, 31),
            zaehler=zahl,
            quelle=own,
            stand=stand,
            by=controlling,
        )
    for address in ("/kennzahlen/", "/kennzahlen/beratungen/", "/kennzahlen/beratungen.csv", "/api/v1/messwerte/?kennzahl=beratungen"):
        assert "4.712" not in (text := client.get(address).content.decode())
        assert "4712" not in text
