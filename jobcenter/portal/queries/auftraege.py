"""Background work across all rooms: what waits, what runs, what was given up and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.common.dienste import TAKT
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Auftrag, Regeldienst, Zustellung
from jobcenter.portal.queries.betrieb import takt_is_fresh
from jobcenter.post.models import ABGELAUFEN, Versand
from kennzahlen.enums import Lieferzustand
from kennzahlen.models import Datenlieferung
from massnahmen.enums import Importzustand
from massnahmen.models import Import

MOST = 200  # rows of each kind on the page; the rest follows when these are done
KINDS: dict[str, tuple[str, type[Auftrag]]] = {
    "bericht": ("Bericht als PDF", Bericht),
    "entwurf": ("Entwurf als PDF", Entwurfsdruck),
    "versand": ("E-Mail", Versand),
    "zustellung": ("Folge eines Ereignisses", Zustellung),
    "lieferung": ("Prüfung einer Datenlieferung", Datenlieferung),
    "import": ("Prüfung eines Imports", Import),
}

# The first that is found in the error says what happened; {wer} is the other side, {wessen} its genitive.
_REASONS = [
    (r"SMTPAuthentication", "Der Mailserver weist die Anmeldung ab. Name oder Passwort in EMAIL_URL stimmen nicht."),
    (r"SMTPRecipientsRefused|Invalid address", "Der Mailserver nimmt diese Adresse nicht an. Prüfen Sie die Adresse im Konto."),
    (r"SMTPSenderRefused", "Der Mailserver nimmt unseren Absender nicht an. Prüfen Sie die Mailadresse in jobcenter.toml."),
    (r"SMTPDataError", "Der Mailserver hat den Inhalt der Mail abgelehnt."),
    (r"No space left|Errno 28\b|Errno 122\b|ENOSPC", "Der Speicher ist voll. Schaffen Sie Platz, dann geht es weiter."),
    (r"PermissionError|Errno 13\b", "Das Portal darf an dieser Stelle nicht schreiben. Prüfen Sie die Rechte des Datenordners."),
    (r"SSL|CERTIFICATE", "Die verschlüsselte Verbindung kam nicht zustande. Prüfen Sie das Zertifikat {wessen}."),
    (r"ConnectionRefused|Errno 111\b", "{wer} nimmt keine Verbindung an. Wahrscheinlich läuft dort gerade nichts."),
    (r"gaierror|Name or service not known|Name resolution", "Der Name {wessen} ist im Netz nicht zu finden."),
    (r"Timeout|timed out", "{wer} hat nicht rechtzeitig geantwortet."),
    (r"SMTPServerDisconnected|ConnectionReset|BrokenPipe|ConnectionAborted", "{wer} hat die Verbindung abgebrochen."),
    (r"SMTP\w*(Error|Exception)", "Der Mailserver hat die Mail abgelehnt."),
    (r"OperationalError|InterfaceError", "Die Datenbank war nicht erreichbar."),
    (r"RedisError|redis", "Redis war nicht erreichbar."),
    (r"MemoryError", "Der Arbeitsspeicher hat nicht gereicht."),
]
_IS_TECHNICAL = re.compile(r"^\w*(Error|Exception|Refused|Disconnected|Timeout|DoesNotExist|gaierror)\b|^\w+(\.\w+)*: ")


@dataclass(frozen=True)
class Auftragszeile:
    """A job that was given up, as its page words it. `schluessel` names it in forms and addresses."""

    schluessel: str
    art: str
    was: str
    url: str
    seit: datetime
    versuche: int
    grund: str
    technisch: str


@dataclass(frozen=True)
class Warteschlange:
    """How one kind of job stands."""

    art: str
    wartend: int
    aelteste: datetime | None
    in_arbeit: int
    gescheitert: int


@dataclass(frozen=True)
class Betriebsstand:
    warteschlangen: list[Warteschlange]
    fuer_sammelmail: int
    letzter_takt: datetime | None
    takt_fehlt: bool


def list_gescheiterte() -> list[Auftragszeile]:
    """Every job that was given up, newest first. One query per kind."""
    rows = [_word(name, row) for name in KINDS for row in _given_up(name).order_by("-angelegt_am", "-pk")[:MOST]]
    return sorted(rows, key=lambda zeile: zeile.seit, reverse=True)


def find_gescheiterte(schluessel: Iterable[str]) -> list[tuple[Auftrag, Auftragszeile]]:
    """The jobs of these keys that are still given up, each with its words; unknown keys are passed over."""
    wanted: dict[str, set[int]] = {name: set() for name in KINDS}
    for key in schluessel:
        name, _, number = key.partition("-")
        if name in wanted and re.fullmatch(r"\d{1,18}", number, re.ASCII):
            wanted[name].add(int(number))
    rows = [(row, _word(name, row)) for name, pks in wanted.items() if pks for row in _given_up(name).filter(pk__in=pks)]
    return sorted(rows, key=lambda pair: pair[1].seit, reverse=True)


def count_gescheiterte() -> tuple[int, datetime | None]:
    """How many jobs were given up, and since when the oldest of them was wanted."""
    found = [_rows(kind).filter(_is_given_up(kind)).aggregate(n=Count("pk"), seit=Min("angelegt_am")) for _, kind in KINDS.values()]
    return sum(row["n"] for row in found), min((row["seit"] for row in found if row["seit"]), default=None)


def read_betriebsstand() -> Betriebsstand:
    """What waits, how long, and what is in work."""
    takt = Regeldienst.objects.filter(name=TAKT).first()
    return Betriebsstand(
        warteschlangen=[_count(art, kind) for art, kind in KINDS.values()],
        fuer_sammelmail=Versand.objects.filter(sammelbar=True).count(),
        letzter_takt=takt.zuletzt_am if takt else None,
        takt_fehlt=takt is None or not takt_is_fresh(takt.zuletzt_am),
    )


def explain(fehler: str, *, mail: bool) -> str:
    """A technical error as a sentence for administration. What is a sentence already stays."""
    wer, wessen = ("Der Mailserver", "des Mailservers") if mail else ("Die Gegenstelle", "der Gegenstelle")
    if not fehler:
        return "Kein Grund ist notiert."
    if not _IS_TECHNICAL.search(fehler):
        return fehler
    for pattern, sentence in _REASONS:
        if re.search(pattern, fehler):
            return sentence.format(wer=wer, wessen=wessen)
    return "Es gab einen Fehler, den das Portal nicht kennt. Die Einzelheiten helfen der Technik weiter."


def _rows(kind: type[Auftrag]) -> QuerySet[Any]:
    return kind._default_manager.all()


def _is_given_up(kind: type[Auftrag]) -> Q:
    """Somebody has to decide. For a mail whose text is forgotten, or a delivery or import thrown away, there is nothing left to decide."""
    given_up = Q(status=Auftragsstatus.GESCHEITERT)
    if kind is Datenlieferung:
        return given_up & Q(zustand=Lieferzustand.EINGEREICHT)
    if kind is Import:
        return given_up & Q(zustand=Importzustand.EINGEREICHT)
    return given_up & ~Q(text=ABGELAUFEN) if kind is Versand else given_up


def _given_up(name: str) -> QuerySet[Any]:
    kind = KINDS[name][1]
    rows = _rows(kind).filter(_is_given_up(kind))
    match name:
        case "bericht":
            return rows.select_related("fassung__programm").defer("fassung__inhalt")
        case "entwurf":
            return rows.select_related("programm").defer("inhalt", "pdf")
        case "lieferung" | "import":
            return rows.defer("fehlerliste", "hinweise", "vorschau")
        case "versand":
            return rows.select_related("an").defer("text")
    return rows.select_related("ereignis")


def _word(name: str, row: Any) -> Auftragszeile:
    technisch = row.fehler if _IS_TECHNICAL.search(row.fehler) else ""
    match name:
        case "bericht":
            was, url = str(row.fassung), reverse("berichte:bericht-detail", args=[row.pk])
        case "entwurf":
            was, url = str(row), reverse("berichte:entwurf-detail", args=[row.pk])
        case "lieferung":
            was, url = str(row), reverse("kennzahlen:lieferung-detail", args=[row.pk])
        case "import":
            was, url = str(row), reverse("massnahmen:import-detail", args=[row.pk])
        case "versand":
            was, url = str(row), reverse("post:versand-detail", args=[row.pk])
        case _:
            was, url = f"„{row.ereignis.name}“ {row.ereignis.objekt_id} an „{row.abonnent.rpartition('.')[2]}“", ""
    return Auftragszeile(
        schluessel=f"{name}-{row.pk}",
        art=KINDS[name][0],
        was=was,
        url=url,
        seit=row.angelegt_am,
        versuche=row.versuch,
        grund=explain(row.fehler, mail=name == "versand"),
        technisch=technisch,
    )


def _count(art: str, kind: type[Auftrag]) -> Warteschlange:
    waiting = Q(status=Auftragsstatus.WARTET)
    if kind is Versand:
        waiting &= Q(sammelbar=False)
    found = _rows(kind).aggregate(
        wartend=Count("pk", filter=waiting),
        aelteste=Min("angelegt_am", filter=waiting),
        in_arbeit=Count("pk", filter=Q(status=Auftragsstatus.IN_ARBEIT)),
        gescheitert=Count("pk", filter=_is_given_up(kind)),
    )
    return Warteschlange(art=art, **found)
