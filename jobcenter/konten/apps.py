from django.apps import AppConfig


class KontenConfig(AppConfig):
    name = "jobcenter.konten"
    label = "konten"
    verbose_name = "Konten"
