"""What we count ourselves: the list of our own Kennzahlen, a new one, and a new value of one."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import EinmalMixin, KernFormView, PermissionMixin, ZwischenstandMixin
from kennzahlen.actions import define_kennzahl, record_messwert, register_quelle
from kennzahlen.enums import Kennzahlart
from kennzahlen.forms import EigeneForm, MesswertForm
from kennzahlen.models import Kennzahl, Messwert
from kennzahlen.queries.eigene import read_eigene
from kennzahlen.views.ziele import our_jobcenter


class EigeneListeView(PermissionMixin, TemplateView):
    """Own Kennzahlen and the monthly counts behind § 48a, each with its newest value."""

    permission = "kennzahlen.view_lieferung"
    template_name = "kennzahlen/eigene_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "eigene": read_eigene(our_jobcenter(), mit_rohwerten=user.has_perm("kennzahlen.view_rohwert")),
            "darf_anlegen": user.has_perm("kennzahlen.define_kennzahl"),
            "darf_eintragen": user.has_perm("kennzahlen.record_messwert"),
        }


class EigeneNeuView(EinmalMixin, ZwischenstandMixin, PermissionMixin, KernFormView):
    permission = "kennzahlen.define_kennzahl"
    template_name = "kennzahlen/eigene_neu.html"
    form_class = EigeneForm

    def form_valid(self, form: EigeneForm) -> HttpResponse:
        kennzahl = define_kennzahl(**form.to_angaben(), by=self.request.user)
        messages.success(self.request, f"Die Kennzahl „{kennzahl}“ ist angelegt. Tragen Sie jetzt ihren ersten Wert ein.")
        return redirect("kennzahlen:messwert-neu", code=kennzahl.code)


class MesswertNeuView(EinmalMixin, ZwischenstandMixin, PermissionMixin, KernFormView):
    """One value of one of our own Kennzahlen. Written down it never changes: a correction is a new value of a later day."""

    permission = "kennzahlen.record_messwert"
    template_name = "kennzahlen/messwert_neu.html"
    form_class = MesswertForm

    @cached_property
    def kennzahl(self) -> Kennzahl:
        return get_object_or_404(Kennzahl, art=Kennzahlart.EIGENE, code=self.kwargs["code"])

    def get_initial(self) -> dict[str, Any]:
        return {"jobcenter": our_jobcenter().pk}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"kennzahl": self.kennzahl}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kennzahl": self.kennzahl}

    def form_valid(self, form: MesswertForm) -> HttpResponse:
        try:
            with transaction.atomic():
                messwert = self._record(form)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        words = "Der Wert ist gespeichert."
        if messwert.gesperrt:
            words = f"{words} Er ist klein oder verriete eine kleine Zahl und bleibt darum geheim (§\u00a016 BStatG)."
        messages.success(self.request, words)
        return redirect(f"{reverse('kennzahlen:eigene-liste')}#{messwert.kennzahl.code}")

    def _record(self, form: MesswertForm) -> Messwert:
        by = self.request.user
        quelle = form.cleaned_data["quelle"] or register_quelle(**form.to_quelle(), by=by)
        return record_messwert(quelle=quelle, **form.to_angaben(), by=by)
