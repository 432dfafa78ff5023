"""From the need for a measure to its contract: the procurement, who offered what, what was agreed, and every step on the way."""

from datetime import date, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.models import Versioniert, set_together, single, text_key
from jobcenter.konten.models import UserLike
from massnahmen.enums import EU_WEIT, Leistungsart, Massnahmestand, Vergabeart, Vertragsart
from massnahmen.models.massnahme import Massnahme
from massnahmen.models.sichtbarkeit import StaffQuerySet
from massnahmen.models.traeger import Traeger

INFORMATIONSFRIST = timedelta(days=10)  # § 134 Abs. 2 GWB: sent electronically; begins on the day after
PREIS = Q(preis_cent__range=(0, 1_000_000_000_00))


class Wertgrenze(models.Model):
    """Up to which estimated value a kind of procurement is allowed, from when to when. Master data: EU, Bund and Land change it."""

    vergabeart = models.CharField("Vergabeart", max_length=16, choices=Vergabeart.choices)
    leistungsart = models.CharField("Leistungsart", max_length=8, choices=Leistungsart.choices)
    bis_cent = models.BigIntegerField("erlaubt bis (netto, in Cent)", help_text="Unter 750.000 € heißt: bis 74999999 Cent.")
    gueltig_von = models.DateField("gültig von", null=True, blank=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)
    quelle = models.CharField("Rechtsgrundlage", max_length=160)

    class Meta:
        verbose_name = "Wertgrenze"
        verbose_name_plural = "Wertgrenzen"
        ordering = ["vergabeart", "leistungsart", "gueltig_von"]
        constraints = [
            models.CheckConstraint(condition=Q(gueltig_von__lte=F("gueltig_bis")), name="wertgrenze_gueltigkeit"),
            models.CheckConstraint(condition=Q(bis_cent__gt=0), name="wertgrenze_positiv"),
            models.CheckConstraint(
                condition=Q(vergabeart__in=Vergabeart.values, leistungsart__in=Leistungsart.values), name="wertgrenze_arten_bekannt"
            ),
            ExclusionConstraint(
                name="wertgrenze_eine_je_tag",
                expressions=[
                    (single(text_key("vergabeart")), "="),
                    (single(text_key("leistungsart")), "="),
                    (Func(F("gueltig_von"), F("gueltig_bis"), Value("[]"), function="daterange", output_field=DateRangeField()), "&&"),
                ],
                violation_error_message="An diesen Tagen gilt schon ein anderer Wert. Beenden Sie ihn, bevor der neue beginnt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_vergabeart_display()}, {self.get_leistungsart_display()}"


class VertraulichQuerySet(models.QuerySet["Vergabe"]):
    """Estimates, bidders and prices: only for those who conduct procurements, before the award and after it."""

    def visible_to(self, user: UserLike) -> "VertraulichQuerySet":
        return self if user.has_perm("massnahmen.view_vergabe") else self.none()


@pghistory.track()
class Vergabe(Versioniert):
    """One attempt to find a provider for a measure. Called off, it stays, and the next one begins anew."""

    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="vergaben", verbose_name="Maßnahme")
    aktenzeichen = models.CharField("Aktenzeichen", max_length=60, blank=True)
    leistungsart = models.CharField("Leistungsart", max_length=8, choices=Leistungsart.choices, default=Leistungsart.SOZIAL)
    vergabeart = models.CharField("Vergabeart", max_length=16, choices=Vergabeart.choices)
    wert_cent = models.BigIntegerField("geschätzter Auftragswert netto in Cent")
    begonnen_am = models.DateField("begonnen am", default=clock.today)
    bekanntmachung_am = models.DateField("bekannt gemacht am", null=True, blank=True)
    bekanntmachung_url = models.URLField("Bekanntmachung im Netz", max_length=400, blank=True)
    angebotsfrist = models.DateTimeField("Ende der Angebotsfrist", null=True, blank=True)
    information_am = models.DateField("Bieter informiert am", null=True, blank=True)
    aufgehoben_am = models.DateField("aufgehoben am", null=True, blank=True)
    aufhebungsgrund = models.CharField("Grund der Aufhebung", max_length=300, null=True, blank=True)

    objects = VertraulichQuerySet.as_manager()

    class Meta:
        verbose_name = "Vergabe"
        verbose_name_plural = "Vergaben"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["massnahme"], condition=Q(aufgehoben_am=None), name="vergabe_eine_je_massnahme"),
            models.CheckConstraint(condition=Q(vergabeart__in=Vergabeart.values), name="vergabe_art_bekannt"),
            models.CheckConstraint(condition=Q(leistungsart__in=Leistungsart.values), name="vergabe_leistungsart_bekannt"),
            models.CheckConstraint(condition=Q(wert_cent__range=(1, 1_000_000_000_00)), name="vergabe_wert_plausibel"),
            models.CheckConstraint(condition=Q(bekanntmachung_am__gte=F("begonnen_am")), name="vergabe_bekanntmachung_danach"),
            set_together("aufgehoben_am", "aufhebungsgrund", name="vergabe_aufhebung"),
        ]

    def __str__(self) -> str:
        return f"Vergabe „{self.massnahme}“"

    @property
    def first_day_of_award(self) -> date | None:
        """From which day on the order may be given; None while the bidders of an EU-wide procedure were not told."""
        if self.vergabeart not in EU_WEIT:
            return timezone.localdate(self.angebotsfrist) if self.angebotsfrist else self.begonnen_am
        return self.information_am + INFORMATIONSFRIST + timedelta(days=1) if self.information_am else None


@pghistory.track()
class Bieterangebot(models.Model):
    """What a bidder asks for. Confidential: it never leaves the circle of those who conduct the procurement."""

    vergabe = models.ForeignKey(Vergabe, on_delete=models.PROTECT, related_name="angebote", verbose_name="Vergabe")
    traeger = models.ForeignKey(Traeger, on_delete=models.PROTECT, related_name="angebote", verbose_name="Träger")
    preis_cent = models.BigIntegerField("Preis in Cent")
    bewertung = models.CharField("Wertung", max_length=300, blank=True)

    objects = VertraulichQuerySet.as_manager()

    class Meta:
        verbose_name = "Angebot eines Bieters"
        verbose_name_plural = "Angebote von Bietern"
        ordering = ["preis_cent", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vergabe", "traeger"], name="angebot_einmal_je_traeger"),
            models.CheckConstraint(condition=PREIS, name="angebot_preis_plausibel"),
        ]

    def __str__(self) -> str:
        return f"Angebot von {self.traeger}"


@pghistory.track()
class Vertrag(Versioniert):
    """What a provider does for which price, from when to when. `ende` is the last day with every option drawn, `preis_cent` without."""

    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="vertraege", verbose_name="Maßnahme")
    traeger = models.ForeignKey(Traeger, on_delete=models.PROTECT, related_name="vertraege", verbose_name="Träger")
    vergabe = models.OneToOneField(Vergabe, on_delete=models.PROTECT, related_name="vertrag", verbose_name="Vergabe", null=True, blank=True)
    art = models.CharField("Art", max_length=8, choices=Vertragsart.choices, default=Vertragsart.VERTRAG)
    nummer = models.CharField("Nummer", max_length=60, blank=True)
    geschlossen_am = models.DateField("geschlossen am")
    beginn = models.DateField("Beginn")
    ende = models.DateField("Ende")
    ende_ohne_optionen = models.DateField("Ende ohne Optionen", null=True, blank=True)  # once the first is drawn
    plaetze = models.PositiveIntegerField("Plätze")
    preis_cent = models.BigIntegerField("Preis in Cent")
    nachweis_bis = models.DateField("Verwendungsnachweis bis", null=True, blank=True)
    nachweis_am = models.DateField("Verwendungsnachweis geprüft am", null=True, blank=True)
    gekuendigt_zum = models.DateField("gekündigt zum", null=True, blank=True)
    kuendigungsgrund = models.CharField("Grund der Kündigung", max_length=300, null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Vertrag"
        verbose_name_plural = "Verträge"
        ordering = ["-beginn", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["massnahme"], name="vertrag_einer_je_massnahme"),
            models.CheckConstraint(condition=Q(art__in=Vertragsart.values), name="vertrag_art_bekannt"),
            models.CheckConstraint(condition=Q(beginn__lte=F("ende")), name="vertrag_laufzeit"),
            models.CheckConstraint(
                condition=Q(ende_ohne_optionen__gte=F("beginn"), ende_ohne_optionen__lt=F("ende")), name="vertrag_ende_ohne_optionen"
            ),
            models.CheckConstraint(condition=Q(plaetze__range=(1, 10_000)), name="vertrag_plaetze_plausibel"),
            models.CheckConstraint(condition=PREIS, name="vertrag_preis_plausibel"),
            models.CheckConstraint(condition=Q(gekuendigt_zum__lte=F("ende")), name="vertrag_kuendigung_vor_dem_ende"),
            models.CheckConstraint(
                condition=Q(nachweis_bis=None, nachweis_am=None) | Q(art="bescheid"), name="vertrag_nachweis_nur_zuwendung"
            ),
            set_together("gekuendigt_zum", "kuendigungsgrund", name="vertrag_kuendigung"),
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()} {self.nummer}".strip()


@pghistory.track()
class Vertragsoption(models.Model):
    """A further term that the Jobcenter may draw until a day, for a price that is agreed already."""

    vertrag = models.ForeignKey(Vertrag, on_delete=models.PROTECT, related_name="optionen", verbose_name="Vertrag")
    nummer = models.PositiveSmallIntegerField("Nummer")
    ende = models.DateField("verlängert bis")
    preis_cent = models.BigIntegerField("Preis in Cent")
    ziehbar_bis = models.DateField("zu ziehen bis")
    gezogen_am = models.DateField("gezogen am", null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Option"
        verbose_name_plural = "Optionen"
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(fields=["vertrag", "nummer"], name="option_nummer_einmal"),
            models.CheckConstraint(condition=PREIS, name="option_preis_plausibel"),
            models.CheckConstraint(condition=Q(ziehbar_bis__lt=F("ende")), name="option_vor_dem_ende"),
            models.CheckConstraint(condition=Q(gezogen_am__lte=F("ziehbar_bis")), name="option_rechtzeitig"),
        ]

    def __str__(self) -> str:
        return f"Option {self.nummer}"


class Massnahmenschritt(models.Model):
    """One step of a measure's way: from where to where, who, when, why."""

    massnahme = models.ForeignKey(Massnahme, on_delete=models.PROTECT, related_name="schritte", verbose_name="Maßnahme")
    von = models.CharField("von", max_length=16, choices=Massnahmestand.choices)
    nach = models.CharField("nach", max_length=16, choices=Massnahmestand.choices)
    am = models.DateTimeField("am", default=clock.now)
    durch = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="durch")
    grund = models.TextField("Grund", blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "Schritt einer Maßnahme"
        verbose_name_plural = "Schritte von Maßnahmen"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="massnahmenschritt_unveraenderlich", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.massnahme}: {self.get_nach_display()}"
