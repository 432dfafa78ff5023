"""Which history of a measure, a chapter and a summary people read. The history itself is common's (common/verlauf.py)."""

from typing import Any

from jobcenter.common.vergleich import Feld
from jobcenter.common.verlauf import Teil, Verlaufsquelle, Verweis, name_aktionen, read_felder
from massnahmen.enums import Finanzquelle
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Finanzierung,
    Kapitel,
    Massnahme,
    MassnahmeZielgruppe,
    Programmposition,
    Zielgruppe,
)

name_aktionen(
    {
        "massnahmen.open_programm": "Programm angelegt",
        "massnahmen.add_position": "Maßnahme geplant",
        "massnahmen.continue_massnahme": "Maßnahme fortgeführt",
        "massnahmen.update_position": "Maßnahme geändert",
        "massnahmen.remove_position": "Maßnahme aus dem Programm genommen",
        "massnahmen.update_kapitel": "Kapitel geändert",
        "massnahmen.update_zusammenfassung": "Zusammenfassung geändert",
        "massnahmen.submit_programm": "dem Beirat vorgelegt",
        "massnahmen.reopen_programm": "wieder zum Entwurf gemacht",
        "massnahmen.begin_abstimmung": "Abstimmung im Beirat begonnen",
        "massnahmen.break_off_abstimmung": "Abstimmung im Beirat abgebrochen",
        "massnahmen.record_beratung": "Ergebnis des Beirats eingetragen",
        "massnahmen.publish_programm": "veröffentlicht",
    }
)


def history_of_massnahme(position: Programmposition) -> Verlaufsquelle:
    """A measure with what one programme year plans with it; names as in the form of a measure."""
    felder = (
        read_felder(Massnahme, "titel", "beschreibung", "instrument")
        | {"zielgruppen": Verweis("Zielgruppen", Zielgruppe)}
        | read_felder(Massnahme, "traeger", "beginn", "ende")
        | read_felder(Programmposition, "plaetze", "geplante_eintritte")
        | {f"kosten_{quelle}": Feld(f"Kosten aus „{quelle.label}“", einheit="euro") for quelle in Finanzquelle}
    )
    links = MassnahmeZielgruppe.pgh_event_model.objects.filter(massnahme_id=position.massnahme_id)
    planned = Programmposition.pgh_event_model.objects.filter(pgh_obj_id=position.pk)  # type: ignore[attr-defined]
    money = Finanzierung.pgh_event_model.objects.filter(position_id=position.pk)  # type: ignore[attr-defined]
    teile = (Teil(links, _note_zielgruppe), Teil(planned, _note_position), Teil(money, _note_finanzierung))
    return Verlaufsquelle(position.massnahme, felder, teile)


def history_of_kapitel(kapitel: Kapitel) -> Verlaufsquelle:
    return Verlaufsquelle(kapitel, read_felder(Kapitel, "titel", "text"))


def history_of_zusammenfassung(programm: Arbeitsmarktprogramm) -> Verlaufsquelle:
    return Verlaufsquelle(programm, read_felder(Arbeitsmarktprogramm, "zusammenfassung", "status"))


def _note_zielgruppe(stand: dict[str, Any], event: Any) -> None:
    others = [key for key in stand.get("zielgruppen", ()) if key != event.zielgruppe_id]
    stand["zielgruppen"] = others if event.pgh_label == "delete" else [*others, event.zielgruppe_id]


def _note_position(stand: dict[str, Any], event: Any) -> None:
    """Planned for the first time: no money yet. Before that, nothing is known of it."""
    if event.pgh_label == "insert":
        stand |= {f"kosten_{quelle}": None for quelle in Finanzquelle}
    stand |= {"plaetze": event.plaetze, "geplante_eintritte": event.geplante_eintritte}


def _note_finanzierung(stand: dict[str, Any], event: Any) -> None:
    stand[f"kosten_{event.quelle}"] = None if event.pgh_label == "delete" else event.betrag_cent
