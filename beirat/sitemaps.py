from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse

from beirat.models import Sitzung
from jobcenter.common.sitemaps import OeffentlicheSitemap


class SitzungSitemap(OeffentlicheSitemap):
    """Sessions that visitors may know of. Only a session that is over has a date: its page stays as it is."""

    def items(self) -> QuerySet[Sitzung]:
        return Sitzung.objects.visible_to(AnonymousUser()).order_by("-nummer")

    def location(self, item: Sitzung) -> str:
        return reverse("beirat:sitzung-detail", args=[item.nummer])

    def lastmod(self, item: Sitzung) -> datetime | None:
        return item.geschlossen_am
