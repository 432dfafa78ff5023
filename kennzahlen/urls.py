from django.urls import path

from kennzahlen import views

app_name = "kennzahlen"
urlpatterns = [path("kennzahlen/", views.UebersichtView.as_view(), name="uebersicht")]
