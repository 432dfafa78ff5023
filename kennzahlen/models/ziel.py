"""What was agreed with the Land for a year (§ 48b SGB II), and when the portal said that it is in danger."""

import pghistory
from django.db import models
from django.db.models import Q

from jobcenter.common import clock
from jobcenter.common.models import Versioniert
from kennzahlen.enums import Geschlecht, Zielart, Zielrichtung
from kennzahlen.models.stammdaten import Jobcenter, Kennzahl


@pghistory.track()
class Zielwert(Versioniert):
    """A rate, or a number within the year, that is to be reached at least or at most. In the unit of the Kennzahl."""

    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="zielwerte", verbose_name="Jobcenter")
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.PROTECT, related_name="zielwerte", verbose_name="Kennzahl")
    jahr = models.PositiveSmallIntegerField("Jahr")
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices, default=Geschlecht.INSGESAMT)
    art = models.CharField("Art", max_length=6, choices=Zielart.choices, default=Zielart.WERT)
    richtung = models.CharField("Richtung", max_length=10, choices=Zielrichtung.choices, default=Zielrichtung.MINDESTENS)
    wert = models.DecimalField("Zielwert", max_digits=12, decimal_places=2)
    toleranz = models.DecimalField("Toleranz", max_digits=8, decimal_places=2, default=0)
    nur_beobachtung = models.BooleanField("nur Beobachtung", default=False)

    class Meta:
        verbose_name = "Zielwert"
        verbose_name_plural = "Zielwerte"
        constraints = [
            models.UniqueConstraint(fields=["jobcenter", "kennzahl", "jahr", "geschlecht", "art"], name="zielwert_einmal"),
            models.CheckConstraint(condition=Q(toleranz__gte=0), name="zielwert_toleranz_nicht_negativ"),
            models.CheckConstraint(condition=Q(jahr__range=(2005, 2100)), name="zielwert_jahr"),
        ]

    def __str__(self) -> str:
        return f"{self.kennzahl} {self.jahr}: {self.wert}"


class Zielwarnung(models.Model):
    """The forecast of a month said that a goal will be missed. Once per goal and month, so that nobody is told twice."""

    zielwert = models.ForeignKey(Zielwert, on_delete=models.CASCADE, related_name="warnungen", verbose_name="Zielwert")
    monat = models.DateField("Monat")
    prognose = models.DecimalField("Prognose", max_digits=14, decimal_places=4)
    erkannt_am = models.DateTimeField("erkannt am", default=clock.now)

    class Meta:
        verbose_name = "Zielwarnung"
        verbose_name_plural = "Zielwarnungen"
        ordering = ["-monat"]
        constraints = [models.UniqueConstraint(fields=["zielwert", "monat"], name="zielwarnung_einmal_je_monat")]

    def __str__(self) -> str:
        return f"{self.zielwert}: {self.monat:%m.%Y}"
