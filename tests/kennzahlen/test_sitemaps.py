from datetime import date

from kennzahlen.sitemaps import KennzahlSitemap


def test_only_kennzahlen_with_a_figure_to_see(messwert, kennzahl):
    messwert("elb", 15654, von=date(2014, 7, 1), bis=date(2014, 7, 31))
    kennzahl("leer")
    sitemap = KennzahlSitemap()
    assert [sitemap.location(item) for item in sitemap.items()] == ["/kennzahlen/elb/"]
