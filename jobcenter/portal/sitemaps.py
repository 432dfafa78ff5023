"""Every public page of all rooms for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from beirat.sitemaps import SitzungSitemap
from jobcenter.berichte.sitemaps import ProgrammPdfSitemap
from jobcenter.common.sitemaps import OeffentlicheSitemap
from jobcenter.presse.sitemaps import PresseSitemap
from kennzahlen.sitemaps import KennzahlSitemap
from massnahmen.sitemaps import MassnahmeSitemap, ProgrammSitemap

SEITEN = [
    "portal:start",
    "portal:betriebe",
    "massnahmen:massnahme-liste",
    "massnahmen:programm-liste",
    "beirat:beirat",
    "beirat:sitzung-liste",
    "beirat:beschluss-liste",
    "kennzahlen:uebersicht",
    "kennzahlen:vergleich",
    "kennzahlen:begriffe",
    "presse:pressemitteilung-liste",
    "berichte:archiv",
    "portal:daten",
    "portal:leichte-sprache",
    "portal:gebaerdensprache",
    "portal:impressum",
    "portal:datenschutz",
    "portal:barrierefreiheit",
]


class SeitenSitemap(OeffentlicheSitemap):
    """Pages that are always there. What they list has its own date."""

    def items(self) -> list[str]:
        return SEITEN

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap]] = {
    "seiten": SeitenSitemap,
    "programm": ProgrammSitemap,
    "massnahmen": MassnahmeSitemap,
    "beirat": SitzungSitemap,
    "presse": PresseSitemap,
    "kennzahlen": KennzahlSitemap,
    "berichte": ProgrammPdfSitemap,
}
