"""Charts as they were drawn last; a page shows them and never draws."""

from datetime import timedelta

from django.db import models

from jobcenter.common.models import AuftragQuerySet, LangerAuftrag
from kennzahlen.enums import Diagrammart
from kennzahlen.models.stammdaten import Kennzahl


class Diagramm(LangerAuftrag):
    """One chart of our own Jobcenter: drawn by a worker when its figures have changed, for light and dark, wide and narrow.

    The drawings stay visible while the next ones are being made. `grundlage` is the fingerprint of what they show.
    """

    LEASE = timedelta(minutes=2)

    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.CASCADE, related_name="diagramme", verbose_name="Kennzahl")
    art = models.CharField("Art", max_length=8, choices=Diagrammart.choices)
    grundlage = models.CharField("Fingerabdruck der Zahlen", max_length=64, blank=True)
    svg = models.JSONField("Zeichnungen", default=dict)  # "hell-breit", "hell-schmal", "dunkel-breit", "dunkel-schmal" → SVG
    beschreibung = models.TextField("Beschreibung in Worten", blank=True)

    objects = AuftragQuerySet.as_manager()

    class Meta(LangerAuftrag.Meta):
        verbose_name = "Diagramm"
        verbose_name_plural = "Diagramme"
        constraints = [
            *LangerAuftrag.Meta.constraints,
            models.UniqueConstraint(fields=["kennzahl", "art"], name="diagramm_einmal_je_art"),
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()}: {self.kennzahl}"
