"""Whose figures there are, how they are compared, what they mean and who states them."""

from datetime import date
from functools import lru_cache

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from jobcenter.common.models import set_together
from kennzahlen.enums import Einheit, Gruppenart, Kennzahlart, Lizenz, Quellenart, Richtung, Traegerform, Zeitbezug

GELD = frozenset({"K1", "K1E1", "llu", "luh"})  # changes of sums of money, and these sums


class Jobcenter(models.Model):
    """One of the 404 Jobcenter of the country (Eingliederungsmittel-Verordnung 2026), or a fictional one numbered 99…

    After a reform the dissolved ones name their Nachfolger: its figures of earlier months are the sums of theirs (fiktiver
    Gebietsstand).
    """

    traegernummer = models.CharField("Trägernummer", max_length=5, unique=True)
    name = models.CharField("Name", max_length=120)
    form = models.CharField("Form", max_length=3, choices=Traegerform.choices)
    nachfolger = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="vorgaenger", verbose_name="aufgegangen in"
    )
    aufgegangen_am = models.DateField("aufgegangen am", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "Jobcenter"
        ordering = ["traegernummer"]
        constraints = [
            models.CheckConstraint(condition=Q(traegernummer__regex=r"^\d{5}$"), name="jobcenter_traegernummer_fuenfstellig"),
            models.CheckConstraint(condition=Q(form__in=Traegerform.values), name="jobcenter_form_bekannt"),
            models.CheckConstraint(condition=~Q(nachfolger=F("id")), name="jobcenter_nachfolger_anderes"),
            set_together("nachfolger", "aufgegangen_am", name="jobcenter_aufgegangen"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ist_fiktiv(self) -> bool:
        return self.traegernummer.startswith("99")


class Vergleichsgruppe(models.Model):
    """What a Jobcenter is compared with: all of the country, those of its Land, those of its SGB-II-Vergleichstyp."""

    art = models.CharField("Art", max_length=4, choices=Gruppenart.choices)
    code = models.CharField("Kürzel", max_length=20)
    name = models.CharField("Name", max_length=120)

    class Meta:
        verbose_name = "Vergleichsgruppe"
        verbose_name_plural = "Vergleichsgruppen"
        ordering = ["art", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(art__in=Gruppenart.values), name="vergleichsgruppe_art_bekannt"),
            models.UniqueConstraint(fields=["art", "code"], name="vergleichsgruppe_einmal"),
        ]

    def __str__(self) -> str:
        return self.name


class Zugehoerigkeit(models.Model):
    """To which group of each kind a Jobcenter belongs, and when. Master data, read from a list and never guessed."""

    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="zugehoerigkeiten", verbose_name="Jobcenter")
    gruppe = models.ForeignKey(Vergleichsgruppe, on_delete=models.PROTECT, related_name="mitglieder", verbose_name="Gruppe")
    art = models.CharField("Art", max_length=4, choices=Gruppenart.choices, editable=False)
    zeitraum = DateRangeField("gültig")

    class Meta:
        verbose_name = "Zugehörigkeit"
        verbose_name_plural = "Zugehörigkeiten"
        constraints = [
            ExclusionConstraint(
                name="zugehoerigkeit_eine_je_art",
                violation_error_message="Dieses Jobcenter gehört in diesem Zeitraum schon zu einer Gruppe derselben Art.",
                expressions=[
                    (Func(F("jobcenter"), F("jobcenter"), Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    (
                        Func(Func(F("art"), function="ascii"), Func(F("art"), function="ascii"), Value("[]"), function="int4range"),
                        RangeOperators.EQUAL,
                    ),
                    ("zeitraum", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jobcenter}: {self.gruppe}"


class Kennzahl(models.Model):
    """What a value means: definition, unit, which direction is good, and what its Zähler and Nenner count."""

    code = models.SlugField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=160)
    art = models.CharField("Art", max_length=12, choices=Kennzahlart.choices)
    einheit = models.CharField("Einheit", max_length=14, choices=Einheit.choices)
    richtung = models.CharField("Richtung", max_length=10, choices=Richtung.choices, default=Richtung.NEUTRAL)
    definition = models.TextField("Definition")
    frage = models.CharField("Frage in einfachen Worten", max_length=160, blank=True)
    zaehler_name = models.CharField("Der Zähler zählt", max_length=120, blank=True)
    nenner_name = models.CharField("Der Nenner zählt", max_length=120, blank=True)
    nenner_teiler = models.PositiveSmallIntegerField("Teiler des Nenners", default=1, editable=False)
    zeitbezug = models.CharField("Zeitbezug", max_length=8, choices=Zeitbezug.choices, default=Zeitbezug.BESTAND)
    teil_von = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teile",
        verbose_name="Teil von",
        help_text="Alle Teile zusammen ergeben diese Kennzahl. Die Geheimhaltung kleiner Zahlen rechnet damit.",
    )

    class Meta:
        verbose_name = "Kennzahl"
        verbose_name_plural = "Kennzahlen"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(nenner_teiler__in=(1, 1200)), name="kennzahl_nenner_teiler"),
            models.CheckConstraint(condition=~Q(teil_von=F("id")), name="kennzahl_teil_von_anderer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ist_geld(self) -> bool:
        """Whether its Zähler and Nenner are sums of money, in cents: no counts of people, and never a small number."""
        return self.einheit == Einheit.CENT or self.code in GELD

    @property
    def ist_quote(self) -> bool:
        return self.einheit == Einheit.PROZENT or self.einheit == Einheit.VERAENDERUNG  # noqa: PLR1714  # asked for every value


class Quelle(models.Model):
    """Who published a figure, where, and under which terms."""

    art = models.CharField("Art", max_length=20, choices=Quellenart.choices)
    herausgeber = models.CharField("Herausgeber", max_length=160)
    titel = models.CharField("Titel", max_length=200)
    lizenz = models.CharField("Nutzungsbedingungen", max_length=8, choices=Lizenz.choices, default=Lizenz.ZITAT)
    url = models.URLField("Adresse", blank=True)

    class Meta:
        verbose_name = "Quelle"
        verbose_name_plural = "Quellen"
        constraints = [models.UniqueConstraint(fields=["herausgeber", "titel"], name="quelle_einmal")]

    def __str__(self) -> str:
        return f"{self.herausgeber}: {self.titel}"

    @property
    def ist_eigene(self) -> bool:
        return self.art == Quellenart.EIGENE_ERHEBUNG


class Datenstand(models.Model):
    """The day on which a source stated its figures. Published, it never changes again: a correction is a new Datenstand.

    The values of a large delivery are a partition of their own; its Datenstand has an id from FIRST_LARGE on, by which
    PostgreSQL finds it.
    """

    FIRST_LARGE = 1_000_000_000

    quelle = models.ForeignKey(Quelle, on_delete=models.PROTECT, related_name="datenstaende", verbose_name="Quelle")
    tag = models.DateField("Stand")

    class Meta:
        verbose_name = "Datenstand"
        verbose_name_plural = "Datenstände"
        constraints = [models.UniqueConstraint(fields=["quelle", "tag"], name="datenstand_einmal_je_quelle")]
        triggers = [pgtrigger.Protect(name="datenstand_unveraenderlich", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.quelle}, Stand {self.tag:%d.%m.%Y}"


@lru_cache(maxsize=4096)
def month_bounds(month: date) -> tuple[date, date]:
    """First and last day of the month of a day."""
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, date.fromordinal(after.toordinal() - 1)
