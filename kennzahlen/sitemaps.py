from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from jobcenter.common.sitemaps import OeffentlicheSitemap
from kennzahlen.models import Kennzahl, Messwert


class KennzahlSitemap(OeffentlicheSitemap):
    """Kennzahlen of which there is a figure to see."""

    def items(self) -> QuerySet[Kennzahl]:
        return Kennzahl.objects.filter(Exists(Messwert.objects.published().filter(kennzahl=OuterRef("pk"))))

    def location(self, item: Kennzahl) -> str:
        return reverse("kennzahlen:kennzahl-detail", args=[item.code])
