"""What stays on paper: a row per report is the job, the file its result."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.berichte.enums import Berichtsart
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import AuftragQuerySet, LangerAuftrag, set_together
from jobcenter.konten.models import UserLike
from massnahmen.models import Arbeitsmarktprogramm, Fassung


class BerichtQuerySet(AuftragQuerySet):
    def visible_to(self, user: UserLike) -> "BerichtQuerySet":
        """Staff see every report, everybody the finished ones of published Fassungen."""
        if user.has_perm("berichte.view_bericht"):
            return self
        return self.filter(status=Auftragsstatus.FERTIG, fassung__in=Fassung.objects.veroeffentlicht())


class Bericht(LangerAuftrag):
    """One report on one Fassung: asked for, claimed with an attempt number and a lease, finished once."""

    LEASE = timedelta(seconds=settings.BERICHT_LEASE_SECONDS)

    art = models.CharField("Art", max_length=12, choices=Berichtsart.choices)
    fassung = models.ForeignKey(Fassung, on_delete=models.PROTECT, related_name="berichte", verbose_name="Fassung")
    angefordert_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="angefordert von"
    )
    datei = models.CharField("Datei im Medienspeicher", max_length=200, null=True, blank=True)
    pruefsumme = models.CharField("Prüfsumme der Datei", max_length=64, null=True, blank=True)
    groesse = models.PositiveIntegerField("Größe in Byte", null=True, blank=True)
    seiten = models.PositiveIntegerField("Seiten", null=True, blank=True)

    objects = BerichtQuerySet.as_manager()

    class Meta(LangerAuftrag.Meta):
        verbose_name = "Bericht"
        verbose_name_plural = "Berichte"
        ordering = ["-angelegt_am"]
        constraints = [
            *LangerAuftrag.Meta.constraints,
            models.UniqueConstraint(fields=["art", "fassung"], name="bericht_einmal_je_fassung"),
            set_together("datei", "pruefsumme", "groesse", "seiten", when=Q(status="fertig"), name="bericht_fertig_vollstaendig"),
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()}: {self.fassung}"


class EntwurfsdruckQuerySet(AuftragQuerySet):
    def visible_to(self, user: UserLike) -> "EntwurfsdruckQuerySet":
        """Drafts stay in the house."""
        return self if user.has_perm("berichte.print_entwurf") else self.none()

    def kept(self) -> "EntwurfsdruckQuerySet":
        """Those that are not older than a day."""
        return self.filter(angelegt_am__gt=clock.now() - Entwurfsdruck.KEPT)


class Entwurfsdruck(LangerAuftrag):
    """A draft on paper, to be read by staff: content and file lie in the row itself and are gone after a day."""

    LEASE = Bericht.LEASE
    MAX_VERSUCHE = 2  # somebody is waiting, and asks again
    KEPT = timedelta(days=1)

    programm = models.ForeignKey(Arbeitsmarktprogramm, on_delete=models.CASCADE, related_name="entwurfsdrucke", verbose_name="Programm")
    inhalt = models.TextField("Inhalt")
    pruefsumme = models.CharField("Prüfsumme", max_length=64)
    angefordert_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="angefordert von"
    )
    pdf = models.BinaryField("PDF", null=True, blank=True)
    seiten = models.PositiveIntegerField("Seiten", null=True, blank=True)

    objects = EntwurfsdruckQuerySet.as_manager()

    class Meta(LangerAuftrag.Meta):
        verbose_name = "Entwurf als PDF"
        verbose_name_plural = "Entwürfe als PDF"
        ordering = ["-angelegt_am"]
        constraints = [
            *LangerAuftrag.Meta.constraints,
            set_together("pdf", "seiten", when=Q(status="fertig"), name="entwurfsdruck_fertig_vollstaendig"),
        ]

    def __str__(self) -> str:
        return f"Entwurf: {self.programm}"
