"""Who comes in, and how a refused form is answered."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic.edit import FormView

from jobcenter.common.actions import require


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
