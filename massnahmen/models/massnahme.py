"""Measures, and what a year plans with them. A draft may have gaps; what is frozen for the Beirat has none."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from jobcenter.common.models import Versioniert, set_together
from massnahmen.enums import VERGEBEN, Finanzquelle, Massnahmestand, Vergabestand, Weg
from massnahmen.models.programm import Arbeitsmarktprogramm
from massnahmen.models.sichtbarkeit import StaffQuerySet
from massnahmen.models.stammdaten import Handlungsfeld, Instrument, Zielgruppe
from massnahmen.models.traeger import Traeger


def _history() -> tuple[pghistory.Tracker, ...]:
    """What comes and goes is noted once for each statement and not row by row: an import adds tens of thousands at once."""
    return pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent(level=pghistory.Statement)


def _follows_from_stand() -> Q:
    """What a programme says about the award cannot differ from where the measure stands."""
    awarded = Q(weg=Weg.VERGABE)
    return (
        (~awarded & Q(vergabestand=Vergabestand.OHNE))
        | (awarded & Q(stand=Massnahmestand.BEDARF, vergabestand=Vergabestand.OFFEN))
        | (awarded & Q(stand__in=["vorbereitet", "ausgeschrieben"], vergabestand=Vergabestand.LAEUFT))
        | (awarded & Q(stand__in=sorted(VERGEBEN), vergabestand=Vergabestand.VERGEBEN))
    )


@pghistory.track(*_history())
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
        "zugang": "Zugang",
        "plaetze": "Plätze und Eintritte",
        "kosten": "Kosten",
        "erfolgskriterium": "Erfolg",
    }

    titel = models.CharField("Titel", max_length=160)
    beschreibung = models.TextField("Was geschieht in der Maßnahme?", blank=True)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="massnahmen", verbose_name="Instrument", null=True, blank=True
    )
    zielgruppen = models.ManyToManyField(Zielgruppe, related_name="massnahmen", verbose_name="Zielgruppen", blank=True)
    traeger = models.ForeignKey(Traeger, on_delete=models.PROTECT, related_name="massnahmen", verbose_name="Träger", null=True, blank=True)
    weg = models.CharField("Wie sie zustande kommt", max_length=10, choices=Weg.choices, default=Weg.VERGABE)
    stand = models.CharField("Stand", max_length=16, choices=Massnahmestand.choices, default=Massnahmestand.BEDARF)
    vergabestand = models.CharField("Vergabe", max_length=8, choices=Vergabestand.choices, default=Vergabestand.OFFEN)
    ort = models.CharField("Ort", max_length=120, blank=True)
    beginn = models.DateField("Beginn", null=True, blank=True)
    ende = models.DateField("Ende", null=True, blank=True)
    dauer_wochen = models.PositiveSmallIntegerField("Dauer je Person in Wochen", null=True, blank=True)
    wochenstunden = models.PositiveSmallIntegerField("Stunden in der Woche", null=True, blank=True)
    jederzeit = models.BooleanField("Einstieg jederzeit", default=False)
    naechster_start = models.DateField("nächster Start", null=True, blank=True)
    zugang = models.TextField("Wie kommt man hinein?", blank=True)
    ansprechstelle = models.CharField("Wen kann man fragen?", max_length=160, blank=True)
    telefon = models.CharField("Telefon", max_length=40, blank=True)
    archiviert_am = models.DateTimeField("archiviert am", null=True, blank=True)
    archivgrund = models.CharField("Grund für das Archiv", max_length=300, null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Maßnahme"
        verbose_name_plural = "Maßnahmen"
        ordering = ["titel", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(beginn__lte=F("ende")), name="massnahme_laufzeit"),
            models.CheckConstraint(
                condition=Q(naechster_start__gte=F("beginn"), naechster_start__lte=F("ende")), name="massnahme_start_in_laufzeit"
            ),
            models.CheckConstraint(condition=Q(dauer_wochen__range=(1, 520)), name="massnahme_dauer_plausibel"),
            models.CheckConstraint(condition=Q(wochenstunden__range=(1, 48)), name="massnahme_stunden_plausibel"),
            models.CheckConstraint(condition=Q(weg__in=Weg.values), name="massnahme_weg_bekannt"),
            models.CheckConstraint(condition=Q(stand__in=Massnahmestand.values), name="massnahme_stand_bekannt"),
            models.CheckConstraint(condition=_follows_from_stand(), name="massnahme_vergabestand_folgt"),
            set_together("archiviert_am", "archivgrund", name="massnahme_archiv"),
        ]

    def __str__(self) -> str:
        return self.titel


@pghistory.track(*_history())
class MassnahmeZielgruppe(Massnahme.zielgruppen.through):  # type: ignore[name-defined]  # made at run time
    """Whom a measure is for, tracked as well, so that an older state of the measure is complete."""

    class Meta:
        proxy = True
        verbose_name = "Zielgruppe einer Maßnahme"
        verbose_name_plural = "Zielgruppen von Maßnahmen"


class PositionQuerySet(StaffQuerySet):
    def with_details(self) -> "PositionQuerySet":
        """Everything that one line of the programme shows, in a fixed number of queries."""
        return (
            self.select_related("programm", "massnahme__instrument", "massnahme__traeger", "handlungsfeld")
            .prefetch_related("massnahme__zielgruppen", "finanzierungen")
            .order_by("massnahme__instrument__gruppe", "massnahme__titel", "pk")
        )


@pghistory.track(*_history())
class Programmposition(models.Model):
    """What a programme year plans with a measure: places, entries, money."""

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="positionen", verbose_name="Programm")
    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="positionen", verbose_name="Maßnahme")
    handlungsfeld = models.ForeignKey(
        Handlungsfeld, on_delete=models.PROTECT, related_name="positionen", verbose_name="Handlungsfeld", null=True, blank=True
    )
    plaetze = models.PositiveIntegerField("Plätze", null=True, blank=True)
    geplante_eintritte = models.PositiveIntegerField("geplante Eintritte", null=True, blank=True)
    erfolgskriterium = models.TextField("Woran erkennen wir den Erfolg?", blank=True)
    eingliederung_prozent = models.PositiveSmallIntegerField("geplante Eingliederungsquote in Prozent", null=True, blank=True)
    verpflichtung_cent = models.BigIntegerField("Verpflichtung für die Folgejahre in Cent", default=0)
    bemerkung = models.CharField("Bemerkung", max_length=500, blank=True)
    uebernommen = models.BooleanField("Zahlen vom Vorjahr, noch nicht geprüft", default=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = "Programmposition"
        verbose_name_plural = "Programmpositionen"
        constraints = [
            models.UniqueConstraint(fields=["programm", "massnahme"], name="position_einmal_je_programm"),
            models.CheckConstraint(
                condition=Q(plaetze__range=(0, 10_000), geplante_eintritte__range=(0, 50_000)), name="position_plausibel"
            ),
            models.CheckConstraint(condition=Q(verpflichtung_cent__range=(0, 1_000_000_000_00)), name="position_verpflichtung_plausibel"),
            models.CheckConstraint(condition=Q(eingliederung_prozent__range=(0, 100)), name="position_eingliederung_ist_quote"),
        ]

    def __str__(self) -> str:
        return f"{self.massnahme} ({self.programm.jahr})"

    @property
    def kosten_cent(self) -> int:
        return sum(finanzierung.betrag_cent for finanzierung in self.finanzierungen.all())

    @property
    def kosten_je_platz_cent(self) -> int | None:
        """Of one place in the year, rounded half up; None without places."""
        return (2 * self.kosten_cent + self.plaetze) // (2 * self.plaetze) if self.plaetze else None


@pghistory.track(*_history())
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
