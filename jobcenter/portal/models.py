"""What visitors tell the portal about itself."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.models import set_together
from jobcenter.konten.models import UserLike
from jobcenter.portal.enums import Meldungsstatus


class BarrieremeldungQuerySet(models.QuerySet["Barrieremeldung"]):
    def visible_to(self, user: UserLike) -> "BarrieremeldungQuerySet":
        return self if user.has_perm("portal.view_barrieremeldung") else self.none()

    def open(self) -> "BarrieremeldungQuerySet":
        return self.filter(status=Meldungsstatus.OFFEN)


class Barrieremeldung(models.Model):
    """What a visitor could not use, and where; answered within a month (as § 12b Abs. 4 BGG demands of the Bund).

    Not in the history of rows: it may hold an address, and is deleted some time after it was answered.
    """

    schluessel = models.UUIDField("Schlüssel des Formulars", unique=True)  # the same form sent twice reports once
    jahr = models.PositiveSmallIntegerField("Jahr")
    nummer = models.PositiveIntegerField("Nummer")
    was = models.TextField("Was geht nicht?", max_length=4000)
    seite = models.CharField("Wo?", max_length=300, blank=True)
    mail = models.EmailField("E-Mail-Adresse", blank=True)
    gemeldet_am = models.DateTimeField("gemeldet am", default=clock.now)
    status = models.CharField("Stand", max_length=10, choices=Meldungsstatus.choices, default=Meldungsstatus.OFFEN)
    antwort = models.TextField("Antwort", max_length=4000, blank=True)
    erledigt_am = models.DateTimeField("beantwortet am", null=True, blank=True)
    erledigt_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="beantwortet von", null=True, blank=True
    )

    objects = BarrieremeldungQuerySet.as_manager()

    class Meta:
        verbose_name = "Barrieremeldung"
        verbose_name_plural = "Barrieremeldungen"
        ordering = ["gemeldet_am", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jahr", "nummer"], name="barrieremeldung_nummer_einmal"),
            models.CheckConstraint(condition=Q(status__in=Meldungsstatus.values), name="barrieremeldung_status_bekannt"),
            set_together("erledigt_am", "erledigt_von", when=Q(status="erledigt"), name="barrieremeldung_erledigt"),
            models.CheckConstraint(condition=Q(status="offen") | ~Q(antwort=""), name="barrieremeldung_mit_antwort"),
        ]
        indexes = [models.Index(fields=["gemeldet_am"], condition=Q(status="offen"), name="barrieremeldung_offen")]

    def __str__(self) -> str:
        return f"Barriere {self.nummer_text}"

    @property
    def nummer_text(self) -> str:
        """What a visitor is given to ask for it: B-7/2026."""
        return f"B-{self.nummer}/{self.jahr}"

    @property
    def antwort_bis(self) -> date:
        """The last day for an answer: a month after the report, in German time."""
        return clock.months_later(timezone.localdate(self.gemeldet_am), 1)

    @property
    def ist_ueberfaellig(self) -> bool:
        return self.status == Meldungsstatus.OFFEN and self.antwort_bis < clock.today()
