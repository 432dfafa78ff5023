"""Who may write and who may release."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike
from jobcenter.konten.rules import hat_rolle, ist_intern, ist_system
from jobcenter.presse.models import Pressemitteilung

ist_presse = hat_rolle(Rolle.PRESSE)


@rules.predicate
def ist_unbeteiligt(user: UserLike, obj: Pressemitteilung | None) -> bool:
    """Four eyes: neither the author of the last change nor the person who asked for the release."""
    return obj is None or user.pk not in {obj.geaendert_von_id, obj.angefragt_von_id}


rules.add_perm("presse.view_entwurf", ist_intern)
rules.add_perm("presse.change_pressemitteilung", ist_presse | ist_system)
rules.add_perm("presse.comment_pressemitteilung", ist_intern)
rules.add_perm("presse.release_pressemitteilung", hat_rolle(Rolle.PRESSE, Rolle.LEITUNG) & ist_unbeteiligt)
