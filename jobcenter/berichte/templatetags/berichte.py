"""For pages of every room: `{% load berichte %}{% programm_pdf_link fassung_id=fassung.pk %}`."""

from django import template

from jobcenter.berichte.queries import public_bericht
from jobcenter.common import typography

register = template.Library()


@register.inclusion_tag("berichte/programm_pdf_link.html")
def programm_pdf_link(*, fassung_id: int) -> dict[str, object]:
    """The PDF of a published Fassung with its pages and size, or how far it is. One query, no account."""
    return {"bericht": public_bericht(fassung_id)}


dateigroesse = register.filter("dateigroesse", typography.dateigroesse)
