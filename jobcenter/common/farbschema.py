"""Light, dark or as the system has it. Only who chooses gets a cookie; reading it puts no `Vary` on a page.

The page cache counts `read_farbschema` among what makes two pages different.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "farbschema"
SYSTEM, HELL, DUNKEL = "system", "hell", "dunkel"
KERN_THEME = {SYSTEM: "", HELL: "light", DUNKEL: "dark"}
WORTE = {SYSTEM: "Wie im Gerät", HELL: "Hell", DUNKEL: "Dunkel"}


def read_farbschema(request: HttpRequest) -> str:
    """system, hell or dunkel; whatever else a cookie says is system."""
    chosen = request.COOKIES.get(COOKIE, SYSTEM)
    return chosen if chosen in KERN_THEME else SYSTEM


def write_farbschema(response: HttpResponse, chosen: str) -> None:
    """Keep the choice for a year; „wie im Gerät“ takes the cookie away again."""
    if chosen == SYSTEM:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(COOKIE, chosen, max_age=timedelta(days=365), secure=settings.HTTPS, httponly=True, samesite="Lax")
