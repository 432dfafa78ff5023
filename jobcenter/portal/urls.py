from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import path

from jobcenter.portal import views
from jobcenter.portal.sitemaps import SITEMAPS

app_name = "portal"
urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("betriebe/", views.BetriebeView.as_view(), name="betriebe"),
    path("impressum/", views.ImpressumView.as_view(), name="impressum"),
    path("datenschutz/", views.DatenschutzView.as_view(), name="datenschutz"),
    path("barrierefreiheit/", views.BarrierefreiheitView.as_view(), name="barrierefreiheit"),
    path("barrierefreiheit/melden/", views.BarriereMeldenView.as_view(), name="barriere-melden"),
    path("barrierefreiheit/gemeldet/<uuid:schluessel>/", views.BarriereGemeldetView.as_view(), name="barriere-gemeldet"),
    path("daten/", views.DatenView.as_view(), name="daten"),
    path("daten/katalog.ttl", views.KatalogTtlView.as_view(), name="katalog-ttl"),
    path("daten/katalog.jsonld", views.KatalogJsonldView.as_view(), name="katalog-jsonld"),
    path("leichte-sprache/", views.LeichteSpracheView.as_view(), name="leichte-sprache"),
    path("gebaerdensprache/", views.GebaerdenspracheView.as_view(), name="gebaerdensprache"),
    path("farbschema/", views.FarbschemaView.as_view(), name="farbschema"),
    path("intern/", views.AufgabenView.as_view(), name="aufgaben"),
    path("intern/technik/", views.AuftragListeView.as_view(), name="auftrag-liste"),
    path("intern/technik/wiederholen/", views.AuftragWiederholenView.as_view(), name="auftrag-wiederholen"),
    path("intern/barrieren/", views.BarrieremeldungListeView.as_view(), name="barrieremeldung-liste"),
    path("intern/barrieren/<int:pk>/", views.BarrieremeldungDetailView.as_view(), name="barrieremeldung-detail"),
    path("robots.txt", views.RobotsTxtView.as_view(), name="robots-txt"),
    path("sitemap.xml", login_not_required(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", views.SecurityTxtView.as_view(), name="security-txt"),
    path(".well-known/change-password", views.PasswortAendernView.as_view(), name="passwort-aendern"),
    path("manifest.webmanifest", views.ManifestView.as_view(), name="manifest"),
    path("favicon.ico", views.FaviconView.as_view(), name="favicon"),
    path("-/galerie/", views.GalerieView.as_view(), name="galerie"),
    path("-/live", views.LiveView.as_view(), name="live"),
    path("-/ready", views.ReadyView.as_view(), name="ready"),
]
