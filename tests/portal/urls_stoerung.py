"""The portal with two more addresses: one that breaks, and one that meets a database in trouble."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from jobcenter.urls import handler400, handler403, handler404, handler429, handler500
from jobcenter.urls import urlpatterns as portal_urls


@login_not_required
def kaputt(request: HttpRequest) -> HttpResponse:
    raise ValueError("Das ist ein Fehler im Programm.")


@login_not_required
def langsam(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


urlpatterns = [path("kaputt/", kaputt), path("langsam/", langsam), *portal_urls]
__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]
