"""Who may do what with figures."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.rules import hat_rolle, ist_system

rules.add_perm("kennzahlen.import_jobcenter", hat_rolle(Rolle.ADMINISTRATION) | ist_system)
rules.add_perm("kennzahlen.record_messwert", hat_rolle(Rolle.CONTROLLING) | ist_system)
rules.add_perm("kennzahlen.define_kennzahl", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.set_zielwert", hat_rolle(Rolle.CONTROLLING))
