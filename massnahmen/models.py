"""What we plan to do: a year's programme, the measures in it, and the frozen versions that are voted on."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value

from jobcenter.common import clock
from jobcenter.common.models import Versioniert
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike
from massnahmen.enums import Beratungsergebnis, Finanzquelle, Instrumentgruppe, Programmstatus

FROZEN = pgtrigger.Update | pgtrigger.Delete


class Instrument(models.Model):
    """A kind of support in the law. Laws change on a date: what is valid when is data."""

    kurz = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=160)
    klartext = models.CharField("in einfachen Worten", max_length=160)
    paragraph = models.CharField("Rechtsgrundlage", max_length=120)
    gruppe = models.CharField("Gruppe", max_length=1, choices=Instrumentgruppe.choices)
    gueltig_von = models.DateField("gültig von", null=True, blank=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)
    zaehlt_als_integration = models.BooleanField("zählt als Integration (K2)", default=False)
    zaehlt_als_aktivierung = models.BooleanField("zählt als Aktivierung (K3E2)", default=False)

    class Meta:
        verbose_name = "Instrument"
        verbose_name_plural = "Instrumente"
        ordering = ["gruppe", "paragraph", "name"]
        constraints = [models.CheckConstraint(condition=Q(gueltig_von__lte=F("gueltig_bis")), name="instrument_gueltigkeit")]

    def __str__(self) -> str:
        return f"{self.name} ({self.paragraph})"

    def is_valid_for(self, beginn: date, ende: date) -> bool:
        """Whether the law knows this instrument during the whole term."""
        return (self.gueltig_von is None or self.gueltig_von <= beginn) and (self.gueltig_bis is None or ende <= self.gueltig_bis)


class Zielgruppe(models.Model):
    """Whom a measure is for."""

    code = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=80)

    class Meta:
        verbose_name = "Zielgruppe"
        verbose_name_plural = "Zielgruppen"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Traeger(models.Model):
    """An organisation that carries out measures."""

    name = models.CharField("Name", max_length=160, unique=True)
    ort = models.CharField("Ort", max_length=80)

    class Meta:
        verbose_name = "Träger"
        verbose_name_plural = "Träger"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProgrammQuerySet(models.QuerySet["Arbeitsmarktprogramm"]):
    def visible_to(self, user: UserLike) -> "ProgrammQuerySet":
        """Drafts are for the Jobcenter's staff; everybody else meets a programme as a published Fassung."""
        return self if _is_staff(user) else self.none()


@pghistory.track()
class Arbeitsmarktprogramm(Versioniert):
    """The plan of one year. What the Beirat votes on is never this row but a frozen Fassung of it."""

    jahr = models.PositiveSmallIntegerField("Jahr", unique=True)
    titel = models.CharField("Titel", max_length=160)
    zusammenfassung = models.TextField("Zusammenfassung", blank=True)
    status = models.CharField("Stand", max_length=16, choices=Programmstatus.choices, default=Programmstatus.ENTWURF)

    objects = ProgrammQuerySet.as_manager()

    class Meta:
        verbose_name = "Arbeitsmarktprogramm"
        verbose_name_plural = "Arbeitsmarktprogramme"
        ordering = ["-jahr"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Programmstatus.values), name="programm_status_bekannt"),
            models.CheckConstraint(condition=Q(jahr__range=(2005, 2100)), name="programm_jahr_plausibel"),
        ]

    def __str__(self) -> str:
        return f"Arbeitsmarktprogramm {self.jahr}"

    @property
    def ist_entwurf(self) -> bool:
        return self.status == Programmstatus.ENTWURF


class StaffQuerySet(models.QuerySet[Any]):
    """Pieces of drafts: for the Jobcenter's staff."""

    def visible_to(self, user: UserLike) -> Self:
        return self if _is_staff(user) else self.none()


@pghistory.track()
class Kapitel(Versioniert):
    """A chapter of the programme's text, in plain paragraphs."""

    KOMMENTAR_RECHT: ClassVar[str] = "massnahmen.comment_kapitel"
    KOMMENTAR_FELDER: ClassVar[dict[str, str]] = {}

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="kapitel", verbose_name="Programm")
    nummer = models.PositiveSmallIntegerField("Nummer")
    titel = models.CharField("Titel", max_length=120)
    text = models.TextField("Text", blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Kapitel"
        verbose_name_plural = "Kapitel"
        ordering = ["nummer"]
        constraints = [models.UniqueConstraint(fields=["programm", "nummer"], name="kapitel_nummer_einmal")]

    def __str__(self) -> str:
        return f"{self.nummer} {self.titel}"


@pghistory.track()
class Massnahme(Versioniert):
    """A measure. It may run for years; what a single year plans with it stands in its Programmposition."""

    KOMMENTAR_RECHT: ClassVar[str] = "massnahmen.comment_massnahme"
    KOMMENTAR_FELDER: ClassVar[dict[str, str]] = {
        "titel": "Titel",
        "beschreibung": "Beschreibung",
        "instrument": "Instrument",
        "zielgruppen": "Zielgruppen",
        "traeger": "Träger",
        "laufzeit": "Laufzeit",
        "plaetze": "Plätze und Eintritte",
        "kosten": "Kosten",
    }

    titel = models.CharField("Titel", max_length=160)
    beschreibung = models.TextField("Was geschieht in der Maßnahme?", blank=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="massnahmen", verbose_name="Instrument")
    zielgruppen = models.ManyToManyField(Zielgruppe, related_name="massnahmen", verbose_name="Zielgruppen")
    traeger = models.ForeignKey(Traeger, on_delete=models.PROTECT, related_name="massnahmen", verbose_name="Träger", null=True, blank=True)
    beginn = models.DateField("Beginn")
    ende = models.DateField("Ende")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Maßnahme"
        verbose_name_plural = "Maßnahmen"
        ordering = ["titel", "pk"]
        constraints = [models.CheckConstraint(condition=Q(beginn__lte=F("ende")), name="massnahme_laufzeit")]

    def __str__(self) -> str:
        return self.titel


@pghistory.track()
class MassnahmeZielgruppe(Massnahme.zielgruppen.through):  # type: ignore[name-defined]  # made at run time
    """Whom a measure is for, tracked as well, so that an older state of the measure is complete."""

    class Meta:
        proxy = True
        verbose_name = "Zielgruppe einer Maßnahme"
        verbose_name_plural = "Zielgruppen von Maßnahmen"


class PositionQuerySet(models.QuerySet["Programmposition"]):
    def visible_to(self, user: UserLike) -> "PositionQuerySet":
        return self if _is_staff(user) else self.none()

    def with_details(self) -> "PositionQuerySet":
        """Everything that one line of the programme shows, in a fixed number of queries."""
        return (
            self.select_related("programm", "massnahme__instrument", "massnahme__traeger")
            .prefetch_related("massnahme__zielgruppen", "finanzierungen")
            .order_by("massnahme__instrument__gruppe", "massnahme__titel", "pk")
        )


@pghistory.track()
class Programmposition(models.Model):
    """What a programme year plans with a measure: places, entries, money."""

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="positionen", verbose_name="Programm")
    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="positionen", verbose_name="Maßnahme")
    plaetze = models.PositiveIntegerField("Plätze")
    geplante_eintritte = models.PositiveIntegerField("geplante Eintritte")

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = "Programmposition"
        verbose_name_plural = "Programmpositionen"
        constraints = [
            models.UniqueConstraint(fields=["programm", "massnahme"], name="position_einmal_je_programm"),
            models.CheckConstraint(
                condition=Q(plaetze__range=(0, 10_000), geplante_eintritte__range=(0, 50_000)), name="position_plausibel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.massnahme} ({self.programm.jahr})"

    @property
    def kosten_cent(self) -> int:
        return sum(finanzierung.betrag_cent for finanzierung in self.finanzierungen.all())


@pghistory.track()
class Finanzierung(models.Model):
    """One source's share of a position, in cents."""

    position = models.ForeignKey(Programmposition, on_delete=models.CASCADE, related_name="finanzierungen", verbose_name="Position")
    quelle = models.CharField("Quelle", max_length=8, choices=Finanzquelle.choices)
    betrag_cent = models.BigIntegerField("Betrag in Cent")

    class Meta:
        verbose_name = "Finanzierung"
        verbose_name_plural = "Finanzierungen"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["position", "quelle"], name="finanzierung_einmal_je_quelle"),
            models.CheckConstraint(condition=Q(betrag_cent__gt=0), name="finanzierung_betrag_positiv"),
            models.CheckConstraint(condition=Q(quelle__in=Finanzquelle.values), name="finanzierung_quelle_bekannt"),
        ]

    def __str__(self) -> str:
        return f"{self.get_quelle_display()}: {self.betrag_cent} ct"


class FassungQuerySet(models.QuerySet["Fassung"]):
    def visible_to(self, user: UserLike) -> "FassungQuerySet":
        """Staff see every Fassung, everybody sees the published ones. Members meet theirs through the agenda (beirat)."""
        return self if _is_staff(user) else self.veroeffentlicht()

    def veroeffentlicht(self) -> "FassungQuerySet":
        return self.filter(beratung__veroeffentlichung__am__lte=clock.now())


class Fassung(models.Model):
    """One frozen version of a programme: complete content as canonical JSON, its fingerprint checked by the database.

    Votes, Beschluss, public page, PDF and press release point here and are rendered from `inhalt` alone.
    """

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.PROTECT, related_name="fassungen", verbose_name="Programm")
    nummer = models.PositiveSmallIntegerField("Nummer")
    inhalt = models.TextField("Inhalt")
    pruefsumme = models.CharField("Prüfsumme", max_length=64)
    vorgelegt_am = models.DateTimeField("vorgelegt am", default=clock.now)
    vorgelegt_von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="vorgelegt von")

    objects = FassungQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["-programm__jahr", "-nummer"]
        constraints = [
            models.UniqueConstraint(fields=["programm", "nummer"], name="fassung_nummer_einmal"),
            models.CheckConstraint(
                condition=Q(
                    pruefsumme=Func(
                        Func(Func(F("inhalt"), Value("UTF8"), function="convert_to"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="fassung_pruefsumme_stimmt",
            ),
        ]
        triggers = [pgtrigger.Protect(name="fassung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.programm}, Fassung {self.nummer}"


class Beratung(models.Model):
    """The Beirat's advice on one Fassung (§ 18d SGB II), written when its ballot is closed."""

    fassung = models.OneToOneField(Fassung, on_delete=models.PROTECT, related_name="beratung", verbose_name="Fassung")
    ergebnis = models.CharField("Ergebnis", max_length=12, choices=Beratungsergebnis.choices)
    ja = models.PositiveSmallIntegerField("Ja")
    nein = models.PositiveSmallIntegerField("Nein")
    enthaltung = models.PositiveSmallIntegerField("Enthaltungen")
    beschluss = models.CharField("Beschluss", max_length=60)
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Beratung"
        verbose_name_plural = "Beratungen"
        constraints = [
            models.CheckConstraint(
                condition=Q(ergebnis="zugestimmt", ja__gt=F("nein")) | Q(ergebnis="abgelehnt", ja__lte=F("nein")),
                name="beratung_ergebnis_folgt",
            )
        ]
        triggers = [pgtrigger.Protect(name="beratung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.fassung}: {self.get_ergebnis_display()}"

    @property
    def braucht_antwort(self) -> bool:
        """A No or a split vote has to be answered in writing before publishing."""
        return self.ergebnis == Beratungsergebnis.ABGELEHNT or self.nein > 0

    @property
    def ist_einstimmig(self) -> bool:
        return self.ja > 0 and self.nein == 0 and self.enthaltung == 0

    @property
    def wortlaut(self) -> str:
        """How page, paper and press say it: einstimmig, ohne Gegenstimme or mehrheitlich zugestimmt, or abgelehnt."""
        if self.ergebnis == Beratungsergebnis.ABGELEHNT:
            return "abgelehnt"
        if self.ist_einstimmig:
            return "einstimmig zugestimmt"
        return f"{'mehrheitlich' if self.nein else 'ohne Gegenstimme'} zugestimmt"


class Veroeffentlichung(models.Model):
    """The moment in which an advised Fassung became public. There is none without a Beratung."""

    beratung = models.OneToOneField(Beratung, on_delete=models.PROTECT, related_name="veroeffentlichung", verbose_name="Beratung")
    antwort = models.TextField("Antwort des Jobcenters an den Beirat", blank=True)
    am = models.DateTimeField("veröffentlicht am", default=clock.now)
    von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="veröffentlicht von")

    class Meta:
        verbose_name = "Veröffentlichung"
        verbose_name_plural = "Veröffentlichungen"
        ordering = ["-am"]
        triggers = [pgtrigger.Protect(name="veroeffentlichung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.fassung} veröffentlicht"

    @cached_property
    def fassung(self) -> Fassung:
        return self.beratung.fassung


def _is_staff(user: UserLike) -> bool:
    return user.is_authenticated and user.has_rolle(*(rolle for rolle in Rolle))
