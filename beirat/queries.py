"""What the pages of the Beirat show, read in a fixed number of queries and handed on as frozen values.

While a ballot is open nothing here carries anybody's choice, except one's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from math import ceil

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from beirat.enums import Abstimmungsstatus, Bank, Ergebnis, Funktion, Sitzungsstatus, Topart, Wahl
from beirat.models import Abstimmung, Beschluss, Mitglied, Sitzung, Stimme, Tagesordnungspunkt, Vorlage
from jobcenter.common import clock
from jobcenter.common.typography import NBSP
from jobcenter.konten.models import User, UserLike
from massnahmen.enums import Programmstatus
from massnahmen.models import Fassung

VISITOR = AnonymousUser()
LIVE = frozenset({Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET})
NEUESTE_BESCHLUESSE = 3


# --- quorum and seats -------------------------------------------------------------------------------------------
def quorum(stimmberechtigte: int) -> int:
    """How many voting members must be present (share in jobcenter.toml), at least one."""
    return max(1, ceil(stimmberechtigte * settings.INSTANZ.beirat.quorum))


@dataclass(frozen=True)
class Beschlussfaehigkeit:
    anwesend: int
    stimmberechtigte: int

    @property
    def noetig(self) -> int:
        return quorum(self.stimmberechtigte)

    @property
    def ist_erreicht(self) -> bool:
        return self.anwesend >= self.noetig

    @property
    def satz(self) -> str:
        """beschlussfähig, 11 von 14"""
        wort = "beschlussfähig" if self.ist_erreicht else "nicht beschlussfähig"
        return f"{wort}, {self.anwesend}{NBSP}von{NBSP}{self.stimmberechtigte}"


def seat_of(user: UserLike) -> Mitglied | None:
    """The seat that an account holds today."""
    return Mitglied.objects.active().filter(konto=user).first() if user.is_authenticated else None


def read_beschlussfaehigkeit(sitzung: Sitzung) -> Beschlussfaehigkeit:
    """Voting members with a running term who are in the room, out of all of them, on the day that counts for the session."""
    voting = Mitglied.objects.active(_stichtag(sitzung)).voting()
    return Beschlussfaehigkeit(
        anwesend=sitzung.anwesenheiten.filter(mitglied__in=voting).count(),
        stimmberechtigte=voting.count(),
    )


def _stichtag(sitzung: Sitzung) -> date:
    """Today, or the day on which a session that is over took place."""
    return timezone.localdate(sitzung.eroeffnet_am) if sitzung.geschlossen_am and sitzung.eroeffnet_am else clock.today()


@dataclass(frozen=True)
class Sitz:
    """One seat as the lists show it."""

    pk: int
    name: str
    organisation: str
    funktion: Funktion
    stimmberechtigt: bool
    anwesend: bool = False

    @property
    def zusatz(self) -> str:
        """Vorsitz, or that the member only advises; empty for an ordinary seat."""
        words = [] if self.funktion == Funktion.MITGLIED else [str(self.funktion.label)]
        return ", ".join(words if self.stimmberechtigt else [*words, "beratend"])


@dataclass(frozen=True)
class Gruppe:
    """The seats of one Bank."""

    bank: Bank
    sitze: tuple[Sitz, ...]

    @property
    def anwesende(self) -> int:
        return sum(sitz.anwesend for sitz in self.sitze)


def seats_by_bank(day: date | None = None, present: Iterable[int] = ()) -> tuple[Gruppe, ...]:
    """All seats whose term covers the day, in the order of the groups; `present` are keys of seats. One query."""
    here = set(present)
    by_bank: dict[Bank, list[Sitz]] = {}
    for mitglied in Mitglied.objects.active(day).select_related("organisation"):
        sitz = Sitz(
            pk=mitglied.pk,
            name=mitglied.name,
            organisation=mitglied.organisation.name,
            funktion=Funktion(mitglied.funktion),
            stimmberechtigt=mitglied.stimmberechtigt,
            anwesend=mitglied.pk in here,
        )
        by_bank.setdefault(Bank(mitglied.organisation.bank), []).append(sitz)
    return tuple(Gruppe(bank, tuple(by_bank[bank])) for bank in Bank if bank in by_bank)


# --- results ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Auszaehlung:
    """The numbers of a closed ballot."""

    anwesende: int
    ja: int
    nein: int
    enthaltung: int
    nicht_abgegeben: int
    ergebnis: Ergebnis

    @property
    def zahlen(self) -> str:
        """9 Ja, 1 Nein, 1 Enthaltung"""
        enthaltungen = "Enthaltung" if self.enthaltung == 1 else "Enthaltungen"
        text = f"{self.ja}{NBSP}Ja, {self.nein}{NBSP}Nein, {self.enthaltung}{NBSP}{enthaltungen}"
        return f"{text}, {self.nicht_abgegeben}{NBSP}nicht{NBSP}abgegeben" if self.nicht_abgegeben else text

    @property
    def satz(self) -> str:
        """The numbers, the rule that decided, the result."""
        if self.ja == self.nein == 0:
            regel = "; ohne eine Ja- oder Nein-Stimme kommt kein Beschluss zustande"
        elif self.ja == self.nein:
            regel = "; bei gleich vielen Stimmen gilt der Antrag als abgelehnt"
        elif self.enthaltung:
            regel = "; Enthaltungen zählen nicht mit"
        else:
            regel = ""
        return f"{self.zahlen}{regel}: {self.ergebnis.label}."


@dataclass(frozen=True)
class Beschlusszeile:
    """A Beschluss as the lists show it."""

    jahr: int
    nummer: str
    text: str
    am: datetime
    auszaehlung: Auszaehlung
    sitzung: int
    top: int
    fassung: str | None
    pruefsumme: str | None
    veroeffentlicht_jahr: int | None  # of the programme's page, when exactly this Fassung is public

    @property
    def ergebnis(self) -> Ergebnis:
        return self.auszaehlung.ergebnis


def _count_of(abstimmung: Abstimmung) -> Auszaehlung:
    return Auszaehlung(
        anwesende=abstimmung.anwesende or 0,
        ja=abstimmung.ja or 0,
        nein=abstimmung.nein or 0,
        enthaltung=abstimmung.enthaltung or 0,
        nicht_abgegeben=abstimmung.nicht_abgegeben or 0,
        ergebnis=Ergebnis(str(abstimmung.ergebnis)),
    )


def _beschluss_line(beschluss: Beschluss) -> Beschlusszeile:
    fassung, abstimmung = beschluss.fassung, beschluss.abstimmung
    published = fassung is not None and _is_published(fassung)
    return Beschlusszeile(
        jahr=beschluss.jahr,
        nummer=str(beschluss),
        text=beschluss.text,
        am=beschluss.am,
        auszaehlung=_count_of(abstimmung),
        sitzung=abstimmung.top.sitzung.nummer,
        top=abstimmung.top.nummer,
        fassung=str(fassung) if fassung else None,
        pruefsumme=fassung.pruefsumme if fassung else None,
        veroeffentlicht_jahr=fassung.programm.jahr if fassung and published else None,
    )


def _is_published(fassung: Fassung) -> bool:
    """From loaded rows; the same as FassungQuerySet.veroeffentlicht."""
    beratung = getattr(fassung, "beratung", None)
    veroeffentlichung = getattr(beratung, "veroeffentlichung", None)
    return veroeffentlichung is not None and veroeffentlichung.am <= clock.now()


def _beschluesse(tops: QuerySet[Tagesordnungspunkt]) -> QuerySet[Beschluss]:
    return (
        Beschluss.objects.filter(abstimmung__top__in=tops)
        .select_related("abstimmung__top__sitzung", "fassung__programm", "fassung__beratung__veroeffentlichung")
        .defer("fassung__inhalt")
    )


def public_beschluesse(limit: int | None = None) -> tuple[Beschlusszeile, ...]:
    """Numbered Beschlüsse on public items, newest first. One query."""
    return tuple(_beschluss_line(b) for b in _beschluesse(Tagesordnungspunkt.objects.visible_to(VISITOR))[:limit])


# --- sessions ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Punktzeile:
    """An agenda item as the lists show it, with the Beschluss that it led to (at most one)."""

    nummer: int
    titel: str
    beschluesse: tuple[Beschlusszeile, ...]


@dataclass(frozen=True)
class Sitzungszeile:
    """A session as the lists show it, with the part of its agenda that the reader may see."""

    nummer: int
    beginn: datetime
    ort: str
    status: Sitzungsstatus
    punkte: tuple[Punktzeile, ...]

    @property
    def beschluesse(self) -> tuple[Beschlusszeile, ...]:
        return tuple(beschluss for punkt in self.punkte for beschluss in punkt.beschluesse)

    @property
    def wann(self) -> str:
        """heute, morgen, in 12 Tagen; empty when the day has passed."""
        tage = (timezone.localdate(self.beginn) - clock.today()).days
        if tage < 0:
            return ""
        return {0: "heute", 1: "morgen"}.get(tage, f"in {tage}{NBSP}Tagen")


@dataclass(frozen=True)
class Sitzungen:
    """All sessions that a person sees: the next one, those after it, and what is over (newest first)."""

    naechste: Sitzungszeile | None
    weitere: tuple[Sitzungszeile, ...]
    vergangene: tuple[Sitzungszeile, ...]


def list_sitzungen(user: UserLike) -> Sitzungen:
    """Sessions with agenda and Beschlüsse in three queries, whatever their number; a session in progress is the next one."""
    lines = _session_lines(Sitzung.objects.visible_to(user), Tagesordnungspunkt.objects.visible_to(user))
    ahead = _ahead(lines)
    past = tuple(line for line in lines if not _is_ahead(line))
    return Sitzungen(naechste=ahead[0] if ahead else None, weitere=tuple(ahead[1:]), vergangene=past)


def next_sitzung() -> Sitzungszeile | None:
    """The session in progress or the next one that visitors may know of."""
    open_or_ahead = Q(status=Sitzungsstatus.EROEFFNET) | Q(status=Sitzungsstatus.EINGELADEN, beginn__date__gte=clock.today())
    sitzungen = Sitzung.objects.visible_to(VISITOR).filter(open_or_ahead)
    return next(iter(_ahead(_session_lines(sitzungen, Tagesordnungspunkt.objects.visible_to(VISITOR)))), None)


def find_public_sitzung(nummer: int) -> Sitzungszeile | None:
    """A session as visitors may know it; None as long as nobody was invited."""
    lines = _session_lines(Sitzung.objects.visible_to(VISITOR).filter(nummer=nummer), Tagesordnungspunkt.objects.visible_to(VISITOR))
    return lines[0] if lines else None


def _ahead(lines: list[Sitzungszeile]) -> list[Sitzungszeile]:
    """What is not over, the session in progress first, then by date."""
    return sorted((line for line in lines if _is_ahead(line)), key=lambda line: (line.status != Sitzungsstatus.EROEFFNET, line.beginn))


def _is_ahead(line: Sitzungszeile) -> bool:
    """Not over: a session is over when it is closed or called off, or when its day passed without it being opened."""
    if line.status in {Sitzungsstatus.GESCHLOSSEN, Sitzungsstatus.ABGESAGT}:
        return False
    return line.status == Sitzungsstatus.EROEFFNET or bool(line.wann)


def _session_lines(sitzungen: QuerySet[Sitzung], visible: QuerySet[Tagesordnungspunkt]) -> list[Sitzungszeile]:
    rows = list(sitzungen.prefetch_related(Prefetch("tops", queryset=visible, to_attr="sichtbare")))
    resolved: dict[int, list[Beschlusszeile]] = {}
    for beschluss in _beschluesse(visible.filter(sitzung__in=[row.pk for row in rows])).order_by("jahr", "nummer"):
        resolved.setdefault(beschluss.abstimmung.top_id, []).append(_beschluss_line(beschluss))
    return [
        Sitzungszeile(
            nummer=row.nummer,
            beginn=row.beginn,
            ort=row.ort,
            status=Sitzungsstatus(row.status),
            punkte=tuple(Punktzeile(top.nummer, top.titel, tuple(resolved.get(top.pk, ()))) for top in row.sichtbare),
        )
        for row in rows
    ]


def propose_nummer() -> int:
    """The next running number; the count goes on over the years."""
    return (Sitzung.objects.aggregate(letzte=Max("nummer"))["letzte"] or 0) + 1


# --- one session ------------------------------------------------------------------------------------------------
class Teilnahme(StrEnum):
    """What a person can do in a ballot now."""

    DARF = "darf"
    ABGESTIMMT = "abgestimmt"
    NICHT_ANWESEND = "nicht_anwesend"
    NICHT_STIMMBERECHTIGT = "nicht_stimmberechtigt"
    KEIN_MITGLIED = "kein_mitglied"
    GESCHLOSSEN = "geschlossen"


@dataclass(frozen=True)
class Punkt:
    """An agenda item on the session's page. Numbers of a ballot appear only after it closed."""

    pk: int
    nummer: int
    titel: str
    art: Topart
    oeffentlich: bool
    vorlage_pk: int | None
    vorlage_nummer: str | None
    abstimmung_pk: int | None
    laeuft: bool
    auszaehlung: Auszaehlung | None
    beschluss: str | None

    @property
    def ist_offen(self) -> bool:
        """Whether a vote on it can still be opened."""
        return self.art == Topart.BESCHLUSS and self.abstimmung_pk is None


@dataclass(frozen=True)
class Sitzungslage:
    """A session as it stands now."""

    nummer: int
    beginn: datetime
    ort: str
    status: Sitzungsstatus
    eroeffnet_am: datetime | None
    geschlossen_am: datetime | None
    punkte: tuple[Punkt, ...]
    gruppen: tuple[Gruppe, ...]
    beschlussfaehigkeit: Beschlussfaehigkeit
    teilnahme: Teilnahme | None  # in the ballot that is open; None when none is

    @cached_property
    def laufend(self) -> Punkt | None:
        """The item that is being voted on."""
        return next((punkt for punkt in self.punkte if punkt.laeuft), None)

    @property
    def unerledigt(self) -> tuple[Punkt, ...]:
        """What was to be resolved and is not."""
        return tuple(punkt for punkt in self.punkte if punkt.art == Topart.BESCHLUSS and punkt.auszaehlung is None)

    @property
    def anwesende(self) -> int:
        return sum(gruppe.anwesende for gruppe in self.gruppen)

    @property
    def ist_live(self) -> bool:
        """Whether the page follows along: during the session, and on its day while everybody waits for it."""
        waiting = self.status == Sitzungsstatus.EINGELADEN and timezone.localdate(self.beginn) == clock.today()
        return waiting or self.status == Sitzungsstatus.EROEFFNET

    @property
    def kopfzeile(self) -> str:
        """The fixed line on top: TOP 5 · beschlussfähig, 11 von 14."""
        if self.status == Sitzungsstatus.EROEFFNET:
            vorn = f"TOP{NBSP}{self.laufend.nummer}" if self.laufend else "eröffnet"
            return f"{vorn} · {self.beschlussfaehigkeit.satz}"
        return "noch nicht eröffnet" if self.status in LIVE else str(self.status.label)

    @property
    def ansage(self) -> str:
        """The one sentence worth announcing when it changes."""
        if self.laufend:
            return f"Über TOP {self.laufend.nummer} wird abgestimmt."
        if self.status == Sitzungsstatus.EROEFFNET:
            decided = [punkt for punkt in self.punkte if punkt.auszaehlung]
            last = max(decided, key=lambda punkt: punkt.abstimmung_pk or 0, default=None)
            if last and last.auszaehlung:
                return f"Ergebnis zu TOP {last.nummer}: {last.auszaehlung.ergebnis.label}."
            return "Die Sitzung ist eröffnet."
        return "Die Sitzung ist geschlossen." if self.status == Sitzungsstatus.GESCHLOSSEN else ""

    @property
    def einladen_bis(self) -> date:
        """The last day on which an invitation keeps the Ladungsfrist of the Geschäftsordnung."""
        return date.fromordinal(timezone.localdate(self.beginn).toordinal() - settings.INSTANZ.beirat.ladungsfrist_tage)

    @property
    def frist_verpasst(self) -> bool:
        return clock.today() > self.einladen_bis


def read_sitzung(sitzung: Sitzung, user: UserLike) -> Sitzungslage:
    """The session for a person who is inside: agenda, attendance, quorum, and what the person can do in the open ballot."""
    ballots = Abstimmung.objects.exclude(status=Abstimmungsstatus.ABGEBROCHEN).select_related("beschluss")
    tops = (
        sitzung.tops.visible_to(user)
        .select_related("vorlage")
        .prefetch_related(Prefetch("abstimmungen", queryset=ballots, to_attr="gueltige"))
    )
    punkte = tuple(_item(top) for top in tops)
    gruppen = seats_by_bank(_stichtag(sitzung), sitzung.anwesenheiten.values_list("mitglied", flat=True))
    seats = [sitz for gruppe in gruppen for sitz in gruppe.sitze if sitz.stimmberechtigt]
    running = next((punkt for punkt in punkte if punkt.laeuft), None)
    return Sitzungslage(
        nummer=sitzung.nummer,
        beginn=sitzung.beginn,
        ort=sitzung.ort,
        status=Sitzungsstatus(sitzung.status),
        eroeffnet_am=sitzung.eroeffnet_am,
        geschlossen_am=sitzung.geschlossen_am,
        punkte=punkte,
        gruppen=gruppen,
        beschlussfaehigkeit=Beschlussfaehigkeit(sum(sitz.anwesend for sitz in seats), len(seats)),
        teilnahme=_participation(running.abstimmung_pk, {s.pk for g in gruppen for s in g.sitze if s.anwesend}, user)
        if running and running.abstimmung_pk
        else None,
    )


def _item(top: Tagesordnungspunkt) -> Punkt:
    ballot: Abstimmung | None = next(iter(top.gueltige), None)
    closed = ballot is not None and ballot.status == Abstimmungsstatus.GESCHLOSSEN
    return Punkt(
        pk=top.pk,
        nummer=top.nummer,
        titel=top.titel,
        art=Topart(top.art),
        oeffentlich=top.oeffentlich,
        vorlage_pk=top.vorlage_id,
        vorlage_nummer=top.vorlage.nummer if top.vorlage else None,
        abstimmung_pk=ballot.pk if ballot else None,
        laeuft=ballot is not None and not closed,
        auszaehlung=_count_of(ballot) if ballot and closed else None,
        beschluss=str(ballot.beschluss) if ballot and closed else None,
    )


def _participation(abstimmung_pk: int, present: set[int], user: UserLike) -> Teilnahme:
    """Two queries for a voting member, one for anybody else."""
    seat = seat_of(user)
    if seat is None:
        return Teilnahme.KEIN_MITGLIED
    if not seat.stimmberechtigt:
        return Teilnahme.NICHT_STIMMBERECHTIGT
    if Stimme.objects.filter(abstimmung=abstimmung_pk, mitglied=seat).exists():
        return Teilnahme.ABGESTIMMT
    return Teilnahme.DARF if seat.pk in present else Teilnahme.NICHT_ANWESEND


def waiting_fassungen() -> QuerySet[Fassung]:
    """Fassungen that were handed to the Beirat and stand on no agenda that is still ahead. What a session left undone waits again."""
    newest = Fassung.objects.filter(programm=OuterRef("programm")).order_by("-nummer").values("pk")[:1]
    return (
        Fassung.objects.filter(programm__status=Programmstatus.BEIM_BEIRAT, pk=Subquery(newest))
        .exclude(vorlagen__top__sitzung__status__in=LIVE)
        .select_related("programm")
        .defer("inhalt")
    )


def open_abstimmung_of(top: Tagesordnungspunkt) -> Abstimmung | None:
    return top.abstimmungen.filter(status=Abstimmungsstatus.OFFEN).first()


# --- one ballot -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Beleg:
    """A member's own vote: proof that it counts."""

    name: str
    wahl: Wahl
    am: datetime


@dataclass(frozen=True)
class Stimmenblock:
    """Who voted alike; exists only after the ballot closed."""

    wahl: Wahl
    namen: tuple[str, ...]


@dataclass(frozen=True)
class Abstimmungslage:
    """A ballot as one person sees it now."""

    pk: int
    frage: str
    status: Abstimmungsstatus
    sitzung: int
    top: int
    titel: str
    eroeffnet_am: datetime
    geschlossen_am: datetime | None
    vorlage: Vorlage | None
    fassung: Fassung | None
    teilnahme: Teilnahme
    beleg: Beleg | None
    abgegeben: int  # how many have voted, for the chair; never what
    anwesende: int
    auszaehlung: Auszaehlung | None
    beschluss: str | None
    beschlusstext: str
    stimmen: tuple[Stimmenblock, ...]

    @property
    def ist_offen(self) -> bool:
        return self.status == Abstimmungsstatus.OFFEN

    @property
    def ansage(self) -> str:
        """The one sentence worth announcing when it changes."""
        if self.auszaehlung:
            return f"Die Abstimmung ist geschlossen: {self.auszaehlung.ergebnis.label}."
        return "" if self.ist_offen else "Die Abstimmung ist abgebrochen."


def read_abstimmung(abstimmung: Abstimmung, user: User) -> Abstimmungslage:
    """The ballot for a person who is inside. Votes of others are read only when it is closed."""
    top = abstimmung.top
    vorlage = top.vorlage
    closed = abstimmung.status == Abstimmungsstatus.GESCHLOSSEN
    present = set(top.sitzung.anwesenheiten.filter(mitglied__stimmberechtigt=True).values_list("mitglied", flat=True))
    own = Stimme.objects.filter(abstimmung=abstimmung, mitglied__konto=user).select_related("mitglied").first()
    beschluss = Beschluss.objects.filter(abstimmung=abstimmung).first() if closed else None
    return Abstimmungslage(
        pk=abstimmung.pk,
        frage=abstimmung.frage,
        status=Abstimmungsstatus(abstimmung.status),
        sitzung=top.sitzung.nummer,
        top=top.nummer,
        titel=top.titel,
        eroeffnet_am=abstimmung.eroeffnet_am,
        geschlossen_am=abstimmung.geschlossen_am,
        vorlage=vorlage,
        fassung=vorlage.fassung if vorlage else None,
        teilnahme=_participation(abstimmung.pk, present, user) if abstimmung.status == Abstimmungsstatus.OFFEN else Teilnahme.GESCHLOSSEN,
        beleg=Beleg(own.mitglied.name, Wahl(own.wahl), own.am) if own else None,
        abgegeben=abstimmung.stimmen.count(),
        anwesende=len(present),
        auszaehlung=_count_of(abstimmung) if closed else None,
        beschluss=str(beschluss) if beschluss else None,
        beschlusstext=beschluss.text if beschluss else "",
        stimmen=_votes_by_choice(abstimmung) if closed else (),
    )


def _votes_by_choice(abstimmung: Abstimmung) -> tuple[Stimmenblock, ...]:
    names: dict[str, list[str]] = {}
    for wahl, name in abstimmung.stimmen.order_by("mitglied__name").values_list("wahl", "mitglied__name"):
        names.setdefault(wahl, []).append(name)
    return tuple(Stimmenblock(wahl, tuple(names[wahl])) for wahl in Wahl if wahl in names)
