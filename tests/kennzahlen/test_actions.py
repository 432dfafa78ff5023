from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobcenter.common.transitions import TransitionError
from kennzahlen.actions import Importergebnis, Jobcenterzeile, import_jobcenter, record_messwert
from kennzahlen.enums import Einheit, Traegerform
from kennzahlen.models import Datenstand, Jobcenter, Messwert

ZEILEN = [
    Jobcenterzeile("04412", Traegerform.ZUGELASSENER_TRAEGER, "Saalekreis"),
    Jobcenterzeile("72706", Traegerform.GEMEINSAME_EINRICHTUNG, "Kronach"),
]


def test_import_adds_then_leaves_alone_then_renames(administration):
    assert import_jobcenter(zeilen=ZEILEN, by=administration) == Importergebnis(neu=2, geaendert=0, unveraendert=0)
    with CaptureQueriesContext(connection) as queries:
        assert import_jobcenter(zeilen=ZEILEN, by=administration) == Importergebnis(neu=0, geaendert=0, unveraendert=2)
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    pks = list(Jobcenter.objects.values_list("pk", flat=True))
    renamed = [ZEILEN[0], Jobcenterzeile("72706", Traegerform.ZUGELASSENER_TRAEGER, "Kronach neu")]
    assert import_jobcenter(zeilen=renamed, by=administration) == Importergebnis(neu=0, geaendert=1, unveraendert=1)
    assert list(Jobcenter.objects.values_list("pk", "name", "form")) == [(pks[0], "Saalekreis", "zkT"), (pks[1], "Kronach neu", "zkT")]


def test_a_jobcenter_that_the_list_no_longer_names_stays(administration):
    import_jobcenter(zeilen=ZEILEN, by=administration)
    import_jobcenter(zeilen=ZEILEN[:1], by=administration)
    assert Jobcenter.objects.count() == 2


def test_only_administration_and_the_background_service_import(planung, controlling, leitung, fremd, system):
    for user in (planung, controlling, leitung, fremd):
        with pytest.raises(PermissionDenied):
            import_jobcenter(zeilen=ZEILEN, by=user)
    assert not Jobcenter.objects.exists()
    import_jobcenter(zeilen=ZEILEN, by=system)
    assert Jobcenter.objects.count() == 2


def test_command_takes_the_whole_file_or_nothing(db, tmp_path, capsys):
    file = tmp_path / "liste.csv"
    file.write_text("traegernummer;form;jobcenter\n04412;zkT;Saalekreis\n7;gE;Kronach\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Zeile 3: „7“ ist keine Trägernummer.*\n.*nichts übernommen"):
        call_command("import_jobcenter", str(file))
    assert not Jobcenter.objects.exists()
    with pytest.raises(CommandError, match="nicht lesbar"):
        call_command("import_jobcenter", str(tmp_path / "fehlt.csv"))
    call_command("import_jobcenter")
    call_command("import_jobcenter")
    assert capsys.readouterr().out.splitlines() == [
        "404 neu, 0 geändert, 0 unverändert.",
        "0 neu, 0 geändert, 404 unverändert.",
    ]


def test_messwert_is_recorded_with_source_and_stand(messwert, quelle):
    row = messwert("elb", 15654, von=date(2014, 7, 1), bis=date(2014, 7, 31), stand=date(2019, 8, 14))
    assert (row.wert, row.datenstand.quelle, row.datenstand.tag) == (Decimal(15654), quelle, date(2019, 8, 14))
    messwert("lzb", 9549, stand=date(2019, 8, 14))
    assert Datenstand.objects.count() == 1  # one day of one source is one Datenstand


def test_a_correction_is_a_new_datenstand_beside_the_old_one(messwert):
    messwert("vermittlungen", 1496, stand=date(2025, 1, 5))
    with pytest.raises(TransitionError, match="schon einen Wert mit Stand 05.01.2025. Eine Korrektur erhält einen neuen Stand"):
        messwert("vermittlungen", 1573, stand=date(2025, 1, 5))
    messwert("vermittlungen", 1573, stand=date(2026, 1, 5))
    assert list(Messwert.objects.order_by("pk").values_list("zaehler", flat=True)) == [1496, 1573]


@pytest.mark.parametrize(
    ("einheit", "fields", "sentence"),
    [
        (Einheit.PROZENT, {}, "entweder einen gezählten oder einen zitierten"),
        (Einheit.PROZENT, {"zaehler": 1, "nenner": 2, "zitat": Decimal("0.5")}, "entweder einen gezählten oder einen zitierten"),
        (Einheit.PROZENT, {"zaehler": 2600}, "auch einen Nenner größer als 0"),
        (Einheit.VERAENDERUNG, {"zaehler": 2600, "nenner": 0}, "auch einen Nenner größer als 0"),
        (Einheit.ANZAHL, {"zaehler": 5, "nenner": 7}, "keine Quote"),
        (Einheit.CENT, {"zitat": Decimal("13.9")}, "keine Quote"),
        (Einheit.ANZAHL, {"zaehler": 5, "von": date(2019, 1, 1)}, "endet, bevor er beginnt"),
    ],
)
def test_a_figure_that_cannot_be_read_is_refused_with_a_sentence(messwert, einheit, fields, sentence):
    with pytest.raises(TransitionError, match=sentence):
        messwert("x", einheit=einheit, **fields)
    assert not Messwert.objects.exists()
    assert not Datenstand.objects.exists()


def test_only_controlling_and_the_background_service_record(messwert, planung, leitung, administration, fremd, system):
    for user in (planung, leitung, administration, fremd):
        with pytest.raises(PermissionDenied):
            messwert("elb", 1, by=user)
    assert messwert("elb", 1, by=system).pk


def test_record_messwert_is_the_documented_call(jobcenter, kennzahl, quelle, controlling):
    row = record_messwert(
        jobcenter=jobcenter,
        kennzahl=kennzahl("quote", Einheit.PROZENT),
        von=date(2023, 1, 1),
        bis=date(2023, 12, 31),
        quelle=quelle,
        stand=date(2024, 2, 15),
        zitat=Decimal("36.1"),
        by=controlling,
    )
    assert row.wert == Decimal("36.1")
