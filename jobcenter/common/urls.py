"""What belongs to no room: drafts of forms, comments on any object."""

from django.urls import path

from jobcenter.common import views

app_name = "common"
urlpatterns = [
    path("intern/zwischenstand/", views.ZwischenstandSpeichernView.as_view(), name="zwischenstand-speichern"),
    path("intern/zwischenstand/verwerfen/", views.ZwischenstandVerwerfenView.as_view(), name="zwischenstand-verwerfen"),
    path("intern/kommentare/<str:art>/<int:pk>/", views.KommentarAnlegenView.as_view(), name="kommentar-anlegen"),
    path("intern/kommentare/<int:pk>/erledigen/", views.KommentarErledigenView.as_view(), name="kommentar-erledigen"),
    path("intern/kommentare/<int:pk>/wieder-oeffnen/", views.KommentarOeffnenView.as_view(), name="kommentar-oeffnen"),
]
