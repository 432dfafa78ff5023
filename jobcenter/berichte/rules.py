"""Who may ask for a report and who may build it."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.rules import hat_rolle, ist_intern, ist_system

rules.add_perm("berichte.view_bericht", ist_intern)
rules.add_perm("berichte.request_bericht", hat_rolle(Rolle.LEITUNG, Rolle.PRESSE) | ist_system)
rules.add_perm("berichte.retry_bericht", hat_rolle(Rolle.LEITUNG, Rolle.PRESSE, Rolle.ADMINISTRATION))
rules.add_perm("berichte.render_bericht", ist_system)
rules.add_perm("berichte.print_entwurf", ist_intern)
