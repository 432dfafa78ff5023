"""What the law offers and whom it is for: shipped with the product, kept by administration, everything with its validity."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from massnahmen.enums import Fachbereich, Finanzquelle, Instrumentgruppe


class Instrument(models.Model):
    """A kind of support in the law. Laws change on a date: what is valid when is data."""

    kurz = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=160)
    praxisname = models.CharField("wie es im Haus heißt", max_length=60, blank=True)
    klartext = models.CharField("in einfachen Worten", max_length=160)
    paragraph = models.CharField("Rechtsgrundlage", max_length=120)
    gruppe = models.CharField("Gruppe", max_length=1, choices=Instrumentgruppe.choices)
    finanzquelle = models.CharField("übliche Finanzierung", max_length=8, choices=Finanzquelle.choices, blank=True)
    gueltig_von = models.DateField("gültig von", null=True, blank=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)
    fachbereich = models.PositiveSmallIntegerField(
        "Fachbereich der Zulassung",
        choices=Fachbereich.choices,
        null=True,
        blank=True,
        help_text="Leer: Der Träger braucht keine Zulassung.",
    )
    zaehlt_als_integration = models.BooleanField("zählt als Integration (K2)", default=False)
    zaehlt_als_aktivierung = models.BooleanField("zählt als Aktivierung (K3E2)", default=False)

    class Meta:
        verbose_name = "Instrument"
        verbose_name_plural = "Instrumente"
        ordering = ["gruppe", "paragraph", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(gueltig_von__lte=F("gueltig_bis")), name="instrument_gueltigkeit"),
            models.CheckConstraint(condition=Q(finanzquelle="") | Q(finanzquelle__in=Finanzquelle.values), name="instrument_finanzquelle"),
            models.CheckConstraint(condition=Q(fachbereich__in=Fachbereich.values), name="instrument_fachbereich_bekannt"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.paragraph})"

    def is_valid_for(self, beginn: date | None, ende: date | None) -> bool:
        """Whether the law knows this instrument during the whole term; what is still open does not count."""
        begun = self.gueltig_von is None or beginn is None or self.gueltig_von <= beginn
        return begun and (self.gueltig_bis is None or ende is None or ende <= self.gueltig_bis)


class Zielgruppe(models.Model):
    """Whom a measure is for."""

    code = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=80)
    lebenslage = models.CharField("wie jemand es von sich sagt", max_length=80, blank=True, help_text="„Ich bin jünger als 25“")

    class Meta:
        verbose_name = "Zielgruppe"
        verbose_name_plural = "Zielgruppen"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Handlungsfeld(models.Model):
    """Where a programme sets to work. A measure stands in one of them for a year."""

    code = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=80)
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Handlungsfeld"
        verbose_name_plural = "Handlungsfelder"
        ordering = ["reihenfolge", "name"]

    def __str__(self) -> str:
        return self.name


class Rechtsbegriff(models.Model):
    """What the law calls a thing from when to when: „Bürgergeld“ is called „Grundsicherungsgeld“ since 1 July 2026."""

    schluessel = models.SlugField("Sache", max_length=40)
    wort = models.CharField("Wort", max_length=80, unique=True)
    gueltig_von = models.DateField("gültig von", null=True, blank=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)

    class Meta:
        verbose_name = "Rechtsbegriff"
        verbose_name_plural = "Rechtsbegriffe"
        ordering = ["schluessel", "gueltig_von"]
        constraints = [models.CheckConstraint(condition=Q(gueltig_von__lte=F("gueltig_bis")), name="rechtsbegriff_gueltigkeit")]

    def __str__(self) -> str:
        return self.wort
