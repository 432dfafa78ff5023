"""A file with measures, a budget or monthly reports: read and checked by the worker, taken over as a whole or not at all."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobcenter.common.models import AuftragQuerySet, LangerAuftrag, set_together
from jobcenter.konten.models import UserLike
from massnahmen.enums import Importart, Importzustand
from massnahmen.models.programm import Arbeitsmarktprogramm
from massnahmen.models.traeger import Traeger


class ImportQuerySet(AuftragQuerySet):
    def visible_to(self, user: UserLike) -> "ImportQuerySet":
        """Monthly reports count few people: only for those who work with such numbers."""
        if not user.has_perm("massnahmen.view_import"):
            return self.none()
        return self if user.has_perm("massnahmen.view_fallzahlen") else self.exclude(art=Importart.MELDUNGEN)

    def due(self) -> "ImportQuerySet":
        """Nobody checks what was thrown away meanwhile."""
        return super().due().filter(zustand=Importzustand.EINGEREICHT)


class Import(LangerAuftrag):
    """One uploaded file. The job (`status`) reads and checks it; `zustand` says what has become of it. Never deleted."""

    LEASE = timedelta(minutes=2)
    MAX_VERSUCHE = 3

    art = models.CharField("Was steht darin?", max_length=12, choices=Importart.choices)
    programm = models.ForeignKey(
        Arbeitsmarktprogramm, on_delete=models.SET_NULL, null=True, blank=True, related_name="importe", verbose_name="Programm"
    )  # of measures
    jahr = models.PositiveSmallIntegerField("Jahr", null=True, blank=True)  # of a budget
    traeger = models.ForeignKey(
        Traeger, on_delete=models.PROTECT, null=True, blank=True, related_name="importe", verbose_name="nur Maßnahmen dieses Trägers"
    )  # of monthly reports
    datei = models.CharField("Datei im Medienspeicher", max_length=200)
    dateiname = models.CharField("Name der Datei", max_length=120)
    dateiart = models.CharField("Art der Datei", max_length=4)
    pruefsumme = models.CharField("Prüfsumme der Datei", max_length=64)
    groesse = models.PositiveBigIntegerField("Größe in Byte")
    eingereicht_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="eingereicht von"
    )
    zustand = models.CharField("Zustand", max_length=16, choices=Importzustand.choices, default=Importzustand.EINGEREICHT)
    zeilen = models.PositiveIntegerField("Zeilen", null=True, blank=True)
    fehlerzahl = models.PositiveIntegerField("Zahl der Fehler", default=0)
    fehlerliste = models.JSONField("Fehler", default=list)  # [{"stelle", "satz"}], the first ones
    hinweise = models.JSONField("Hinweise", default=list)  # the same shape: worth a look, no reason to refuse
    vorschau = models.JSONField("Vorschau", default=dict)
    entschieden_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entschieden von"
    )
    entschieden_am = models.DateTimeField("entschieden am", null=True, blank=True)
    grund = models.CharField("Grund", max_length=400, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta(LangerAuftrag.Meta):
        verbose_name = "Import"
        verbose_name_plural = "Importe"
        ordering = ["-angelegt_am"]
        constraints = [
            *LangerAuftrag.Meta.constraints,
            models.CheckConstraint(condition=Q(art__in=Importart.values), name="import_art_bekannt"),
            models.CheckConstraint(condition=Q(zustand__in=Importzustand.values), name="import_zustand_bekannt"),
            models.CheckConstraint(condition=~Q(art="budget") | Q(jahr__isnull=False), name="import_budget_mit_jahr"),
            set_together(
                "entschieden_von",
                "entschieden_am",
                when=Q(zustand__in=["uebernommen", "zurueckgenommen", "verworfen"]),
                name="import_entschieden",
            ),
        ]

    def __str__(self) -> str:
        return f"Import „{self.dateiname}“"


class Importzeile(models.Model):
    """One line of a file as it was understood, and what it became, so that the whole import can be undone."""

    quelle = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="zeilenliste", verbose_name="Import")
    nummer = models.PositiveIntegerField("Zeile der Datei")
    werte = models.JSONField("Werte")
    vorher = models.JSONField("was vorher dort stand", null=True, blank=True)  # of rows that the import changed
    objekt_id = models.BigIntegerField("was daraus wurde", null=True, blank=True)
    objekt_version = models.PositiveIntegerField("dessen Version", null=True, blank=True)

    class Meta:
        verbose_name = "Zeile eines Imports"
        verbose_name_plural = "Zeilen von Importen"
        ordering = ["nummer"]
        constraints = [models.UniqueConstraint(fields=["quelle", "nummer"], name="importzeile_einmal")]

    def __str__(self) -> str:
        return f"Zeile {self.nummer}"
