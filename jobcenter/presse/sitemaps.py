from datetime import datetime

from django.db.models import QuerySet

from jobcenter.common.sitemaps import OeffentlicheSitemap
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import published_pressemitteilungen


class PresseSitemap(OeffentlicheSitemap):
    """Press releases that are public now; a released text never changes."""

    def items(self) -> QuerySet[Pressemitteilung]:
        return published_pressemitteilungen()

    def lastmod(self, item: Pressemitteilung) -> datetime | None:
        return item.oeffentlich_ab
