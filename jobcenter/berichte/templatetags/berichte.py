"""For pages of every room: `{% load berichte %}{% programm_pdf_link fassung_id=fassung.pk %}`."""

from decimal import Decimal

from django import template

from jobcenter.berichte.queries import public_bericht
from jobcenter.common import typography

register = template.Library()


@register.inclusion_tag("berichte/programm_pdf_link.html")
def programm_pdf_link(*, fassung_id: int) -> dict[str, object]:
    """The PDF of a published Fassung with its pages and size, or how far it is. One query, no account."""
    return {"bericht": public_bericht(fassung_id)}


@register.filter
def dateigroesse(octets: int) -> str:
    """84 KB, 1,2 MB: thousands of bytes, as file managers count."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{typography.NBSP}KB"
    return f"{typography.zahl(Decimal(octets) / 1_000_000, 1)}{typography.NBSP}MB"
