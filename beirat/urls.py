from django.urls import path

app_name = "beirat"
urlpatterns = []
