"""One session as it stands now, for people inside. While a ballot is open nothing here carries a choice."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from beirat.enums import Abstimmungsstatus, Sitzungsstatus, Topart
from beirat.models import Abstimmung, Sitzung, Stimme, Tagesordnungspunkt
from beirat.queries.beschluesse import Auszaehlung, count_of
from beirat.queries.sitze import Beschlussfaehigkeit, Gruppe, seat_of, seats_by_bank, stichtag
from jobcenter.common import clock
from jobcenter.common.typography import NBSP
from jobcenter.konten.models import UserLike
from massnahmen.enums import Programmstatus
from massnahmen.models import Fassung

LIVE = frozenset({Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET})


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
    gruppen = seats_by_bank(stichtag(sitzung), sitzung.anwesenheiten.values_list("mitglied", flat=True))
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
        teilnahme=read_teilnahme(running.abstimmung_pk, {s.pk for g in gruppen for s in g.sitze if s.anwesend}, user)
        if running and running.abstimmung_pk
        else None,
    )


def _item(top: Tagesordnungspunkt) -> Punkt:
    ballot: Abstimmung | None = next(iter(top.gueltige), None)  # type: ignore[attr-defined]  # the prefetch's
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
        auszaehlung=count_of(ballot) if ballot and closed else None,
        beschluss=str(ballot.beschluss) if ballot and closed else None,
    )


def read_teilnahme(abstimmung_pk: int, present: set[int], user: UserLike) -> Teilnahme:
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
