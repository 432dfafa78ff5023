"""Forms in which people write: nothing typed is lost, overwritten or sent twice."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.views.generic import View

from jobcenter.common import einreichung, zwischenstand
from jobcenter.common.actions import VersionConflict
from jobcenter.common.konflikt import compare_values
from jobcenter.common.models import Zwischenstand
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views.verlauf import keep_stand
from jobcenter.common.zwischenstand import Schreibender, Schreibmarke


@dataclass(frozen=True)
class Schreibhilfe:
    """What a form that keeps drafts shows about them. Stands at the form as `form.zwischenstand`."""

    marke: str
    gefunden: Zwischenstand | None = None  # not saved, and not on the screen yet
    ist_fortgesetzt: bool = False
    ist_offen: bool = False  # the fields hold what nobody has saved
    ist_ueberholt: bool = False  # somebody saved since the draft was begun
    andere: list[Schreibender] = field(default_factory=list)


class ZwischenstandMixin:
    """A form view that keeps what is typed: `?zwischenstand=1` goes on with it, a save empties the slot with the save itself.

    What is refused (422), came too late or met a newer version (409) is kept too. Put it left of the form view.
    """

    shows_others = True  # on a page that edits one thing; who creates something disturbs nobody

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response = super().post(request, *args, **kwargs)  # type: ignore[misc]  # of the View beside it
                if isinstance(response, HttpResponseRedirectBase):
                    zwischenstand.clear(request.user, request.path)
                    return response
        except (TransitionError, PermissionDenied):
            self._keep_refused()  # after the rollback, which would take it along
            raise
        if response.status_code in {409, 422}:
            self._keep_refused()
        return response

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form = super().get_form(form_class)  # type: ignore[misc]  # of the FormView beside it
        if self._continues and (stand := self._find()):
            data = zwischenstand.as_data(stand)
            for name, one in form.fields.items():
                prefixed = form.add_prefix(name)
                if not one.widget.value_omitted_from_data(data, {}, prefixed):
                    form.initial[name] = one.widget.value_from_datadict(data, {}, prefixed)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]  # of the FormView beside it
        context["form"].zwischenstand = self.get_schreibhilfe(context["form"])
        return context

    def get_schreibhilfe(self, form: BaseForm) -> Schreibhilfe:
        user, seite = self.request.user, self.request.path
        marke = zwischenstand.issue_marke(user, seite)
        andere = zwischenstand.others_writing(user, seite) if self.shows_others else []
        if form.is_bound:
            return Schreibhilfe(marke, ist_offen=True, andere=andere)
        stand = self._find()
        if stand is None or not self._says_something_new(stand):
            return Schreibhilfe(marke, andere=andere)
        return Schreibhilfe(
            marke,
            gefunden=None if self._continues else stand,
            ist_fortgesetzt=self._continues,
            ist_offen=self._continues,
            ist_ueberholt=self._is_outdated(stand),
            andere=andere,
        )

    @property
    def _continues(self) -> bool:
        return self.request.method in {"GET", "HEAD"} and zwischenstand.FELD in self.request.GET

    def _find(self) -> Zwischenstand | None:
        if not hasattr(self, "_found"):
            self._found = zwischenstand.find(self.request.user, self.request.path)
        return self._found

    def _says_something_new(self, stand: Zwischenstand) -> bool:
        """Not what is stored anyway: an autosave may have arrived after the save it was overtaken by."""
        key = stand.felder.get(einreichung.FELD, [""])[0]
        if einreichung.is_used(self.request.user, self.request.path, key):
            return False
        return bool(set(self._as_form(stand).changed_data) - {"version"})

    def _is_outdated(self, stand: Zwischenstand) -> bool:
        form = self._as_form(stand)
        return "version" in form.fields and "version" in form.changed_data

    def _as_form(self, stand: Zwischenstand) -> BaseForm:
        kwargs = self.get_form_kwargs() | {"data": zwischenstand.as_data(stand)}  # type: ignore[attr-defined]
        return self.get_form_class()(**kwargs)  # type: ignore[attr-defined]

    def _keep_refused(self) -> None:
        with contextlib.suppress(zwischenstand.TooLarge):  # it stands in the answer's fields
            zwischenstand.keep(self.request.user, self.request.path, self.request.POST)


class KonfliktMixin:
    """A form view over a row with a version: who saves on top of a newer save sees both texts, answered with 409.

    Put it left of the form view and right of ZwischenstandMixin. The form has a field `version`; `get_initial` reads what
    `reload` has fetched.
    """

    request: HttpRequest

    def reload(self) -> Model:
        """Fetch what the form edits as it is stored now; return the row that carries the version."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]  # of the FormView beside it
        except VersionConflict:
            return self._render_konflikt()

    def _render_konflikt(self) -> HttpResponse:
        row = self.reload()
        form, stored = self.get_form(), self.get_initial()  # type: ignore[attr-defined]  # of the FormView beside it
        if not form.is_valid():  # what was valid a moment ago met the newer state
            return self.form_invalid(form)  # type: ignore[attr-defined]
        felder = compare_values(form, stored)
        kwargs = self.get_form_kwargs()  # type: ignore[attr-defined]
        data = kwargs["data"].copy()
        data["version"] = stored["version"]  # who has seen both may go on
        form = type(form)(**(kwargs | {"data": data}))
        marke = zwischenstand.issue_marke(self.request.user, self.request.path)
        form.zwischenstand = Schreibhilfe(marke, ist_offen=True)  # type: ignore[attr-defined]
        context = {"titel": str(row), "felder": felder, "form": form, "aenderung": last_aenderung(row)}
        context |= {"hier": self.request.path, "ziel": keep_stand(self.request)}
        return render(self.request, "layout/konflikt.html", context, status=409)


class EinmalMixin:
    """A form view that creates something: the same form sent again creates nothing and leads to what the first one created.

    Put it left of the form view.
    """

    shows_others = False

    request: HttpRequest

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form = super().get_form(form_class)  # type: ignore[misc]  # of the FormView beside it
        form.einmal = self.request.POST.get(einreichung.FELD) or einreichung.new_key()
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            anspruch = einreichung.claim(request.user, request.path, request.POST.get(einreichung.FELD, ""))
            if anspruch and not anspruch.is_first:
                messages.info(request, "Das haben Sie schon gespeichert. Es ist nur einmal angelegt.")
                return redirect(anspruch.ziel)
            response = super().post(request, *args, **kwargs)  # type: ignore[misc]  # of the View beside it
            if anspruch and isinstance(response, HttpResponseRedirectBase):
                einreichung.fulfil(anspruch, response.url)
            elif anspruch:
                einreichung.release(anspruch)
            return response


class ZwischenstandView(View):
    """Where drafts are sent to and thrown away: only by the person whom the form was given to."""

    def get_marke(self, request: HttpRequest) -> Schreibmarke:
        marke = zwischenstand.read_marke(request.POST.get(zwischenstand.FELD, ""))
        if marke is None or marke.konto != request.user:
            raise PermissionDenied
        return marke


class ZwischenstandSpeichernView(ZwischenstandView):
    """Called by editor.js while somebody writes. Answers with the quiet line below the form; 401 after the session has ended."""

    answers_401 = True  # to a script a sign-in page is no answer

    def post(self, request: HttpRequest) -> HttpResponse:
        marke = self.get_marke(request)
        try:
            am = zwischenstand.keep(marke.konto, marke.seite, request.POST)
        except zwischenstand.TooLarge as error:
            return HttpResponse(str(error), status=413, content_type="text/plain; charset=utf-8")
        return render(request, "components/zwischenstand_gesichert.html", {"am": am})


class ZwischenstandVerwerfenView(ZwischenstandView):
    """Button of the notice on a page with a draft."""

    def post(self, request: HttpRequest) -> HttpResponse:
        marke = self.get_marke(request)
        zwischenstand.clear(marke.konto, marke.seite)
        messages.success(request, "Der Entwurf ist verworfen. Sie sehen den gespeicherten Stand.")
        return redirect(marke.seite)
