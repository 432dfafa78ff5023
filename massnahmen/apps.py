from django.apps import AppConfig
from django.urls import reverse


class MassnahmenConfig(AppConfig):
    name = "massnahmen"
    verbose_name = "Maßnahmen"

    def ready(self) -> None:
        """Its texts quote figures; the room of the figures is told how they are read."""
        from jobcenter.common.richtext import to_plain  # noqa: PLC0415
        from kennzahlen.queries.zitate import Textart, register_text  # noqa: PLC0415  # models are there from now on

        register_text(
            "massnahmen.kapitel",
            Textart(
                wort="Kapitel des Programms",
                read=lambda kapitel: to_plain(kapitel.text),
                url=lambda kapitel: reverse("massnahmen:programm-intern-detail", args=[kapitel.programm.jahr]) + "#kapitel",
                mit=("programm",),
            ),
        )
