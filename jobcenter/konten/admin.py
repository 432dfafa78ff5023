"""Django's admin for master data: what rarely changes and has no state. Everything else has pages and actions of its own."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.conf import settings
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver

from jobcenter.common.actions import require
from jobcenter.common.seitenspeicher import clear_after_commit

# Doors that the portal has already, with its own sign-in and second factor.
# The portal has its own sign-in; a door to any object by its number would open more than master data.
OWN_DOORS = frozenset(["login", "logout", "password_change", "password_change_done", "view_on_site"])


class Verwaltung(admin.AdminSite):
    site_header = f"Stammdaten: {settings.INSTANZ.jobcenter.kurzname}"
    site_title = settings.INSTANZ.jobcenter.kurzname
    index_title = "Stammdaten"
    site_url = "/intern/"
    final_catch_all_view = False
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever is signed in without the right meets a 403; nobody is asked to sign in a second time."""
        require(request.user, "konten.use_verwaltung")
        return True

    def get_urls(self) -> list[URLPattern | URLResolver]:
        entries = [entry for entry in super().get_urls() if getattr(entry, "name", None) not in OWN_DOORS]
        _lead_to_own_door(entries)
        return entries


def _lead_to_own_door(entries: Iterable[URLPattern | URLResolver]) -> None:
    """Whoever is not signed in yet is sent to the portal's sign-in; Django's own is not there."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            _lead_to_own_door(entry.url_patterns)
        else:
            entry.callback.login_url = settings.LOGIN_URL


verwaltung = Verwaltung(name="admin")


class StammdatenAdmin(admin.ModelAdmin):
    """One kind of master data. A save stands in the history with its author, and public pages show it at once."""

    list_per_page = 50
    actions = None  # nothing is deleted by the dozen
    view_on_site = False
    save_on_top = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("konten.use_verwaltung")

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        with self._recorded(request, "change_stammdaten"):
            super().save_model(request, obj, form, change)
            clear_after_commit()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with self._recorded(request, "delete_stammdaten"):
            super().delete_model(request, obj)
            clear_after_commit()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What came into use while somebody was asked for confirmation stays."""
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            self.message_user(request, "Das wird inzwischen benutzt und kann nicht gelöscht werden.", messages.ERROR)
            return HttpResponseRedirect(request.path)

    def get_deleted_objects(self, objs: QuerySet | list[Any], request: HttpRequest) -> tuple[list, dict, set, list]:
        """Models without an admin of their own must not ask for Django's permissions, which do not exist here."""
        to_delete, count, _, protected = super().get_deleted_objects(objs, request)
        return to_delete, count, set(), protected

    def _recorded(self, request: HttpRequest, name: str) -> Any:
        return pghistory.context(aktion=f"konten.{name}", user=request.user.pk)
