"""What leaves by mail: one row per recipient is the letter, the mail server only its carrier."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.common.models import Auftrag, AuftragQuerySet
from jobcenter.konten.models import User, UserLike
from jobcenter.post.enums import Versandstand

STEUERZEICHEN = r"[\x01-\x1f\x7f]"
VERGESSEN = "Dieser Text enthielt einen vertraulichen Link. Er wurde gelöscht, als die Mail verschickt war."
ABGELAUFEN = "Dieser Text war vertraulich. Er wurde gelöscht, weil die Mail nicht rechtzeitig verschickt werden konnte."


class VersandQuerySet(AuftragQuerySet):
    def visible_to(self, user: UserLike) -> Self:
        """Administration; in the demo everybody who is signed in."""
        return self if user.has_perm("post.view_versand") else self.none()

    def due(self) -> Self:
        """To be handed to the mail server now; what waits for a digest is not."""
        return super().due().filter(sammelbar=False)

    def search(self, words: str) -> Self:
        """By name, address or subject."""
        found = Q(betreff__icontains=words) | Q(adresse__icontains=words) | Q(an__name__icontains=words)
        return self.filter(found) if words else self

    def in_stand(self, stand: str) -> Self:
        """The state as readers know it; an empty one is every state."""
        match stand:
            case "":
                return self
            case Versandstand.SAMMELMAIL:
                return self.filter(sammelbar=True)
            case Versandstand.GESAMMELT:
                return self.exclude(sammelbrief=None)
        return self.filter(status=stand, sammelbar=False, sammelbrief=None)

    def waiting_for_digest(self, an: User) -> Self:
        """What one person hears of in the next digest, oldest first."""
        return self.filter(an=an, sammelbar=True).order_by("pk")


class Versand(Auftrag):
    """One mail to one address, kept until it is sent: a mail server that is away loses nothing.

    What is `sammelbar` waits for the recipient's digest and leaves inside it (`sammelbrief`). A `vertraulich` mail
    carries a link that opens an account: its text is forgotten once it is sent, or when it could not be sent in time.
    """

    LEASE = timedelta(minutes=1)
    FIRST_PAUSE = timedelta(seconds=30)
    LONGEST_PAUSE = timedelta(hours=2)
    MAX_VERSUCHE = 10

    an = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="an", null=True, blank=True)
    adresse = models.EmailField("Adresse")
    anlass = models.CharField("Anlass", max_length=80, blank=True)
    betreff = models.CharField("Betreff", max_length=160)
    text = models.TextField("Text")  # what there is to say; greeting, reason and sender are put around it on the way out
    grund = models.CharField("warum die Person die Mail bekommt", max_length=200, blank=True)
    vertraulich = models.BooleanField("vertraulich", default=False)
    sammelbar = models.BooleanField("wartet auf die Sammelmail", default=False)
    sammelbrief = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="gesammelte", verbose_name="Sammelmail", null=True, blank=True
    )
    wiederholung_von = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="wiederholungen", verbose_name="Wiederholung von", null=True, blank=True
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
            # a line break in a header would begin the next header
            models.CheckConstraint(
                condition=~Q(betreff__regex=STEUERZEICHEN) & ~Q(adresse__regex=STEUERZEICHEN), name="versand_kopfzeilen_einzeilig"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.betreff} an {self.an or self.adresse}"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mail server that took the first one knows the second."""
        domain = settings.INSTANZ.kontakt.mail.rpartition("@")[2]
        return f"<versand-{self.pk}.{self.angelegt_am:%Y%m%d%H%M%S}@{domain}>"

    @property
    def stand(self) -> Versandstand:
        if self.sammelbar:
            return Versandstand.SAMMELMAIL
        return Versandstand.GESAMMELT if self.sammelbrief_id else Versandstand(self.status)

    @property
    def ist_vergessen(self) -> bool:
        """Whether its text is gone for good."""
        return self.vertraulich and self.text in {VERGESSEN, ABGELAUFEN}
