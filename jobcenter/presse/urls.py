from django.urls import path

app_name = "presse"
urlpatterns = []
