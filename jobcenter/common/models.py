"""What every room builds on: optimistic lock, background jobs, the outbox of events, drafts and comments on any object."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Func, Q, Value

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus


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


def single(value: F | Func) -> Func:
    """One number as a range of one, for exclusion constraints: GiST compares ranges without the extension btree_gist."""
    return Func(value, value, Value("[]"), function="int8range")


def text_key(column: str) -> Func:
    """A text as a number, for `single`."""
    return Func(F(column), Value(0), function="hashtextextended")


class AuftragQuerySet(models.QuerySet[Any]):
    def due(self) -> Self:
        """Waiting and its time has come, or claimed by a worker whose lease ran out.

        A time further ahead than any pause or lease was written by a clock that has since been set back: due as well.
        """
        now, kind = clock.now(), self.model
        waiting = Q(naechster_versuch__lte=now) | Q(naechster_versuch__gt=now + kind.LONGEST_PAUSE)
        abandoned = Q(lease_bis__lt=now) | Q(lease_bis__gt=now + 2 * kind.LEASE)
        return self.filter(Q(status=Auftragsstatus.WARTET) & waiting | Q(status=Auftragsstatus.IN_ARBEIT) & abandoned)


class Auftrag(models.Model):
    """A background job: the row is the job, a Celery message only the nudge. Its steps are in common/jobs.py.

    `versuch` counts every attempt there ever was; a worker may finish only the attempt whose number it was given.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)  # how long a worker may be silent
    FIRST_PAUSE: ClassVar[timedelta] = timedelta(seconds=20)  # doubled after every failure
    LONGEST_PAUSE: ClassVar[timedelta] = timedelta(hours=2)
    MAX_VERSUCHE: ClassVar[int] = 5  # in a row, then a person decides; asking again begins the next ones

    status = models.CharField("Stand", max_length=12, choices=Auftragsstatus.choices, default=Auftragsstatus.WARTET)
    angelegt_am = models.DateTimeField("angelegt am", default=clock.now)
    versuch = models.PositiveIntegerField("Versuch", default=0)
    naechster_versuch = models.DateTimeField("nächster Versuch", default=clock.now)
    lease_bis = models.DateTimeField("in Arbeit bis", null=True, blank=True)
    fehler = models.TextField("letzter Fehler", blank=True)
    fertig_am = models.DateTimeField("fertig am", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Auftragsstatus.values), name="%(class)s_status_bekannt"),
            set_together("fertig_am", when=Q(status="fertig"), name="%(class)s_fertig"),
            set_together("lease_bis", when=Q(status="in_arbeit"), name="%(class)s_lease_nur_in_arbeit"),
        ]
        indexes = [
            models.Index(fields=["naechster_versuch"], condition=Q(status__in=["wartet", "in_arbeit"]), name="%(class)s_faellig"),
            models.Index(fields=["angelegt_am"], condition=Q(status="gescheitert"), name="%(class)s_gescheitert"),
        ]

    @property
    def is_last_attempt(self) -> bool:
        return self.versuch > 0 and self.versuch % self.MAX_VERSUCHE == 0


class LangerAuftrag(Auftrag):
    """A job that takes long enough for somebody to watch it."""

    fortschritt = models.PositiveSmallIntegerField("Fortschritt in Prozent", default=0)
    schritt = models.CharField("Schritt", max_length=80, blank=True)

    class Meta(Auftrag.Meta):
        abstract = True
        constraints = [
            *Auftrag.Meta.constraints,
            models.CheckConstraint(condition=Q(fortschritt__range=(0, 100)), name="%(class)s_fortschritt"),
        ]


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


class Zustellung(Auftrag):
    """One event for one subscriber: handled exactly once, tried again with growing pauses."""

    FIRST_PAUSE = timedelta(seconds=10)
    LONGEST_PAUSE = timedelta(hours=1)
    MAX_VERSUCHE = 20  # about half a day

    ereignis = models.ForeignKey(Ereignis, on_delete=models.CASCADE, related_name="zustellungen")
    abonnent = models.CharField("Abonnent", max_length=100)

    objects = AuftragQuerySet.as_manager()

    class Meta(Auftrag.Meta):
        verbose_name = "Zustellung"
        verbose_name_plural = "Zustellungen"
        constraints = [
            *Auftrag.Meta.constraints,
            models.UniqueConstraint(fields=["ereignis", "abonnent"], name="zustellung_einmal_je_abonnent"),
        ]

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


class Regeldienst(models.Model):
    """When a regular duty was last seen to, so that beat knows what was missed while it was off."""

    name = models.CharField("Name", max_length=60, primary_key=True)
    zuletzt_am = models.DateTimeField("zuletzt am", default=clock.now)

    class Meta:
        verbose_name = "Regeldienst"
        verbose_name_plural = "Regeldienste"

    def __str__(self) -> str:
        return self.name


class Zwischenstand(models.Model):
    """What somebody typed into a form and has not saved yet: one private slot per person and page.

    Unchecked, not in the history, seen by nobody else; a save of the form or 30 days empty it.
    """

    konto = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="Konto")
    seite = models.CharField("Pfad der Seite", max_length=300)
    felder = models.JSONField("Felder")  # name → list of values as the browser sent them
    geaendert_am = models.DateTimeField("geändert am", default=clock.now)

    class Meta:
        verbose_name = "Zwischenstand"
        verbose_name_plural = "Zwischenstände"
        constraints = [models.UniqueConstraint(fields=["konto", "seite"], name="zwischenstand_einer_je_seite")]

    def __str__(self) -> str:
        return f"{self.konto} an {self.seite}"


class Einreichung(models.Model):
    """A form that creates something was sent: the same form sent twice creates it once."""

    schluessel = models.UUIDField("Schlüssel des Formulars", primary_key=True)
    konto = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="Konto")
    ziel = models.CharField("wohin es führte", max_length=300, blank=True)
    am = models.DateTimeField("am", default=clock.now)

    class Meta:
        verbose_name = "Einreichung"
        verbose_name_plural = "Einreichungen"

    def __str__(self) -> str:
        return str(self.schluessel)


class KommentarQuerySet(models.QuerySet["Kommentar"]):
    def on(self, objekt: models.Model) -> Self:
        """Of one object, oldest first."""
        kind = ContentType.objects.get_for_model(objekt)
        return self.filter(objekt_art=kind, objekt_id=objekt.pk).order_by("am", "pk")

    def open(self) -> Self:
        return self.filter(erledigt_am=None)


class Kommentar(models.Model):
    """A remark of staff on any object, on one of its fields or on the whole; open until somebody ticks it off.

    Who may see the object and holds its class's KOMMENTAR_RECHT reads and writes them; nobody changes them afterwards.
    """

    objekt_art = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", verbose_name="Art des Objekts")
    objekt_id = models.BigIntegerField("Objekt")
    objekt = GenericForeignKey("objekt_art", "objekt_id")
    feld = models.CharField("Feld", max_length=60, blank=True)
    text = models.TextField("Kommentar", max_length=4000)
    von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="von")
    am = models.DateTimeField("am", default=clock.now)
    erledigt_am = models.DateTimeField("erledigt am", null=True, blank=True)
    erledigt_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="erledigt von", null=True, blank=True
    )

    objects = KommentarQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommentar"
        verbose_name_plural = "Kommentare"
        constraints = [
            set_together("erledigt_am", "erledigt_von", name="kommentar_erledigt"),
            models.CheckConstraint(condition=~Q(text=""), name="kommentar_nicht_leer"),
        ]
        indexes = [models.Index(fields=["objekt_art", "objekt_id"], name="kommentar_objekt")]

    def __str__(self) -> str:
        return f"{self.von} zu {self.objekt_art} {self.objekt_id}"
