"""Who sees what is not public yet."""

from typing import Any, Self

from django.db import models

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike


def is_staff(user: UserLike) -> bool:
    """Whether somebody works for the Jobcenter: any role does."""
    return user.is_authenticated and user.has_rolle(*(rolle for rolle in Rolle))


class StaffQuerySet(models.QuerySet[Any]):
    """Pieces of drafts: for the Jobcenter's staff."""

    def visible_to(self, user: UserLike) -> Self:
        return self if is_staff(user) else self.none()
