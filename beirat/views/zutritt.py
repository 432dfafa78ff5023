"""What the views behind sign-in share: who comes in, and how an action's No is told."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from beirat.models import Sitzung
from jobcenter.common.actions import TransitionError
from jobcenter.common.views import PermissionMixin


class InternMixin(PermissionMixin):
    """Staff and members with a running term come in, unless the view asks for more."""

    permission = "beirat.view_sitzung"


class SitzungMixin(InternMixin):
    """A page of one session, found by its running number; 404 unless the person may see it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # of the View beside it
        self.nummer: int = kwargs["nummer"]

    def get_sitzung(self, request: HttpRequest) -> Sitzung:
        return get_object_or_404(Sitzung.objects.visible_to(request.user), nummer=self.nummer)


def attempt(request: HttpRequest, change: Callable[[], object], done: str) -> bool:
    """Call an action and leave its outcome as a message for the page that follows: `done`, or why it was not possible."""
    try:
        change()
    except TransitionError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True
