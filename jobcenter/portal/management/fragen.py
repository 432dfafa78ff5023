"""What the first set-up asks, and how the answers become jobcenter.toml."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from django.conf import settings

from jobcenter.common.instanz import LAENDER, METHODEN, load_instanz
from kennzahlen.imports import JOBCENTER_2026, parse_jobcenter

VORLAGE = settings.BASE_DIR / "jobcenter.toml"  # the demo's: its comments explain each value
KOPF = (
    "One instance of the portal, written by `manage.py einrichten`. Change values here and start the portal anew;",
    "`manage.py einrichten --nur-pruefen` says whether they are right.",
)
Antworten = dict[str, str]


@dataclass(frozen=True)
class Frage:
    """One value of the file, as `section.key`. `vorschlag` may look at what was answered before; „“ offers nothing."""

    ort: str
    wort: str
    hilfe: str = ""
    vorschlag: Callable[[Antworten], str] = field(default=lambda _: "")
    muster: str = r".+"


def _same(ort: str) -> Callable[[Antworten], str]:
    return lambda antworten: antworten.get(ort, "")


FRAGEN = [
    Frage("jobcenter.name", "Name des Jobcenters", "wie auf dem Türschild"),
    Frage("jobcenter.kurzname", "Kurzer Name", "für Menü und Betreffzeilen", _same("jobcenter.name")),
    Frage("jobcenter.landkreis", "Landkreis oder kreisfreie Stadt", "zum Beispiel Landkreis Saalekreis"),
    Frage("jobcenter.land", "Land", ", ".join(sorted(LAENDER)), muster="|".join(sorted(LAENDER))),
    Frage(
        "jobcenter.traegernummer",
        "Trägernummer",
        "fünf Ziffern aus der Statistik der Bundesagentur",
        lambda antworten: find_traegernummer(antworten.get("jobcenter.landkreis", "")),
        r"\d{5}",
    ),
    Frage("kontakt.strasse", "Straße und Hausnummer"),
    Frage("kontakt.plz", "Postleitzahl", muster=r"\d{5}"),
    Frage("kontakt.ort", "Ort"),
    Frage("kontakt.telefon", "Telefon"),
    Frage("kontakt.mail", "E-Mail", "zugleich Absender aller Mails des Portals", muster=r"[^@\s]+@[^@\s]+"),
    Frage("kontakt.servicezeiten", "Servicezeiten", "als Satz, zum Beispiel: Montag bis Freitag 8 bis 12 Uhr"),
    Frage("verantwortlich.name", "Verantwortlich für den Inhalt", "Name (§ 18 Abs. 2 MStV)"),
    Frage("verantwortlich.funktion", "Funktion dieser Person"),
    Frage("verantwortlich.vertretung", "Gesetzlich vertreten durch", "zum Beispiel: Landrätin Vorname Nachname"),
    Frage("impressum.aufsicht", "Aufsichtsbehörde", "nach § 48 Abs. 1 SGB II die des Landes"),
    Frage("impressum.aufsicht_web", "Adresse ihrer Website", muster=r"https?://.+"),
    Frage("datenschutz.beauftragt", "Datenschutzbeauftragte", "Name oder Funktion"),
    Frage("datenschutz.strasse", "Straße und Hausnummer", "der Datenschutzbeauftragten", _same("kontakt.strasse")),
    Frage("datenschutz.plz", "Postleitzahl", vorschlag=_same("kontakt.plz"), muster=r"\d{5}"),
    Frage("datenschutz.ort", "Ort", vorschlag=_same("kontakt.ort")),
    Frage("datenschutz.telefon", "Telefon", vorschlag=_same("kontakt.telefon")),
    Frage("datenschutz.mail", "E-Mail", "der Datenschutzbeauftragten", muster=r"[^@\s]+@[^@\s]+"),
    Frage(
        "barrierefreiheit.geprueft_von",
        "Wer hat die Barrierefreiheit geprüft?",
        "steht in der Erklärung zur Barrierefreiheit",
        lambda _: "Redaktion des Portals",
    ),
    Frage(
        "barrierefreiheit.methode",
        "Und wie?",
        " oder ".join(sorted(METHODEN, reverse=True)),
        lambda _: "selbstbewertung",
        "|".join(sorted(METHODEN)),
    ),
    Frage(
        "sicherheit.kontakt",
        "Wohin meldet man Sicherheitslücken?",
        "mailto:… oder https://…",
        lambda antworten: f"mailto:{antworten.get('kontakt.mail', '')}",
        r"(mailto:|https://).+",
    ),
    Frage("presse.kontakt", "Pressestelle", "Name der Ansprechperson"),
    Frage("presse.telefon", "Telefon der Pressestelle", vorschlag=_same("kontakt.telefon")),
    Frage("presse.mail", "E-Mail der Pressestelle", vorschlag=_same("kontakt.mail"), muster=r"[^@\s]+@[^@\s]+"),
]


def find_traegernummer(landkreis: str) -> str:
    """The number of the Jobcenter whose name in the statutory list fits; empty unless exactly one does."""
    place = re.sub(r"\b(Landkreis|Kreis|Stadt|kreisfreie|der|die|das)\b", "", landkreis).strip(" ,-").casefold()
    zeilen = parse_jobcenter(JOBCENTER_2026.read_bytes()).zeilen
    found = [zeile.traegernummer for zeile in zeilen if place and place == zeile.name.split(",")[0].strip().casefold()]
    return found[0] if len(found) == 1 else ""


def is_answer(frage: Frage, text: str) -> bool:
    return re.fullmatch(frage.muster, text) is not None


def write_instanz(path: Path, antworten: Antworten) -> None:
    """Write the file, or raise InstanzError and leave what is there; what nobody is asked keeps the value of the project."""
    document = tomlkit.parse(VORLAGE.read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        **antworten,
        "jobcenter.fiktiv": False,
        "barrierefreiheit.stand": date.today(),  # noqa: DTZ011  # the day on this machine
        "sicherheit.stand": date.today(),  # noqa: DTZ011
    }
    for ort, value in values.items():
        section, key = ort.split(".")
        document[section][key] = value  # type: ignore[index]
    text = re.sub(r"\A(#.*\n)+", "".join(f"# {line}\n" for line in KOPF), tomlkit.dumps(document))
    draft = path.with_suffix(".neu")
    draft.write_text(text, encoding="utf-8")
    try:
        load_instanz(draft)
    except Exception:
        draft.unlink()
        raise
    draft.replace(path)
