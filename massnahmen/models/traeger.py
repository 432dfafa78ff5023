"""Who carries out measures: organisations, whom to talk to there, and what they are certified for."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jobcenter.common.models import Versioniert
from massnahmen.enums import Fachbereich
from massnahmen.models.sichtbarkeit import StaffQuerySet

# Five years at most (§ 5 Abs. 4 AZAV), and a month: a renewal often begins a little before the one it follows has ended.
LONGEST = timedelta(days=5 * 365 + 2 + 31)


@pghistory.track()
class Traeger(Versioniert):
    """An organisation that carries out measures."""

    name = models.CharField("Name", max_length=160, unique=True)
    ort = models.CharField("Ort", max_length=80)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Träger"
        verbose_name_plural = "Träger"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Traegerkontakt(Versioniert):
    """Somebody to talk to at a provider. For the Jobcenter's staff only, and without a history: who has left is forgotten."""

    traeger = models.ForeignKey(Traeger, on_delete=models.CASCADE, related_name="kontakte", verbose_name="Träger")
    name = models.CharField("Name", max_length=120)
    funktion = models.CharField("Funktion", max_length=120, blank=True)
    mail = models.EmailField("E-Mail", blank=True)
    telefon = models.CharField("Telefon", max_length=40, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Kontakt eines Trägers"
        verbose_name_plural = "Kontakte von Trägern"
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(mail="", telefon=""), name="traegerkontakt_erreichbar")]

    def __str__(self) -> str:
        return self.name


def kurz(fachbereiche: Iterable[int]) -> str:
    """Fachbereiche as a table names them: „Aktivierung, Weiterbildung“."""
    return ", ".join(Fachbereich(number).kurz for number in sorted(set(fachbereiche)))


class ZulassungQuerySet(StaffQuerySet):
    def valid_on(self, day: date) -> "ZulassungQuerySet":
        return self.filter(gueltig_von__lte=day, gueltig_bis__gte=day)


class _Zulassung(Versioniert):
    """A certificate of a fachkundige Stelle (§§ 176–181 SGB III, AZAV)."""

    nummer = models.CharField("Nummer des Zertifikats", max_length=60)
    stelle = models.CharField("Fachkundige Stelle", max_length=120)
    gueltig_von = models.DateField("gültig von")
    gueltig_bis = models.DateField("gültig bis")

    objects = ZulassungQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-gueltig_bis", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gueltig_von__lte=F("gueltig_bis")), name="%(class)s_gueltigkeit"),
            models.CheckConstraint(condition=Q(gueltig_bis__lte=F("gueltig_von") + LONGEST), name="%(class)s_dauer"),
        ]

    def __str__(self) -> str:
        return f"{self.nummer} ({self.stelle})"


@pghistory.track()
class Traegerzulassung(_Zulassung):
    """What a provider may do, and until when. Renewed by a new one, so that the old one stays readable."""

    traeger = models.ForeignKey(Traeger, on_delete=models.PROTECT, related_name="zulassungen", verbose_name="Träger")
    fachbereiche = ArrayField(models.PositiveSmallIntegerField(choices=Fachbereich.choices), verbose_name="Fachbereiche")

    class Meta(_Zulassung.Meta):
        verbose_name = "Trägerzulassung"
        verbose_name_plural = "Trägerzulassungen"
        constraints = [
            *_Zulassung.Meta.constraints,
            models.UniqueConstraint(fields=["traeger", "nummer"], name="traegerzulassung_einmal"),
            models.CheckConstraint(
                condition=Q(fachbereiche__len__gt=0, fachbereiche__contained_by=Fachbereich.values), name="traegerzulassung_fachbereiche"
            ),
        ]

    def get_fachbereiche_display(self) -> list[Any]:
        return [Fachbereich(number).label for number in sorted(self.fachbereiche)]

    @property
    def fachbereiche_kurz(self) -> str:
        return kurz(self.fachbereiche)


@pghistory.track()
class Massnahmezulassung(_Zulassung):
    """That a measure may be chosen with a voucher (§ 179 SGB III), at most three to five years."""

    massnahme = models.ForeignKey("massnahmen.Massnahme", on_delete=models.PROTECT, related_name="zulassungen", verbose_name="Maßnahme")

    class Meta(_Zulassung.Meta):
        verbose_name = "Maßnahmezulassung"
        verbose_name_plural = "Maßnahmezulassungen"
        constraints = [
            *_Zulassung.Meta.constraints,
            models.UniqueConstraint(fields=["massnahme", "nummer"], name="massnahmezulassung_einmal"),
        ]
