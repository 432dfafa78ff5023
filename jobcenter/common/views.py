"""What views of every room share: who comes in, how a refused form is answered, and that nothing typed is lost or sent twice."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin
from django.views.generic.edit import FormView

from jobcenter.common import einreichung, zwischenstand
from jobcenter.common.actions import VersionConflict, require
from jobcenter.common.kommentare import (
    add_kommentar,
    find_kommentar,
    find_objekt,
    list_kommentare,
    may_comment,
    reopen_kommentar,
    resolve_kommentar,
)
from jobcenter.common.konflikt import compare_values
from jobcenter.common.models import Kommentar, Zwischenstand
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import zeitpunkt
from jobcenter.common.verlauf import Eintrag, Standvergleich, Verlaufsquelle, find_stand, last_aenderung, list_verlauf
from jobcenter.common.zwischenstand import Schreibender, Schreibmarke


class PermissionMixin:
    """Whoever lacks `permission` meets a 403, before anything is looked up.

    It asks for the permission in general; what depends on one object is asked again where the object is known.
    """

    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request.user, self.permission)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the View beside it


class KernFormView(FormView):
    """A page around one form. A refused input comes back as typed, with 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


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
        context |= {"hier": self.request.path, "ziel": _keep_stand(self.request)}
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


class VerlaufMixin(ContextMixin):
    """A page with the history of one object; `?stand=<id>` sets one of its states beside today's."""

    request: HttpRequest

    def get_quelle(self) -> Verlaufsquelle:
        raise NotImplementedError

    def get_einsetzen_url(self) -> str:
        """The editor that takes a state in again; "" where this person may not change the object, or not now."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verglichen = find_asked_stand(self.request, self.get_quelle)
        return super().get_context_data(**kwargs) | {
            "standvergleich": verglichen,
            "eintraege": None if verglichen else list_verlauf(self.get_quelle(), self.request.GET.get("seite")),
            "einsetzen_url": self.get_einsetzen_url(),
        }


class StandMixin:
    """An editor that also opens with a state of the past (`?stand=<id>`): a person reads it, and saves it as the newest.

    The form goes back to the same address, so that the save knows its reason. Put it left of the form view.
    """

    request: HttpRequest

    def get_quelle(self) -> Verlaufsquelle:
        raise NotImplementedError

    def read_initial(self, stand: Mapping[str, Any]) -> dict[str, Any]:
        """A state under the names of the form's fields."""
        return dict(stand)

    @cached_property
    def eingesetzt(self) -> Eintrag | None:
        found = find_asked_stand(self.request, self.get_quelle)
        return found.damals if found else None

    def get_grund(self, form: BaseForm) -> str:
        """For the action that saves: whether the form still says what the state said, or something of its own."""
        if not self.eingesetzt:
            return ""
        am = zeitpunkt(self.eingesetzt.am)
        if set(form.changed_data) - {"version"}:
            return f"Auf Grundlage des Stands vom {am}"
        return f"Stand vom {am} wieder eingesetzt"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]  # of the FormView beside it
        if self.eingesetzt:
            kwargs["initial"] = kwargs["initial"] | self.read_initial(self.eingesetzt.stand)
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"eingesetzt": self.eingesetzt}  # type: ignore[misc]


def find_asked_stand(request: HttpRequest, get_quelle: Callable[[], Verlaufsquelle]) -> Standvergleich | None:
    """The state that the address names; a name that this object never had is not found."""
    if "stand" not in request.GET:
        return None
    if (found := find_stand(get_quelle(), request.GET["stand"])) is None:
        raise Http404
    return found


def _keep_stand(request: HttpRequest) -> str:
    """The address of this page with the state that it was opened with, and nothing else of what it was asked for."""
    return f"{request.path}?{urlencode({'stand': request.GET['stand']})}" if "stand" in request.GET else request.path


class KommentarView(View):
    """Buttons of components/kommentare.html. Answers to the page they came from, or to htmx with the component alone."""

    hier = ""  # the page with the comments

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        given = request.POST.get("hier", "")
        is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/intern/")
        self.hier = given if is_ours else ""

    def answer(self, objekt: Model, satz: str) -> HttpResponse:
        hier = self.hier or reverse("common:kommentar-anlegen", args=[objekt._meta.label_lower, objekt.pk])
        if self.request.htmx:  # type: ignore[attr-defined]
            kommentare = list_kommentare(objekt, self.request.user)
            context = {"kommentare": kommentare, "hier": hier, "satz": satz, "fehler": "", "entwurf": "", "gewaehlt": ""}
            return render(self.request, "components/kommentare.html", context)
        messages.success(self.request, satz)
        return redirect(f"{hier}#kommentare")


class KommentarAnlegenView(KommentarView, TemplateView):
    """All comments on one object on a page of their own; where a refused one comes back with its text."""

    template_name = "common/kommentar_anlegen.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = find_objekt(kwargs["art"], kwargs["pk"], request.user)
        if self.objekt is None:
            raise Http404
        if not may_comment(self.objekt, request.user):
            raise PermissionDenied

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text, feld = request.POST.get("text", ""), request.POST.get("feld", "")
        try:
            add_kommentar(objekt=self.objekt, text=text, feld=feld, by=request.user)
        except TransitionError as error:
            context = self.get_context_data(fehler=str(error), entwurf=text, gewaehlt=feld, **kwargs)
            template = "components/kommentare.html" if request.htmx else self.template_name  # type: ignore[attr-defined]
            return render(request, template, context, status=422)
        return self.answer(self.objekt, "Ihr Kommentar ist gespeichert.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"fehler": "", "entwurf": "", "gewaehlt": "", "satz": ""} | kwargs) | {
            "objekt": self.objekt,
            "vorzeile": self.objekt._meta.verbose_name,
            "kommentare": list_kommentare(self.objekt, self.request.user),
            "hier": self.hier or self.request.path,
        }


class KommentarStandView(KommentarView):
    """Changes whether a comment is open."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        kommentar = find_kommentar(pk, request.user)
        if kommentar is None:
            raise Http404
        return self.answer(kommentar.objekt, self.change(kommentar))

    def change(self, kommentar: Kommentar) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class KommentarErledigenView(KommentarStandView):
    def change(self, kommentar: Kommentar) -> str:
        resolve_kommentar(kommentar=kommentar, by=self.request.user)
        return "Der Kommentar ist erledigt."


class KommentarOeffnenView(KommentarStandView):
    def change(self, kommentar: Kommentar) -> str:
        reopen_kommentar(kommentar=kommentar, by=self.request.user)
        return "Der Kommentar ist wieder offen."
