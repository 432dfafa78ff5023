"""Who may do what with figures."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.rules import hat_rolle, ist_intern, ist_system

rules.add_perm("kennzahlen.import_jobcenter", hat_rolle(Rolle.ADMINISTRATION) | ist_system)
rules.add_perm("kennzahlen.record_messwert", hat_rolle(Rolle.CONTROLLING) | ist_system)
rules.add_perm("kennzahlen.define_kennzahl", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.set_zielwert", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.view_lieferung", hat_rolle(Rolle.CONTROLLING, Rolle.LEITUNG, Rolle.ADMINISTRATION) | ist_system)
rules.add_perm("kennzahlen.submit_lieferung", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.check_lieferung", ist_system)
rules.add_perm("kennzahlen.retry_lieferung", hat_rolle(Rolle.CONTROLLING, Rolle.ADMINISTRATION))
rules.add_perm("kennzahlen.take_over_lieferung", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.withdraw_lieferung", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.assign_zuordnungen", hat_rolle(Rolle.CONTROLLING, Rolle.ADMINISTRATION) | ist_system)
rules.add_perm("kennzahlen.keep_spaltenplan", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.draw_diagramm", ist_system)
rules.add_perm("kennzahlen.sum_gruppen", ist_system)
rules.add_perm("kennzahlen.warn_ziel", ist_system)
rules.add_perm("kennzahlen.view_rohwert", hat_rolle(Rolle.CONTROLLING))
rules.add_perm("kennzahlen.cite_messwert", hat_rolle(Rolle.CONTROLLING, Rolle.PLANUNG, Rolle.PRESSE, Rolle.LEITUNG))
rules.add_perm("kennzahlen.view_zielwert", ist_intern)
