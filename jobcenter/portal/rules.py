"""Who looks after the portal itself: its machine room, its barriers, what it says of itself."""

import rules

from jobcenter.konten.rules import ist_administration, ist_system

rules.add_perm("portal.manage_auftraege", ist_administration)
rules.add_perm("portal.report_barriere", rules.always_allow)
rules.add_perm("portal.view_barrieremeldung", ist_administration)
rules.add_perm("portal.answer_barrieremeldung", ist_administration)
rules.add_perm("portal.delete_barrieremeldung", ist_system)
rules.add_perm("portal.review_erklaerung", ist_administration)
