from django.apps import AppConfig


class PresseConfig(AppConfig):
    name = "jobcenter.presse"
    label = "presse"
    verbose_name = "Presse"
