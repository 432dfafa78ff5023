from django.contrib import admin

from jobcenter.konten.admin import StammdatenAdmin, verwaltung
from massnahmen.models import Instrument, Traeger, Zielgruppe


@admin.register(Instrument, site=verwaltung)
class InstrumentAdmin(StammdatenAdmin):
    list_display = ("kurz", "name", "klartext", "gruppe", "gueltig_von", "gueltig_bis")
    list_filter = ("gruppe",)
    search_fields = ("kurz", "name", "klartext", "paragraph")
    ordering = ("gruppe", "kurz")


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
