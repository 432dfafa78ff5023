"""What every room builds on, and the outbox of events."""

from django.db import models
from django.db.models import Q

from jobcenter.common import clock


class Versioniert(models.Model):
    """Optimistic lock: a form carries the version it was opened with, a save on top of a newer one is refused."""

    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        abstract = True


def set_together(*fields: str, when: Q | None = None, name: str) -> models.CheckConstraint:
    """All fields are set or all are NULL; with `when`, they are set exactly when it holds."""
    all_set = Q(*[(f"{field}__isnull", False) for field in fields])
    none_set = Q(*[(f"{field}__isnull", True) for field in fields])
    condition = (all_set | none_set) if when is None else ((when & all_set) | (~when & none_set))
    return models.CheckConstraint(condition=condition, name=name)


class Ereignis(models.Model):
    """Something that happened in a room and concerns later ones; written in the transaction in which it happened."""

    name = models.CharField("Name", max_length=100)
    objekt_id = models.BigIntegerField("Objekt")
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"

    def __str__(self) -> str:
        return f"{self.name} {self.objekt_id}"


class ZustellungQuerySet(models.QuerySet["Zustellung"]):
    def due(self) -> "ZustellungQuerySet":
        return self.filter(erledigt_am=None, naechster_versuch__lte=clock.now()).order_by("pk")


class Zustellung(models.Model):
    """One event for one subscriber: handled exactly once, tried again with growing pauses."""

    ereignis = models.ForeignKey(Ereignis, on_delete=models.CASCADE, related_name="zustellungen")
    abonnent = models.CharField("Abonnent", max_length=100)
    versuche = models.PositiveIntegerField("Versuche", default=0)
    naechster_versuch = models.DateTimeField("nächster Versuch", default=clock.now)
    erledigt_am = models.DateTimeField("erledigt am", null=True)
    fehler = models.TextField("letzter Fehler", blank=True)

    objects = ZustellungQuerySet.as_manager()

    class Meta:
        verbose_name = "Zustellung"
        verbose_name_plural = "Zustellungen"
        constraints = [models.UniqueConstraint(fields=["ereignis", "abonnent"], name="zustellung_einmal_je_abonnent")]
        indexes = [models.Index(fields=["naechster_versuch"], condition=Q(erledigt_am=None), name="zustellung_faellig")]

    def __str__(self) -> str:
        return f"{self.ereignis} an {self.abonnent}"


class Nummernkreis(models.Model):
    """The last number given in a year, so that the next one leaves no gap. Its row is locked while a number is given."""

    name = models.CharField("Name", max_length=40)
    jahr = models.PositiveSmallIntegerField("Jahr")
    letzte = models.PositiveIntegerField("letzte Nummer", default=0)

    class Meta:
        verbose_name = "Nummernkreis"
        verbose_name_plural = "Nummernkreise"
        constraints = [models.UniqueConstraint(fields=["name", "jahr"], name="nummernkreis_einmal_je_jahr")]

    def __str__(self) -> str:
        return f"{self.name} {self.letzte}/{self.jahr}"
