"""Predicates that every room builds its permissions from, and who may keep accounts."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User, UserLike


def hat_rolle(*rollen: Rolle) -> rules.Predicate:
    """A predicate that is true for accounts that hold one of the roles."""

    def check(user: UserLike, obj: object = None) -> bool:
        return user.is_authenticated and user.has_rolle(*rollen)

    return rules.Predicate(check, name="hat_rolle:" + "+".join(rollen))


ist_intern = hat_rolle(*(rolle for rolle in Rolle if rolle is not Rolle.SYSTEM))
ist_system = hat_rolle(Rolle.SYSTEM)
ist_administration = hat_rolle(Rolle.ADMINISTRATION)


@rules.predicate
def ist_selbst(user: UserLike, obj: User | None) -> bool:
    return obj is not None and user.pk == obj.pk


@rules.predicate
def ist_dienst(user: UserLike, obj: User | None) -> bool:
    return obj is not None and Rolle.SYSTEM in obj.rollen


# The first administrator of a new instance is invited by the system account: there is nobody else yet.
rules.add_perm("konten.administer_konten", ist_administration | ist_system)
# Nobody changes their own roles or closes their own account, and services are nobody's to change.
rules.add_perm("konten.change_konto", ist_administration & ~ist_selbst & ~ist_dienst)
rules.add_perm("konten.change_eigenes_konto", ist_selbst)
rules.add_perm("konten.use_verwaltung", ist_administration)
