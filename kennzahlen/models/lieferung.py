"""What was delivered, by whom and when, and how its columns are read."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.common.models import AuftragQuerySet, LangerAuftrag, Versioniert, set_together
from jobcenter.konten.models import UserLike
from kennzahlen.enums import Lieferzustand
from kennzahlen.models.stammdaten import Datenstand, Quelle


class Spaltenplan(Versioniert):
    """Which column of a file is which; kept for the next delivery. The long CSV of § 48a needs none."""

    name = models.CharField("Name", max_length=80, unique=True)
    blatt = models.CharField("Tabellenblatt", max_length=80, blank=True)
    kopfzeile = models.PositiveSmallIntegerField("Zeile mit den Spaltennamen", default=1)
    spalten = models.JSONField("Spalten", default=dict)  # canonical column → header in the file
    fest = models.JSONField("feste Werte", default=dict)  # canonical column → value for every line

    class Meta:
        verbose_name = "Spaltenplan"
        verbose_name_plural = "Spaltenpläne"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DatenlieferungQuerySet(AuftragQuerySet):
    def visible_to(self, user: UserLike) -> "DatenlieferungQuerySet":
        """Staff who work with figures; everybody else sees the values only."""
        return self if user.has_perm("kennzahlen.view_lieferung") else self.none()

    def due(self) -> "DatenlieferungQuerySet":
        """Nobody checks what was thrown away meanwhile."""
        return super().due().filter(zustand=Lieferzustand.EINGEREICHT)


class Datenlieferung(LangerAuftrag):
    """One file of one source and day: read and checked by the worker, taken over or thrown away by a person.

    The job (`status`) reads; `zustand` says what has become of the delivery. Rows are never deleted.
    """

    LEASE = timedelta(minutes=2)
    MAX_VERSUCHE = 3

    quelle = models.ForeignKey(Quelle, on_delete=models.PROTECT, related_name="lieferungen", verbose_name="Quelle")
    stand = models.DateField("Stand der Zahlen")
    spaltenplan = models.ForeignKey(Spaltenplan, on_delete=models.PROTECT, null=True, blank=True, verbose_name="Spaltenplan")
    datei = models.CharField("Datei im Medienspeicher", max_length=200)
    dateiname = models.CharField("Name der Datei", max_length=120)
    dateiart = models.CharField("Art der Datei", max_length=4)
    pruefsumme = models.CharField("Prüfsumme der Datei", max_length=64)
    groesse = models.PositiveBigIntegerField("Größe in Byte")
    eingereicht_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="eingereicht von"
    )
    zustand = models.CharField("Zustand", max_length=14, choices=Lieferzustand.choices, default=Lieferzustand.EINGEREICHT)
    zeilen = models.PositiveIntegerField("Zeilen", null=True, blank=True)
    monat_von = models.DateField("erster Monat", null=True, blank=True)
    monat_bis = models.DateField("letzter Monat", null=True, blank=True)
    fehlerzahl = models.PositiveIntegerField("Zahl der Fehler", default=0)
    fehlerliste = models.JSONField("Fehler", default=list)  # [{"stelle", "satz"}], the first ones
    hinweise = models.JSONField("Hinweise", default=list)  # the same shape: worth a look, no reason to refuse
    vorschau = models.JSONField("Vorschau", default=dict)
    datenstand = models.OneToOneField(
        Datenstand, on_delete=models.PROTECT, null=True, blank=True, related_name="lieferung", verbose_name="Datenstand"
    )
    datenstand_nummer = models.BigIntegerField("vorgesehene Nummer des Datenstands", null=True, blank=True, unique=True)
    entschieden_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entschieden von"
    )
    entschieden_am = models.DateTimeField("entschieden am", null=True, blank=True)
    grund = models.CharField("Grund", max_length=400, blank=True)

    objects = DatenlieferungQuerySet.as_manager()

    class Meta(LangerAuftrag.Meta):
        verbose_name = "Datenlieferung"
        verbose_name_plural = "Datenlieferungen"
        ordering = ["-angelegt_am"]
        constraints = [
            *LangerAuftrag.Meta.constraints,
            models.CheckConstraint(condition=Q(zustand__in=Lieferzustand.values), name="datenlieferung_zustand_bekannt"),
            set_together("datenstand", when=Q(zustand__in=["uebernommen", "zurueckgezogen"]), name="datenlieferung_uebernommen"),
            set_together(
                "entschieden_von",
                "entschieden_am",
                when=Q(zustand__in=["uebernommen", "zurueckgezogen", "verworfen"]),
                name="datenlieferung_entschieden",
            ),
            models.CheckConstraint(condition=~Q(zustand="zurueckgezogen") | ~Q(grund=""), name="datenlieferung_zurueckgezogen_mit_grund"),
            models.UniqueConstraint(
                fields=["quelle", "stand"],
                condition=Q(zustand__in=["eingereicht", "geprueft", "uebernommen"]),
                name="datenlieferung_eine_je_stand",
            ),
        ]

    def __str__(self) -> str:
        return f"Lieferung „{self.dateiname}“, Stand {self.stand:%d.%m.%Y}"

    @property
    def ist_gross(self) -> bool:
        """Its values are a partition of their own."""
        return (self.datenstand_nummer or 0) >= Datenstand.FIRST_LARGE
