import re
from collections.abc import Iterable

from django import template
from django.conf import settings

from jobcenter.konten.enums import Kontostand, Rolle

register = template.Library()

# the first that fits: most browsers also name those they descend from
_BROWSER = (
    ("Edg", "Edge"),
    ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEM = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_STAND_ART = {
    Kontostand.OFFEN: "success",
    Kontostand.EINGELADEN: "info",
    Kontostand.BEENDET: "neutral",
    Kontostand.GESCHLOSSEN: "neutral",
}


@register.filter
def rollen(values: Iterable[str]) -> str:
    """Role names as the person reads them: Maßnahmenplanung, Pressestelle."""
    return ", ".join(Rolle(value).label for value in values)


@register.filter
def geraet(user_agent: str) -> str:
    """A browser in plain words: „Firefox auf Windows“. What nobody knows is „Unbekannter Browser“."""
    browser = next((name for pattern, name in _BROWSER if re.search(rf"\b(?:{pattern})\b", user_agent)), "Unbekannter Browser")
    system = next((name for pattern, name in _SYSTEM if re.search(pattern, user_agent)), "")
    return f"{browser} auf {system}" if system else browser


@register.filter
def kontostand_art(stand: Kontostand) -> str:
    """The mood of an account's state for components/badge."""
    return _STAND_ART[stand]


@register.simple_tag
def zweiter_faktor_pflicht() -> bool:
    """Whether every account needs a second factor; off in the demo, which says so."""
    return settings.MFA_PFLICHT
