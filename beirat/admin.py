from django.contrib import admin

from beirat.models import Organisation
from jobcenter.konten.admin import StammdatenAdmin, verwaltung


@admin.register(Organisation, site=verwaltung)
class OrganisationAdmin(StammdatenAdmin):
    list_display = ("name", "bank")
    list_filter = ("bank",)
    search_fields = ("name",)
    ordering = ("name",)
