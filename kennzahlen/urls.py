from django.urls import path, re_path

from kennzahlen import api, views
from kennzahlen.views import daten

app_name = "kennzahlen"
urlpatterns = [
    path("kennzahlen/", views.UebersichtView.as_view(), name="uebersicht"),
    path("kennzahlen/vergleich/", views.VergleichView.as_view(), name="vergleich"),
    path("kennzahlen/begriffe/", views.BegriffeView.as_view(), name="begriffe"),
    path("kennzahlen/<slug:code>/", views.KennzahlDetailView.as_view(), name="kennzahl-detail"),
    path("kennzahlen/<slug:code>/rangliste/", views.RanglisteView.as_view(), name="rangliste"),
    re_path(
        r"^kennzahlen/(?P<code>[-\w]+)/(?P<art>verlauf|lage|funke)-(?P<fassung>(?:hell|dunkel)-(?:breit|schmal))\.svg$",
        views.DiagrammView.as_view(),
        name="diagramm",
    ),
    path("intern/kennzahlen/lieferungen/", views.LieferungListeView.as_view(), name="lieferung-liste"),
    path("intern/kennzahlen/lieferungen/neu/", views.LieferungNeuView.as_view(), name="lieferung-neu"),
    path("intern/kennzahlen/lieferungen/musterdatei.csv", views.LieferungMusterView.as_view(), name="lieferung-muster"),
    path("intern/kennzahlen/lieferungen/<int:pk>/", views.LieferungDetailView.as_view(), name="lieferung-detail"),
    path("intern/kennzahlen/lieferungen/<int:pk>/fehler.csv", views.LieferungFehlerView.as_view(), name="lieferung-fehler"),
    path("intern/kennzahlen/lieferungen/<int:pk>/uebernehmen/", views.LieferungUebernehmenView.as_view(), name="lieferung-uebernehmen"),
    path("intern/kennzahlen/lieferungen/<int:pk>/verwerfen/", views.LieferungVerwerfenView.as_view(), name="lieferung-verwerfen"),
    path("intern/kennzahlen/lieferungen/<int:pk>/wiederholen/", views.LieferungWiederholenView.as_view(), name="lieferung-wiederholen"),
    path(
        "intern/kennzahlen/lieferungen/<int:pk>/zurueckziehen/", views.LieferungZurueckziehenView.as_view(), name="lieferung-zurueckziehen"
    ),
    path("intern/kennzahlen/spaltenplaene/", views.SpaltenplanListeView.as_view(), name="spaltenplan-liste"),
    path("intern/kennzahlen/spaltenplaene/neu/", views.SpaltenplanNeuView.as_view(), name="spaltenplan-neu"),
    path("intern/kennzahlen/spaltenplaene/<int:pk>/", views.SpaltenplanBearbeitenView.as_view(), name="spaltenplan-bearbeiten"),
    path("kennzahlen/<slug:code>.csv-metadata.json", daten.ReiheCsvwView.as_view(), name="reihe-csvw"),
    path("kennzahlen/<slug:code>-revisionen.csv", daten.ReiheRevisionenCsvView.as_view(), name="reihe-revisionen-csv"),
    path("kennzahlen/<slug:code>-eigene.csv", daten.ReiheEigeneCsvView.as_view(), name="reihe-eigene-csv"),
    path("kennzahlen/<slug:code>-eigene.json", daten.ReiheEigeneJsonView.as_view(), name="reihe-eigene-json"),
    path("kennzahlen/<slug:code>.csv", daten.ReiheCsvView.as_view(), name="reihe-csv"),
    path("kennzahlen/<slug:code>.json", daten.ReiheJsonView.as_view(), name="reihe-json"),
    path("api/v1/kennzahlen/", api.KennzahlListeApi.as_view(), name="api-kennzahl-liste"),
    path("api/v1/jobcenter/", api.JobcenterListeApi.as_view(), name="api-jobcenter-liste"),
    path("api/v1/messwerte/", api.MesswertListeApi.as_view(), name="api-messwert-liste"),
    path("intern/kennzahlen/ziele/", views.ZielListeView.as_view(), name="ziel-liste"),
    path("intern/kennzahlen/ziele/neu/", views.ZielNeuView.as_view(), name="ziel-neu"),
    path("intern/kennzahlen/ziele/<int:pk>/", views.ZielBearbeitenView.as_view(), name="ziel-bearbeiten"),
    path("intern/kennzahlen/eigene/", views.EigeneListeView.as_view(), name="eigene-liste"),
    path("intern/kennzahlen/eigene/neu/", views.EigeneNeuView.as_view(), name="eigene-neu"),
    path("intern/kennzahlen/eigene/<slug:code>/werte/neu/", views.MesswertNeuView.as_view(), name="messwert-neu"),
    path("intern/kennzahlen/zuordnungen/", views.ZuordnungListeView.as_view(), name="zuordnung-liste"),
    path("intern/kennzahlen/zitate/", views.ZitatListeView.as_view(), name="zitat-liste"),
    path("intern/kennzahlen/zitate/<int:pk>/loesen/", views.ZitatLoesenView.as_view(), name="zitat-loesen"),
    path("intern/kennzahlen/zitate/<str:art>/<int:pk>/", views.ZitatPruefungView.as_view(), name="zitat-pruefung"),
]
