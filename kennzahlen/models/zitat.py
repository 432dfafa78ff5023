"""Figures that texts quote, each tied to its value."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from jobcenter.common import clock
from kennzahlen.enums import Genauigkeit, Geschlecht, Wiedergabe
from kennzahlen.models.stammdaten import Datenstand, Jobcenter, Kennzahl


class Zitat(models.Model):
    """A figure as a text prints it, and the value that it quotes, by its natural key.

    The database holds the key: a quoted value exists (a foreign key onto the partitioned table, in the migration).
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    objekt_id = models.PositiveBigIntegerField("Objekt")
    objekt = GenericForeignKey("content_type", "objekt_id")
    text = models.CharField("so steht es im Text", max_length=80)
    wiedergabe = models.CharField("zitiert wird", max_length=20, choices=Wiedergabe.choices, default=Wiedergabe.WERT)
    genauigkeit = models.CharField("Genauigkeit", max_length=8, choices=Genauigkeit.choices, default=Genauigkeit.GENAU)
    kennzahl = models.ForeignKey(Kennzahl, on_delete=models.PROTECT, related_name="+", verbose_name="Kennzahl")
    geschlecht = models.CharField("Geschlecht", max_length=1, choices=Geschlecht.choices, default=Geschlecht.INSGESAMT)
    bis = models.DateField("bis")
    von = models.DateField("von")
    jobcenter = models.ForeignKey(Jobcenter, on_delete=models.PROTECT, related_name="+", verbose_name="Jobcenter")
    datenstand = models.ForeignKey(Datenstand, on_delete=models.PROTECT, related_name="+", verbose_name="Datenstand")
    von_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="belegt von")
    am = models.DateTimeField("belegt am", default=clock.now)

    class Meta:
        verbose_name = "Zitat"
        verbose_name_plural = "Zitate"
        indexes = [models.Index(fields=["content_type", "objekt_id"], name="zitat_objekt")]
        constraints = [models.UniqueConstraint(fields=["content_type", "objekt_id", "text"], name="zitat_einmal_je_text")]

    def __str__(self) -> str:
        return f"„{self.text}“: {self.kennzahl}"
