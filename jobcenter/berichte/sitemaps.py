from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from jobcenter.berichte.models import Bericht
from jobcenter.berichte.queries import public_archive
from jobcenter.common.sitemaps import OeffentlicheSitemap


class ProgrammPdfSitemap(OeffentlicheSitemap):
    """The finished report on the programme of every year that is public."""

    def items(self) -> QuerySet[Bericht]:
        return public_archive()

    def location(self, item: Bericht) -> str:
        return reverse("berichte:programm-pdf", args=[item.fassung.programm.jahr])

    def lastmod(self, item: Bericht) -> datetime | None:
        return item.fertig_am
