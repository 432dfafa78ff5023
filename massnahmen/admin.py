from typing import Any

from django.contrib import admin
from django.db.models import ProtectedError
from django.http import HttpRequest

from jobcenter.konten.admin import StammdatenAdmin, verwaltung
from massnahmen.models import Handlungsfeld, Instrument, Massnahme, Rechtsbegriff, Traeger, Zielgruppe


@admin.register(Instrument, site=verwaltung)
class InstrumentAdmin(StammdatenAdmin):
    list_display = ("kurz", "name", "klartext", "gruppe", "gueltig_von", "gueltig_bis")
    list_filter = ("gruppe",)
    search_fields = ("kurz", "name", "klartext", "paragraph")
    ordering = ("gruppe", "kurz")


@admin.register(Handlungsfeld, site=verwaltung)
class HandlungsfeldAdmin(StammdatenAdmin):
    list_display = ("reihenfolge", "name", "code")
    search_fields = ("name", "code")
    ordering = ("reihenfolge",)


@admin.register(Rechtsbegriff, site=verwaltung)
class RechtsbegriffAdmin(StammdatenAdmin):
    list_display = ("wort", "schluessel", "gueltig_von", "gueltig_bis")
    search_fields = ("wort", "schluessel")
    ordering = ("schluessel", "gueltig_von")


@admin.register(Traeger, site=verwaltung)
class TraegerAdmin(StammdatenAdmin):
    list_display = ("name", "ort")
    search_fields = ("name", "ort")
    ordering = ("name",)


@admin.register(Zielgruppe, site=verwaltung)
class ZielgruppeAdmin(StammdatenAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")
    ordering = ("name",)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """A measure says whom it is for; the database would quietly drop the link."""
        to_delete, count, missing, protected = super().get_deleted_objects(objs, request)
        return to_delete, count, missing, [*protected, *map(str, Massnahme.objects.filter(zielgruppen__in=objs).distinct())]

    def delete_model(self, request: HttpRequest, obj: Zielgruppe) -> None:
        if used := set(obj.massnahmen.all()):
            raise ProtectedError("In use", used)
        super().delete_model(request, obj)
