"""Frozen versions of a programme, and what was said and decided about each of them."""

from functools import cached_property

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value

from jobcenter.common import clock
from jobcenter.common.models import set_together
from jobcenter.konten.models import UserLike
from massnahmen.enums import Beratungsergebnis, Fassungsanlass, Gremienergebnis, Umgang
from massnahmen.models.programm import Arbeitsmarktprogramm
from massnahmen.models.sichtbarkeit import is_staff

FROZEN = pgtrigger.Update | pgtrigger.Delete


class FassungQuerySet(models.QuerySet["Fassung"]):
    def visible_to(self, user: UserLike) -> "FassungQuerySet":
        """Staff see every Fassung, everybody sees the published ones. Members meet theirs through the agenda (beirat)."""
        return self if is_staff(user) else self.veroeffentlicht()

    def vorgelegt(self) -> "FassungQuerySet":
        """Those that were handed to the Beirat; the others were frozen for the BCA."""
        return self.filter(anlass=Fassungsanlass.BEIRAT)

    def veroeffentlicht(self) -> "FassungQuerySet":
        return self.filter(beratung__veroeffentlichung__am__lte=clock.now())


class Fassung(models.Model):
    """One frozen version of a programme: complete content as canonical JSON, its fingerprint checked by the database.

    Votes, Beschluss, public page, PDF and press release point here and are rendered from `inhalt` alone.
    """

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.PROTECT, related_name="fassungen", verbose_name="Programm")
    nummer = models.PositiveSmallIntegerField("Nummer")
    anlass = models.CharField("für wen", max_length=12, choices=Fassungsanlass.choices, default=Fassungsanlass.BEIRAT)
    inhalt = models.TextField("Inhalt")
    pruefsumme = models.CharField("Prüfsumme", max_length=64)
    vorgelegt_am = models.DateTimeField("vorgelegt am", default=clock.now)
    vorgelegt_von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="vorgelegt von")

    objects = FassungQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["-programm__jahr", "-nummer"]
        constraints = [
            models.UniqueConstraint(fields=["programm", "nummer"], name="fassung_nummer_einmal"),
            models.CheckConstraint(condition=Q(anlass__in=Fassungsanlass.values), name="fassung_anlass_bekannt"),
            models.CheckConstraint(
                condition=Q(
                    pruefsumme=Func(
                        Func(Func(F("inhalt"), Value("UTF8"), function="convert_to"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="fassung_pruefsumme_stimmt",
            ),
        ]
        triggers = [pgtrigger.Protect(name="fassung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.programm}, Fassung {self.nummer}"


class BcaStellungnahme(models.Model):
    """What the Beauftragte für Chancengleichheit says about a Fassung (§ 18e Abs. 3 SGB II), and how the Jobcenter deals with it."""

    fassung = models.OneToOneField(Fassung, on_delete=models.PROTECT, related_name="bca_stellungnahme", verbose_name="Fassung")
    text = models.TextField("Stellungnahme")
    am = models.DateTimeField("am", default=clock.now)
    von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="von")
    umgang = models.CharField("Umgang", max_length=12, choices=Umgang.choices, null=True, blank=True)
    begruendung = models.TextField("Antwort", null=True, blank=True)
    beantwortet_am = models.DateTimeField("beantwortet am", null=True, blank=True)
    beantwortet_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="beantwortet von", null=True, blank=True
    )

    class Meta:
        verbose_name = "Stellungnahme der BCA"
        verbose_name_plural = "Stellungnahmen der BCA"
        constraints = [
            models.CheckConstraint(condition=Q(umgang__in=Umgang.values), name="bca_umgang_bekannt"),
            set_together("umgang", "begruendung", "beantwortet_am", "beantwortet_von", name="bca_antwort_ganz"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="bca_text_unveraenderlich", exclude=["umgang", "begruendung", "beantwortet_am", "beantwortet_von"]),
            pgtrigger.Protect(name="bca_bleibt", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="bca_antwort_unveraenderlich", operation=pgtrigger.Update, condition=pgtrigger.Q(old__beantwortet_am__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Stellungnahme der BCA zu {self.fassung}"


class Beratung(models.Model):
    """The Beirat's advice on one Fassung (§ 18d SGB II), written when its ballot is closed."""

    fassung = models.OneToOneField(Fassung, on_delete=models.PROTECT, related_name="beratung", verbose_name="Fassung")
    ergebnis = models.CharField("Ergebnis", max_length=12, choices=Beratungsergebnis.choices)
    ja = models.PositiveSmallIntegerField("Ja")
    nein = models.PositiveSmallIntegerField("Nein")
    enthaltung = models.PositiveSmallIntegerField("Enthaltungen")
    beschluss = models.CharField("Beschluss", max_length=60)
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Beratung"
        verbose_name_plural = "Beratungen"
        constraints = [
            models.CheckConstraint(
                condition=Q(ergebnis="zugestimmt", ja__gt=F("nein")) | Q(ergebnis="abgelehnt", ja__lte=F("nein")),
                name="beratung_ergebnis_folgt",
            )
        ]
        triggers = [pgtrigger.Protect(name="beratung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.fassung}: {self.get_ergebnis_display()}"

    @property
    def braucht_antwort(self) -> bool:
        """A No or a split vote has to be answered in writing before publishing."""
        return self.ergebnis == Beratungsergebnis.ABGELEHNT or self.nein > 0

    @property
    def ist_einstimmig(self) -> bool:
        return self.ja > 0 and self.nein == 0 and self.enthaltung == 0

    @property
    def wortlaut(self) -> str:
        """How page, paper and press say it: einstimmig, ohne Gegenstimme or mehrheitlich zugestimmt, or abgelehnt."""
        if self.ergebnis == Beratungsergebnis.ABGELEHNT:
            return "abgelehnt"
        if self.ist_einstimmig:
            return "einstimmig zugestimmt"
        return f"{'mehrheitlich' if self.nein else 'ohne Gegenstimme'} zugestimmt"


class Gremienbeschluss(models.Model):
    """What a committee or the Kreistag decided about a Fassung. A wrong entry is taken back with its reason and stays."""

    fassung = models.ForeignKey(Fassung, on_delete=models.PROTECT, related_name="gremienbeschluesse", verbose_name="Fassung")
    gremium = models.CharField("Gremium", max_length=120)
    am = models.DateField("Sitzung am")
    ergebnis = models.CharField("Ergebnis", max_length=14, choices=Gremienergebnis.choices)
    nummer = models.CharField("Nummer der Vorlage", max_length=60)
    ja = models.PositiveSmallIntegerField("Ja", null=True, blank=True)
    nein = models.PositiveSmallIntegerField("Nein", null=True, blank=True)
    enthaltung = models.PositiveSmallIntegerField("Enthaltungen", null=True, blank=True)
    entscheidend = models.BooleanField("entscheidet", default=False)  # the last body that the instance names
    eingetragen_am = models.DateTimeField("eingetragen am", default=clock.now)
    eingetragen_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="eingetragen von"
    )
    zurueckgenommen_am = models.DateTimeField("zurückgenommen am", null=True, blank=True)
    rueckgrund = models.CharField("Grund der Rücknahme", max_length=300, null=True, blank=True)

    class Meta:
        verbose_name = "Beschluss eines Gremiums"
        verbose_name_plural = "Beschlüsse von Gremien"
        ordering = ["am", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fassung", "gremium", "am"], condition=Q(zurueckgenommen_am=None), name="gremienbeschluss_einmal_je_sitzung"
            ),
            models.CheckConstraint(condition=Q(ergebnis__in=Gremienergebnis.values), name="gremienbeschluss_ergebnis_bekannt"),
            set_together("ja", "nein", "enthaltung", name="gremienbeschluss_stimmen_ganz"),
            set_together("zurueckgenommen_am", "rueckgrund", name="gremienbeschluss_ruecknahme"),
            models.CheckConstraint(
                condition=Q(ja=None) | ~Q(ergebnis="beschlossen") | Q(ja__gt=F("nein")), name="gremienbeschluss_ergebnis_folgt"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="gremienbeschluss_unveraenderlich", exclude=["zurueckgenommen_am", "rueckgrund"]),
            pgtrigger.Protect(name="gremienbeschluss_bleibt", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="gremienbeschluss_bleibt_zurueck",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__zurueckgenommen_am__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gremium}: {self.get_ergebnis_display()}"


class Veroeffentlichung(models.Model):
    """The moment in which an advised Fassung became public. There is none without a Beratung."""

    beratung = models.OneToOneField(Beratung, on_delete=models.PROTECT, related_name="veroeffentlichung", verbose_name="Beratung")
    antwort = models.TextField("Antwort des Jobcenters an den Beirat", blank=True)
    am = models.DateTimeField("veröffentlicht am", default=clock.now)
    von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="veröffentlicht von")

    class Meta:
        verbose_name = "Veröffentlichung"
        verbose_name_plural = "Veröffentlichungen"
        ordering = ["-am"]
        triggers = [pgtrigger.Protect(name="veroeffentlichung_unveraenderlich", operation=FROZEN)]

    def __str__(self) -> str:
        return f"{self.fassung} veröffentlicht"

    @cached_property
    def fassung(self) -> Fassung:
        return self.beratung.fassung
