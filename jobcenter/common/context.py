from django.conf import settings
from django.http import HttpRequest

from jobcenter.common.farbschema import KERN_THEME, WORTE, read_farbschema


def instanz(request: HttpRequest) -> dict[str, object]:
    """Whose portal this is, and in which colours it is read, for every template."""
    chosen = read_farbschema(request)
    return {
        "instanz": settings.INSTANZ,
        "demo": settings.DEMO,
        "base_url": settings.BASE_URL,
        "kern_theme": KERN_THEME[chosen],
        "farbschemata": [(wert, wort, wert == chosen) for wert, wort in WORTE.items()],
    }
