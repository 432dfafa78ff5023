"""Seats, and whether enough of them are in the room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.conf import settings
from django.utils import timezone

from beirat.enums import Bank, Funktion
from beirat.models import Mitglied, Sitzung
from jobcenter.common import clock
from jobcenter.common.typography import NBSP
from jobcenter.konten.models import UserLike


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
    voting = Mitglied.objects.active(stichtag(sitzung)).voting()
    return Beschlussfaehigkeit(
        anwesend=sitzung.anwesenheiten.filter(mitglied__in=voting).count(),
        stimmberechtigte=voting.count(),
    )


def stichtag(sitzung: Sitzung) -> date:
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
