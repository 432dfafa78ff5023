from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    name = "jobcenter.common"
    label = "common"
    verbose_name = "Gemeinsames"

    def ready(self) -> None:
        # The web process sends tasks by name and subscribers register by import, so both are loaded before the
        # first request.
        autodiscover_modules("tasks")
