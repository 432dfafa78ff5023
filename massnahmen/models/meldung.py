"""What happened in a measure, month by month, and what became of those who left it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jobcenter.common import clock
from jobcenter.common.models import Versioniert
from massnahmen.models.massnahme import Massnahme
from massnahmen.models.sichtbarkeit import StaffQuerySet

MOST = 100_000  # people or days of one measure in one month


def _counts(*fields: str) -> Q:
    return Q(**{f"{field}__lte": MOST for field in fields})


@pghistory.track()
class Monatsmeldung(Versioniert):
    """One month of a measure: Förderfälle, not people. Changed by a correction, which the history of rows keeps.

    `platztage` are the contract's places times the days of the month in its term, as they were when the month was reported;
    `teilnahmetage` may be more (Überbuchung).
    """

    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="meldungen", verbose_name="Maßnahme")
    monat = models.DateField("Monat")
    platztage = models.PositiveIntegerField("Platztage", default=0)
    teilnahmetage = models.PositiveIntegerField("Teilnahmetage", default=0)
    zuweisungen = models.PositiveIntegerField("Zuweisungen", default=0)
    nichtantritte = models.PositiveIntegerField("nicht angetreten", default=0)
    eintritte = models.PositiveIntegerField("Eintritte", default=0)
    austritte_regulaer = models.PositiveIntegerField("Austritte zum geplanten Ende", default=0)
    austritte_arbeit = models.PositiveIntegerField("Austritte in Arbeit oder Ausbildung", default=0)
    austritte_abbruch = models.PositiveIntegerField("Abbrüche", default=0)
    austritte_sonstige = models.PositiveIntegerField("Austritte aus anderem Grund", default=0)
    integrationen = models.PositiveIntegerField("Integrationen", default=0)
    kosten_cent = models.BigIntegerField("Ist-Kosten in Cent", default=0)
    gemeldet_von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="gemeldet von")
    gemeldet_am = models.DateTimeField("gemeldet am", default=clock.now)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Monatsmeldung"
        verbose_name_plural = "Monatsmeldungen"
        ordering = ["monat"]
        constraints = [
            models.UniqueConstraint(fields=["massnahme", "monat"], name="monatsmeldung_einmal_je_monat"),
            models.CheckConstraint(condition=Q(monat__day=1), name="monatsmeldung_erster_tag"),
            models.CheckConstraint(
                condition=_counts(
                    *("zuweisungen", "nichtantritte", "eintritte", "austritte_regulaer", "austritte_arbeit", "austritte_abbruch"),
                    *("austritte_sonstige", "integrationen"),
                )
                & Q(platztage__lte=31 * 10_000, teilnahmetage__lte=31 * 20_000),
                name="monatsmeldung_plausibel",
            ),
            models.CheckConstraint(
                condition=Q(kosten_cent__range=(-100_000_000_00, 100_000_000_00)), name="monatsmeldung_kosten_plausibel"
            ),
        ]
        indexes = [models.Index(fields=["monat"], name="monatsmeldung_monat")]

    def __str__(self) -> str:
        return f"{self.massnahme}, {self.monat:%m/%Y}"

    @property
    def austritte(self) -> int:
        return self.austritte_regulaer + self.austritte_arbeit + self.austritte_abbruch + self.austritte_sonstige


@pghistory.track()
class Verbleib(Versioniert):
    """What became of those who left a measure in one month, six months later. Known three months after that at the earliest."""

    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="verbleibe", verbose_name="Maßnahme")
    monat = models.DateField("Monat des Austritts")
    austritte = models.PositiveIntegerField("Austritte")
    beschaeftigt = models.PositiveIntegerField("davon sozialversicherungspflichtig beschäftigt")
    nicht_arbeitslos = models.PositiveIntegerField("davon nicht arbeitslos")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Verbleib"
        verbose_name_plural = "Verbleibe"
        ordering = ["monat"]
        constraints = [
            models.UniqueConstraint(fields=["massnahme", "monat"], name="verbleib_einmal_je_monat"),
            models.CheckConstraint(condition=Q(monat__day=1), name="verbleib_erster_tag"),
            models.CheckConstraint(
                condition=Q(austritte__range=(1, MOST), beschaeftigt__lte=F("austritte"), nicht_arbeitslos__lte=F("austritte")),
                name="verbleib_teil_der_austritte",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.massnahme}, Austritte {self.monat:%m/%Y}"
