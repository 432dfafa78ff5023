"""A mail as its reader gets it."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string

from jobcenter.post.models import Versand


def read_brief(versand: Versand) -> str:
    """The whole text of a mail: greeting, what there is to say, why the person gets it, who wrote it."""
    return render_to_string(
        "post/brief.txt", {"versand": versand, "grund": versand.grund or _reason(versand), "adresse": settings.BASE_URL}
    ).strip()


def _reason(versand: Versand) -> str:
    if versand.an_id:
        return "Sie bekommen diese E-Mail, weil Sie mit dieser Adresse ein Konto in unserem Portal haben."
    return "Sie bekommen diese E-Mail, weil diese Adresse in unserem Portal angegeben wurde."


def join_texts(waiting: Iterable[Versand]) -> str:
    """What waited for a person as one text, oldest first."""
    return render_to_string("post/sammelbrief.txt", {"nachrichten": list(waiting)}).strip()
