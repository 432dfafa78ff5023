from django.conf import settings
from django.http import HttpRequest


def instanz(request: HttpRequest) -> dict[str, object]:
    """Whose portal this is, for every template."""
    return {"instanz": settings.INSTANZ, "demo": settings.DEMO, "base_url": settings.BASE_URL}
