"""What stays on paper: a row per report is the job, the file its result."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.berichte.enums import Berichtsart, Berichtsstatus
from jobcenter.common import clock
from jobcenter.common.models import set_together
from jobcenter.konten.models import UserLike
from massnahmen.models import Fassung


class BerichtQuerySet(models.QuerySet["Bericht"]):
    def visible_to(self, user: UserLike) -> "BerichtQuerySet":
        """Staff see every report, everybody the finished ones of published Fassungen."""
        if user.has_perm("berichte.view_bericht"):
            return self
        return self.filter(status=Berichtsstatus.FERTIG, fassung__in=Fassung.objects.veroeffentlicht())

    def due(self) -> "BerichtQuerySet":
        """Asked for, or claimed by a worker whose lease ran out."""
        now = clock.now()
        waiting = Q(status=Berichtsstatus.ANGEFORDERT, naechster_versuch__lte=now)
        return self.filter(waiting | Q(status=Berichtsstatus.IN_ARBEIT, lease_bis__lt=now))


class Bericht(models.Model):
    """One report on one Fassung: asked for, claimed with an attempt number and a lease, finished once."""

    art = models.CharField("Art", max_length=12, choices=Berichtsart.choices)
    fassung = models.ForeignKey(Fassung, on_delete=models.PROTECT, related_name="berichte", verbose_name="Fassung")
    status = models.CharField("Stand", max_length=12, choices=Berichtsstatus.choices, default=Berichtsstatus.ANGEFORDERT)
    angefordert_am = models.DateTimeField("angefordert am", default=clock.now)
    angefordert_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="angefordert von"
    )
    versuch = models.PositiveSmallIntegerField("Versuch", default=0)
    naechster_versuch = models.DateTimeField("nächster Versuch", default=clock.now)
    lease_bis = models.DateTimeField("in Arbeit bis", null=True, blank=True)
    fortschritt = models.PositiveSmallIntegerField("Fortschritt in Prozent", default=0)
    schritt = models.CharField("Schritt", max_length=80, blank=True)
    fehler = models.TextField("Fehler", blank=True)
    fertig_am = models.DateTimeField("fertig am", null=True, blank=True)
    datei = models.CharField("Datei im Medienspeicher", max_length=200, null=True, blank=True)
    pruefsumme = models.CharField("Prüfsumme der Datei", max_length=64, null=True, blank=True)
    groesse = models.PositiveIntegerField("Größe in Byte", null=True, blank=True)
    seiten = models.PositiveIntegerField("Seiten", null=True, blank=True)

    objects = BerichtQuerySet.as_manager()

    class Meta:
        verbose_name = "Bericht"
        verbose_name_plural = "Berichte"
        ordering = ["-angefordert_am"]
        constraints = [
            models.UniqueConstraint(fields=["art", "fassung"], name="bericht_einmal_je_fassung"),
            models.CheckConstraint(condition=Q(status__in=Berichtsstatus.values), name="bericht_status_bekannt"),
            models.CheckConstraint(condition=Q(fortschritt__range=(0, 100)), name="bericht_fortschritt"),
            set_together(
                "fertig_am", "datei", "pruefsumme", "groesse", "seiten", when=Q(status="fertig"), name="bericht_fertig_vollstaendig"
            ),
            set_together("lease_bis", when=Q(status="in_arbeit"), name="bericht_lease_nur_in_arbeit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()}: {self.fassung}"
