from django.urls import path

from massnahmen.api import MassnahmeListeApi
from massnahmen.views import bearbeiten, intern, liste, oeffentlich, verlauf

app_name = "massnahmen"
JAHR = "intern/programm/<int:jahr>/"
urlpatterns = [
    path("massnahmen/", oeffentlich.MassnahmeListeView.as_view(), name="massnahme-liste"),
    path("arbeitsmarktprogramm/", oeffentlich.ProgrammListeView.as_view(), name="programm-liste"),
    path("arbeitsmarktprogramm/<int:jahr>/", oeffentlich.ProgrammDetailView.as_view(), name="programm-detail"),
    path("arbeitsmarktprogramm/<int:jahr>/massnahmen.csv", oeffentlich.ProgrammCsvView.as_view(), name="programm-csv"),
    path("api/v1/massnahmen/", MassnahmeListeApi.as_view(), name="api-massnahme-liste"),
    path("intern/massnahmen/", liste.MassnahmeInternListeView.as_view(), name="massnahme-intern-liste"),
    path("intern/massnahmen/entfernen/", liste.PositionEntfernenView.as_view(), name="position-entfernen"),
    path("intern/programm/", intern.ProgrammInternListeView.as_view(), name="programm-intern-liste"),
    path("intern/programm/anlegen/", intern.ProgrammAnlegenView.as_view(), name="programm-anlegen"),
    path(JAHR, intern.ProgrammInternDetailView.as_view(), name="programm-intern-detail"),
    path(f"{JAHR}massnahmen/neu/", bearbeiten.MassnahmeAnlegenView.as_view(), name="massnahme-anlegen"),
    path(f"{JAHR}massnahmen/<int:pk>/", bearbeiten.MassnahmeBearbeitenView.as_view(), name="massnahme-bearbeiten"),
    path(f"{JAHR}kapitel/<int:nummer>/", bearbeiten.KapitelBearbeitenView.as_view(), name="kapitel-bearbeiten"),
    path(f"{JAHR}zusammenfassung/", bearbeiten.ZusammenfassungBearbeitenView.as_view(), name="zusammenfassung-bearbeiten"),
    path(f"{JAHR}massnahmen/<int:pk>/verlauf/", verlauf.MassnahmeVerlaufView.as_view(), name="massnahme-verlauf"),
    path(f"{JAHR}kapitel/<int:nummer>/verlauf/", verlauf.KapitelVerlaufView.as_view(), name="kapitel-verlauf"),
    path(f"{JAHR}zusammenfassung/verlauf/", verlauf.ZusammenfassungVerlaufView.as_view(), name="zusammenfassung-verlauf"),
    path(f"{JAHR}vergleich/", verlauf.FassungVergleichView.as_view(), name="fassung-vergleich"),
    path(f"{JAHR}vorlegen/", intern.ProgrammVorlegenView.as_view(), name="programm-vorlegen"),
    path(f"{JAHR}fassungen/<int:nummer>/", intern.FassungDetailView.as_view(), name="fassung-detail"),
    path(f"{JAHR}fassungen/<int:nummer>/vorgelegt/", intern.ProgrammVorgelegtView.as_view(), name="programm-vorgelegt"),
    path(f"{JAHR}veroeffentlichen/", intern.ProgrammVeroeffentlichenView.as_view(), name="programm-veroeffentlichen"),
    path(f"{JAHR}wieder-oeffnen/", intern.ProgrammWiederOeffnenView.as_view(), name="programm-wieder-oeffnen"),
]
