from django.urls import path

app_name = "berichte"
urlpatterns = []
