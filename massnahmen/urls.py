from django.urls import path

app_name = "massnahmen"
urlpatterns = []
