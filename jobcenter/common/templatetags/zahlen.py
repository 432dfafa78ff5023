"""Template filters for `common.typography`, under the same names."""

from django import template

from jobcenter.common import typography

register = template.Library()

for name in (
    "zahl",
    "prozent",
    "euro",
    "euro_kurz",
    "datum",
    "datum_kurz",
    "uhrzeit",
    "zeitpunkt",
    "monat",
    "fingerabdruck",
    "dateigroesse",
):
    register.filter(name, getattr(typography, name))
register.simple_tag(typography.zeitraum, name="zeitraum")
