"""What all years plan with all measures, as one table; several can be changed at once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from jobcenter.common.auswahl import Aktion, AuswahlMixin
from jobcenter.common.tabellen import (
    AuswahlSpalte,
    DatumSpalte,
    EuroSpalte,
    JahrSpalte,
    LinkSpalte,
    NummerSpalte,
    Spalte,
    StandSpalte,
    Summen,
    Tabelle,
    TabelleMixin,
    TextSpalte,
    ZahlSpalte,
)
from jobcenter.common.typography import DASH, datum_kurz, zeitraum
from jobcenter.common.views import PermissionMixin
from massnahmen.actions import archive_massnahme, assign_handlungsfeld, confirm_position, remove_position
from massnahmen.enums import BEARBEITBAR, Finanzquelle, Instrumentgruppe, Massnahmestand, Programmstatus, Vergabestand
from massnahmen.filters import PositionFilter
from massnahmen.forms import ArchivForm, HandlungsfeldForm
from massnahmen.models import Massnahme, Programmposition
from massnahmen.queries import kosten_je_platz_und_monat, list_positionen, sum_positionen


def _address(record: Programmposition, table: Tabelle) -> str:
    """The editor for who may edit now, else the measure through the years."""
    if record.programm.ist_entwurf and table.user.has_perm("massnahmen.change_massnahme", record):
        return reverse("massnahmen:massnahme-bearbeiten", args=[record.programm.jahr, record.massnahme_id])
    return reverse("massnahmen:massnahme-intern-detail", args=[record.massnahme_id])


def _below_title(record: Programmposition) -> str:
    words = [record.massnahme.instrument.klartext if record.massnahme.instrument else "Noch kein Instrument"]
    if record.uebernommen:
        words.append("Zahlen vom Vorjahr")
    if record.massnahme.archiviert_am:
        words.append("im Archiv")
    return " · ".join(words)


class ProgrammjahrSpalte(JahrSpalte):
    """The year, and below it how far its programme is; in the file that is a column of its own."""

    def render(self, value: int, record: Programmposition) -> SafeString:
        return format_html('{}<span class="tabelle__zusatz">{}</span>', value, record.programm.get_status_display())


class LaufzeitSpalte(Spalte):
    """The term of a measure; rows are measures, or what a year plans with one."""

    def render(self, record: Massnahme | Programmposition) -> str:
        massnahme = record if isinstance(record, Massnahme) else record.massnahme
        beginn, ende = massnahme.beginn, massnahme.ende
        if beginn:
            return zeitraum(beginn, ende)
        return f"bis {datum_kurz(ende)}" if ende else DASH


class TraegerSpalte(TextSpalte):
    """Without a provider the page says how the award stands; in the file that is a column of its own."""

    def render(self, record: Programmposition) -> str:
        traeger = record.massnahme.traeger
        return traeger.name if traeger else record.massnahme.get_vergabestand_display()

    def value(self, record: Programmposition) -> str | None:  # type: ignore[override]  # called by the names of its arguments
        return record.massnahme.traeger.name if record.massnahme.traeger else None


class ZielgruppenSpalte(TextSpalte):
    def value(self, record: Programmposition) -> str:  # type: ignore[override]
        return "; ".join(zielgruppe.name for zielgruppe in record.massnahme.zielgruppen.all())


class QuelleSpalte(EuroSpalte):
    """The share of one source in the costs."""

    def __init__(self, quelle: Finanzquelle) -> None:
        super().__init__(f"aus „{quelle.label}“", accessor="pk", orderable=False, nur_datei=True)
        self.quelle = quelle

    def value(self, record: Programmposition) -> Any:  # type: ignore[override]
        shares = (share.betrag_cent for share in record.finanzierungen.all() if share.quelle == self.quelle)
        cent = next(shares, None)
        return None if cent is None else super().value(cent)


class JePlatzSpalte(EuroSpalte):
    def value(self, record: Programmposition) -> Any:  # type: ignore[override]
        cent = kosten_je_platz_und_monat(record)
        return None if cent is None else super().value(cent)


class PositionTabelle(Tabelle):
    titel = "Maßnahmen"
    woerter = ("Maßnahme", "Maßnahmen")
    iso_daten = True

    auswahl = AuswahlSpalte(wort=lambda record: f"{record.massnahme.titel}, {record.programm.jahr}")
    nummer = NummerSpalte("Lfd. Nr.")
    massnahme = LinkSpalte("Maßnahme", accessor="massnahme__titel", url=_address, zusatz=_below_title)
    jahr = ProgrammjahrSpalte("Jahr", accessor="programm__jahr", initial_sort_descending=True)
    stand = StandSpalte("Stand", accessor="programm__status", choices=Programmstatus, nur_datei=True)
    gruppe = StandSpalte("Zweck", accessor="massnahme__instrument__gruppe", choices=Instrumentgruppe, nur_datei=True)
    instrument = TextSpalte("Instrument", accessor="massnahme__instrument__name", nur_datei=True)
    grundlage = TextSpalte("Rechtsgrundlage", accessor="massnahme__instrument__paragraph", nur_datei=True)
    handlungsfeld = TextSpalte(
        "Handlungsfeld", accessor="handlungsfeld__name", order_by=("handlungsfeld__reihenfolge", "handlungsfeld__name")
    )
    zielgruppen = ZielgruppenSpalte("Zielgruppen", accessor="pk", orderable=False, nur_datei=True)
    traeger = TraegerSpalte("Träger", accessor="massnahme", order_by=("massnahme__traeger__name", "massnahme__vergabestand"))
    vergabe = StandSpalte("Vergabe", accessor="massnahme__vergabestand", choices=Vergabestand, nur_datei=True)
    umsetzung = StandSpalte("Stand der Maßnahme", accessor="massnahme__stand", choices=Massnahmestand, nur_datei=True)
    ort = TextSpalte("Ort", accessor="massnahme__ort", orderable=False, nur_datei=True)
    laufzeit = LaufzeitSpalte("Laufzeit", accessor="massnahme", order_by=("massnahme__beginn", "massnahme__ende"), nur_seite=True)
    beginn = DatumSpalte("Beginn", accessor="massnahme__beginn", nur_datei=True)
    ende = DatumSpalte("Ende", accessor="massnahme__ende", nur_datei=True)
    dauer = ZahlSpalte("Dauer in Wochen", accessor="massnahme__dauer_wochen", nur_datei=True)
    stunden = ZahlSpalte("Stunden in der Woche", accessor="massnahme__wochenstunden", nur_datei=True)
    plaetze = ZahlSpalte("Plätze", initial_sort_descending=True)
    eintritte = ZahlSpalte("Eintritte", accessor="geplante_eintritte", initial_sort_descending=True)
    kosten = EuroSpalte("Kosten", accessor="summe_cent", initial_sort_descending=True)
    je_platz = JePlatzSpalte("Kosten je Platz und Monat", accessor="pk", orderable=False, nur_datei=True)
    verpflichtung = EuroSpalte("Verpflichtung", accessor="verpflichtung_cent", initial_sort_descending=True)
    egt, vwk, pat, esf, land, kommune = (QuelleSpalte(quelle) for quelle in Finanzquelle)
    eingliederung = ZahlSpalte("Geplante Eingliederungsquote in Prozent", accessor="eingliederung_prozent", orderable=False, nur_datei=True)
    kriterium = TextSpalte("Erfolgskriterium", accessor="erfolgskriterium", orderable=False, nur_datei=True)
    bemerkung = TextSpalte("Bemerkung", orderable=False, nur_datei=True)


class MassnahmeInternListeView(PermissionMixin, TabelleMixin, TemplateView):
    permission = "massnahmen.view_programm"
    template_name = "massnahmen/massnahme_intern_liste.html"
    tabelle_class, filter_class = PositionTabelle, PositionFilter
    je_seite = 50
    laedt_spaet = True

    def get_rows(self) -> Any:
        return list_positionen(self.request.user)

    def get_summen(self, rows: Any) -> Summen:
        sums = sum_positionen(rows)
        hint = f"aus {sums.jahre} Jahren, {sums.massnahmen} verschiedene" if sums.jahre > 1 else ""
        werte = {"plaetze": sums.plaetze, "eintritte": sums.eintritte, "kosten": sums.kosten_cent, "verpflichtung": sums.verpflichtung_cent}
        return Summen(sums.positionen, werte, hint)

    def get_exclude(self) -> tuple[str, ...]:
        return () if self.get_aktionen() else ("auswahl",)

    def get_aktionen(self) -> list[Aktion]:
        user, offered = self.request.user, []
        if user.has_perm("massnahmen.change_massnahme"):
            offered += [
                Aktion("Zahlen bestätigen", reverse("massnahmen:position-bestaetigen")),
                Aktion("Handlungsfeld zuordnen", reverse("massnahmen:position-zuordnen")),
                Aktion("Aus dem Programm nehmen", reverse("massnahmen:position-entfernen")),
            ]
        if user.has_perm("massnahmen.archive_massnahme"):
            offered.append(Aktion("Ins Archiv legen", reverse("massnahmen:massnahme-archivieren")))
        return offered

    def prepare_file(self, rows: QuerySet[Programmposition]) -> QuerySet[Programmposition]:
        return rows.prefetch_related("massnahme__zielgruppen", "finanzierungen")

    def get_leer(self) -> dict[str, str]:
        return {
            "titel": "Noch keine Maßnahme",
            "text": "Maßnahmen entstehen im Entwurf eines Programms. Dort plant sie die Maßnahmenplanung.",
            "url": reverse("massnahmen:programm-intern-liste"),
            "verb": "Zu den Programmen",
        }


class SammelView(PermissionMixin, AuswahlMixin, TemplateView):
    """Something happens to several positions of drafts."""

    permission = "massnahmen.change_massnahme"
    filter_class = PositionFilter
    woerter = ("Maßnahme", "Maßnahmen")

    def get_rows(self) -> Any:
        return list_positionen(self.request.user)

    def find_hindrance(self, row: Programmposition) -> str:
        if row.programm.ist_entwurf:
            return ""
        return f"Das {row.programm} ist im Stand „{row.programm.get_status_display()}“ und kann jetzt nicht geändert werden."

    def name_row(self, row: Programmposition) -> str:
        return f"„{row.massnahme}“ ({row.programm.jahr})"

    def get_liste_url(self) -> str:
        return reverse("massnahmen:massnahme-intern-liste")


class PositionEntfernenView(SammelView):
    """Asks before measures leave their draft."""

    template_name = "massnahmen/position_entfernen.html"
    satz = ("ist aus dem Programm genommen", "sind aus dem Programm genommen")

    def act(self, row: Programmposition) -> None:
        remove_position(position=row, by=self.request.user)


class PositionBestaetigenView(SammelView):
    """Asks before last year's figures count as right for this year."""

    template_name = "massnahmen/position_bestaetigen.html"
    satz = ("ist geprüft", "sind geprüft")

    def find_hindrance(self, row: Programmposition) -> str:
        return super().find_hindrance(row) or ("" if row.uebernommen else "Die Zahlen sind schon geprüft.")

    def act(self, row: Programmposition) -> None:
        confirm_position(position=row, by=self.request.user)


class PositionZuordnenView(SammelView):
    """Asks for the Handlungsfeld into which measures go."""

    template_name = "massnahmen/position_zuordnen.html"
    satz = ("ist zugeordnet", "sind zugeordnet")
    form_class = HandlungsfeldForm

    def act(self, row: Programmposition) -> None:
        assign_handlungsfeld(position=row, handlungsfeld=self.form.cleaned_data["handlungsfeld"], by=self.request.user)


class MassnahmeArchivierenView(SammelView):
    """Asks for the reason before measures go into the archive. Boxes stand at years; a measure goes once, with all of them."""

    permission = "massnahmen.archive_massnahme"
    template_name = "massnahmen/massnahme_archivieren.html"
    satz = ("liegt im Archiv", "liegen im Archiv")
    form_class = ArchivForm

    def get_rows(self) -> Any:
        drafts = Programmposition.objects.filter(massnahme=OuterRef("massnahme"), programm__status__in=BEARBEITBAR)
        return super().get_rows().annotate(im_entwurf=Subquery(drafts.order_by("-programm__jahr").values("programm__jahr")[:1]))

    def _look_at(self, rows: Iterable[Programmposition]) -> list[Any]:
        once: dict[int, Programmposition] = {}
        for row in rows:
            once.setdefault(row.massnahme_id, row)
        return super()._look_at(once.values())

    def find_hindrance(self, row: Programmposition) -> str:
        if row.massnahme.archiviert_am:
            return "Die Maßnahme ist schon im Archiv."
        if row.im_entwurf:
            return f"Das Arbeitsmarktprogramm {row.im_entwurf} wird gerade geschrieben und plant sie. Nehmen Sie sie zuerst dort heraus."
        return ""

    def act(self, row: Programmposition) -> None:
        archive_massnahme(massnahme=row.massnahme, grund=self.form.cleaned_data["grund"], by=self.request.user)

    def name_row(self, row: Programmposition) -> str:
        return f"„{row.massnahme}“"
