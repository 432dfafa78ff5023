"""The programme of a year while it is written: chapters, goals, plans for training, and the way it has gone."""

from datetime import date
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q

from jobcenter.common import clock
from jobcenter.common.models import Kommentar, Versioniert
from kennzahlen.models import Zielwert, Zitat
from massnahmen.enums import BEARBEITBAR, PROGRAMM_TRANSITIONS, Abschlussart, Kapitelart, Kapitelstand, Programmstatus
from massnahmen.models.sichtbarkeit import StaffQuerySet
from massnahmen.models.stammdaten import Handlungsfeld


@pghistory.track()
class Arbeitsmarktprogramm(Versioniert):
    """The plan of one year. What the Beirat votes on is never this row but a frozen Fassung of it."""

    jahr = models.PositiveSmallIntegerField("Jahr", unique=True)
    titel = models.CharField("Titel", max_length=160)
    zusammenfassung = models.TextField("Zusammenfassung", blank=True)
    status = models.CharField("Stand", max_length=16, choices=Programmstatus.choices, default=Programmstatus.ENTWURF)

    objects = StaffQuerySet.as_manager()  # everybody else meets a programme as a published Fassung

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
        """Whether it can be written on now."""
        return self.status in BEARBEITBAR

    @property
    def ist_wieder_zu_oeffnen(self) -> bool:
        """Whether it can go back to writing. What is public is not reopened, it is continued (Fortschreibung)."""
        back = {Programmstatus.ENTWURF, Programmstatus.FORTSCHREIBUNG}
        return self.status != Programmstatus.VEROEFFENTLICHT and bool(PROGRAMM_TRANSITIONS[Programmstatus(self.status)] & back)

    @property
    def ist_beschlossen(self) -> bool:
        """Whether nothing but the Leitung stands between it and the public."""
        advised_only = self.status == Programmstatus.BERATEN and not settings.INSTANZ.programm.gremien
        return self.status == Programmstatus.BESCHLOSSEN or advised_only

    @property
    def ist_vorbei(self) -> bool:
        """Whether its year is over."""
        return clock.today() > date(self.jahr, 12, 31)


class Programmschritt(models.Model):
    """One step of a programme's way: from where to where, who, when, why. With the fingerprint of the Fassung it was about."""

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.PROTECT, related_name="schritte", verbose_name="Programm")
    von = models.CharField("von", max_length=16, choices=Programmstatus.choices, blank=True)
    nach = models.CharField("nach", max_length=16, choices=Programmstatus.choices)
    am = models.DateTimeField("am", default=clock.now)
    durch = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="durch")
    grund = models.TextField("Grund", blank=True)
    fassung = models.ForeignKey(
        "massnahmen.Fassung", on_delete=models.PROTECT, related_name="schritte", verbose_name="Fassung", null=True, blank=True
    )
    pruefsumme = models.CharField("Prüfsumme", max_length=64, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Schritt eines Programms"
        verbose_name_plural = "Schritte von Programmen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fassung=None, pruefsumme="") | Q(fassung__isnull=False, pruefsumme__regex="^[0-9a-f]{64}$"),
                name="programmschritt_pruefsumme",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="programmschritt_unveraenderlich", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="programmschritt_bleibt",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF OLD.von <> '' OR EXISTS (SELECT FROM massnahmen_fassung WHERE programm_id = OLD.programm_id) THEN
                        RAISE EXCEPTION 'pgtrigger: only the beginning of a draft that nobody was shown can be deleted';
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programm}: {self.get_nach_display()}"


@pghistory.track()
class Kapitel(Versioniert):
    """A chapter of the programme's text, with structure (common.richtext), somebody in charge, and how far it is."""

    KOMMENTAR_RECHT: ClassVar[str] = "massnahmen.comment_kapitel"
    KOMMENTAR_FELDER: ClassVar[dict[str, str]] = {}

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="kapitel", verbose_name="Programm")
    nummer = models.PositiveSmallIntegerField("Nummer")
    art = models.CharField("Art", max_length=16, choices=Kapitelart.choices, blank=True)
    titel = models.CharField("Titel", max_length=120)
    text = models.TextField("Text", blank=True)
    stand = models.CharField("Stand", max_length=8, choices=Kapitelstand.choices, default=Kapitelstand.OFFEN)
    verantwortlich = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", verbose_name="Verantwortlich", null=True, blank=True
    )

    # so that both go with a draft that is thrown away
    kommentare = GenericRelation(Kommentar, content_type_field="objekt_art", object_id_field="objekt_id")
    zitate = GenericRelation(Zitat, object_id_field="objekt_id")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Kapitel"
        verbose_name_plural = "Kapitel"
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(fields=["programm", "nummer"], name="kapitel_nummer_einmal"),
            models.CheckConstraint(condition=Q(stand__in=Kapitelstand.values), name="kapitel_stand_bekannt"),
            models.CheckConstraint(condition=~Q(stand="fertig", text=""), name="kapitel_fertig_hat_text"),
        ]

    def __str__(self) -> str:
        return f"{self.nummer} {self.titel}"


@pghistory.track()
class Programmziel(Versioniert):
    """What the year is to reach, in words, tied to the Zielwert that says how much."""

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="ziele", verbose_name="Programm")
    nummer = models.PositiveSmallIntegerField("Nummer")
    text = models.CharField("Was wollen wir erreichen?", max_length=300)
    handlungsfeld = models.ForeignKey(
        Handlungsfeld, on_delete=models.PROTECT, related_name="ziele", verbose_name="Handlungsfeld", null=True, blank=True
    )
    zielwert = models.ForeignKey(
        Zielwert, on_delete=models.PROTECT, related_name="programmziele", verbose_name="Zielwert", null=True, blank=True
    )

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Ziel"
        verbose_name_plural = "Ziele"
        ordering = ["nummer"]
        constraints = [models.UniqueConstraint(fields=["programm", "nummer"], name="programmziel_nummer_einmal")]

    def __str__(self) -> str:
        return f"Ziel {self.nummer}"


@pghistory.track()
class Bildungsziel(Versioniert):
    """A line of the Bildungszielplanung: vouchers for further training by quarter. Orientation for providers, no promise to buy.

    Part of a programme until 2024; since 1 January 2025 the Agentur für Arbeit plans it (§ 22 Abs. 4 SGB III).
    """

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="bildungsziele", verbose_name="Programm")
    berufsfeld = models.CharField("Berufsfeld", max_length=120)
    bildungsziel = models.CharField("Bildungsziel", max_length=160)
    abschlussart = models.CharField("Art", max_length=16, choices=Abschlussart.choices)
    gutscheine_q1 = models.PositiveSmallIntegerField("Gutscheine im 1. Quartal", default=0)
    gutscheine_q2 = models.PositiveSmallIntegerField("Gutscheine im 2. Quartal", default=0)
    gutscheine_q3 = models.PositiveSmallIntegerField("Gutscheine im 3. Quartal", default=0)
    gutscheine_q4 = models.PositiveSmallIntegerField("Gutscheine im 4. Quartal", default=0)
    dauer_monate = models.PositiveSmallIntegerField("Dauer in Monaten", null=True, blank=True)
    budget_cent = models.BigIntegerField("Budget in Cent", default=0)
    hinweis = models.CharField("Hinweis", max_length=300, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Bildungsziel"
        verbose_name_plural = "Bildungsziele"
        ordering = ["berufsfeld", "bildungsziel", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programm", "berufsfeld", "bildungsziel", "abschlussart"], name="bildungsziel_einmal"),
            models.CheckConstraint(condition=Q(abschlussart__in=Abschlussart.values), name="bildungsziel_abschlussart_bekannt"),
            models.CheckConstraint(
                condition=Q(
                    gutscheine_q1__lte=10_000,
                    gutscheine_q2__lte=10_000,
                    gutscheine_q3__lte=10_000,
                    gutscheine_q4__lte=10_000,
                    dauer_monate__range=(1, 60),
                    budget_cent__range=(0, 100_000_000_00),
                ),
                name="bildungsziel_plausibel",
            ),
        ]

    def __str__(self) -> str:
        return self.bildungsziel

    @property
    def gutscheine(self) -> int:
        return self.gutscheine_q1 + self.gutscheine_q2 + self.gutscheine_q3 + self.gutscheine_q4
