"""Who may hand mails to the mail server."""

import rules

from jobcenter.konten.rules import ist_system

rules.add_perm("post.deliver_versand", ist_system)
