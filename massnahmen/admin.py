from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ProtectedError
from django.http import HttpRequest

from jobcenter.common.forms import CentField
from jobcenter.common.typography import datum, euro
from jobcenter.konten.admin import StammdatenAdmin, verwaltung
from massnahmen.models import Handlungsfeld, Instrument, Massnahme, Rechtsbegriff, Wertgrenze, Zielgruppe


@admin.register(Instrument, site=verwaltung)
class InstrumentAdmin(StammdatenAdmin):
    list_display = ("kurz", "name", "klartext", "gruppe", "fachbereich", "gueltig_von", "gueltig_bis")
    list_filter = ("gruppe", "fachbereich")
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


class WertgrenzeForm(forms.ModelForm):
    """Money as people write it; for one kind of award and of service no two values on the same day."""

    bis_cent = CentField(label="erlaubt bis (netto)", allow_zero=False, help_text="In Euro. Unter 750.000 € heißt: bis 749.999,99.")

    class Meta:
        model = Wertgrenze
        fields = ("vergabeart", "leistungsart", "bis_cent", "gueltig_von", "gueltig_bis", "quelle")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        von, bis = given.get("gueltig_von"), given.get("gueltig_bis")
        if von and bis and bis < von:
            self.add_error("gueltig_bis", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
        elif not {"vergabeart", "leistungsart", "gueltig_von", "gueltig_bis"} & set(self.errors):
            self._check_alone(given["vergabeart"], given["leistungsart"], von or date.min, bis or date.max)
        return given

    def _check_alone(self, vergabeart: str, leistungsart: str, von: date, bis: date) -> None:
        """The rows are locked until the save, which stands in the same transaction: two people cannot both find the place free."""
        rows = Wertgrenze.objects.select_for_update().order_by("pk")
        for other in list(rows):
            same_kind = other.pk != self.instance.pk and (other.vergabeart, other.leistungsart) == (vergabeart, leistungsart)
            if same_kind and (other.gueltig_von or date.min) <= bis and von <= (other.gueltig_bis or date.max):
                first = f"vom {datum(other.gueltig_von)} an" if other.gueltig_von else "schon immer"
                last = f" bis zum {datum(other.gueltig_bis)}" if other.gueltig_bis else ""
                satz = f"„{other}“ hat schon einen Wert, er gilt {first}{last}. Beenden Sie ihn, bevor der neue beginnt."
                self.add_error("gueltig_von", satz)
                return


@admin.register(Wertgrenze, site=verwaltung)
class WertgrenzeAdmin(StammdatenAdmin):
    form = WertgrenzeForm
    list_display = ("vergabeart", "leistungsart", "erlaubt_bis", "gueltig_von", "gueltig_bis", "quelle")
    list_filter = ("vergabeart", "leistungsart")
    search_fields = ("quelle",)
    ordering = ("vergabeart", "leistungsart", "gueltig_von")

    @admin.display(description="erlaubt bis (netto)", ordering="bis_cent")
    def erlaubt_bis(self, row: Wertgrenze) -> str:
        return euro(row.bis_cent)


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
