"""What was resolved: the numbers of a closed ballot, and the Beschlüsse that visitors may know."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from beirat.enums import Ergebnis
from beirat.models import Abstimmung, Beschluss, Tagesordnungspunkt
from jobcenter.common import clock
from jobcenter.common.typography import NBSP
from massnahmen.models import Fassung

VISITOR = AnonymousUser()
NEUESTE_BESCHLUESSE = 3


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


def count_of(abstimmung: Abstimmung) -> Auszaehlung:
    return Auszaehlung(
        anwesende=abstimmung.anwesende or 0,
        ja=abstimmung.ja or 0,
        nein=abstimmung.nein or 0,
        enthaltung=abstimmung.enthaltung or 0,
        nicht_abgegeben=abstimmung.nicht_abgegeben or 0,
        ergebnis=Ergebnis(str(abstimmung.ergebnis)),
    )


def beschluss_line(beschluss: Beschluss) -> Beschlusszeile:
    fassung, abstimmung = beschluss.fassung, beschluss.abstimmung
    published = fassung is not None and _is_published(fassung)
    return Beschlusszeile(
        jahr=beschluss.jahr,
        nummer=str(beschluss),
        text=beschluss.text,
        am=beschluss.am,
        auszaehlung=count_of(abstimmung),
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


def beschluesse_on(tops: QuerySet[Tagesordnungspunkt]) -> QuerySet[Beschluss]:
    return (
        Beschluss.objects.filter(abstimmung__top__in=tops)
        .select_related("abstimmung__top__sitzung", "fassung__programm", "fassung__beratung__veroeffentlichung")
        .defer("fassung__inhalt")
    )


def public_beschluesse(limit: int | None = None) -> tuple[Beschlusszeile, ...]:
    """Numbered Beschlüsse on public items, newest first. One query."""
    return tuple(beschluss_line(b) for b in beschluesse_on(Tagesordnungspunkt.objects.visible_to(VISITOR))[:limit])
