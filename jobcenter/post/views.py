"""What was sent to whom. In the demo everybody reads the mails here, because no mail server takes them away."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, ListView, View

from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import PermissionMixin
from jobcenter.post.actions import resend_versand, retry_versand
from jobcenter.post.forms import VersandSucheForm
from jobcenter.post.models import Versand
from jobcenter.post.queries import read_brief


class PostView(PermissionMixin, View):
    permission = "post.view_versand"

    def get_queryset(self) -> QuerySet[Versand]:
        return Versand.objects.visible_to(self.request.user).select_related("an")


class VersandListeView(PostView, ListView):
    """Search and state stand in the address."""

    template_name = "post/versand_liste.html"
    context_object_name = "mails"
    paginate_by = 25
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Versand]:
        self.form = VersandSucheForm(self.request.GET)
        wanted = self.form.cleaned_data if self.form.is_valid() else {}
        return super().get_queryset().defer("text").search(wanted.get("suche", "")).in_stand(wanted.get("stand", "")).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sucht = any(self.form.data.get(name) for name in self.form.fields)
        return super().get_context_data(form=self.form, sucht=sucht, **kwargs)


class VersandDetailView(PostView, DetailView):
    """The mail as its reader gets it."""

    template_name = "post/versand_detail.html"
    context_object_name = "mail"

    def get_queryset(self) -> QuerySet[Versand]:
        return super().get_queryset().select_related("sammelbrief", "wiederholung_von")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail, user = self.object, self.request.user
        darf = user.has_perm("post.retry_versand", mail)
        return super().get_context_data(
            brief=read_brief(mail) if user.has_perm("post.read_versand", mail) else "",
            gesammelte=list(mail.gesammelte.defer("text").order_by("pk")),
            wiederholungen=list(mail.wiederholungen.defer("text").order_by("pk")),
            darf_wiederholen=darf and mail.status == Auftragsstatus.GESCHEITERT and not mail.ist_vergessen,
            darf_senden=darf and mail.status == Auftragsstatus.FERTIG and not mail.ist_vergessen,
            **kwargs,
        )


class VersandWiederholenView(PostView):
    """Begin the next attempts at a mail that was given up."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        versand = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            retry_versand(versand=versand, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Die Mail geht noch einmal auf den Weg.")
        return redirect("post:versand-detail", pk=pk)


class VersandSendenView(PostView):
    """Send a mail once more, as a new one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        versand = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            again = resend_versand(versand=versand, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
            return redirect("post:versand-detail", pk=pk)
        messages.success(request, f"Die Mail wird noch einmal an {again.adresse} gesendet.")
        return redirect("post:versand-detail", pk=again.pk)
