from datetime import datetime

from django.urls import reverse

from jobcenter.common.sitemaps import OeffentlicheSitemap
from massnahmen.models import Veroeffentlichung
from massnahmen.queries import published_veroeffentlichungen


class ProgrammSitemap(OeffentlicheSitemap):
    """One page for every year whose programme is public, as old as the newest of its published Fassungen."""

    def items(self) -> list[Veroeffentlichung]:
        return published_veroeffentlichungen()

    def location(self, item: Veroeffentlichung) -> str:
        return reverse("massnahmen:programm-detail", args=[item.fassung.programm.jahr])

    def lastmod(self, item: Veroeffentlichung) -> datetime:
        return item.am
