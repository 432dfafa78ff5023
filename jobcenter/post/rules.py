"""Who may hand mails to the mail server, and who may see what was sent."""

import rules
from django.conf import settings

from jobcenter.konten.models import UserLike
from jobcenter.konten.rules import ist_administration, ist_system
from jobcenter.post.models import Versand


@rules.predicate
def im_demo(user: UserLike) -> bool:
    """Its people do not exist, so everybody who tries the demo may read their mail."""
    return settings.DEMO and user.is_authenticated


@rules.predicate
def ist_nicht_vertraulich(user: UserLike, versand: Versand | None) -> bool:
    return versand is None or not versand.vertraulich


rules.add_perm("post.deliver_versand", ist_system)
rules.add_perm("post.delete_versand", ist_system)  # when the Datenschutzerklärung says
rules.add_perm("post.view_versand", ist_administration | im_demo)  # that it was sent, to whom, with which subject
rules.add_perm("post.read_versand", (ist_administration & ist_nicht_vertraulich) | im_demo)  # its text
rules.add_perm("post.retry_versand", ist_administration)
