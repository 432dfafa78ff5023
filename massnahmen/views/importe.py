"""Imports: a file is handed in, watched while it is checked, decided about, taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.generic import DetailView, TemplateView, View

from jobcenter.common import clock, export, typography
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.tabellen import LinkSpalte, Spalte, Tabelle, TabelleMixin, TextSpalte, ZahlSpalte, ZeitpunktSpalte
from jobcenter.common.templatetags.kern import stand_art
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.views import EinmalMixin, KernFormView, PermissionMixin
from massnahmen.actions.importe import discard_import, recheck_import, retry_import, submit_import, take_over_import, undo_import
from massnahmen.enums import IMPORT_TRANSITIONS, Importart, Importzustand
from massnahmen.filters import ImportFilter
from massnahmen.forms import ImportForm, ImportZuruecknehmenForm
from massnahmen.imports import list_spalten, write_vorlage_csv, write_vorlage_xlsx
from massnahmen.models import Import

UNDER_WAY = {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}
LARGE_FIELDS = ("fehlerliste", "hinweise", "vorschau")


def word_zustand(quelle: Import) -> tuple[str, str]:
    """The state in a word, and its mood; a check that was given up is no longer going on."""
    if quelle.zustand == Importzustand.EINGEREICHT and quelle.status == Auftragsstatus.GESCHEITERT:
        return "Prüfung gescheitert", "danger"
    return quelle.get_zustand_display(), stand_art(quelle.zustand)


class ZustandSpalte(Spalte):
    def render(self, record: Import) -> str:
        wort, art = word_zustand(record)
        return render_to_string("components/badge.html", {"wort": wort, "art": art})

    def value(self, record: Import) -> str:  # type: ignore[override]  # called by the names of its arguments
        return word_zustand(record)[0]


class ArtSpalte(TextSpalte):
    def render(self, record: Import) -> str:
        return record.get_art_display()

    def value(self, record: Import) -> str:  # type: ignore[override]
        return record.get_art_display()


def _ziel(record: Import) -> str:
    """What the file belongs to."""
    return str(record.programm or record.traeger or (f"Budget {record.jahr}" if record.jahr else ""))


class ImportTabelle(Tabelle):
    titel = "Importe"
    woerter = ("Import", "Importe")

    datei = LinkSpalte(
        "Datei", accessor="dateiname", url=lambda record, table: reverse("massnahmen:import-detail", args=[record.pk]), zusatz=_ziel
    )
    art = ArtSpalte("Was", accessor="art")
    zustand = ZustandSpalte("Zustand")
    zeilen = ZahlSpalte("Zeilen")
    von = TextSpalte("hochgeladen von", accessor="eingereicht_von__name")
    am = ZeitpunktSpalte("hochgeladen am", accessor="angelegt_am", initial_sort_descending=True)


class ImporteView(PermissionMixin, View):
    """What somebody may see of imports."""

    permission = "massnahmen.view_import"

    def get_queryset(self) -> QuerySet[Import]:
        visible = Import.objects.visible_to(self.request.user)
        return visible.select_related("programm", "traeger", "eingereicht_von", "entschieden_von").order_by("-angelegt_am", "-pk")

    @property
    def arten(self) -> list[Importart]:
        """The kinds of files that this person hands in."""
        return [art for art in Importart if self.request.user.has_perm("massnahmen.submit_import", art)]


class ImportListeView(TabelleMixin, ImporteView, TemplateView):
    template_name = "massnahmen/import_liste.html"
    tabelle_class, filter_class = ImportTabelle, ImportFilter

    def get_rows(self) -> QuerySet[Import]:
        return self.get_queryset().defer(*LARGE_FIELDS)

    def get_leer(self) -> dict[str, str]:
        titel, text = "Noch kein Import", "Maßnahmen, Budgets und Monatsmeldungen lassen sich aus CSV- oder Excel-Dateien übernehmen."
        if not self.arten:
            return {"titel": titel, "text": f"{text} Planung und Controlling laden sie hoch."}
        return {"titel": titel, "text": f"{text} Wählen Sie oben, was in Ihrer Datei steht."}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"arten": self.arten}


class ImportAnlegenView(EinmalMixin, ImporteView, KernFormView):
    """Takes a file of the kind that the address names: ?art=massnahmen."""

    template_name = "massnahmen/import_anlegen.html"
    form_class = ImportForm

    @property
    def art(self) -> Importart:
        given = self.request.GET.get("art", "")
        if not self.arten:
            raise PermissionDenied("hands in no files")
        if not given:
            return self.arten[0]
        if given not in Importart.values:
            raise Http404
        if Importart(given) not in self.arten:
            raise PermissionDenied(f"hands in no {given}")
        return Importart(given)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"art": self.art}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        datei = form.cleaned_data["datei"]
        try:
            quelle = submit_import(
                art=self.art, datei=datei, dateiname=datei.name, dateiart=form.dateiart, by=self.request.user, **form.ziel
            )
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect("massnahmen:import-detail", pk=quelle.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [art for art in self.arten if art != self.art]
        return super().get_context_data(**kwargs) | {"art": self.art, "andere": others, "spalten": list_spalten(self.art)}


class ImportVorlageView(ImporteView):
    """A file to fill in: CSV, or XLSX with a sheet that explains every column."""

    def get(self, request: HttpRequest, art: str, dateiart: str) -> HttpResponse:
        if art not in Importart.values or dateiart not in {"csv", "xlsx"}:
            raise Http404
        write, content_type = (write_vorlage_csv, export.CSV) if dateiart == "csv" else (write_vorlage_xlsx, export.XLSX)
        response = HttpResponse(write(Importart(art), clock.today().year + 1), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="vorlage-{art}.{dateiart}"'
        return response


class ImportDetailView(ImporteView, DetailView):
    """How far the check is, what it found, and what can be done. It refreshes itself with htmx, and by a link without."""

    template_name = "massnahmen/import_detail.html"
    context_object_name = "quelle"

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#stand"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quelle, user = self.object, self.request.user
        wort, art = word_zustand(quelle)
        return super().get_context_data(
            wort=wort,
            stimmung=art,
            ist_unterwegs=quelle.zustand == Importzustand.EINGEREICHT and quelle.status in UNDER_WAY,
            versuch=(quelle.versuch - 1) % Import.MAX_VERSUCHE + 1 if quelle.versuch else 0,
            versuche=Import.MAX_VERSUCHE,
            aendert_etwas=any(number for word, number in quelle.vorschau.get("zahlen", []) if word != "unverändert"),
            darf_entscheiden=user.has_perm("massnahmen.decide_import", quelle),
            darf_wiederholen=user.has_perm("massnahmen.retry_import", quelle),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"  # the page and its fragment share an address
        patch_vary_headers(response, ["HX-Request"])
        return response


class ImportFehlerView(ImporteView):
    """The faults of a file as CSV, to be worked through beside it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        quelle = get_object_or_404(self.get_queryset(), pk=pk)
        kopf = [export.Kopf("Stelle"), export.Kopf("Was ist falsch")]
        rows = [(one["stelle"], one["satz"]) for one in quelle.fehlerliste]
        return export.respond(export.Ausfuhr(f"Fehler in Import {pk}", kopf, rows), "csv")


class EinImport(ImporteView):
    """Pages and buttons about one import; what cannot be done any more is said on its page."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.zurueck = reverse("massnahmen:import-detail", args=[kwargs["pk"]])

    @property
    def quelle(self) -> Import:
        if not hasattr(self, "_quelle"):
            self._quelle = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return self._quelle

    def refuse(self, error: TransitionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return redirect(self.zurueck)


class EntscheidungView(EinImport):
    """One button of the page: calls its action and says what has happened."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            sentence, target = self.decide(self.quelle)
        except TransitionError as error:
            return self.refuse(error)
        messages.success(request, sentence)
        return redirect("massnahmen:import-detail", pk=target.pk)

    def decide(self, quelle: Import) -> tuple[str, Import]:
        """The sentence that confirms it, and the import to go on with."""
        raise NotImplementedError


class ImportUebernehmenView(EntscheidungView):
    def decide(self, quelle: Import) -> tuple[str, Import]:
        done = take_over_import(quelle=quelle, by=self.request.user)
        return f"{typography.zahl(done.zeilen)} {'Zeile ist' if done.zeilen == 1 else 'Zeilen sind'} übernommen.", done


class ImportVerwerfenView(EntscheidungView):
    def decide(self, quelle: Import) -> tuple[str, Import]:
        return "Der Import ist verworfen. Übernommen ist nichts davon.", discard_import(quelle=quelle, by=self.request.user)


class ImportPruefenView(EntscheidungView):
    def decide(self, quelle: Import) -> tuple[str, Import]:
        return "Dieselbe Datei wird noch einmal geprüft.", recheck_import(quelle=quelle, by=self.request.user)


class ImportWiederholenView(EntscheidungView):
    def decide(self, quelle: Import) -> tuple[str, Import]:
        return "Die Datei wird noch einmal geprüft.", retry_import(quelle=quelle, by=self.request.user)


class ImportZuruecknehmenView(EinImport, KernFormView):
    """Asks once more, with the reason, before a whole import is taken back."""

    template_name = "massnahmen/import_zuruecknehmen.html"
    form_class = ImportZuruecknehmenForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._check_right()
        try:
            check_transition(IMPORT_TRANSITIONS, self.quelle.zustand, Importzustand.ZURUECKGENOMMEN, noun=f"Der {self.quelle}")
        except TransitionError as error:
            return self.refuse(error)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._check_right()
        return super().post(request, *args, **kwargs)

    def _check_right(self) -> None:
        if not self.request.user.has_perm("massnahmen.decide_import", self.quelle):
            raise PermissionDenied(f"takes back no {self.quelle.art}")

    def form_valid(self, form: ImportZuruecknehmenForm) -> HttpResponse:
        try:
            undo_import(quelle=self.quelle, grund=form.cleaned_data["grund"], by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, "Der Import ist zurückgenommen. Es ist wieder so, wie es vorher war.")
        return redirect(self.zurueck)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"quelle": self.quelle, "zurueck": self.zurueck}
