"""Who advises: the seats of the Beirat, its sessions, its named votes and their numbered Beschlüsse."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from beirat.enums import Abstimmungsstatus, Bank, Ergebnis, Funktion, Sitzungsstatus, Topart, Wahl
from jobcenter.common import clock
from jobcenter.common.models import Versioniert, set_together, single
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike
from massnahmen.models import Fassung

FROZEN = pgtrigger.Update | pgtrigger.Delete


class Organisation(models.Model):
    """Who sends members: associations, chambers, unions, churches."""

    name = models.CharField("Name", max_length=160, unique=True)
    bank = models.CharField("Gruppe", max_length=20, choices=Bank.choices)

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MitgliedQuerySet(models.QuerySet["Mitglied"]):
    def active(self, day=None) -> "MitgliedQuerySet":
        """Whose term covers the day (today unless given)."""
        return self.filter(amtszeit__contains=day or clock.today())

    def voting(self) -> "MitgliedQuerySet":
        return self.filter(stimmberechtigt=True)


@pghistory.track()
class Mitglied(models.Model):
    """A seat held by a person for a term [from, until); appointed by the Landkreis on the proposal of an Organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mitglieder", verbose_name="Organisation")
    konto = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mitgliedschaften", verbose_name="Konto")
    name = models.CharField("Name", max_length=120)
    funktion = models.CharField("Funktion", max_length=16, choices=Funktion.choices, default=Funktion.MITGLIED)
    stimmberechtigt = models.BooleanField("stimmberechtigt", default=True)
    amtszeit = DateRangeField("Amtszeit")

    objects = MitgliedQuerySet.as_manager()

    class Meta:
        verbose_name = "Mitglied"
        verbose_name_plural = "Mitglieder"
        ordering = ["name"]
        constraints = [
            ExclusionConstraint(
                name="mitglied_ein_sitz_je_konto",
                expressions=[(single(F("konto")), RangeOperators.EQUAL), ("amtszeit", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="mitglied_ein_vorsitz",
                expressions=[("amtszeit", RangeOperators.OVERLAPS)],
                condition=Q(funktion=Funktion.VORSITZ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SitzungQuerySet(models.QuerySet["Sitzung"]):
    def visible_to(self, user: UserLike) -> "SitzungQuerySet":
        """Staff and members see every session, visitors those to which invitations went out."""
        if _is_inside(user):
            return self
        return self.exclude(status__in=[Sitzungsstatus.GEPLANT])

    def upcoming(self) -> "SitzungQuerySet":
        return self.filter(beginn__gte=clock.now()).exclude(status=Sitzungsstatus.ABGESAGT).order_by("beginn")


@pghistory.track()
class Sitzung(Versioniert):
    """A session; its running number counts since the Beirat was founded ("22. Sitzung")."""

    nummer = models.PositiveSmallIntegerField("laufende Nummer", unique=True)
    beginn = models.DateTimeField("Beginn")
    ort = models.CharField("Ort", max_length=160)
    status = models.CharField("Stand", max_length=12, choices=Sitzungsstatus.choices, default=Sitzungsstatus.GEPLANT)
    eroeffnet_am = models.DateTimeField("eröffnet am", null=True, blank=True)
    geschlossen_am = models.DateTimeField("geschlossen am", null=True, blank=True)

    objects = SitzungQuerySet.as_manager()

    class Meta:
        verbose_name = "Sitzung"
        verbose_name_plural = "Sitzungen"
        ordering = ["-nummer"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Sitzungsstatus.values), name="sitzung_status_bekannt"),
            set_together("eroeffnet_am", when=Q(status__in=["eroeffnet", "geschlossen"]), name="sitzung_eroeffnet"),
            set_together("geschlossen_am", when=Q(status="geschlossen"), name="sitzung_geschlossen"),
            # one session at a time can be in the room
            models.UniqueConstraint(fields=["status"], condition=Q(status="eroeffnet"), name="sitzung_eine_eroeffnet"),
        ]

    def __str__(self) -> str:
        return f"{self.nummer}. Sitzung"


class Vorlage(models.Model):
    """A paper for the Beirat. One that carries a Fassung asks for advice on exactly that text."""

    nummer = models.CharField("Nummer", max_length=20, unique=True)
    titel = models.CharField("Titel", max_length=200)
    text = models.TextField("Worum geht es?", blank=True)
    fassung = models.ForeignKey(Fassung, on_delete=models.PROTECT, related_name="vorlagen", verbose_name="Fassung", null=True, blank=True)
    angelegt_am = models.DateTimeField("angelegt am", default=clock.now)

    class Meta:
        verbose_name = "Vorlage"
        verbose_name_plural = "Vorlagen"
        triggers = [pgtrigger.Protect(name="vorlage_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"Vorlage {self.nummer}"


class TopQuerySet(models.QuerySet["Tagesordnungspunkt"]):
    def visible_to(self, user: UserLike) -> "TopQuerySet":
        """Visitors see public items of sessions that they may see."""
        if _is_inside(user):
            return self
        return self.filter(oeffentlich=True).exclude(sitzung__status=Sitzungsstatus.GEPLANT)


@pghistory.track()
class Tagesordnungspunkt(models.Model):
    """An item of a session's agenda."""

    sitzung = models.ForeignKey(Sitzung, on_delete=models.CASCADE, related_name="tops", verbose_name="Sitzung")
    nummer = models.PositiveSmallIntegerField("Nummer")
    titel = models.CharField("Titel", max_length=200)
    art = models.CharField("Art", max_length=14, choices=Topart.choices, default=Topart.BERATUNG)
    oeffentlich = models.BooleanField("öffentlich", default=False)
    vorlage = models.OneToOneField(Vorlage, on_delete=models.PROTECT, related_name="top", verbose_name="Vorlage", null=True, blank=True)

    objects = TopQuerySet.as_manager()

    class Meta:
        verbose_name = "Tagesordnungspunkt"
        verbose_name_plural = "Tagesordnungspunkte"
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(fields=["sitzung", "nummer"], name="top_nummer_einmal", deferrable=models.Deferrable.DEFERRED)
        ]

    def __str__(self) -> str:
        return f"TOP {self.nummer} {self.titel}"


@pghistory.track()
class Anwesenheit(models.Model):
    """A member who is in the room."""

    sitzung = models.ForeignKey(Sitzung, on_delete=models.PROTECT, related_name="anwesenheiten", verbose_name="Sitzung")
    mitglied = models.ForeignKey(Mitglied, on_delete=models.PROTECT, related_name="anwesenheiten", verbose_name="Mitglied")
    seit = models.DateTimeField("seit", default=clock.now)

    class Meta:
        verbose_name = "Anwesenheit"
        verbose_name_plural = "Anwesenheiten"
        constraints = [models.UniqueConstraint(fields=["sitzung", "mitglied"], name="anwesenheit_einmal")]
        triggers = [
            pgtrigger.Trigger(
                name="anwesenheit_nach_schluss_fest",
                when=pgtrigger.Before,
                operation=FROZEN,
                declare=[("stand", "text")],
                func="""
                    SELECT status INTO stand FROM beirat_sitzung WHERE id = OLD.sitzung_id;
                    IF stand = 'geschlossen' THEN
                        RAISE EXCEPTION 'Die Sitzung ist geschlossen.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.mitglied} in der {self.sitzung}"


class AbstimmungQuerySet(models.QuerySet["Abstimmung"]):
    def visible_to(self, user: UserLike) -> "AbstimmungQuerySet":
        return self if _is_inside(user) else self.none()


class Abstimmung(models.Model):
    """A named vote on one agenda item. The numbers are computed from the votes when it closes, never typed."""

    top = models.ForeignKey(Tagesordnungspunkt, on_delete=models.PROTECT, related_name="abstimmungen", verbose_name="Tagesordnungspunkt")
    frage = models.CharField("Frage", max_length=300)
    status = models.CharField("Stand", max_length=12, choices=Abstimmungsstatus.choices, default=Abstimmungsstatus.OFFEN)
    eroeffnet_am = models.DateTimeField("eröffnet am", default=clock.now)
    eroeffnet_von = models.ForeignKey(Mitglied, on_delete=models.PROTECT, related_name="+", verbose_name="eröffnet von")
    stimmberechtigte = models.PositiveSmallIntegerField("Stimmberechtigte im Beirat")
    geschlossen_am = models.DateTimeField("geschlossen am", null=True, blank=True)
    geschlossen_von = models.ForeignKey(
        Mitglied, on_delete=models.PROTECT, related_name="+", verbose_name="geschlossen von", null=True, blank=True
    )
    anwesende = models.PositiveSmallIntegerField("anwesende Stimmberechtigte", null=True, blank=True)
    ja = models.PositiveSmallIntegerField("Ja", null=True, blank=True)
    nein = models.PositiveSmallIntegerField("Nein", null=True, blank=True)
    enthaltung = models.PositiveSmallIntegerField("Enthaltungen", null=True, blank=True)
    nicht_abgegeben = models.PositiveSmallIntegerField("nicht abgegeben", null=True, blank=True)
    ergebnis = models.CharField("Ergebnis", max_length=12, choices=Ergebnis.choices, null=True, blank=True)

    objects = AbstimmungQuerySet.as_manager()

    class Meta:
        verbose_name = "Abstimmung"
        verbose_name_plural = "Abstimmungen"
        ordering = ["-eroeffnet_am"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Abstimmungsstatus.values), name="abstimmung_status_bekannt"),
            set_together(
                "geschlossen_am",
                "geschlossen_von",
                "anwesende",
                "ja",
                "nein",
                "enthaltung",
                "nicht_abgegeben",
                "ergebnis",
                when=Q(status="geschlossen"),
                name="abstimmung_ergebnis_bei_schluss",
            ),
            models.CheckConstraint(
                condition=Q(ergebnis=None) | Q(ergebnis="angenommen", ja__gt=F("nein")) | Q(ergebnis="abgelehnt", ja__lte=F("nein")),
                name="abstimmung_ergebnis_folgt",
            ),
            models.CheckConstraint(
                condition=Q(anwesende=F("ja") + F("nein") + F("enthaltung") + F("nicht_abgegeben")), name="abstimmung_summe_stimmt"
            ),
            models.UniqueConstraint(fields=["top"], condition=Q(status="offen"), name="abstimmung_eine_offen_je_top"),
        ]
        triggers = [
            pgtrigger.Protect(name="abstimmung_unloeschbar", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="abstimmung_geschlossen", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__status="offen")),
        ]

    def __str__(self) -> str:
        return self.frage


class Stimme(models.Model):
    """The named vote of one member: one per ballot, only while it is open, never changed."""

    abstimmung = models.ForeignKey(Abstimmung, on_delete=models.PROTECT, related_name="stimmen", verbose_name="Abstimmung")
    mitglied = models.ForeignKey(Mitglied, on_delete=models.PROTECT, related_name="stimmen", verbose_name="Mitglied")
    wahl = models.CharField("Stimme", max_length=12, choices=Wahl.choices)
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Stimme"
        verbose_name_plural = "Stimmen"
        constraints = [
            models.UniqueConstraint(fields=["abstimmung", "mitglied"], name="stimme_einmal_je_mitglied"),
            models.CheckConstraint(condition=Q(wahl__in=Wahl.values), name="stimme_wahl_bekannt"),
        ]
        triggers = [
            pgtrigger.Protect(name="stimme_unveraenderlich", operation=FROZEN),
            pgtrigger.Trigger(
                name="stimme_nur_offen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("stand", "text")],
                func="""
                    SELECT status INTO stand FROM beirat_abstimmung WHERE id = NEW.abstimmung_id FOR SHARE;
                    IF stand <> 'offen' THEN
                        RAISE EXCEPTION 'Die Abstimmung ist nicht offen.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mitglied}: {self.get_wahl_display()}"


class Beschluss(models.Model):
    """What the Beirat resolved: numbered, permanent, pointing to the ballot and through its paper to one Fassung."""

    jahr = models.PositiveSmallIntegerField("Jahr")
    nummer = models.PositiveSmallIntegerField("Nummer")
    abstimmung = models.OneToOneField(Abstimmung, on_delete=models.PROTECT, related_name="beschluss", verbose_name="Abstimmung")
    fassung = models.ForeignKey(
        Fassung, on_delete=models.PROTECT, related_name="beschluesse", verbose_name="Fassung", null=True, blank=True
    )
    text = models.TextField("Beschlusstext")
    ergebnis = models.CharField("Ergebnis", max_length=12, choices=Ergebnis.choices)
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Beschluss"
        verbose_name_plural = "Beschlüsse"
        ordering = ["-jahr", "-nummer"]
        constraints = [models.UniqueConstraint(fields=["jahr", "nummer"], name="beschluss_nummer_einmal")]
        triggers = [pgtrigger.Protect(name="beschluss_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"Beschluss {self.nummer:02d}/{self.jahr}"


def _is_inside(user: UserLike) -> bool:
    if not user.is_authenticated:
        return False
    return user.has_rolle(*(rolle for rolle in Rolle)) or Mitglied.objects.active().filter(konto=user).exists()
