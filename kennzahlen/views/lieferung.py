"""Deliveries of figures: handed in, watched while they are checked, decided about, withdrawn."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import DetailView, TemplateView, View

from jobcenter.common import export, typography
from jobcenter.common.actions import require
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.tabellen import DatumSpalte, LinkSpalte, Spalte, Tabelle, TabelleMixin, TextSpalte, ZahlSpalte, ZeitpunktSpalte
from jobcenter.common.templatetags.kern import stand_art
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.uploads import accept_large_upload
from jobcenter.common.views import EinmalMixin, KernFormView, PermissionMixin
from kennzahlen.actions import (
    discard_lieferung,
    register_quelle,
    retry_lieferung,
    submit_lieferung,
    take_over_lieferung,
    withdraw_lieferung,
)
from kennzahlen.enums import LIEFERUNG_TRANSITIONS, Lieferzustand
from kennzahlen.filters import LieferungFilter
from kennzahlen.forms import SPALTEN, LieferungForm, UebernehmenForm, ZurueckziehenForm
from kennzahlen.models import Datenlieferung, Spaltenplan
from kennzahlen.queries.lieferung import read_vorschau

UNDER_WAY = {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}
LARGE_FIELDS = ("fehlerliste", "hinweise", "vorschau")
MUSTER = (  # fictional figures of a fictional Jobcenter; the columns are those of SPALTEN
    ("99001", "Musterland", "IIIb", "2026-07", "K2", "I", "2601", "9824,58", "26,5", ""),
    ("99001", "Musterland", "IIIb", "2026-07", "K2", "M", "1562", "5102,25", "30,6", ""),
    ("99001", "Musterland", "IIIb", "2026-07", "K2", "F", "1039", "4722,33", "22,0", ""),
    ("99001", "Musterland", "IIIb", "2026-07", "K2E3", "I", "", "", "", "*"),
)


def word_zustand(lieferung: Datenlieferung) -> tuple[str, str]:
    """The state in a word, and its mood; a check that was given up is no longer going on."""
    if lieferung.zustand == Lieferzustand.EINGEREICHT and lieferung.status == Auftragsstatus.GESCHEITERT:
        return "Prüfung gescheitert", "danger"
    return lieferung.get_zustand_display(), stand_art(lieferung.zustand)


class ZustandSpalte(Spalte):
    def render(self, record: Datenlieferung) -> str:
        wort, art = word_zustand(record)
        return render_to_string("components/badge.html", {"wort": wort, "art": art})

    def value(self, record: Datenlieferung) -> str:  # type: ignore[override]  # called by the names of its arguments
        return word_zustand(record)[0]


class MonateSpalte(TextSpalte):
    def render(self, record: Datenlieferung) -> str:
        assert record.monat_von is not None
        return typography.zeitraum(record.monat_von, record.monat_bis)

    def value(self, record: Datenlieferung) -> str:  # type: ignore[override]
        return self.render(record)


class LieferungTabelle(Tabelle):
    titel = "Datenlieferungen"
    woerter = ("Lieferung", "Lieferungen")

    datei = LinkSpalte(
        "Datei",
        accessor="dateiname",
        url=lambda record, table: reverse("kennzahlen:lieferung-detail", args=[record.pk]),
        zusatz=lambda record: str(record.quelle),
    )
    quelle = TextSpalte("Quelle", order_by=("quelle__herausgeber", "quelle__titel"), nur_datei=True)
    stand = DatumSpalte("Stand", initial_sort_descending=True)
    zustand = ZustandSpalte("Zustand")
    zeilen = ZahlSpalte("Zeilen")
    monate = MonateSpalte("Monate", accessor="monat_von")
    von = TextSpalte("geliefert von", accessor="eingereicht_von__name")
    am = ZeitpunktSpalte("geliefert am", accessor="angelegt_am", initial_sort_descending=True)


class LieferungenView(PermissionMixin, View):
    """What staff may see of deliveries."""

    permission = "kennzahlen.view_lieferung"

    def get_queryset(self) -> QuerySet[Datenlieferung]:
        visible = Datenlieferung.objects.visible_to(self.request.user)
        return visible.select_related("quelle", "eingereicht_von", "entschieden_von", "spaltenplan").order_by("-angelegt_am", "-pk")


class LieferungListeView(TabelleMixin, LieferungenView, TemplateView):
    template_name = "kennzahlen/lieferung_liste.html"
    tabelle_class, filter_class = LieferungTabelle, LieferungFilter

    def get_rows(self) -> QuerySet[Datenlieferung]:
        return self.get_queryset().defer(*LARGE_FIELDS)

    def get_leer(self) -> dict[str, str]:
        titel, text = (
            "Noch keine Lieferung",
            "Zahlen kommen als CSV- oder Excel-Datei ins Portal. Es prüft sie, bevor etwas öffentlich wird.",
        )
        if not self.request.user.has_perm("kennzahlen.submit_lieferung"):
            return {"titel": titel, "text": f"{text} Das Controlling liefert sie."}
        return {"titel": titel, "text": text, "url": reverse("kennzahlen:lieferung-neu"), "verb": "Zahlen liefern"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "darf_liefern": user.has_perm("kennzahlen.submit_lieferung"),
            "darf_planen": user.has_perm("kennzahlen.keep_spaltenplan"),
        }


@method_decorator(csrf_exempt, name="dispatch")  # at the door only: _dispatch_checked looks at the token
class LieferungNeuView(EinmalMixin, PermissionMixin, KernFormView):
    """Takes a large file, so who sends it is asked before the file is read."""

    permission = "kennzahlen.submit_lieferung"
    template_name = "kennzahlen/lieferung_neu.html"
    form_class = LieferungForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request.user, self.permission)
        accept_large_upload(request)
        return self._dispatch_checked(request, *args, **kwargs)

    @method_decorator(csrf_protect)
    def _dispatch_checked(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The source and plan of this person's last delivery; with `?wie=7` everything as in that one, for its corrected file."""
        rows, given = Datenlieferung.objects.visible_to(self.request.user), self.request.GET.get("wie", "")
        if given.isascii() and given.isdigit() and len(given) < 10 and (before := rows.filter(pk=int(given)).first()):
            return {"quelle": before.quelle_id, "spaltenplan": before.spaltenplan_id, "stand": before.stand}
        last = rows.filter(eingereicht_von=self.request.user).order_by("-angelegt_am").first()
        return {"quelle": last.quelle_id, "spaltenplan": last.spaltenplan_id} if last else {}

    def form_valid(self, form: LieferungForm) -> HttpResponse:
        try:
            with transaction.atomic():
                lieferung = self._submit(form, form.cleaned_data)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect("kennzahlen:lieferung-detail", pk=lieferung.pk)

    def _submit(self, form: LieferungForm, given: dict[str, Any]) -> Datenlieferung:
        by = self.request.user
        new = {name: given[name] for name in ("art", "herausgeber", "titel", "lizenz")}
        return submit_lieferung(
            quelle=given["quelle"] or register_quelle(**new, by=by),
            stand=given["stand"],
            datei=given["datei"],
            dateiname=given["datei"].name,
            dateiart=form.dateiart,
            spaltenplan=given["spaltenplan"],
            by=by,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"spalten": SPALTEN, "hat_plaene": Spaltenplan.objects.exists()}


class LieferungDetailView(LieferungenView, DetailView):
    """How far the check is, what it found, and what can be done. It refreshes itself with htmx, and by a link without."""

    template_name = "kennzahlen/lieferung_detail.html"
    context_object_name = "lieferung"

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#stand"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lieferung, user = self.object, self.request.user
        wort, art = word_zustand(lieferung)
        submitted = lieferung.zustand == Lieferzustand.EINGEREICHT
        return super().get_context_data(
            wort=wort,
            art=art,
            ist_unterwegs=submitted and lieferung.status in UNDER_WAY,
            versuch=(lieferung.versuch - 1) % Datenlieferung.MAX_VERSUCHE + 1 if lieferung.versuch else 0,
            versuche=Datenlieferung.MAX_VERSUCHE,
            vorschau=read_vorschau(lieferung) if lieferung.vorschau else None,
            darf_liefern=user.has_perm("kennzahlen.submit_lieferung"),
            darf_entscheiden=user.has_perm("kennzahlen.take_over_lieferung", lieferung),
            darf_wiederholen=user.has_perm("kennzahlen.retry_lieferung", lieferung),
            darf_zurueckziehen=user.has_perm("kennzahlen.withdraw_lieferung", lieferung),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"  # the page and its fragment share an address
        patch_vary_headers(response, ["HX-Request"])
        return response


class LieferungFehlerView(LieferungenView):
    """The faults of a delivery as CSV, to be worked through beside the file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        lieferung = get_object_or_404(self.get_queryset(), pk=pk)
        kopf = [export.Kopf("Stelle"), export.Kopf("Was ist falsch")]
        rows = [(one["stelle"], one["satz"]) for one in lieferung.fehlerliste]
        return export.respond(export.Ausfuhr(f"Fehler in Lieferung {pk}", kopf, rows), "csv")


class LieferungMusterView(LieferungenView):
    """An example of a file that needs no Spaltenplan."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([list(SPALTEN), *MUSTER])
        response = HttpResponse("\ufeff" + text.getvalue(), content_type=export.CSV)
        response["Content-Disposition"] = 'attachment; filename="musterdatei-kennzahlen.csv"'
        return response


class LieferungMixin(LieferungenView):
    """Pages and buttons about one delivery; what cannot be done any more is said on its page."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.zurueck = reverse("kennzahlen:lieferung-detail", args=[kwargs["pk"]])

    @property
    def lieferung(self) -> Datenlieferung:
        if not hasattr(self, "_lieferung"):
            self._lieferung = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return self._lieferung

    def refuse(self, error: TransitionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return redirect(self.zurueck)


class EntscheidungView(LieferungMixin, KernFormView):
    """Asks once more before a step that cannot be taken back."""

    ziel: Lieferzustand

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            check_transition(LIEFERUNG_TRANSITIONS, self.lieferung.zustand, self.ziel, noun=f"Die {self.lieferung}")
        except TransitionError as error:
            return self.refuse(error)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            sentence = self.decide(form.cleaned_data)
        except TransitionError as error:
            return self.refuse(error)
        messages.success(self.request, sentence)
        return redirect(self.zurueck)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lieferung": self.lieferung, "zurueck": self.zurueck}

    def decide(self, given: dict[str, Any]) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class LieferungUebernehmenView(EntscheidungView):
    permission = "kennzahlen.take_over_lieferung"
    template_name = "kennzahlen/lieferung_uebernehmen.html"
    form_class = UebernehmenForm
    ziel = Lieferzustand.UEBERNOMMEN

    def decide(self, given: dict[str, Any]) -> str:
        done = take_over_lieferung(lieferung=self.lieferung, mit_zuordnungen=given["mit_zuordnungen"], by=self.request.user)
        return f"Die Zahlen mit Stand {typography.datum(done.stand)} sind veröffentlicht."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        vorschau = read_vorschau(self.lieferung) if self.lieferung.vorschau else None
        return super().get_context_data(**kwargs) | {"vorschau": vorschau}


class LieferungZurueckziehenView(EntscheidungView):
    permission = "kennzahlen.withdraw_lieferung"
    template_name = "kennzahlen/lieferung_zurueckziehen.html"
    form_class = ZurueckziehenForm
    ziel = Lieferzustand.ZURUECKGEZOGEN

    def decide(self, given: dict[str, Any]) -> str:
        withdraw_lieferung(lieferung=self.lieferung, grund=given["grund"], by=self.request.user)
        return "Die Zahlen sind zurückgezogen und nicht mehr öffentlich."


class LieferungVerwerfenView(LieferungMixin):
    permission = "kennzahlen.take_over_lieferung"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            discard_lieferung(lieferung=self.lieferung, by=request.user)
        except TransitionError as error:
            return self.refuse(error)
        messages.success(request, "Die Lieferung ist verworfen. Veröffentlicht ist nichts davon.")
        return redirect(self.zurueck)


class LieferungWiederholenView(LieferungMixin):
    permission = "kennzahlen.retry_lieferung"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            retry_lieferung(lieferung=self.lieferung, by=request.user)
        except TransitionError as error:
            return self.refuse(error)
        messages.success(request, "Die Datei wird noch einmal geprüft.")
        return redirect(self.zurueck)
