"""What a measure has reported, and whether a report can be true: one check for the form and for the import."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import accumulate
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from jobcenter.common import clock, typography
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme, Monatsmeldung, Verbleib
from massnahmen.models.meldung import MOST
from massnahmen.queries.kennwerte import is_reif, reif_ab
from massnahmen.queries.platztage import Platzrahmen, read_rahmen

MELDBAR = frozenset({Massnahmestand.LAEUFT, Massnahmestand.BEENDET, Massnahmestand.VORZEITIG})
ABGESCHLOSSEN = frozenset({Massnahmestand.ABGERECHNET, Massnahmestand.AUSGEWERTET})
HOECHSTE_AUSLASTUNG = 3  # times the Platztage; more is a typing error
MOST_TAGE = 31 * 20_000
MOST_CENT = 100_000_000_00
ANZAHLEN = {
    "zuweisungen": "Zuweisungen",
    "nichtantritte": "Nicht angetreten",
    "eintritte": "Eintritte",
    "austritte_regulaer": "Austritte zum geplanten Ende",
    "austritte_arbeit": "Austritte in Arbeit oder Ausbildung",
    "austritte_abbruch": "Abbrüche",
    "austritte_sonstige": "Austritte aus anderem Grund",
    "integrationen": "Integrationen",
}
Problem = tuple[str, str]  # field of Meldungsangaben, or "" for the measure itself; and a sentence


@dataclass(frozen=True)
class Meldungsangaben:
    """One month as somebody reports it. `monat` is its first day, money in cents."""

    monat: date
    teilnahmetage: int = 0
    zuweisungen: int = 0
    nichtantritte: int = 0
    eintritte: int = 0
    austritte_regulaer: int = 0
    austritte_arbeit: int = 0
    austritte_abbruch: int = 0
    austritte_sonstige: int = 0
    integrationen: int = 0
    kosten_cent: int = 0

    @property
    def austritte(self) -> int:
        return self.austritte_regulaer + self.austritte_arbeit + self.austritte_abbruch + self.austritte_sonstige


@dataclass(frozen=True)
class Meldungsstand:
    """What the check needs to know about a measure: where it stands, its term, the months reported and known to have a Verbleib."""

    titel: str
    stand: str
    rahmen: Platzrahmen
    monate: Mapping[date, Meldungsangaben] = field(default_factory=dict)
    verbleibe: Mapping[date, int] = field(default_factory=dict)  # month of exit → exits

    def with_meldung(self, angaben: Meldungsangaben) -> "Meldungsstand":
        """As it will be with this report: an import asks about row after row."""
        return replace(self, monate={**self.monate, angaben.monat: angaben})

    def without(self, monat: date) -> "Meldungsstand":
        return replace(self, monate={m: angaben for m, angaben in self.monate.items() if m != monat})


def read_meldungsstaende(massnahmen_ids: Iterable[int]) -> dict[int, Meldungsstand]:
    """Of each of the measures. Six queries, however many there are."""
    ids = list(massnahmen_ids)
    rahmen = read_rahmen(ids)
    monate: dict[int, dict[date, Meldungsangaben]] = {}
    for meldung in Monatsmeldung.objects.filter(massnahme__in=ids).order_by("monat"):
        monate.setdefault(meldung.massnahme_id, {})[meldung.monat] = to_angaben(meldung)
    verbleibe: dict[int, dict[date, int]] = {}
    for pk, monat, austritte in Verbleib.objects.filter(massnahme__in=ids).values_list("massnahme_id", "monat", "austritte"):
        verbleibe.setdefault(pk, {})[monat] = austritte
    rows = Massnahme.objects.filter(pk__in=ids).values_list("pk", "titel", "stand")
    return {
        pk: Meldungsstand(titel, stand, rahmen[pk], monate.get(pk, {}), verbleibe.get(pk, {})) for pk, titel, stand in rows if pk in rahmen
    }


def list_without_verbleib() -> QuerySet[Monatsmeldung]:
    """Months in which somebody left and of which nobody has said yet what became of them, ripe or not."""
    left = reduce(or_, (Q((f"{name}__gt", 0)) for name in ANZAHLEN if name.startswith("austritte")))
    told = Verbleib.objects.filter(massnahme=OuterRef("massnahme"), monat=OuterRef("monat"))
    return Monatsmeldung.objects.filter(left, ~Exists(told))


def to_angaben(meldung: Monatsmeldung) -> Meldungsangaben:
    return Meldungsangaben(**{name: getattr(meldung, name) for name in Meldungsangaben.__dataclass_fields__})


def check_offen(stand: Meldungsstand) -> list[Problem]:
    """Whether figures of the measure may be written now at all."""
    if stand.stand in ABGESCHLOSSEN:
        return [("", f"„{stand.titel}“ ist abgerechnet, ihre Zahlen stehen fest.")]
    if stand.stand not in MELDBAR:
        label = Massnahmestand(stand.stand).label
        return [("", f"„{stand.titel}“ läuft noch nicht (Stand: {label}). Zahlen lassen sich melden, sobald sie begonnen hat.")]
    return []


def check_meldung(stand: Meldungsstand, angaben: Meldungsangaben, *, neu: bool, heute: date | None = None) -> list[Problem]:
    """Every reason why this report cannot be saved, each at its field; none means that it can.

    `neu` is false for a correction of the month that is stored. Overbooking is no problem until three times the places.
    """
    problems = [
        *check_offen(stand),
        *_check_monat(stand, angaben, neu=neu, heute=heute or clock.today()),
        *_check_zahlen(stand.rahmen, angaben),
    ]
    if problems:
        return problems  # sums of nonsense say nothing
    if angaben.monat in stand.verbleibe and angaben.austritte != stand.verbleibe[angaben.monat]:
        known = _people(stand.verbleibe[angaben.monat], "Austritt", "Austritten")
        problems.append(("austritte_regulaer", f"Zu {known} dieses Monats ist der Verbleib gemeldet. Entfernen Sie zuerst den Verbleib."))
    return problems + list(_check_summen(stand.with_meldung(angaben), angaben.monat))


def check_removal(stand: Meldungsstand, monat: date) -> list[Problem]:
    """Every reason why the report of a month cannot be taken back."""
    problems = check_offen(stand)
    if monat in stand.verbleibe:
        problems.append(("", f"Zu {typography.monat(monat)} ist der Verbleib gemeldet. Entfernen Sie zuerst den Verbleib."))
    return problems + list(_check_summen(stand.without(monat), monat))


def check_verbleib(stand: Meldungsstand, monat: date, werte: tuple[int, int, int], *, heute: date | None = None) -> list[Problem]:
    """Every reason why this Verbleib cannot be saved. `werte` are exits, those employed and those not unemployed."""
    austritte, beschaeftigt, nicht_arbeitslos = werte
    problems = check_offen_fuer_verbleib(stand)
    if not is_reif(monat, heute):
        problems.append(
            ("monat", f"Noch nicht reif: Der Verbleib für {typography.monat(monat)} ist ab {typography.monat(reif_ab(monat))} bekannt.")
        )
    gemeldet = stand.monate[monat].austritte if monat in stand.monate else 0
    if not gemeldet:
        problems.append(("monat", f"Für {typography.monat(monat)} sind keine Austritte gemeldet. Ohne Austritt gibt es keinen Verbleib."))
    elif austritte != gemeldet:
        says = (
            f"Für {typography.monat(monat)} sind {_people(gemeldet, 'Austritt', 'Austritte')} gemeldet, nicht {typography.zahl(austritte)}."
        )
        problems.append(("austritte", f"{says} Beide Zahlen müssen gleich sein."))
    for name, wert in (("beschaeftigt", beschaeftigt), ("nicht_arbeitslos", nicht_arbeitslos)):
        if wert < 0:
            problems.append((name, "Die Zahl kann nicht kleiner als 0 sein."))
        elif wert > austritte:
            problems.append((name, f"Es können nicht mehr sein als {_people(austritte, 'Austritt', 'Austritte')}."))
    if 0 <= nicht_arbeitslos < beschaeftigt:
        problems.append(("nicht_arbeitslos", "Wer beschäftigt ist, ist nicht arbeitslos: Die Zahl kann nicht kleiner sein als die davor."))
    return problems


def check_offen_fuer_verbleib(stand: Meldungsstand) -> list[Problem]:
    """The Verbleib of a measure ripens after its costs are settled: only AUSGEWERTET closes it."""
    if stand.stand == Massnahmestand.AUSGEWERTET:
        return [("", f"Der Verbleib von „{stand.titel}“ ist ausgewertet, seine Zahlen stehen fest.")]
    return [] if stand.stand == Massnahmestand.ABGERECHNET else check_offen(stand)


def _check_monat(stand: Meldungsstand, angaben: Meldungsangaben, *, neu: bool, heute: date) -> Iterator[Problem]:
    monat, rahmen = angaben.monat, stand.rahmen
    name = typography.monat(monat)
    if monat.day != 1:
        yield "monat", "Ein Monat beginnt mit dem ersten Tag."
    if monat > heute:
        yield "monat", f"{name} liegt in der Zukunft. Melden Sie den Monat, sobald er vorbei ist."
    elif monat == heute.replace(day=1):
        yield "monat", f"{name} ist noch nicht vorbei. Melden Sie den Monat, sobald er zu Ende ist."
    if rahmen.beginn is None:
        yield "monat", "Die Laufzeit der Maßnahme ist nicht bekannt. Tragen Sie ihren Beginn in Vertrag oder Programm ein."
    elif not rahmen.count_tage(monat):
        term = f"seit {typography.datum(rahmen.beginn)}" if rahmen.ende is None else typography.zeitraum(rahmen.beginn, rahmen.ende)
        yield "monat", f"{name} liegt außerhalb der Laufzeit ({term})."
    if neu and monat in stand.monate:
        yield "monat", f"{name} ist schon gemeldet. Korrigieren Sie die vorhandene Meldung."


def _check_zahlen(rahmen: Platzrahmen, angaben: Meldungsangaben) -> Iterator[Problem]:
    for name, wort in ANZAHLEN.items():
        wert = getattr(angaben, name)
        if wert < 0:
            yield name, f"{wort}: Die Zahl kann nicht kleiner als 0 sein."
        elif wert > MOST:
            yield name, f"{wort}: Das sind zu viele. Möglich sind höchstens {typography.zahl(MOST)}."
    platztage = rahmen.count_platztage(angaben.monat)
    most = min(HOECHSTE_AUSLASTUNG * platztage, MOST_TAGE) if platztage else MOST_TAGE
    if angaben.teilnahmetage < 0:
        yield "teilnahmetage", "Teilnahmetage: Die Zahl kann nicht kleiner als 0 sein."
    elif angaben.teilnahmetage > most:
        reason = f"Die Maßnahme hat in dem Monat {typography.zahl(platztage)} Platztage. " if platztage else ""
        yield "teilnahmetage", f"Das sind zu viele Teilnahmetage. {reason}Möglich sind höchstens {typography.zahl(most)}."
    if angaben.kosten_cent < 0:
        yield (
            "kosten_cent",
            "Die Kosten können nicht kleiner als 0 sein. Kam Geld zurück, korrigieren Sie den Monat, für den es gezahlt war.",
        )
    elif angaben.kosten_cent > MOST_CENT:
        yield "kosten_cent", f"Die Kosten sind zu hoch. Möglich sind höchstens {typography.euro(MOST_CENT)} im Monat."


def _ask(stand: Meldungsstand) -> str:
    """What is probably missing: a measure may have run before its first report, perhaps before there was a portal."""
    beginn = stand.rahmen.beginn
    if beginn and min(stand.monate, default=beginn) > beginn:
        return f"Melden Sie zuerst die Monate ab {typography.monat(beginn)}."
    return "Fehlt ein Eintritt?"


def _check_summen(stand: Meldungsstand, monat: date) -> Iterator[Problem]:
    """From the changed month on: who leaves has come before, and who comes or stays away was assigned. One sentence per rule."""
    monate = sorted(stand.monate.items())
    rows = [angaben for _, angaben in monate]
    assigned = any(row.zuweisungen for row in rows)
    counts = {
        "ein": accumulate(row.eintritte for row in rows),
        "aus": accumulate(row.austritte for row in rows),
        "int": accumulate(row.integrationen for row in rows),
        "zu": accumulate(row.zuweisungen for row in rows),
        "nicht": accumulate(row.nichtantritte for row in rows),
    }
    said: set[str] = set()
    for (m, _), ein, aus, integriert, zu, nicht in zip(monate, *counts.values(), strict=True):
        if m < monat:
            continue
        bis = f"Bis {typography.monat(m)} wären"
        rules = [
            (
                "austritte_regulaer" if m == monat else "eintritte",
                aus > ein,
                f"{bis} {aus} Austritte gemeldet, aber nur {ein} Eintritte. {_ask(stand)}",
            ),
            ("integrationen", integriert > ein, f"{bis} {integriert} Integrationen gemeldet, aber nur {ein} Eintritte."),
            (
                "zuweisungen",
                assigned and ein + nicht > zu,
                f"{bis} {ein + nicht} Eintritte und Nichtantritte gemeldet, aber nur {zu} Zuweisungen.",
            ),
        ]
        for number, (name, broken, sentence) in enumerate(rules):
            if broken and str(number) not in said:
                said.add(str(number))
                yield name, sentence


def _people(anzahl: int, one: str, many: str) -> str:
    return f"{typography.zahl(anzahl)} {one if anzahl == 1 else many}"


def as_fields(angaben: Meldungsangaben) -> dict[str, object]:
    """What is stored of a report."""
    return asdict(angaben)
