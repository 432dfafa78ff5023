"""What everybody sees and changes about their own account, and the way in by invitation."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import KernFormView
from jobcenter.konten.actions import (
    LINK_GILT_NICHT,
    accept_einladung,
    change_post_takt,
    confirm_mailwechsel,
    request_mailwechsel,
)
from jobcenter.konten.enums import Posttakt
from jobcenter.konten.forms import BenachrichtigungenForm, EinladungAnnehmenForm, MailAendernForm
from jobcenter.konten.queries import has_zweiter_faktor, read_einladung, read_mailwechsel, read_sicherheit


class MeinKontoView(TemplateView):
    template_name = "konten/mein_konto.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sicherheit": read_sicherheit(self.request.user)}


class ZweiterFaktorView(TemplateView):
    """The only page for an account that needs a second factor and has none: why, and the two ways."""

    template_name = "konten/zweiter_faktor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_zweiter_faktor(request.user):
            return redirect("konten:mein-konto")
        return super().get(request, *args, **kwargs)


class BenachrichtigungenView(KernFormView):
    template_name = "konten/benachrichtigungen.html"
    form_class = BenachrichtigungenForm

    def get_initial(self) -> dict[str, Any]:
        return {"takt": self.request.user.post_takt}

    def form_valid(self, form: BenachrichtigungenForm) -> HttpResponse:
        konto = change_post_takt(takt=Posttakt(form.cleaned_data["takt"]), by=self.request.user)
        messages.success(self.request, f"Gespeichert. Sie bekommen Nachrichten {konto.get_post_takt_display()}.")
        return redirect("konten:mein-konto")


@method_decorator(reauthentication_required(), name="dispatch")
@method_decorator(rate_limit(action="manage_email"), name="dispatch")
class MailAendernView(KernFormView):
    template_name = "konten/mail_aendern.html"
    form_class = MailAendernForm

    def form_valid(self, form: MailAendernForm) -> HttpResponse:
        try:
            request_mailwechsel(email=form.cleaned_data["email"], by=self.request.user)
        except TransitionError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        satz = f"Wir haben eine E-Mail an {form.cleaned_data['email']} geschickt. Öffnen Sie darin den Link. Er gilt 24 Stunden."
        messages.success(self.request, satz)
        return redirect("konten:mein-konto")


class MailBestaetigenView(TemplateView):
    """Behind the link in the mail. Opening it changes nothing yet: programs that check mails open links as well."""

    template_name = "konten/mail_bestaetigen.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        neu = read_mailwechsel(kwargs["token"], request.user)
        return self.render_to_response(self.get_context_data(neu=neu, satz=LINK_GILT_NICHT), status=200 if neu else 410)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            konto = confirm_mailwechsel(token=kwargs["token"], by=request.user)
        except TransitionError as error:
            return self.render_to_response(self.get_context_data(neu=None, satz=str(error)), status=409)
        messages.success(request, f"Ihre E-Mail-Adresse ist jetzt {konto.email}. Melden Sie sich künftig damit an.")
        return redirect("konten:mein-konto")


@method_decorator([never_cache, login_not_required, rate_limit(action="reset_password_from_key")], name="dispatch")
class EinladungAnnehmenView(KernFormView):
    """Behind the link of an invitation: choose a password and be signed in. Public, because nobody has a password yet."""

    template_name = "konten/einladung_annehmen.html"
    form_class = EinladungAnnehmenForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.konto = read_einladung(kwargs["token"])
        if self.konto is None:
            return self._gone()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.konto}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"konto": self.konto}

    def form_valid(self, form: EinladungAnnehmenForm) -> HttpResponse:
        try:
            konto = accept_einladung(token=self.kwargs["token"], passwort=form.cleaned_data["password1"], by=self.konto)
        except TransitionError:  # somebody was quicker with the same link
            return self._gone()
        if self.request.user.is_authenticated:
            logout(self.request)
        return perform_password_login(self.request, {"email": konto.email}, Login(user=konto))

    def _gone(self) -> HttpResponse:
        return self.response_class(self.request, self.template_name, {"konto": None, "form": None}, status=410)
