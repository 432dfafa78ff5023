"""What all years plan with all measures, as one table; several can be taken out of a draft at once."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common.auswahl import AuswahlMixin
from jobcenter.common.tabellen import (
    AuswahlSpalte,
    DatumSpalte,
    EuroSpalte,
    JahrSpalte,
    LinkSpalte,
    Spalte,
    StandSpalte,
    Tabelle,
    TabelleMixin,
    TextSpalte,
    ZahlSpalte,
)
from jobcenter.common.typography import zeitraum
from jobcenter.common.views import PermissionMixin
from massnahmen.actions import remove_position
from massnahmen.enums import Instrumentgruppe, Programmstatus
from massnahmen.filters import PositionFilter
from massnahmen.models import Programmposition
from massnahmen.queries import list_positionen


def _address(record: Programmposition, table: Tabelle) -> str:
    """The editor for who may edit now, else the programme in which the measure stands."""
    if record.programm.ist_entwurf and table.user.has_perm("massnahmen.change_massnahme", record):
        return reverse("massnahmen:massnahme-bearbeiten", args=[record.programm.jahr, record.massnahme_id])
    return reverse("massnahmen:programm-intern-detail", args=[record.programm.jahr]) + "#massnahmen"


class LaufzeitSpalte(Spalte):
    def render(self, record: Programmposition) -> str:
        return zeitraum(record.massnahme.beginn, record.massnahme.ende)


class PositionTabelle(Tabelle):
    titel = "Maßnahmen"
    woerter = ("Maßnahme", "Maßnahmen")

    auswahl = AuswahlSpalte(wort=lambda record: f"{record.massnahme.titel}, {record.programm.jahr}")
    massnahme = LinkSpalte(
        "Maßnahme", accessor="massnahme__titel", url=_address, zusatz=lambda record: record.massnahme.instrument.klartext
    )
    jahr = JahrSpalte("Jahr", accessor="programm__jahr", initial_sort_descending=True)
    stand = StandSpalte("Stand", accessor="programm__status", choices=Programmstatus)
    gruppe = StandSpalte("Zweck", accessor="massnahme__instrument__gruppe", choices=Instrumentgruppe, nur_datei=True)
    instrument = TextSpalte("Instrument", accessor="massnahme__instrument__name", nur_datei=True)
    grundlage = TextSpalte("Rechtsgrundlage", accessor="massnahme__instrument__paragraph", nur_datei=True)
    traeger = TextSpalte("Träger", accessor="massnahme__traeger__name")
    laufzeit = LaufzeitSpalte("Laufzeit", accessor="massnahme__beginn", order_by=("massnahme__beginn", "massnahme__ende"), nur_seite=True)
    beginn = DatumSpalte("Beginn", accessor="massnahme__beginn", nur_datei=True)
    ende = DatumSpalte("Ende", accessor="massnahme__ende", nur_datei=True)
    plaetze = ZahlSpalte("Plätze", initial_sort_descending=True)
    eintritte = ZahlSpalte("Eintritte", accessor="geplante_eintritte", initial_sort_descending=True)
    kosten = EuroSpalte("Kosten", accessor="summe_cent", initial_sort_descending=True)


class MassnahmeInternListeView(PermissionMixin, TabelleMixin, TemplateView):
    permission = "massnahmen.view_programm"
    template_name = "massnahmen/massnahme_intern_liste.html"
    tabelle_class, filter_class = PositionTabelle, PositionFilter

    def get_rows(self) -> Any:
        return list_positionen(self.request.user)

    def get_exclude(self) -> tuple[str, ...]:
        return () if self.request.user.has_perm("massnahmen.change_massnahme") else ("auswahl",)

    def get_leer(self) -> dict[str, str]:
        return {
            "titel": "Noch keine Maßnahme",
            "text": "Maßnahmen entstehen im Entwurf eines Programms. Dort plant sie die Maßnahmenplanung.",
            "url": reverse("massnahmen:programm-intern-liste"),
            "verb": "Zu den Programmen",
        }


class PositionEntfernenView(PermissionMixin, AuswahlMixin, TemplateView):
    """Asks before measures leave their draft."""

    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/position_entfernen.html"
    woerter = ("Maßnahme", "Maßnahmen")
    satz = ("ist aus dem Programm genommen", "sind aus dem Programm genommen")

    def get_rows(self) -> Any:
        return list_positionen(self.request.user)

    def find_hindrance(self, row: Programmposition) -> str:
        if row.programm.ist_entwurf:
            return ""
        return f"Das {row.programm} ist im Stand „{row.programm.get_status_display()}“ und kann jetzt nicht geändert werden."

    def act(self, row: Programmposition) -> None:
        remove_position(position=row, by=self.request.user)

    def name_row(self, row: Programmposition) -> str:
        return f"„{row.massnahme}“ ({row.programm.jahr})"

    def get_back_url(self) -> str:
        return reverse("massnahmen:massnahme-intern-liste")
