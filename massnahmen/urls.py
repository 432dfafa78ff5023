from django.urls import path

from massnahmen.api import MassnahmeListeApi
from massnahmen.views import bearbeiten, intern, oeffentlich

app_name = "massnahmen"
JAHR = "intern/programm/<int:jahr>/"
urlpatterns = [
    path("massnahmen/", oeffentlich.MassnahmeListeView.as_view(), name="massnahme-liste"),
    path("arbeitsmarktprogramm/", oeffentlich.ProgrammListeView.as_view(), name="programm-liste"),
    path("arbeitsmarktprogramm/<int:jahr>/", oeffentlich.ProgrammDetailView.as_view(), name="programm-detail"),
    path("arbeitsmarktprogramm/<int:jahr>/massnahmen.csv", oeffentlich.ProgrammCsvView.as_view(), name="programm-csv"),
    path("api/v1/massnahmen/", MassnahmeListeApi.as_view(), name="api-massnahme-liste"),
    path("intern/programm/", intern.ProgrammInternListeView.as_view(), name="programm-intern-liste"),
    path("intern/programm/anlegen/", intern.ProgrammAnlegenView.as_view(), name="programm-anlegen"),
    path(JAHR, intern.ProgrammInternDetailView.as_view(), name="programm-intern-detail"),
    path(f"{JAHR}massnahmen/neu/", bearbeiten.MassnahmeAnlegenView.as_view(), name="massnahme-anlegen"),
    path(f"{JAHR}massnahmen/<int:pk>/", bearbeiten.MassnahmeBearbeitenView.as_view(), name="massnahme-bearbeiten"),
    path(f"{JAHR}kapitel/<int:nummer>/", bearbeiten.KapitelBearbeitenView.as_view(), name="kapitel-bearbeiten"),
    path(f"{JAHR}zusammenfassung/", bearbeiten.ZusammenfassungBearbeitenView.as_view(), name="zusammenfassung-bearbeiten"),
    path(f"{JAHR}vorlegen/", intern.ProgrammVorlegenView.as_view(), name="programm-vorlegen"),
    path(f"{JAHR}fassungen/<int:nummer>/", intern.FassungDetailView.as_view(), name="fassung-detail"),
    path(f"{JAHR}veroeffentlichen/", intern.ProgrammVeroeffentlichenView.as_view(), name="programm-veroeffentlichen"),
    path(f"{JAHR}wieder-oeffnen/", intern.ProgrammWiederOeffnenView.as_view(), name="programm-wieder-oeffnen"),
]
