from django.urls import path

from beirat import views

app_name = "beirat"
urlpatterns = [
    path("beirat/", views.BeiratView.as_view(), name="beirat"),
    path("beirat/sitzungen/", views.SitzungListeView.as_view(), name="sitzung-liste"),
    path("beirat/sitzungen/<int:nummer>/", views.SitzungDetailView.as_view(), name="sitzung-detail"),
    path("beirat/beschluesse/", views.BeschlussListeView.as_view(), name="beschluss-liste"),
    path("intern/beirat/", views.SitzungInternListeView.as_view(), name="sitzung-intern-liste"),
    path("intern/beirat/sitzungen/neu/", views.SitzungPlanenView.as_view(), name="sitzung-planen"),
    path("intern/beirat/sitzungen/<int:nummer>/", views.SitzungInternDetailView.as_view(), name="sitzung-intern-detail"),
    path("intern/beirat/sitzungen/<int:nummer>/einladen/", views.SitzungEinladenView.as_view(), name="sitzung-einladen"),
    path("intern/beirat/sitzungen/<int:nummer>/eroeffnen/", views.SitzungEroeffnenView.as_view(), name="sitzung-eroeffnen"),
    path("intern/beirat/sitzungen/<int:nummer>/schliessen/", views.SitzungSchliessenView.as_view(), name="sitzung-schliessen"),
    path("intern/beirat/sitzungen/<int:nummer>/anwesenheit/", views.AnwesenheitErfassenView.as_view(), name="anwesenheit-erfassen"),
    path("intern/beirat/sitzungen/<int:nummer>/tagesordnung/neu/", views.TopAnlegenView.as_view(), name="top-anlegen"),
    path("intern/beirat/sitzungen/<int:nummer>/tagesordnung/fassung/", views.FassungVorlegenView.as_view(), name="fassung-vorlegen"),
    path("intern/beirat/tagesordnungspunkte/<int:pk>/abstimmung/", views.AbstimmungEroeffnenView.as_view(), name="abstimmung-eroeffnen"),
    path("intern/beirat/vorlagen/<int:pk>/", views.VorlageDetailView.as_view(), name="vorlage-detail"),
    path("intern/beirat/vorlagen/<int:pk>/aenderungen/", views.VorlageAenderungenView.as_view(), name="vorlage-aenderungen"),
    path("intern/beirat/abstimmungen/<int:pk>/", views.AbstimmungDetailView.as_view(), name="abstimmung-detail"),
    path("intern/beirat/abstimmungen/<int:pk>/stimme/", views.StimmeBestaetigenView.as_view(), name="stimme-bestaetigen"),
    path("intern/beirat/abstimmungen/<int:pk>/schliessen/", views.AbstimmungSchliessenView.as_view(), name="abstimmung-schliessen"),
    path("intern/beirat/abstimmungen/<int:pk>/abbrechen/", views.AbstimmungAbbrechenView.as_view(), name="abstimmung-abbrechen"),
]
