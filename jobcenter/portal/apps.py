from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "jobcenter.portal"
    label = "portal"
    verbose_name = "Portal"
