from django.urls import path

from jobcenter.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("betriebe/", views.BetriebeView.as_view(), name="betriebe"),
    path("impressum/", views.ImpressumView.as_view(), name="impressum"),
    path("datenschutz/", views.DatenschutzView.as_view(), name="datenschutz"),
    path("barrierefreiheit/", views.BarrierefreiheitView.as_view(), name="barrierefreiheit"),
    path("intern/", views.AufgabenView.as_view(), name="aufgaben"),
    path("-/live", views.LiveView.as_view(), name="live"),
    path("-/ready", views.ReadyView.as_view(), name="ready"),
]
