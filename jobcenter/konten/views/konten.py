"""Administration keeps the accounts of others."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import ListView, TemplateView, View

from jobcenter.common.actions import VersionConflict, require
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import KernFormView, PermissionMixin
from jobcenter.konten.actions import change_konto, close_konto, invite_user, reopen_konto, resend_einladung, reset_zweiter_faktor
from jobcenter.konten.filters import KontoFilter
from jobcenter.konten.forms import KontoBearbeitenForm, KontoEinladenForm
from jobcenter.konten.models import User
from jobcenter.konten.queries import list_aenderungen, read_sicherheit


class KontenMixin(PermissionMixin):
    permission = "konten.administer_konten"


class KontoListeView(KontenMixin, ListView):
    template_name = "konten/konto_liste.html"
    context_object_name = "konten"
    paginate_by = 50
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[User]:
        self.filter = KontoFilter(self.request.GET, User.objects.visible_to(self.request.user).order_by("name", "pk"))
        return self.filter.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gefiltert = any(self.request.GET.get(name) for name in self.filter.filters)
        return super().get_context_data(**kwargs) | {"form": self.filter.form, "gefiltert": gefiltert}


class KontoEinladenView(KontenMixin, KernFormView):
    template_name = "konten/konto_einladen.html"
    form_class = KontoEinladenForm

    def form_valid(self, form: KontoEinladenForm) -> HttpResponse:
        try:
            konto = invite_user(**form.cleaned_data, by=self.request.user)
        except TransitionError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"Die Einladung an {konto.email} ist unterwegs. Der Link darin gilt 14 Tage.")
        return redirect("konten:konto-detail", pk=konto.pk)


class KontoMixin(KontenMixin):
    """About one account; `needs_change` where something would be done to it."""

    needs_change = True
    konto: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request.user, self.permission)
        self.konto = get_object_or_404(User.objects.visible_to(request.user), pk=kwargs["pk"])
        if self.needs_change and not request.user.has_perm("konten.change_konto", self.konto):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"konto": self.konto}  # type: ignore[misc]  # of the View beside it


class KontoDetailView(KontoMixin, TemplateView):
    template_name = "konten/konto_detail.html"
    needs_change = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sicherheit": read_sicherheit(self.konto),
            "aenderungen": list_aenderungen(self.konto),
            "darf_aendern": self.request.user.has_perm("konten.change_konto", self.konto),
        }


class KontoBearbeitenView(KontoMixin, KernFormView):
    template_name = "konten/konto_bearbeiten.html"
    form_class = KontoBearbeitenForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.konto, name) for name in ("name", "rollen", "gueltig_bis", "version")}

    def form_valid(self, form: KontoBearbeitenForm) -> HttpResponse:
        try:
            konto = change_konto(konto=self.konto, **form.cleaned_data, by=self.request.user)
        except VersionConflict as conflict:
            return self._conflict(form, conflict.current)
        messages.success(self.request, f"Das Konto von {konto} ist gespeichert.")
        return redirect("konten:konto-detail", pk=konto.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"konflikt": None} | kwargs)

    def _conflict(self, form: KontoBearbeitenForm, stored: User) -> HttpResponse:
        """What is stored now beside the form as typed; saving it again is on top of what is stored."""
        data = form.data.copy()
        data["version"] = str(stored.version)
        typed = self.form_class(data)
        return self.render_to_response(self.get_context_data(form=typed, konflikt=stored), status=409)


class PerformMixin(KontoMixin):
    """Does one thing to an account and leads back to its page; what cannot be done now is said there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.perform())
        except TransitionError as error:
            messages.error(request, str(error))
        return redirect("konten:konto-detail", pk=self.konto.pk)

    def perform(self) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class ConfirmedActionView(PerformMixin, TemplateView):
    """A page that asks once more, and then does it."""


class KontoSchliessenView(ConfirmedActionView):
    template_name = "konten/konto_schliessen.html"

    def perform(self) -> str:
        close_konto(konto=self.konto, by=self.request.user)
        return f"Das Konto von {self.konto} ist geschlossen. Wer damit angemeldet war, ist abgemeldet."


class KontoFaktorZuruecksetzenView(ConfirmedActionView):
    template_name = "konten/konto_faktor_zuruecksetzen.html"

    def perform(self) -> str:
        reset_zweiter_faktor(konto=self.konto, by=self.request.user)
        return f"{self.konto} meldet sich jetzt mit dem Passwort allein an und richtet dann einen neuen zweiten Faktor ein."


class PostOnlyView(PerformMixin, View):
    """A button on the page of an account."""

    http_method_names = ["post"]


class KontoOeffnenView(PostOnlyView):
    def perform(self) -> str:
        reopen_konto(konto=self.konto, by=self.request.user)
        return f"Das Konto von {self.konto} ist wieder offen."


class EinladungSendenView(PostOnlyView):
    def perform(self) -> str:
        resend_einladung(konto=self.konto, by=self.request.user)
        return f"Eine neue Einladung an {self.konto.email} ist unterwegs. Der frühere Link gilt nicht mehr."
