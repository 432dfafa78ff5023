from django.apps import AppConfig


class KennzahlenConfig(AppConfig):
    name = "kennzahlen"
    verbose_name = "Kennzahlen"
