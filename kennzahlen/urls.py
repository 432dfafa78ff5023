from django.urls import path

app_name = "kennzahlen"
urlpatterns = []
