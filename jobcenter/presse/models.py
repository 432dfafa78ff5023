"""What the world hears: press releases, numbered without gap in the year of their release."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.models import Versioniert, set_together
from jobcenter.konten.models import UserLike
from jobcenter.presse.enums import Pressestatus
from massnahmen.models import Fassung


class PressemitteilungQuerySet(models.QuerySet["Pressemitteilung"]):
    def veroeffentlicht(self) -> "PressemitteilungQuerySet":
        """What everybody may see now: released, and the embargo is over. Lists, feed, search and API all start here."""
        return self.filter(status=Pressestatus.FREIGEGEBEN, oeffentlich_ab__lte=clock.now())

    def visible_to(self, user: UserLike) -> "PressemitteilungQuerySet":
        return self if user.has_perm("presse.view_entwurf") else self.veroeffentlicht()

    def newest_first(self) -> "PressemitteilungQuerySet":
        return self.order_by("-oeffentlich_ab", "-pk")


@pghistory.track()
class Pressemitteilung(Versioniert):
    """A press release. Its number is given at the release and never again; from then on the row is frozen.

    `version`, `geaendert_von` and `geaendert_am` move with the text and the embargo, not with the state.
    """

    KOMMENTAR_RECHT: ClassVar[str] = "presse.comment_pressemitteilung"
    KOMMENTAR_FELDER: ClassVar[dict[str, str]] = {
        "titel": "Überschrift",
        "vorspann": "Vorspann",
        "text": "Text",
        "sperrfrist": "Sperrfrist",
    }

    titel = models.CharField("Überschrift", max_length=160)
    vorspann = models.TextField("Vorspann", max_length=600)
    text = models.TextField("Text")
    fassung = models.ForeignKey(
        Fassung, on_delete=models.PROTECT, related_name="pressemitteilungen", verbose_name="Fassung des Programms", null=True, blank=True
    )
    status = models.CharField("Stand", max_length=12, choices=Pressestatus.choices, default=Pressestatus.ENTWURF)
    sperrfrist = models.DateTimeField("Sperrfrist", null=True, blank=True)
    geaendert_am = models.DateTimeField("geändert am", default=clock.now)
    geaendert_von = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="geändert von")
    angefragt_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="Freigabe erbeten von", null=True, blank=True
    )
    jahr = models.PositiveSmallIntegerField("Jahr", null=True, blank=True)
    nummer = models.PositiveSmallIntegerField("Nummer", null=True, blank=True)
    slug = models.SlugField("Kurzname in der Adresse", max_length=120, null=True, blank=True)
    freigegeben_am = models.DateTimeField("freigegeben am", null=True, blank=True)
    freigegeben_von = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="freigegeben von", null=True, blank=True
    )
    oeffentlich_ab = models.DateTimeField("öffentlich ab", null=True, blank=True)

    objects = PressemitteilungQuerySet.as_manager()

    class Meta:
        verbose_name = "Pressemitteilung"
        verbose_name_plural = "Pressemitteilungen"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Pressestatus.values), name="presse_status_bekannt"),
            set_together(
                "jahr",
                "nummer",
                "slug",
                "freigegeben_am",
                "freigegeben_von",
                "oeffentlich_ab",
                when=Q(status="freigegeben"),
                name="presse_freigabe_vollstaendig",
            ),
            models.UniqueConstraint(fields=["jahr", "nummer"], name="presse_nummer_einmal"),
            set_together("angefragt_von", when=Q(status__in=["zur_freigabe", "freigegeben"]), name="presse_anfrage_vollstaendig"),
            models.CheckConstraint(
                condition=~Q(freigegeben_von=F("geaendert_von")) & ~Q(freigegeben_von=F("angefragt_von")), name="presse_vier_augen"
            ),
            models.CheckConstraint(condition=Q(oeffentlich_ab__gte=F("freigegeben_am")), name="presse_nicht_vor_freigabe"),
            models.UniqueConstraint(fields=["fassung"], name="presse_eine_je_fassung"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="presse_freigegeben_fest",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="freigegeben"),
            )
        ]

    def __str__(self) -> str:
        return self.titel

    def get_absolute_url(self) -> str:
        """The public page; only released ones have one."""
        return reverse("presse:pressemitteilung-detail", args=[self.jahr, self.nummer, self.slug])

    @property
    def nummer_text(self) -> str:
        """As the house writes it (jobcenter.toml): 013/2026. Empty before the release."""
        if self.nummer is None:
            return ""
        return settings.INSTANZ.presse.nummernformat.format(nummer=self.nummer, jahr=self.jahr)
