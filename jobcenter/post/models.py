"""What leaves by mail: one row per recipient is the letter, the mail server only its carrier."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.common.models import Auftrag, AuftragQuerySet


class VersandQuerySet(AuftragQuerySet):
    def due(self) -> Self:
        """To be handed to the mail server now; what waits for a digest is not."""
        return super().due().filter(sammelbar=False)


class Versand(Auftrag):
    """One mail to one address, kept until it is sent: a mail server that is away loses nothing.

    What is `sammelbar` waits for the recipient's digest and leaves inside it (`sammelbrief`). A `vertraulich` mail
    carries a link that opens an account: its text is forgotten once it is sent.
    """

    LEASE = timedelta(minutes=1)
    FIRST_PAUSE = timedelta(seconds=30)
    LONGEST_PAUSE = timedelta(hours=2)
    MAX_VERSUCHE = 10

    an = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="an", null=True, blank=True)
    adresse = models.EmailField("Adresse")
    anlass = models.CharField("Anlass", max_length=80, blank=True)
    betreff = models.CharField("Betreff", max_length=160)
    text = models.TextField("Text")
    vertraulich = models.BooleanField("vertraulich", default=False)
    sammelbar = models.BooleanField("wartet auf die Sammelmail", default=False)
    sammelbrief = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="gesammelte", verbose_name="Sammelmail", null=True, blank=True
    )

    objects = VersandQuerySet.as_manager()

    class Meta(Auftrag.Meta):
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["-pk"]
        constraints = [
            *Auftrag.Meta.constraints,
            # the same occasion is told a person once; mails without an occasion are single
            models.UniqueConstraint(fields=["an", "anlass"], condition=~Q(anlass=""), name="versand_einmal_je_anlass"),
            models.CheckConstraint(condition=Q(sammelbar=False) | Q(status="wartet"), name="versand_gesammelt_wartet"),
        ]

    def __str__(self) -> str:
        return f"{self.betreff} an {self.an or self.adresse}"
