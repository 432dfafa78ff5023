"""What leaves by mail: one row per recipient is the letter, the mail server only its carrier."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.common import clock
from jobcenter.common.models import set_together
from jobcenter.post.enums import Versandstatus


class VersandQuerySet(models.QuerySet["Versand"]):
    def due(self) -> "VersandQuerySet":
        return self.filter(status=Versandstatus.WARTET, naechster_versuch__lte=clock.now()).order_by("pk")


class Versand(models.Model):
    """One mail to one person, kept until it is sent: a mail server that is away loses nothing."""

    an = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="an")
    anlass = models.CharField("Anlass", max_length=60)
    betreff = models.CharField("Betreff", max_length=160)
    text = models.TextField("Text")
    status = models.CharField("Stand", max_length=12, choices=Versandstatus.choices, default=Versandstatus.WARTET)
    angelegt_am = models.DateTimeField("angelegt am", default=clock.now)
    versuche = models.PositiveSmallIntegerField("Versuche", default=0)
    naechster_versuch = models.DateTimeField("nächster Versuch", default=clock.now)
    versendet_am = models.DateTimeField("versendet am", null=True, blank=True)
    fehler = models.TextField("letzter Fehler", blank=True)

    objects = VersandQuerySet.as_manager()

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["an", "anlass"], name="versand_einmal_je_anlass"),
            models.CheckConstraint(condition=Q(status__in=Versandstatus.values), name="versand_status_bekannt"),
            set_together("versendet_am", when=Q(status="versendet"), name="versand_versendet"),
        ]
        indexes = [models.Index(fields=["naechster_versuch"], condition=Q(status="wartet"), name="versand_faellig")]

    def __str__(self) -> str:
        return f"{self.betreff} an {self.an}"
