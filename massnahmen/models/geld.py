"""A year's money: what is allotted, how it is planned by instrument, what is bound, what has been paid; and projects over years."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField
from django.db import models
from django.db.models import F, Q

from jobcenter.common import clock
from jobcenter.common.models import Versioniert, single, text_key
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung
from massnahmen.models.sichtbarkeit import StaffQuerySet
from massnahmen.models.stammdaten import Instrument

MOST_CENT = 10_000_000_000_00

# Asked at the end of the transaction, behind a lock on the budget: two who move money at once cannot both be right.
_GEDECKT = """
    PERFORM 1 FROM massnahmen_budget WHERE id = {budget} FOR UPDATE;
    SELECT COALESCE(SUM(CASE WHEN u.richtung = 'zu_vwk' THEN u.betrag_cent ELSE -u.betrag_cent END), 0)
      INTO verschoben FROM massnahmen_umschichtung u WHERE u.budget_id = {budget};
    IF EXISTS (SELECT 1 FROM massnahmen_budget b WHERE b.id = {budget}
               AND (verschoben > b.zuteilung_egt_cent OR -verschoben > b.zuteilung_vwk_cent)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'umschichtung_gedeckt: more is moved than the title was allotted';
    END IF;
"""


def _covered(operation: pgtrigger.Operation, budget: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="umschichtung_gedeckt",
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("verschoben", "BIGINT")],
        func=_GEDECKT.format(budget=budget) + "RETURN NULL;",
    )


def _money_range(*fields: str, least: int = 0) -> Q:
    return Q(**{f"{field}__range": (least, MOST_CENT) for field in fields})


@pghistory.track()
class Budget(Versioniert):
    """What the Bund allots for a year (Zuteilung), and how much more than that may be planned (Überplanung).

    `ueberplanung_prozent` is 100 without, 110 for a tenth more: not every place that is planned is taken.
    """

    jahr = models.PositiveSmallIntegerField("Jahr", unique=True)
    zuteilung_egt_cent = models.BigIntegerField("Zuteilung Eingliederungstitel in Cent", default=0)
    zuteilung_vwk_cent = models.BigIntegerField("Zuteilung Verwaltungskosten in Cent", default=0)
    ist_schaetzung = models.BooleanField("geschätzt, noch nicht zugeteilt", default=False)
    quelle = models.CharField("Quelle", max_length=160, blank=True)
    ueberplanung_prozent = models.DecimalField("geplant werden dürfen (Prozent)", max_digits=4, decimal_places=1, default=Decimal(100))
    personal_cent = models.BigIntegerField("Personalkosten in Cent", default=0)
    sach_cent = models.BigIntegerField("Sachkosten in Cent", default=0)
    gemein_cent = models.BigIntegerField("Gemeinkosten in Cent", default=0)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Budget"
        verbose_name_plural = "Budgets"
        ordering = ["-jahr"]
        constraints = [
            models.CheckConstraint(condition=Q(jahr__range=(2005, 2100)), name="budget_jahr_plausibel"),
            models.CheckConstraint(
                condition=_money_range("zuteilung_egt_cent", "zuteilung_vwk_cent", "personal_cent", "sach_cent", "gemein_cent"),
                name="budget_plausibel",
            ),
            models.CheckConstraint(condition=Q(ueberplanung_prozent__range=(100, 130)), name="budget_ueberplanung_plausibel"),
        ]
        triggers = [_covered(pgtrigger.Update, "NEW.id")]

    def __str__(self) -> str:
        return f"Budget {self.jahr}"


@pghistory.track()
class Umschichtung(models.Model):
    """Money moved between both titles; they cover each other."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="umschichtungen", verbose_name="Budget")
    richtung = models.CharField("Richtung", max_length=8, choices=Umschichtungsrichtung.choices)
    betrag_cent = models.BigIntegerField("Betrag in Cent")
    am = models.DateField("am", default=clock.today)
    grund = models.CharField("Grund", max_length=300)
    durch = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="durch")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Umschichtung"
        verbose_name_plural = "Umschichtungen"
        ordering = ["am", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(richtung__in=Umschichtungsrichtung.values), name="umschichtung_richtung_bekannt"),
            models.CheckConstraint(condition=_money_range("betrag_cent", least=1), name="umschichtung_positiv"),
            models.CheckConstraint(condition=~Q(grund=""), name="umschichtung_mit_grund"),
        ]
        # One that goes may have covered another.
        triggers = [_covered(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, "COALESCE(NEW.budget_id, OLD.budget_id)")]

    def __str__(self) -> str:
        return f"Umschichtung {self.am:%d.%m.%Y}"


@pghistory.track()
class Teilbudget(Versioniert):
    """One line of the finance plan: what a year means to spend for one instrument, or for something that has none."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="teilbudgets", verbose_name="Budget")
    name = models.CharField("Bezeichnung", max_length=120)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="teilbudgets", verbose_name="Instrument", null=True, blank=True
    )
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", default=100)
    plan_cent = models.BigIntegerField("Plan in Cent", default=0)
    vorbindung_cent = models.BigIntegerField("Vorbindung aus früheren Jahren in Cent", default=0)
    bemerkung = models.CharField("Bemerkung", max_length=300, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Teilbudget"
        verbose_name_plural = "Teilbudgets"
        ordering = ["reihenfolge", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "name"], name="teilbudget_name_einmal"),
            models.UniqueConstraint(fields=["budget", "instrument"], name="teilbudget_instrument_einmal"),
            models.CheckConstraint(condition=_money_range("plan_cent", "vorbindung_cent"), name="teilbudget_plausibel"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.budget.jahr}"


@pghistory.track()
class Ausgabe(Versioniert):
    """What was paid out of a Teilbudget in a month, less what came back; a month with more coming back is negative."""

    teilbudget = models.ForeignKey(Teilbudget, on_delete=models.CASCADE, related_name="ausgaben", verbose_name="Teilbudget")
    monat = models.PositiveSmallIntegerField("Monat")
    betrag_cent = models.BigIntegerField("Betrag in Cent")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Ausgabe"
        verbose_name_plural = "Ausgaben"
        ordering = ["monat"]
        constraints = [
            models.UniqueConstraint(fields=["teilbudget", "monat"], name="ausgabe_einmal_je_monat"),
            models.CheckConstraint(condition=Q(monat__range=(1, 12)), name="ausgabe_monat"),
            models.CheckConstraint(condition=_money_range("betrag_cent", least=-MOST_CENT), name="ausgabe_plausibel"),
        ]

    def __str__(self) -> str:
        return f"{self.teilbudget}, Monat {self.monat}"


@pghistory.track()
class Regionalprojekt(Versioniert):
    """A project of the region over several years that several give money for."""

    name = models.CharField("Name", max_length=160, unique=True)
    beschreibung = models.TextField("Worum geht es?", blank=True)
    beginn = models.DateField("Beginn")
    ende = models.DateField("Ende")
    erreichte = models.PositiveIntegerField("wie viele Menschen es erreichen soll", null=True, blank=True)
    quelle = models.CharField("Quelle der Angaben", max_length=200, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Regionalprojekt"
        verbose_name_plural = "Regionalprojekte"
        ordering = ["-ende", "name"]
        constraints = [models.CheckConstraint(condition=Q(beginn__lte=F("ende")), name="regionalprojekt_laufzeit")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Projektmittel(models.Model):
    """One source's money for a project in a year, or in several of which only the sum is known."""

    projekt = models.ForeignKey(Regionalprojekt, on_delete=models.CASCADE, related_name="mittel", verbose_name="Projekt")
    quelle = models.CharField("Quelle", max_length=8, choices=Finanzquelle.choices)
    jahre = IntegerRangeField("Jahre")  # [from, to)
    betrag_cent = models.BigIntegerField("Betrag in Cent")
    ist_ungefaehr = models.BooleanField("ungefähr", default=False)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Mittel eines Projekts"
        verbose_name_plural = "Mittel von Projekten"
        ordering = ["quelle", "jahre"]
        constraints = [
            models.CheckConstraint(condition=_money_range("betrag_cent", least=1), name="projektmittel_positiv"),
            models.CheckConstraint(condition=Q(quelle__in=Finanzquelle.values), name="projektmittel_quelle_bekannt"),
            models.CheckConstraint(condition=Q(jahre__contained_by=(2000, 2101), jahre__isempty=False), name="projektmittel_jahre"),
            ExclusionConstraint(
                name="projektmittel_jahr_einmal_je_quelle",
                expressions=[
                    (single(F("projekt")), "="),
                    (single(text_key("quelle")), "="),
                    ("jahre", "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_quelle_display()}: {self.betrag_cent} ct"
