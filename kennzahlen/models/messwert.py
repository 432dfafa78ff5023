"""The values, and their sums over groups of Jobcenter."""

from decimal import Decimal
from fractions import Fraction

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzeichen, Lieferzustand
from kennzahlen.models.stammdaten import Datenstand, Jobcenter, Kennzahl, Vergleichsgruppe


class MesswertQuerySet(models.QuerySet["Messwert"]):
    def with_source(self) -> "MesswertQuerySet":
        return self.select_related("jobcenter", "kennzahl", "datenstand__quelle")

    def published(self) -> "MesswertQuerySet":
        """What everybody may see: not hidden, with a number, and of no delivery that was withdrawn. Every output begins here."""
        withdrawn = Q(datenstand__lieferung__zustand=Lieferzustand.ZURUECKGEZOGEN)
        return self.filter(gesperrt=False, kennzeichen="").exclude(withdrawn)

    def newest_first(self) -> "MesswertQuerySet":
        return self.order_by("jobcenter__name", "kennzahl__code", "bis", "datenstand__tag")


class Messwert(models.Model):
    """One figure under its natural key: Jobcenter × Kennzahl × period × sex × Datenstand (and with it the source).

    A rate is computed from Zähler and Nenner. Where a source prints only the rate itself, it stands in `zitat`, marked
    as quoted, because nothing can be computed from it. Money is counted in cents. The Nenner stands in parts of
    `kennzahl.nenner_teiler`: a mean of twelve months is no whole number, but it is one of 1/1200 (with two decimals as well).

    `gesperrt` hides a small number of our own from everybody outside (§ 16 BStatG); values that arrive hidden have a
    Kennzeichen and no number. The table is partitioned by Datenstand: a large delivery is loaded beside it and attached.
    """

    pk = models.CompositePrimaryKey("kennzahl_id", "bis", "jobcenter_id", "geschlecht", "von", "datenstand_id")
    datenstand = models.ForeignKey(Datenstand, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Datenstand")
    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Jobcenter", db_index=False)
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.PROTECT, related_name="messwerte", verbose_name="Kennzahl", db_index=False)
    zaehler = models.BigIntegerField("Zähler", null=True, blank=True)
    nenner = models.BigIntegerField("Nenner", null=True, blank=True)
    von = models.DateField("von")
    bis = models.DateField("bis")
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices, default=Geschlecht.INSGESAMT)
    gesperrt = models.BooleanField("gesperrt", default=False, db_default=False)
    kennzeichen = models.CharField("Kennzeichen", max_length=8, choices=Kennzeichen.choices, blank=True, db_default="")
    genauigkeit = models.CharField(
        "Genauigkeit", max_length=8, choices=Genauigkeit.choices, default=Genauigkeit.GENAU, db_default=Genauigkeit.GENAU
    )
    zitat = models.DecimalField("zitierter Wert", max_digits=7, decimal_places=2, null=True, blank=True)

    objects = MesswertQuerySet.as_manager()

    class Meta:
        verbose_name = "Messwert"
        verbose_name_plural = "Messwerte"
        constraints = [
            models.CheckConstraint(condition=Q(von__lte=F("bis")), name="messwert_zeitraum"),
            models.CheckConstraint(
                condition=Q(zaehler__isnull=False, zitat__isnull=True, kennzeichen="")
                | Q(zaehler__isnull=True, nenner__isnull=True, zitat__isnull=False, kennzeichen="")
                | (Q(zaehler__isnull=True, nenner__isnull=True, zitat__isnull=True) & ~Q(kennzeichen="")),
                name="messwert_gezaehlt_zitiert_oder_gekennzeichnet",
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
        if self.zaehler is None:
            return None
        if self.kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}:
            return Decimal(self.zaehler)
        if self.nenner is None:
            return None
        return rate(self.zaehler, self.nenner, self.kennzahl.einheit, self.kennzahl.nenner_teiler)

    @property
    def nennerwert(self) -> Fraction | None:
        """The Nenner as it is meant: 9.825,0 and not 11.790.000."""
        return None if self.nenner is None else Fraction(self.nenner, self.kennzahl.nenner_teiler)

    @property
    def ist_zeitpunkt(self) -> bool:
        return self.von == self.bis


class Gruppensumme(models.Model):
    """ΣZ and ΣN of a group for a Kennzahl, month and sex out of one Datenstand, made when it is published.

    Sums of what may be shown: a Jobcenter whose value is missing or hidden is not in `anzahl`.
    """

    pk = models.CompositePrimaryKey("gruppe_id", "kennzahl_id", "geschlecht", "bis", "von", "datenstand_id")
    gruppe = models.ForeignKey(Vergleichsgruppe, on_delete=models.CASCADE, related_name="summen", db_index=False, db_constraint=False)
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices)
    bis = models.DateField("bis")
    von = models.DateField("von")
    datenstand = models.ForeignKey(Datenstand, on_delete=models.CASCADE, related_name="gruppensummen", db_constraint=False)
    zaehler = models.BigIntegerField("Zähler")
    nenner = models.BigIntegerField("Nenner", null=True)
    anzahl = models.PositiveSmallIntegerField("Anzahl der Jobcenter")

    class Meta:
        verbose_name = "Gruppensumme"
        verbose_name_plural = "Gruppensummen"

    def __str__(self) -> str:
        return f"{self.gruppe}: {self.kennzahl}, {self.bis}"


def rate(zaehler: int, nenner: int, einheit: str, teiler: int = 1) -> Decimal:
    """Z/N in per cent; for a change (K1, K1E1, K1E2, K3) Z/N − 1. Exact inside, rounded only for the eye.

    The Nenner counts in parts of the Teiler (1200 for a mean of twelve months).
    """
    quotient = Decimal(zaehler * teiler * 100) / nenner
    return quotient - 100 if einheit == Einheit.VERAENDERUNG else quotient
