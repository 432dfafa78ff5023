"""Which history of a measure, a chapter and a summary people read. The history itself is common's (common/verlauf.py)."""

from typing import Any

from jobcenter.common.richtext import to_plain
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
        "massnahmen.confirm_position": "Zahlen des Vorjahres bestätigt",
        "massnahmen.assign_handlungsfeld": "Handlungsfeld zugeordnet",
        "massnahmen.archive_massnahme": "ins Archiv gelegt",
        "massnahmen.restore_massnahme": "aus dem Archiv geholt",
        "massnahmen.copy_programm": "Programm aus dem Vorjahr angelegt",
        "massnahmen.discard_programm": "Programm verworfen",
        "massnahmen.update_kapitel": "Kapitel geändert",
        "massnahmen.update_zusammenfassung": "Zusammenfassung geändert",
        "massnahmen.submit_programm": "dem Beirat vorgelegt",
        "massnahmen.reopen_programm": "wieder zum Entwurf gemacht",
        "massnahmen.begin_abstimmung": "Abstimmung im Beirat begonnen",
        "massnahmen.break_off_abstimmung": "Abstimmung im Beirat abgebrochen",
        "massnahmen.record_beratung": "Ergebnis des Beirats eingetragen",
        "massnahmen.record_gremienbeschluss": "Beschluss eingetragen",
        "massnahmen.withdraw_gremienbeschluss": "Beschluss zurückgenommen",
        "massnahmen.publish_programm": "veröffentlicht",
        "massnahmen.begin_beteiligung": "der BCA vorgelegt",
        "massnahmen.begin_fortschreibung": "Fortschreibung begonnen",
        "massnahmen.end_fortschreibung": "Fortschreibung beendet",
        "massnahmen.close_programm": "abgeschlossen",
        "massnahmen.write_stellungnahme": "Stellungnahme der BCA geschrieben",
        "massnahmen.answer_stellungnahme": "Stellungnahme der BCA beantwortet",
        "massnahmen.add_ziel": "Ziel angelegt",
        "massnahmen.update_ziel": "Ziel geändert",
        "massnahmen.record_meldung": "Monat gemeldet",
        "massnahmen.update_meldung": "Meldung korrigiert",
        "massnahmen.remove_meldung": "Meldung zurückgenommen",
        "massnahmen.record_verbleib": "Verbleib gemeldet",
        "massnahmen.update_verbleib": "Verbleib korrigiert",
        "massnahmen.remove_verbleib": "Verbleib entfernt",
        "massnahmen.remove_ziel": "Ziel entfernt",
        "massnahmen.add_bildungsziel": "Bildungsziel angelegt",
        "massnahmen.update_bildungsziel": "Bildungsziel geändert",
        "massnahmen.remove_bildungsziel": "Bildungsziel entfernt",
        "massnahmen.create_traeger": "Träger angelegt",
        "massnahmen.update_traeger": "Träger geändert",
        "massnahmen.add_zulassung": "Zulassung eingetragen",
        "massnahmen.update_zulassung": "Zulassung berichtigt",
        "massnahmen.add_massnahmezulassung": "Zulassung eingetragen",
        "massnahmen.update_massnahmezulassung": "Zulassung berichtigt",
    }
)


PLAN = ("handlungsfeld", "plaetze", "geplante_eintritte", "erfolgskriterium", "eingliederung_prozent", "bemerkung")


def history_of_massnahme(position: Programmposition) -> Verlaufsquelle:
    """A measure with what one programme year plans with it; names as in the form of a measure."""
    felder = (
        read_felder(Massnahme, "titel", "beschreibung")
        | {"zielgruppen": Verweis("Zielgruppen", Zielgruppe)}
        | read_felder(Massnahme, "zugang", "ansprechstelle", "telefon", "ort", "instrument", "vergabestand", "traeger", "beginn", "ende")
        | read_felder(Massnahme, "jederzeit", "naechster_start", "dauer_wochen", "wochenstunden")
        | read_felder(Programmposition, *PLAN)
        | {"verpflichtung_cent": Feld("Verpflichtung für die Folgejahre", einheit="euro")}
        | {f"kosten_{quelle}": Feld(f"Kosten aus „{quelle.label}“", einheit="euro") for quelle in Finanzquelle}
        | read_felder(Massnahme, "archivgrund")
    )
    links = MassnahmeZielgruppe.pgh_event_model.objects.filter(massnahme_id=position.massnahme_id)
    planned = Programmposition.pgh_event_model.objects.filter(pgh_obj_id=position.pk)  # type: ignore[attr-defined]
    money = Finanzierung.pgh_event_model.objects.filter(position_id=position.pk)  # type: ignore[attr-defined]
    teile = (Teil(links, _note_zielgruppe), Teil(planned, _note_position), Teil(money, _note_finanzierung))
    return Verlaufsquelle(position.massnahme, felder, teile)


def history_of_kapitel(kapitel: Kapitel) -> Verlaufsquelle:
    felder = read_felder(Kapitel, "titel", "text", "stand", "verantwortlich") | {"text": Feld("Text", klartext=to_plain)}
    return Verlaufsquelle(kapitel, felder)


def history_of_zusammenfassung(programm: Arbeitsmarktprogramm) -> Verlaufsquelle:
    return Verlaufsquelle(programm, read_felder(Arbeitsmarktprogramm, "zusammenfassung", "status"))


def _note_zielgruppe(stand: dict[str, Any], event: Any) -> None:
    others = [key for key in stand.get("zielgruppen", ()) if key != event.zielgruppe_id]
    stand["zielgruppen"] = others if event.pgh_label == "delete" else [*others, event.zielgruppe_id]


def _note_position(stand: dict[str, Any], event: Any) -> None:
    """Planned for the first time: no money yet. Before that, nothing is known of it."""
    if event.pgh_label == "insert":
        stand |= {f"kosten_{quelle}": None for quelle in Finanzquelle}
    stand |= {name: getattr(event, name) for name in (*PLAN[1:], "verpflichtung_cent")} | {"handlungsfeld": event.handlungsfeld_id}


def _note_finanzierung(stand: dict[str, Any], event: Any) -> None:
    stand[f"kosten_{event.quelle}"] = None if event.pgh_label == "delete" else event.betrag_cent
