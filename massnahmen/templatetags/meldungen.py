"""Figures of measures as people read them: exact fractions become rounded German numbers."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template

from jobcenter.common import typography

register = template.Library()


@register.filter
def anteil(wert: Fraction | None, stellen: int = 1) -> str:
    """A share as per cent: 84,2 %."""
    return typography.prozent(None if wert is None else Decimal(wert.numerator * 100) / Decimal(wert.denominator), stellen)


@register.filter
def gerundet_euro(cent: Fraction | None) -> str:
    """Cents with a fraction as whole cents, rounded half up: 412,33 €."""
    return typography.euro(None if cent is None else whole(cent))


def whole(wert: Fraction) -> int:
    return int((Decimal(wert.numerator) / Decimal(wert.denominator)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
