from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jobcenter.demo"
    label = "demo"
    verbose_name = "Vorführung"
