"""The pages for what went wrong: the same frame, what happened, what to do, whom to ask, a way on.

400, 500 and 503 need neither request nor database. The others know whether somebody is signed in.
"""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from jobcenter.common import zwischenstand

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
DATABASE_AWAY = (OperationalError, InterfaceError)

# One sentence each for a fragment, which has no room for a page.
SAETZE = {
    400: "Diese Anfrage verstehen wir nicht.",
    403: "Das dürfen Sie mit diesem Konto nicht.",
    404: "Das gibt es nicht mehr, oder Sie dürfen es nicht sehen.",
    405: "So lässt sich das nicht öffnen.",
    409: "Das geht gerade nicht.",
    413: "Das ist zu groß. Es ist nichts gespeichert worden.",
    429: "Das waren zu viele Versuche. Warten Sie eine Minute.",
    500: "Bei uns ist etwas schiefgegangen. Was hier steht, kann veraltet sein.",
    503: "Das Portal ist gerade nicht erreichbar. Was hier steht, kann veraltet sein.",
}


def render_fehler(request: HttpRequest, status: int, *, template: str = "", satz: str = "", weiter: str = "") -> HttpResponse:
    """The page of a status, or where htmx asks one sentence in place of the fragment.

    A fault of ours and a refused change leave the fragment as it is: the next poll may heal it, and typed text stays.
    """
    if "HX-Request" in request.headers:
        sentence = {"art": "danger", "titel": satz or SAETZE[status], "text": "Laden Sie die Seite neu und versuchen Sie es noch einmal."}
        response = HttpResponse(render_to_string("components/alert.html", sentence), status=status)
        if status >= 500 or request.method != "GET":
            response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#stoerung", "innerHTML"
    elif status in {400, 500, 503}:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    else:
        inside = _is_inside(request)
        context = {"rahmen": "layout/intern.html" if inside else "layout/oeffentlich.html", "innen": inside, "satz": satz, "weiter": weiter}
        response = render(request, template or f"{status}.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400. Django files what is too large under it; its name is 413."""
    return render_fehler(request, 413 if isinstance(exception, TOO_LARGE) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render_fehler(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render_fehler(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """handler429, asked by allauth."""
    return render_fehler(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. A database that goes away before a view is reached, such as at the session, is a 503 as well."""
    return render_fehler(request, 503 if isinstance(sys.exc_info()[1], DATABASE_AWAY) else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in is not accepted; its text is kept for the person to whom it was given."""
    kept = request.method == "POST" and zwischenstand.rescue(request.POST, request.path)
    weiter = f"{request.path}?{zwischenstand.FELD}=1" if kept else ""
    return render_fehler(request, 403, template="403_csrf.html", satz="Dieses Formular war zu lange offen.", weiter=weiter)


def _is_inside(request: Any) -> bool:
    """Whether the page belongs behind the sign-in. Outside nobody is asked for, so that no `Vary: Cookie` appears."""
    closed = getattr(request, "is_closed", False) or request.path.startswith("/intern/")
    try:
        return closed and hasattr(request, "user") and request.user.is_authenticated
    except DatabaseError:
        return False
