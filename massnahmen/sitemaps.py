from datetime import datetime

from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.sitemaps import OeffentlicheSitemap
from massnahmen.models import Veroeffentlichung
from massnahmen.queries import Angebot, list_angebote, published_veroeffentlichungen, running_veroeffentlichungen


class ProgrammSitemap(OeffentlicheSitemap):
    """One page for every year whose programme is public, as old as the newest of its published Fassungen."""

    def items(self) -> list[Veroeffentlichung]:
        return published_veroeffentlichungen()

    def location(self, item: Veroeffentlichung) -> str:
        return reverse("massnahmen:programm-detail", args=[item.fassung.programm.jahr])

    def lastmod(self, item: Veroeffentlichung) -> datetime:
        return item.am


class MassnahmeSitemap(OeffentlicheSitemap):
    """One page for every measure that is offered today or later."""

    def items(self) -> list[Angebot]:
        return list_angebote(running_veroeffentlichungen(clock.today()), clock.today())

    def location(self, item: Angebot) -> str:
        return reverse("massnahmen:massnahme-detail", args=[item.massnahme.id])

    def lastmod(self, item: Angebot) -> datetime:
        return item.veroeffentlichung.am
