"""Press releases on their way: written and released behind sign-in."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import TemplateView, View
from django.views.generic.detail import SingleObjectMixin

from jobcenter.common import clock, typography
from jobcenter.common.actions import VersionConflict
from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.tabellen import LinkSpalte, Tabelle, TabelleMixin, TextSpalte, ZeitpunktSpalte
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import Verlaufsquelle
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, PermissionMixin, StandMixin, ZwischenstandMixin
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, update_pressemitteilung
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.filters import PressemitteilungFilter
from jobcenter.presse.forms import PressemitteilungAendernForm, PressemitteilungForm
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import expected_nummer, history_of_pressemitteilung, open_entwuerfe, released_pressemitteilungen


class StaffView(PermissionMixin, View):
    """Drafts are for staff."""

    permission = "presse.view_entwurf"


class MitteilungView(SingleObjectMixin, StaffView):
    """A page about one press release, whatever its state."""

    context_object_name = "mitteilung"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()

    def get_queryset(self) -> QuerySet[Pressemitteilung]:
        visible = Pressemitteilung.objects.visible_to(self.request.user)
        return visible.select_related("geaendert_von", "angefragt_von", "freigegeben_von", "fassung__programm").defer("fassung__inhalt")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be done with it, for every page about it."""
        user, mitteilung = self.request.user, self.object
        ist_fest = mitteilung.status == Pressestatus.FREIGEGEBEN
        darf_freigeben = user.has_perm("presse.release_pressemitteilung", mitteilung)
        context = {
            "ist_fest": ist_fest,
            "ist_oeffentlich": ist_fest and mitteilung.oeffentlich_ab <= clock.now(),
            "darf_bearbeiten": not ist_fest and user.has_perm("presse.change_pressemitteilung", mitteilung),
            "darf_freigeben": mitteilung.status == Pressestatus.ZUR_FREIGABE and darf_freigeben,
            "ist_beteiligt": user.has_perm("presse.release_pressemitteilung") and not darf_freigeben,
            "konflikt": None,
            # as they are, or as they would be now
            "nummer": mitteilung.nummer_text or expected_nummer(),
            "tag": mitteilung.oeffentlich_ab or max(clock.now(), mitteilung.sperrfrist or clock.now()),
        }
        return super().get_context_data(**context | kwargs)


class OeffentlichSpalte(ZeitpunktSpalte):
    """Since when, or until when an embargo hides it."""

    def render(self, value: datetime) -> str:
        if value > clock.now():
            return format_html("<strong>Gesperrt bis {}</strong>", typography.zeitpunkt(value))
        return typography.datum_kurz(value)


class PressemitteilungTabelle(Tabelle):
    titel = "Freigegebene Pressemitteilungen"
    woerter = ("Pressemitteilung", "Pressemitteilungen")

    nummer = TextSpalte("Nr.", accessor="nummer_text", order_by=("jahr", "nummer"), initial_sort_descending=True)
    mitteilung = LinkSpalte(
        "Überschrift", accessor="titel", url=lambda record, table: reverse("presse:pressemitteilung-bearbeiten", args=[record.pk])
    )
    oeffentlich = OeffentlichSpalte("Öffentlich ab", accessor="oeffentlich_ab", initial_sort_descending=True)
    freigegeben = TextSpalte("Freigegeben von", accessor="freigegeben_von__name")


class PressemitteilungInternListeView(TabelleMixin, StaffView, TemplateView):
    """What is open in full; what is released as a table."""

    template_name = "presse/pressemitteilung_intern_liste.html"
    tabelle_class, filter_class = PressemitteilungTabelle, PressemitteilungFilter
    leer: ClassVar[dict[str, str]] = {
        "titel": "Noch nichts freigegeben",
        "text": "Freigegebene Mitteilungen stehen hier mit ihrer Nummer.",
    }

    def get_rows(self) -> QuerySet[Pressemitteilung]:
        return released_pressemitteilungen(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "offene": open_entwuerfe(user),
            "darf_anlegen": user.has_perm("presse.change_pressemitteilung"),
        }


class PressemitteilungAnlegenView(EinmalMixin, ZwischenstandMixin, StaffView, KernFormView):
    template_name = "presse/pressemitteilung_anlegen.html"
    permission = "presse.change_pressemitteilung"
    form_class = PressemitteilungForm

    def form_valid(self, form: PressemitteilungForm) -> HttpResponse:
        mitteilung = create_pressemitteilung(**form.cleaned_data, by=self.request.user)
        messages.success(self.request, "Der Entwurf ist gespeichert.")
        return redirect("presse:pressemitteilung-bearbeiten", pk=mitteilung.pk)


class PressemitteilungBearbeitenView(ZwischenstandMixin, KonfliktMixin, StandMixin, MitteilungView, KernFormView):
    """The editor; a released text is shown as it stands, and so is a draft to those who may only read it."""

    template_name = "presse/pressemitteilung_bearbeiten.html"
    form_class = PressemitteilungAendernForm

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_pressemitteilung(self.object)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in self.form_class.base_fields}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("presse.change_pressemitteilung", self.object):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PressemitteilungForm) -> HttpResponse:
        version, zur_freigabe = form.cleaned_data["version"], "zur_freigabe" in self.request.POST
        try:
            saved = update_pressemitteilung(
                pressemitteilung=self.object,
                **form.cleaned_data,
                zur_freigabe=zur_freigabe,
                grund=self.get_grund(form),
                by=self.request.user,
            )
        except TransitionError as error:
            self.reload()  # released a moment ago: the page around the text says so
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        if zur_freigabe:
            messages.success(self.request, "Die Pressemitteilung wartet jetzt auf die Freigabe durch eine zweite Person.")
            return redirect("presse:pressemitteilung-freigeben", pk=saved.pk)
        if saved.version == version:
            messages.info(self.request, "Sie haben nichts geändert. Der Text bleibt, wie er war.")
        else:
            messages.success(self.request, "Der Entwurf ist gespeichert.")
        return redirect("presse:pressemitteilung-bearbeiten", pk=saved.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"kommentare": list_kommentare(self.object, self.request.user)}
        if context["ist_fest"]:  # what somebody typed too late is there to be copied
            for field in context["form"].fields.values():
                field.widget.attrs["readonly"] = True
        return context

    def reload(self) -> Pressemitteilung:
        self.object = self.get_object()
        return self.object


class PressemitteilungVorschauView(MitteilungView, TemplateView):
    template_name = "presse/pressemitteilung_vorschau.html"


class PressemitteilungFreigebenView(MitteilungView, TemplateView):
    """The second person reads exactly the text that will be public, and releases that version of it."""

    template_name = "presse/pressemitteilung_freigeben.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.status == Pressestatus.FREIGEGEBEN:
            return redirect("presse:pressemitteilung-bearbeiten", pk=self.object.pk)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            released = release_pressemitteilung(pressemitteilung=self.object, version=_version(request), by=request.user)
        except VersionConflict as conflict:
            self.object = self.get_queryset().get(pk=conflict.current.pk)
            return self.render_to_response(self.get_context_data(konflikt=self.object), status=409)
        if released.oeffentlich_ab and released.oeffentlich_ab > clock.now():
            ab = typography.zeitpunkt(released.oeffentlich_ab)
            messages.success(request, f"Die Pressemitteilung Nr. {released.nummer_text} ist freigegeben. Öffentlich wird sie am {ab}.")
        else:
            messages.success(request, f"Die Pressemitteilung Nr. {released.nummer_text} ist freigegeben und öffentlich.")
        return redirect("presse:pressemitteilung-bearbeiten", pk=released.pk)


def _version(request: HttpRequest) -> int:
    """The version that the page was opened with; nonsense never matches."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
