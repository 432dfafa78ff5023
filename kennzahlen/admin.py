from django.contrib import admin

from jobcenter.konten.admin import StammdatenAdmin, verwaltung
from kennzahlen.models import Jobcenter, Kennzahl


@admin.register(Jobcenter, site=verwaltung)
class JobcenterAdmin(StammdatenAdmin):
    list_display = ("traegernummer", "name", "form")
    list_filter = ("form",)
    search_fields = ("traegernummer", "name")
    ordering = ("name",)


@admin.register(Kennzahl, site=verwaltung)
class KennzahlAdmin(StammdatenAdmin):
    list_display = ("code", "name", "art", "einheit")
    list_filter = ("art",)
    search_fields = ("code", "name")
    ordering = ("code",)
