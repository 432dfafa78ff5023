"""What a report is made of, and which report the public gets."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.common import typography
from jobcenter.common.enums import Auftragsstatus
from massnahmen.models import Fassung, Veroeffentlichung
from massnahmen.queries import (
    Betrag,
    Massnahmezeile,
    Programminhalt,
    VerfaelschteFassung,
    Werdegang,
    check_unverfaelscht,
    published_veroeffentlichung,
    read_fassung,
    read_inhalt,
    read_werdegang,
)
from massnahmen.queries.gliederung import Abschnitt, outline

ON_PAGES_OF_ITS_OWN = "massnahmen"  # after the chapters


@dataclass(frozen=True)
class Rat:
    """What the Beirat advised on the Fassung, and what the Jobcenter answered."""

    ergebnis: str
    ja: int
    nein: int
    enthaltung: int
    beschluss: str
    am: datetime
    antwort: str

    @property
    def satz(self) -> str:
        """Der Beirat hat am 18. November 2026 einstimmig zugestimmt."""
        return f"Der Beirat hat am {typography.datum(self.am)} {self.ergebnis}."


@dataclass(frozen=True)
class Anteil:
    """A line of money with its share of the whole in per cent."""

    name: str
    cent: int
    prozent: Decimal


@dataclass(frozen=True)
class Gruppe:
    """The measures of one group of instruments, each with its running number in the report."""

    name: str
    massnahmen: tuple[tuple[int, Massnahmezeile], ...]


@dataclass(frozen=True)
class Programmbericht:
    """The whole report on one published Fassung: its frozen text, the advice on it and its publication, nothing else.

    A draft on paper is the same without a Fassung (0) and without advice.
    """

    inhalt: Programminhalt
    fassung: int
    pruefsumme: str
    vorgelegt_am: datetime
    veroeffentlicht_am: datetime
    rat: Rat | None
    adresse: str
    werdegang: Werdegang

    @property
    def fassungszeile(self) -> str:
        """Fassung 2, or Entwurf vom 22. November 2026, 13:05 Uhr: stands on every page."""
        return f"Fassung {self.fassung}" if self.rat else f"Entwurf vom {typography.zeitpunkt(self.vorgelegt_am)}"

    @property
    def satz(self) -> str:
        return self.rat.satz if self.rat else "Dieser Entwurf ist nicht beraten und nicht beschlossen."

    @property
    def titel(self) -> str:
        """With its year, which a programme's own title may or may not carry."""
        jahr = str(self.inhalt.jahr)
        return self.inhalt.titel if jahr in self.inhalt.titel else f"{self.inhalt.titel} {jahr}"

    @property
    def titel_ohne_jahr(self) -> str:
        return self.titel.removesuffix(f" {self.inhalt.jahr}")

    @property
    def nach_gruppe(self) -> tuple[Anteil, ...]:
        return _shares(self.inhalt.nach_gruppe)

    @property
    def nach_quelle(self) -> tuple[Anteil, ...]:
        return _shares(self.inhalt.nach_quelle)

    @property
    def gruppen(self) -> tuple[Gruppe, ...]:
        return tuple(Gruppe(gruppe.name, tuple((m.nummer, m) for m in gruppe.massnahmen)) for gruppe in self.inhalt.gruppen)

    @property
    def abschnitte(self) -> tuple[Abschnitt, ...]:
        """The chapters with their tables. The measures and the sources of money have pages of their own behind them."""
        money = bool(self.inhalt.vorjahr or self.inhalt.verpflichtung_cent)
        there = [
            replace(a, tafeln=tuple(t for t in a.tafeln if t != ON_PAGES_OF_ITS_OWN and (t != "finanzen" or money)))
            for a in outline(self.inhalt)
        ]
        return tuple(a for a in there if a.text or a.tafeln)


def collect_programmbericht(fassung: Fassung) -> Programmbericht:
    """Everything the PDF of a published Fassung says. Veroeffentlichung.DoesNotExist before the publication;
    VerfaelschteFassung if its text was changed in the database: a changed text gets no paper.
    """
    veroeffentlichung = Veroeffentlichung.objects.select_related("beratung__fassung__programm").get(beratung__fassung=fassung)
    beratung = veroeffentlichung.beratung
    if check_unverfaelscht(beratung.fassung):
        raise VerfaelschteFassung(beratung.fassung)
    inhalt = read_fassung(beratung.fassung)
    return Programmbericht(
        inhalt=inhalt,
        fassung=beratung.fassung.nummer,
        pruefsumme=beratung.fassung.pruefsumme,
        vorgelegt_am=beratung.fassung.vorgelegt_am,
        veroeffentlicht_am=veroeffentlichung.am,
        rat=Rat(
            ergebnis=beratung.wortlaut,
            ja=beratung.ja,
            nein=beratung.nein,
            enthaltung=beratung.enthaltung,
            beschluss=beratung.beschluss,
            am=beratung.am,
            antwort=veroeffentlichung.antwort,
        ),
        adresse=settings.BASE_URL + reverse("massnahmen:programm-detail", args=[inhalt.jahr]),
        werdegang=read_werdegang(beratung.fassung),
    )


def collect_entwurf(entwurf: Entwurfsdruck) -> Programmbericht:
    """What the PDF of a draft says, out of the content that its job carries."""
    inhalt = read_inhalt(json.loads(entwurf.inhalt))
    return Programmbericht(
        inhalt=inhalt,
        fassung=0,
        pruefsumme=entwurf.pruefsumme,
        vorgelegt_am=entwurf.angelegt_am,
        veroeffentlicht_am=entwurf.angelegt_am,
        rat=None,
        adresse="",
        werdegang=Werdegang(None, (), None),
    )


def _shares(betraege: tuple[Betrag, ...]) -> tuple[Anteil, ...]:
    whole = sum(betrag.cent for betrag in betraege) or 1
    return tuple(Anteil(betrag.name, betrag.cent, Decimal(100) * betrag.cent / whole) for betrag in betraege)


def public_programmbericht(jahr: int) -> tuple[Veroeffentlichung | None, Bericht | None]:
    """The newest publication of a year and the report on it, in whatever state; None where there is none (yet)."""
    veroeffentlichung = published_veroeffentlichung(jahr)
    return veroeffentlichung, public_bericht(veroeffentlichung.fassung.pk) if veroeffentlichung else None


def public_archive() -> QuerySet[Bericht]:
    """For every year the finished report on the newest published Fassung, newest year first."""
    newest = Fassung.objects.veroeffentlicht().filter(programm=OuterRef("fassung__programm")).order_by("-nummer").values("pk")[:1]
    visible = Bericht.objects.visible_to(AnonymousUser()).filter(art=Berichtsart.PROGRAMM, status=Auftragsstatus.FERTIG)
    found = visible.filter(fassung_id=Subquery(newest)).select_related("fassung__programm", "fassung__beratung__veroeffentlichung")
    return found.defer("fassung__inhalt").order_by("-fassung__programm__jahr")


def public_bericht(fassung_id: int) -> Bericht | None:
    """The report on a published Fassung, in whatever state: everybody may know how far it is, and open the finished one."""
    published = Bericht.objects.filter(art=Berichtsart.PROGRAMM, fassung__in=Fassung.objects.veroeffentlicht())
    return published.filter(fassung_id=fassung_id).select_related("fassung__programm").defer("fassung__inhalt").first()


def is_lost(bericht: Bericht) -> bool:
    """Whether the store has lost the file of a finished report, or part of it."""
    if bericht.datei is None:  # not finished yet
        return False
    try:
        return default_storage.size(bericht.datei) != bericht.groesse
    except OSError:
        return True
