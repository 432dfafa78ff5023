"""What is measured: whose figure, of what, for when, from whom and as of which day."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzahlart, Quellenart, Richtung, Traegerform


class Jobcenter(models.Model):
    """One of the 404 Jobcenter of the country (Eingliederungsmittel-Verordnung 2026), or a fictional one numbered 99…"""

    traegernummer = models.CharField("Trägernummer", max_length=5, unique=True)
    name = models.CharField("Name", max_length=120)
    form = models.CharField("Form", max_length=3, choices=Traegerform.choices)

    class Meta:
        verbose_name = verbose_name_plural = "Jobcenter"
        ordering = ["traegernummer"]
        constraints = [
            models.CheckConstraint(condition=Q(traegernummer__regex=r"^\d{5}$"), name="jobcenter_traegernummer_fuenfstellig"),
            models.CheckConstraint(condition=Q(form__in=Traegerform.values), name="jobcenter_form_bekannt"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ist_fiktiv(self) -> bool:
        return self.traegernummer.startswith("99")


class Kennzahl(models.Model):
    """What a value means: definition, unit and which direction is good."""

    code = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=160)
    art = models.CharField("Art", max_length=12, choices=Kennzahlart.choices)
    einheit = models.CharField("Einheit", max_length=14, choices=Einheit.choices)
    richtung = models.CharField("Richtung", max_length=10, choices=Richtung.choices, default=Richtung.NEUTRAL)
    definition = models.TextField("Definition")

    class Meta:
        verbose_name = "Kennzahl"
        verbose_name_plural = "Kennzahlen"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Quelle(models.Model):
    """Who published a figure, where, and under which terms."""

    art = models.CharField("Art", max_length=20, choices=Quellenart.choices)
    herausgeber = models.CharField("Herausgeber", max_length=160)
    titel = models.CharField("Titel", max_length=200)

    class Meta:
        verbose_name = "Quelle"
        verbose_name_plural = "Quellen"
        constraints = [models.UniqueConstraint(fields=["herausgeber", "titel"], name="quelle_einmal")]

    def __str__(self) -> str:
        return f"{self.herausgeber}: {self.titel}"


class Datenstand(models.Model):
    """The day on which a source stated its figures. Published, it never changes again: a correction is a new Datenstand."""

    quelle = models.ForeignKey(Quelle, on_delete=models.PROTECT, related_name="datenstaende", verbose_name="Quelle")
    tag = models.DateField("Stand")

    class Meta:
        verbose_name = "Datenstand"
        verbose_name_plural = "Datenstände"
        constraints = [models.UniqueConstraint(fields=["quelle", "tag"], name="datenstand_einmal_je_quelle")]
        triggers = [pgtrigger.Protect(name="datenstand_unveraenderlich", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.quelle}, Stand {self.tag:%d.%m.%Y}"


class MesswertQuerySet(models.QuerySet["Messwert"]):
    def with_source(self) -> "MesswertQuerySet":
        return self.select_related("jobcenter", "kennzahl", "datenstand__quelle")

    def newest_first(self) -> "MesswertQuerySet":
        return self.order_by("jobcenter__name", "kennzahl__code", "bis", "datenstand__tag")


class Messwert(models.Model):
    """One figure under its natural key: Jobcenter × Kennzahl × period × sex × Datenstand (and with it the source).

    A rate is computed from Zähler and Nenner. Where a source prints only the rate itself, it stands in `zitat`, marked
    as quoted, because nothing can be computed from it. Money is counted in cents.
    """

    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Jobcenter")
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Kennzahl")
    von = models.DateField("von")
    bis = models.DateField("bis")
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices, default=Geschlecht.INSGESAMT)
    datenstand = models.ForeignKey(Datenstand, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Datenstand")
    zaehler = models.BigIntegerField("Zähler", null=True, blank=True)
    nenner = models.BigIntegerField("Nenner", null=True, blank=True)
    zitat = models.DecimalField("zitierter Wert", max_digits=7, decimal_places=2, null=True, blank=True)
    genauigkeit = models.CharField("Genauigkeit", max_length=8, choices=Genauigkeit.choices, default=Genauigkeit.GENAU)

    objects = MesswertQuerySet.as_manager()

    class Meta:
        verbose_name = "Messwert"
        verbose_name_plural = "Messwerte"
        constraints = [
            models.UniqueConstraint(fields=["jobcenter", "kennzahl", "von", "bis", "geschlecht", "datenstand"], name="messwert_schluessel"),
            models.CheckConstraint(condition=Q(von__lte=F("bis")), name="messwert_zeitraum"),
            models.CheckConstraint(
                condition=Q(zaehler__isnull=False, zitat__isnull=True) | Q(zaehler__isnull=True, nenner__isnull=True, zitat__isnull=False),
                name="messwert_gezaehlt_oder_zitiert",
            ),
            models.CheckConstraint(condition=Q(nenner__isnull=True) | Q(nenner__gt=0), name="messwert_nenner_positiv"),
        ]
        triggers = [pgtrigger.Protect(name="messwert_unveraenderlich", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kennzahl} {self.jobcenter} {self.von}–{self.bis}"

    @property
    def wert(self) -> Decimal | None:
        """In the unit of the Kennzahl, exact: a count, cents, or per cent. None where it cannot be computed."""
        if self.zitat is not None:
            return self.zitat
        assert self.zaehler is not None
        if self.kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}:
            return Decimal(self.zaehler)
        if self.nenner is None:
            return None
        return rate(self.zaehler, self.nenner, Einheit(self.kennzahl.einheit))

    @property
    def ist_zeitpunkt(self) -> bool:
        return self.von == self.bis


def rate(zaehler: int, nenner: int, einheit: Einheit) -> Decimal:
    """Z/N in per cent; for a change (K1, K1E1, K1E2, K3) Z/N − 1. Exact inside, rounded only for the eye."""
    quotient = Decimal(zaehler) / Decimal(nenner) * 100
    return quotient - 100 if einheit is Einheit.VERAENDERUNG else quotient


class Zielwert(models.Model):
    """What was agreed with the Land for a year (§ 48b SGB II)."""

    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="zielwerte", verbose_name="Jobcenter")
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.PROTECT, related_name="zielwerte", verbose_name="Kennzahl")
    jahr = models.PositiveSmallIntegerField("Jahr")
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices, default=Geschlecht.INSGESAMT)
    wert = models.DecimalField("Zielwert", max_digits=12, decimal_places=2)
    nur_beobachtung = models.BooleanField("nur Beobachtung", default=False)

    class Meta:
        verbose_name = "Zielwert"
        verbose_name_plural = "Zielwerte"
        constraints = [models.UniqueConstraint(fields=["jobcenter", "kennzahl", "jahr", "geschlecht"], name="zielwert_einmal")]

    def __str__(self) -> str:
        return f"{self.kennzahl} {self.jahr}: {self.wert}"
