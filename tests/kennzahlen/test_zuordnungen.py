"""The list of Zuordnungen as a file, as a plan and as a command; the plan says what the action does."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from kennzahlen.actions import import_zuordnungen, merge_jobcenter, order_diagramme
from kennzahlen.enums import Gruppenart, Quellenart, Traegerform
from kennzahlen.imports import parse_zuordnungen
from kennzahlen.models import Diagramm, Jobcenter, Quelle, Vergleichsgruppe, Zugehoerigkeit, month_bounds
from kennzahlen.queries.reihe import read_reihe
from kennzahlen.queries.zuordnungen import Zuordnungszeile, plan_zuordnungen
from kennzahlen.tasks import sum_anew

KOPF = "traegernummer;art;code;name;gueltig_ab"


def file(*lines: str, kopf: str = KOPF) -> bytes:
    return "\n".join([kopf, *lines]).encode()


def test_columns_are_found_by_name_and_days_as_germans_write_them():
    datei = parse_zuordnungen("\ufeffgueltig_ab;code;Art;name;traegernummer\r\n1.1.2014;IIIa;TYP;;04412\r\n".encode())
    assert datei.zeilen == (Zuordnungszeile(2, "04412", Gruppenart.TYP, "IIIa", "", date(2014, 1, 1)),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Zeile 1: Die Datei ist leer."),
        (KOPF.encode(), "Unter den Spaltennamen steht keine Zuordnung."),
        (b"traegernummer,art,code\n1,2,3", "Zeile 1: Die Spalten „traegernummer“, „art“, „code“, „name“, „gueltig_ab“ fehlen."),
        (file("x", kopf="traegernummer;art;code;name"), "Zeile 1: Die Spalte „gueltig_ab“ fehlt."),
        (file("04412;land;TH;Thüringen;2005-01-01").decode().encode("latin-1"), "Zeile 2: Die Datei ist nicht in UTF-8"),
        (file('04412;land;TH;"Thü;2005-01-01'), "Ein Anführungszeichen steht allein."),
        (file("04412;land;" + "X" * 21 + ";;2005-01-01"), "Zeile 2: „code“ ist länger als 20 Zeichen."),
        (file("04412;land;TH;" + "X" * 121 + ";2005-01-01"), "Zeile 2: „name“ ist länger als 120 Zeichen."),
        (file("04412;land;TH\x00;;2005-01-01"), "unsichtbares Zeichen"),
        (file("04412;land;TH;;0001-01-01"), "ist kein Tag."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, sentence):
    datei = parse_zuordnungen(content)
    assert any(sentence in fault for fault in datei.fehler), datei.fehler
    assert datei.zeilen == ()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content):
    datei = parse_zuordnungen(content)
    assert bool(datei.zeilen) != bool(datei.fehler)


@pytest.mark.django_db
def test_the_command_takes_all_or_nothing(tmp_path, capsys, jobcenter):
    path = tmp_path / "liste.csv"
    path.write_bytes(file("04412;land;ST;Sachsen-Anhalt;2005-01-01", "04499;land;ST;Sachsen-Anhalt;2005-01-01"))
    with pytest.raises(CommandError, match="Zeile 3: Ein Jobcenter mit der Trägernummer 04499 gibt es nicht.*\n.*nichts übernommen"):
        call_command("import_zuordnungen", str(path))
    assert not Zugehoerigkeit.objects.exists()
    path.write_bytes(file("04412;land;ST;Sachsen-Anhalt;2005-01-01"))
    call_command("import_zuordnungen", str(path))
    call_command("import_zuordnungen", str(path))
    assert capsys.readouterr().out.splitlines() == ["1 geändert, 0 unverändert.", "0 geändert, 1 unverändert."]
    with pytest.raises(CommandError, match="nicht lesbar"):
        call_command("import_zuordnungen", str(tmp_path / "fehlt.csv"))


@pytest.mark.django_db
def test_another_state_than_the_one_seen_is_refused(jobcenter, controlling):
    zeilen = parse_zuordnungen(file("04412;land;ST;Sachsen-Anhalt;2005-01-01")).zeilen
    seen = plan_zuordnungen(zeilen).pruefsumme
    import_zuordnungen(zeilen=parse_zuordnungen(file("04412;land;TH;Thüringen;2004-01-01".replace("2004", "2005"))).zeilen, by=controlling)
    with pytest.raises(TransitionError, match="Inzwischen hat sich eine Zuordnung geändert"):
        import_zuordnungen(zeilen=zeilen, pruefsumme=seen, by=controlling)
    assert Zugehoerigkeit.objects.get().gruppe.code == "TH"


@pytest.mark.django_db
def test_only_controlling_administration_and_the_background_service_assign(jobcenter, leitung, planung, fremd):
    zeilen = parse_zuordnungen(file("04412;land;ST;;2005-01-01")).zeilen
    for user in (leitung, planung, fremd):
        with pytest.raises(PermissionDenied):
            import_zuordnungen(zeilen=zeilen, by=user)
    assert not Vergleichsgruppe.objects.exists()


LISTEN = st.lists(st.dictionaries(st.integers(0, 8), st.sampled_from("ABC"), min_size=1, max_size=4), min_size=1, max_size=4)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LISTEN)
def test_the_plan_foretells_what_the_action_does(jobcenter, controlling, listen):
    """Lists in any order of days: as many changes as foretold, each day its own group, and twice is once."""
    with transaction.atomic():
        for liste in listen:
            zeilen = [
                Zuordnungszeile(n, "04412", Gruppenart.TYP, code, "", date(2010 + year, 1, 1))
                for n, (year, code) in enumerate(liste.items())
            ]
            foretold = len(plan_zuordnungen(zeilen).aenderungen)
            assert import_zuordnungen(zeilen=zeilen, by=controlling) == foretold
            for year, code in liste.items():
                assert Zugehoerigkeit.objects.get(zeitraum__contains=date(2010 + year, 6, 1)).gruppe.code == code
            assert plan_zuordnungen(zeilen).ist_leer
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_four_that_became_one_are_one_series_and_their_charts_are_drawn_anew(eigenes, kennzahl, messwert, administration, system):
    """Seed of the Gebietsreform: the months before are the sums of the four (fiktiver Gebietsstand)."""
    elb, juni, juli = kennzahl("elb"), month_bounds(date(2007, 6, 1)), month_bounds(date(2007, 7, 1))
    own = Quelle.objects.create(art=Quellenart.BA_ENDGUELTIG, herausgeber="Statistik der BA", titel="Bestand")
    order_diagramme(kennzahlen=[elb], by=system)
    Diagramm.objects.update(status=Auftragsstatus.FERTIG, fertig_am=clock.now())
    for number in range(4):
        alt = Jobcenter.objects.create(traegernummer=f"9910{number}", name=f"Altkreis {number}", form=Traegerform.GEMEINSAME_EINRICHTUNG)
        messwert("elb", 1000 + number, jobcenter=alt, quelle=own, von=juni[0], bis=juni[1])
        merge_jobcenter(jobcenter=alt, nachfolger=eigenes, am=juli[0], by=administration)
    messwert("elb", 4010, jobcenter=eigenes, quelle=own, von=juli[0], bis=juli[1])
    before, after = read_reihe(elb, eigenes, bis=juli[1], monate=2).punkte
    assert (before.wert, before.fiktiver_gebietsstand) == (4006, True)
    assert (after.wert, after.fiktiver_gebietsstand) == (4010, False)
    ereignis = Ereignis.objects.filter(name="kennzahlen.zuordnungen_geaendert").last()
    sum_anew(ereignis.objekt_id)
    assert set(Diagramm.objects.values_list("status", flat=True)) == {Auftragsstatus.WARTET}
