"""Public pages per second: out of the page cache, and made anew, each against a plain view in the same process.

The WSGI application is called directly, page after page in turns, so that neither a load generator nor the network
shares the two cores; what is compared is the work of one request. The plain views stand behind the whole middleware.
"""

import io
import statistics
import time
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import include, path, reverse

from benchmarks.bars import Bar

ROUNDS = 7
ROWS = 20
SECONDS = 0.6  # of one side in one round
bodies: dict[str, bytes] = {}

# What the plain view renders: a table of 20 rows of the database with as many cells as fill a page of that size, a menu
# and a footer, in one template without includes; half of the cells are formatted, as figures and dates on our pages are.
PLAIN = """<!doctype html><html lang="de"><head><title>{{ titel }}</title></head><body>
<nav>{% for name in menue %}<a href="{% url name %}"{% if name == titel %} aria-current="page"{% endif %}>{{ name }}</a>{% endfor %}</nav>
<main><h1>{{ titel }}</h1><table class="kern-table"><thead><tr><th scope="col">Zeile</th></tr></thead><tbody>
{% for zeile in zeilen %}<tr class="kern-table__row">CELLS</tr>{% endfor %}</tbody></table></main></body></html>"""
CELLS = (
    '<th class="kern-table__header" scope="row">{{ zeile.kennzahl.name }}</th>',
    '<td class="kern-table__cell kern-table__cell--numeric">{{ zeile.wert|zahl }}</td>',
    '<td class="kern-table__cell">{{ zeile.jobcenter.name }}</td>',
    '<td class="kern-table__cell">{{ zeile.bis|date:"j. F Y" }}</td>',
)
CELL_BYTES = 75  # of one cell as rendered, on average
MENUE = ["portal:start", "massnahmen:massnahme-liste", "beirat:beirat", "kennzahlen:uebersicht", "portal:impressum", "portal:datenschutz"]


@login_not_required
def same_bytes(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(bodies[name])


@login_not_required
def plain(request: HttpRequest, name: str) -> HttpResponse:
    from kennzahlen.models import Messwert

    zeilen = Messwert.objects.select_related("kennzahl", "jobcenter").order_by("pk")[:ROWS]
    return HttpResponse(_templates[name].render({"titel": "portal:start", "menue": MENUE, "zeilen": zeilen}, request))


urlpatterns = [  # below /konto/, where the page cache does not look
    path("konto/bench/bytes/<str:name>", same_bytes),
    path("konto/bench/plain/<str:name>", plain),
    path("", include("jobcenter.urls")),
]
_templates: dict[str, object] = {}


def measure() -> list[Bar]:
    from massnahmen.models import Veroeffentlichung

    newest = Veroeffentlichung.objects.select_related("beratung__fassung__programm").latest("am")
    pages = {
        "press list": reverse("presse:pressemitteilung-liste"),
        "programme": reverse("massnahmen:programm-detail", args=[newest.fassung.programm.jahr]),
    }
    bars = []
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["bench"]):
        application = WSGIHandler()
        for name, address in pages.items():
            with override_settings(SEITENSPEICHER=False):
                bodies[name] = _call(application, address)
                _templates[name] = engines["django"].from_string(_of_size(len(bodies[name])))
            bars += _compare(application, name, address)
    return bars


def _compare(application: Callable, name: str, address: str) -> list[Bar]:
    cached = _ratio(lambda: _call(application, address), lambda: _call(application, f"/konto/bench/bytes/{name}"))
    with override_settings(SEITENSPEICHER=False):
        made = _ratio(lambda: _call(application, address), lambda: _call(application, f"/konto/bench/plain/{name}"))
    size, size_plain = len(bodies[name]) // 1024, len(_call(application, f"/konto/bench/plain/{name}")) // 1024
    return [
        Bar(f"pages: {name} ({size} KiB) cached ÷ a view of the same bytes", cached, "×", at_least=0.9),
        Bar(f"pages: {name} made anew ÷ a plain view of 20 rows, {size_plain} KiB", made, "×", at_least=0.8),
    ]


def _of_size(size: int) -> str:
    """The plain template with as many cells in each of its 20 rows as make a page of about the size of ours."""
    cells = max(1, round(size / ROWS / CELL_BYTES))
    return PLAIN.replace("CELLS", "".join(CELLS[number % len(CELLS)] for number in range(cells)))


def _ratio(ours: Callable[[], bytes], plain: Callable[[], bytes]) -> float:
    """How many of ours are answered in the time of one of the plain ones; the median of rounds taken in turns."""
    for call in (ours, plain):
        for _ in range(20):
            call()
    return statistics.median(_per_second(ours) / _per_second(plain) for _ in range(ROUNDS))


def _per_second(call: Callable[[], bytes]) -> float:
    count, begun = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begun) < SECONDS:
        call()
        count += 1
    return count / elapsed


def _call(application: Callable, address: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SERVER_NAME": "bench",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "bench",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    status = ""

    def start_response(given: str, headers: list) -> None:
        nonlocal status
        status = given

    response = application(environ, start_response)
    body = b"".join(response)
    response.close()
    if not status.startswith("200"):
        raise RuntimeError(f"{address}: {status}")
    return body
