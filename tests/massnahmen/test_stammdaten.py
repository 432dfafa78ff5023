from datetime import date

from django.core.management import call_command

from massnahmen.enums import Instrumentgruppe
from massnahmen.models import Instrument, Zielgruppe


def test_master_data_are_loaded_once_and_brought_up_to_date(db):
    call_command("stammdaten")
    before = list(Instrument.objects.values()), list(Zielgruppe.objects.values())
    assert set(Instrument.objects.values_list("gruppe", flat=True)) == set(Instrumentgruppe.values)
    assert len(before[1]) == 12
    Instrument.objects.filter(kurz="16i").update(klartext="verstellt")
    Zielgruppe.objects.filter(code="u25").update(name="verstellt")
    call_command("stammdaten")
    assert (list(Instrument.objects.values()), list(Zielgruppe.objects.values())) == before


def test_the_law_changes_on_a_date(db):
    call_command("stammdaten")
    valid = {row.kurz: row for row in Instrument.objects.all()}
    year = date(2025, 1, 1), date(2025, 12, 31)
    assert valid["fbw"].is_valid_for(date(2024, 1, 1), date(2024, 12, 31))
    assert not valid["fbw"].is_valid_for(*year)  # since 2025 with the Agentur für Arbeit
    assert not valid["reha"].is_valid_for(*year)
    assert not valid["16j"].is_valid_for(*year)
    assert valid["16i"].is_valid_for(*year)
    assert not valid["16i"].is_valid_for(date(2018, 12, 31), date(2019, 12, 31))
    assert not valid["16k"].is_valid_for(date(2023, 6, 30), date(2023, 12, 31))


def test_what_counts_for_k2_and_k3e2(db):
    call_command("stammdaten")
    assert set(Instrument.objects.filter(zaehlt_als_integration=True).values_list("kurz", flat=True)) == {"egz", "16b", "16e"}
    not_active = {"vermittlung", "vb", "avgs-mpav", "16k", "egz", "16b", "16c", "16e", "16h", "reha"}
    assert not Instrument.objects.filter(kurz__in=not_active, zaehlt_als_aktivierung=True).exists()
    assert Instrument.objects.filter(kurz__in=["mat", "mag", "16d", "16f", "16i"], zaehlt_als_aktivierung=True).count() == 5
