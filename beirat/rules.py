"""Who may do what in the Beirat: members and chair by their term, the Geschäftsstelle by its role."""

import rules

from beirat.enums import Funktion
from beirat.models import Mitglied
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike
from jobcenter.konten.rules import hat_rolle, ist_intern


@rules.predicate
def ist_mitglied(user: UserLike, obj: object = None) -> bool:
    return user.is_authenticated and Mitglied.objects.active().filter(konto=user).exists()


@rules.predicate
def ist_stimmberechtigt(user: UserLike, obj: object = None) -> bool:
    return user.is_authenticated and Mitglied.objects.active().voting().filter(konto=user).exists()


@rules.predicate
def ist_vorsitz(user: UserLike, obj: object = None) -> bool:
    """The chair, or the deputy who stands in."""
    leading = [Funktion.VORSITZ, Funktion.STELLVERTRETUNG]
    return user.is_authenticated and Mitglied.objects.active().filter(konto=user, funktion__in=leading).exists()


ist_geschaeftsstelle = hat_rolle(Rolle.GESCHAEFTSSTELLE)

rules.add_perm("beirat.view_sitzung", ist_intern | ist_mitglied)
rules.add_perm("beirat.appoint_mitglied", ist_geschaeftsstelle)
rules.add_perm("beirat.plan_sitzung", ist_geschaeftsstelle)
rules.add_perm("beirat.change_tagesordnung", ist_geschaeftsstelle)
rules.add_perm("beirat.record_anwesenheit", ist_geschaeftsstelle)
rules.add_perm("beirat.lead_sitzung", ist_vorsitz)
rules.add_perm("beirat.open_abstimmung", ist_vorsitz)
rules.add_perm("beirat.close_abstimmung", ist_vorsitz)
rules.add_perm("beirat.cast_stimme", ist_stimmberechtigt)

# The programme's room does not know the Beirat; who closes the ballot may write its advice there.
rules.add_perm("massnahmen.record_beratung", ist_vorsitz)
