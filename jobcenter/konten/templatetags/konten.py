from collections.abc import Iterable

from django import template

from jobcenter.konten.enums import Rolle

register = template.Library()


@register.filter
def rollen(values: Iterable[str]) -> str:
    """Role names as the person reads them: Maßnahmenplanung, Pressestelle."""
    return ", ".join(Rolle(value).label for value in values)
