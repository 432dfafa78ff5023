from django.apps import AppConfig


class BerichteConfig(AppConfig):
    name = "jobcenter.berichte"
    label = "berichte"
    verbose_name = "Berichte"
