"""Predicates that every room builds its permissions from."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike


def hat_rolle(*rollen: Rolle) -> rules.Predicate:
    """A predicate that is true for accounts that hold one of the roles."""

    def check(user: UserLike, obj: object = None) -> bool:
        return user.is_authenticated and user.has_rolle(*rollen)

    return rules.Predicate(check, name="hat_rolle:" + "+".join(rollen))


ist_intern = hat_rolle(*(rolle for rolle in Rolle if rolle is not Rolle.SYSTEM))
ist_system = hat_rolle(Rolle.SYSTEM)
