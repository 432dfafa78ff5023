from django.apps import AppConfig
from django.urls import reverse


class PresseConfig(AppConfig):
    name = "jobcenter.presse"
    label = "presse"
    verbose_name = "Presse"

    def ready(self) -> None:
        """Its texts quote figures; the room of the figures is told how they are read."""
        from kennzahlen.queries.zitate import Textart, register_text  # noqa: PLC0415  # models are there from now on

        register_text(
            "presse.pressemitteilung",
            Textart(
                wort="Pressemitteilung",
                read=lambda mitteilung: "\n\n".join([mitteilung.titel, mitteilung.vorspann, mitteilung.text]),
                url=lambda mitteilung: reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk]),
                mit=(),
            ),
        )
