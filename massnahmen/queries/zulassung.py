"""Certificates and contracts by the calendar: what is covered, what ends, and when a provider worked for the Jobcenter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Q

from jobcenter.common.typography import NBSP, datum, zahl
from massnahmen.enums import VORBEI, Fristlage
from massnahmen.models import Massnahme, Massnahmezulassung, Traeger, Traegerzulassung, Vertrag
from massnahmen.models.traeger import kurz

DAY = timedelta(days=1)
SOON, VERY_SOON = timedelta(days=90), timedelta(days=30)


# --- is a whole term covered? -----------------------------------------------------------------------------------
def first_day_without_zulassung(traeger: Traeger, fachbereich: int, von: date, bis: date) -> date | None:
    """The first day of a term on which no certificate of the provider names the Fachbereich; None when all of it is covered.

    Certificates that follow each other without a gap cover together. One query.
    """
    named = Traegerzulassung.objects.filter(traeger=traeger, fachbereiche__contains=[fachbereich])
    touching = named.filter(gueltig_von__lte=bis, gueltig_bis__gte=von).order_by("gueltig_von")
    return _first_gap(touching.values_list("gueltig_von", "gueltig_bis"), von, bis)


def first_day_without_massnahmezulassung(massnahme: Massnahme, von: date, bis: date) -> date | None:
    """The same for the certificate that a measure needs to be chosen with a voucher (§ 179 SGB III). One query."""
    own = Massnahmezulassung.objects.filter(massnahme=massnahme)
    touching = own.filter(gueltig_von__lte=bis, gueltig_bis__gte=von).order_by("gueltig_von")
    return _first_gap(touching.values_list("gueltig_von", "gueltig_bis"), von, bis)


def _first_gap(terms: Iterable[tuple[date, date]], von: date, bis: date) -> date | None:
    """Terms in the order of their first days."""
    day = von
    for first, last in terms:
        if first > day:
            break
        if last >= bis:
            return None
        day = max(day, last + DAY)
    return day if day <= bis else None


# --- when did a provider hold contracts? ------------------------------------------------------------------------
@dataclass(frozen=True)
class Vertragszeit:
    """From when to when a provider holds contracts without a day between them; `massnahme` names all of their measures."""

    traeger_id: int
    traeger: str
    massnahme: str
    von: date
    bis: date


def read_vertragszeiten(traeger_namen: Iterable[str] | None = None) -> list[Vertragszeit]:
    """The ranges in which providers hold contracts, by name and then by time; of all providers, or of those named.

    Offered to the room of the Beirat: nobody with a seat there may carry out measures meanwhile (§ 18d SGB II). What was
    ended early ends there; options that are drawn are part of the term. One query.
    """
    contracts = Vertrag.objects.select_related("traeger", "massnahme")
    if traeger_namen is not None:
        contracts = contracts.filter(traeger__name__in=list(traeger_namen))
    rows = contracts.order_by("traeger__name", "traeger_id", "beginn", "pk")
    rows = rows.only("beginn", "ende", "gekuendigt_zum", "traeger__name", "massnahme__titel")
    found: list[Vertragszeit] = []
    for _, own in groupby(rows, key=lambda row: row.traeger_id):
        found += _join([row for row in own if row.beginn <= (row.gekuendigt_zum or row.ende)])
    return found


def _join(rows: Sequence[Vertrag]) -> list[Vertragszeit]:
    """Contracts of one provider in the order of their first days."""
    joined: list[tuple[date, date, list[Vertrag]]] = []
    for row in rows:
        last = row.gekuendigt_zum or row.ende
        if joined and row.beginn <= joined[-1][1] + DAY:
            von, bis, together = joined.pop()
            joined.append((von, max(bis, last), [*together, row]))
        else:
            joined.append((row.beginn, last, [row]))
    return [
        Vertragszeit(together[0].traeger_id, together[0].traeger.name, ", ".join(row.massnahme.titel for row in together), von, bis)
        for von, bis, together in joined
    ]


# --- what ends? -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fristende:
    """A certificate that nothing follows. `massnahme` is set where it is a measure's; `fachbereiche` are those that are then missing."""

    zulassung_id: int
    nummer: str
    bis: date
    tage: int  # until its last day, negative afterwards
    traeger_id: int | None
    traeger: str
    massnahme_id: int | None = None
    massnahme: str = ""
    fachbereiche: tuple[int, ...] = ()

    @property
    def lage(self) -> Fristlage:
        if self.tage < 0:
            return Fristlage.ABGELAUFEN
        return Fristlage.IN_30_TAGEN if self.tage <= VERY_SOON.days else Fristlage.IN_90_TAGEN

    @property
    def seit(self) -> date:
        """The day on which it became what `lage` says."""
        if self.tage < 0:
            return self.bis + DAY
        return self.bis - (VERY_SOON if self.lage == Fristlage.IN_30_TAGEN else SOON)

    @property
    def titel(self) -> str:
        return f"Zulassung der Maßnahme „{self.massnahme}“" if self.massnahme_id else f"Zulassung von {self.traeger}"

    @property
    def wort(self) -> str:
        return say_end(self.tage)

    @property
    def satz(self) -> str:
        """What ends when, without whom to ask."""
        missing = f" ({kurz(self.fachbereiche)})" if self.fachbereiche else ""
        gone = "galt bis zum" if self.tage < 0 else "gilt bis zum"
        return f"Das Zertifikat {self.nummer}{missing} {gone} {datum(self.bis)}. Ein späteres ist nicht eingetragen."


def say_end(tage: int) -> str:
    """So many days until the last one, as a badge says it."""
    match tage:
        case 0:
            return "läuft heute ab"
        case 1:
            return "läuft morgen ab"
    return "abgelaufen" if tage < 0 else f"läuft in {zahl(tage)}{NBSP}Tagen ab"


def ending_zulassungen(today: date) -> list[Fristende]:
    """Certificates that end within 90 days, or have ended while something that needs them is not over; the most urgent first.

    What follows is looked for on the day after, and for one that has ended long ago today: then nothing is missing any more. Several
    certificates may follow together, and of those that ended only the last one counts. Three queries.
    """
    return sorted([*_of_traeger(today), *_of_massnahmen(today)], key=lambda frist: (frist.bis, frist.titel, frist.zulassung_id))


def _of_traeger(today: date) -> Iterable[Fristende]:
    needed = _read_needs(today)
    rows = Traegerzulassung.objects.select_related("traeger").order_by("traeger_id", "pk")
    for traeger_id, own in groupby(rows, key=lambda row: row.traeger_id):
        certificates = list(own)
        for row in certificates:
            if row.gueltig_von > today or row.gueltig_bis > today + SOON:
                continue
            followed = {f for other in _following(row, certificates, today) for f in other.fachbereiche}
            missing = set(row.fachbereiche) - followed
            if row.gueltig_bis < today:
                needs = needed[traeger_id]
                missing = missing if None in needs else missing & needs
            if missing:
                yield Fristende(
                    zulassung_id=row.pk,
                    nummer=row.nummer,
                    bis=row.gueltig_bis,
                    tage=(row.gueltig_bis - today).days,
                    traeger_id=traeger_id,
                    traeger=row.traeger.name,
                    fachbereiche=tuple(sorted(missing)),
                )


def _following(row: Traegerzulassung, certificates: Iterable[Traegerzulassung], today: date) -> Iterable[Traegerzulassung]:
    """Others that are valid when this one has ended, or that ended after it and speak for themselves."""
    day = max(row.gueltig_bis + DAY, today)
    for other in certificates:
        is_valid = other.gueltig_von <= day <= other.gueltig_bis
        if other.pk != row.pk and (is_valid or row.gueltig_bis < other.gueltig_bis < day):
            yield other


def _read_needs(today: date) -> defaultdict[int, set[int | None]]:
    """Providers with measures that are not over → for which Fachbereiche; None is a measure of which nobody has said its instrument.

    A measure with an instrument that needs no certificate asks for nothing.
    """
    going_on = Massnahme.objects.filter(Q(ende=None) | Q(ende__gte=today), archiviert_am=None, traeger__isnull=False)
    going_on = going_on.filter(Q(instrument=None) | Q(instrument__fachbereich__isnull=False)).exclude(stand__in=VORBEI)
    contracts = Vertrag.objects.filter(Q(gekuendigt_zum=None) | Q(gekuendigt_zum__gte=today), ende__gte=today)
    contracts = contracts.filter(Q(massnahme__instrument=None) | Q(massnahme__instrument__fachbereich__isnull=False))
    needed: defaultdict[int, set[int | None]] = defaultdict(set)
    rows = going_on.order_by().values_list("traeger_id", "instrument__fachbereich")
    for traeger_id, fachbereich in rows.union(contracts.order_by().values_list("traeger_id", "massnahme__instrument__fachbereich")):
        needed[traeger_id].add(fachbereich)
    return needed


def _of_massnahmen(today: date) -> Iterable[Fristende]:
    """Of measures that go on after their certificate."""
    rows = Massnahmezulassung.objects.select_related("massnahme__traeger").filter(massnahme__archiviert_am=None)
    rows = rows.exclude(massnahme__stand__in=VORBEI).order_by("massnahme_id", "pk")
    for _, own in groupby(rows, key=lambda row: row.massnahme_id):
        certificates = list(own)
        for row in certificates:
            massnahme = row.massnahme
            if row.gueltig_von > today or row.gueltig_bis > today + SOON:
                continue
            if massnahme.ende is not None and massnahme.ende < max(row.gueltig_bis + DAY, today):
                continue
            if any(True for _ in _following(row, certificates, today)):
                continue
            yield Fristende(
                zulassung_id=row.pk,
                nummer=row.nummer,
                bis=row.gueltig_bis,
                tage=(row.gueltig_bis - today).days,
                traeger_id=massnahme.traeger_id,
                traeger=massnahme.traeger.name if massnahme.traeger else "",
                massnahme_id=massnahme.pk,
                massnahme=massnahme.titel,
            )
