"""Press releases: written and released behind sign-in, read by everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, ListView, TemplateView, View
from django.views.generic.detail import SingleObjectMixin

from jobcenter.common import clock, typography
from jobcenter.common.actions import VersionConflict
from jobcenter.common.views import KernFormView, PermissionMixin
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, update_pressemitteilung
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.forms import PressemitteilungForm
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import (
    expected_nummer,
    open_entwuerfe,
    published_jahre,
    published_pressemitteilungen,
    released_pressemitteilungen,
)

# --- for everybody ----------------------------------------------------------------------------------------------


@method_decorator(login_not_required, name="dispatch")
class PressemitteilungListeView(ListView):
    """All years, newest first, or one of them (`?jahr=2026`)."""

    template_name = "presse/pressemitteilung_liste.html"
    context_object_name = "mitteilungen"
    paginate_by = 10
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Pressemitteilung]:
        found = published_pressemitteilungen()
        return found.filter(jahr_oeffentlich=self.jahr) if self.jahr else found

    @property
    def jahr(self) -> int | None:
        """A year that is none is as good as no choice."""
        given = self.request.GET.get("jahr", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) == 4 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"jahre": published_jahre(), "gewaehltes_jahr": self.jahr}


@method_decorator(login_not_required, name="dispatch")
class PressemitteilungDetailView(DetailView):
    template_name = "presse/pressemitteilung_detail.html"
    context_object_name = "mitteilung"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        if kwargs["slug"] != self.object.slug:
            return redirect(self.object, permanent=True)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_object(self, queryset: QuerySet[Pressemitteilung] | None = None) -> Pressemitteilung:
        found = published_pressemitteilungen().select_related("fassung__programm").defer("fassung__inhalt")
        return get_object_or_404(found, jahr=self.kwargs["jahr"], nummer=self.kwargs["nummer"])


# --- for staff --------------------------------------------------------------------------------------------------


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


class PressemitteilungInternListeView(StaffView, ListView):
    """What is open in full, what is released by pages."""

    template_name = "presse/pressemitteilung_intern_liste.html"
    context_object_name = "freigegebene"
    paginate_by = 20
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Pressemitteilung]:
        return released_pressemitteilungen(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "offene": open_entwuerfe(user),
            "darf_anlegen": user.has_perm("presse.change_pressemitteilung"),
            "jetzt": clock.now(),
        }


class PressemitteilungAnlegenView(StaffView, KernFormView):
    template_name = "presse/pressemitteilung_anlegen.html"
    permission = "presse.change_pressemitteilung"
    form_class = PressemitteilungForm

    def form_valid(self, form: PressemitteilungForm) -> HttpResponse:
        mitteilung = create_pressemitteilung(**form.cleaned_data, by=self.request.user)
        messages.success(self.request, "Der Entwurf ist gespeichert.")
        return redirect("presse:pressemitteilung-bearbeiten", pk=mitteilung.pk)


class PressemitteilungBearbeitenView(MitteilungView, KernFormView):
    """The editor; a released text is shown as it stands, and so is a draft to those who may only read it."""

    template_name = "presse/pressemitteilung_bearbeiten.html"
    form_class = PressemitteilungForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in PressemitteilungForm.base_fields}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("presse.change_pressemitteilung", self.object):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PressemitteilungForm) -> HttpResponse:
        version, zur_freigabe = _version(self.request), "zur_freigabe" in self.request.POST
        try:
            saved = update_pressemitteilung(
                pressemitteilung=self.object, version=version, **form.cleaned_data, zur_freigabe=zur_freigabe, by=self.request.user
            )
        except VersionConflict as conflict:
            self.object = self.get_queryset().get(pk=conflict.current.pk)
            return self.render_to_response(self.get_context_data(form=form, konflikt=self.object), status=409)
        if zur_freigabe:
            messages.success(self.request, "Die Pressemitteilung wartet jetzt auf die Freigabe durch eine zweite Person.")
            return redirect("presse:pressemitteilung-freigeben", pk=saved.pk)
        if saved.version == version:
            messages.info(self.request, "Sie haben nichts geändert. Der Text bleibt, wie er war.")
        else:
            messages.success(self.request, "Der Entwurf ist gespeichert.")
        return redirect("presse:pressemitteilung-bearbeiten", pk=saved.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A refused form keeps the version it was opened with; after a conflict it goes on from the newer one."""
        typed = self.request.method == "POST" and not kwargs.get("konflikt")
        version = _version(self.request) if typed else self.object.version
        return super().get_context_data(version=version, **kwargs)


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
