"""Who may do what with programme and measures. `massnahmen.record_beratung` is given out by the room that votes."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.rules import hat_rolle, ist_intern

ist_planung = hat_rolle(Rolle.PLANUNG)
ist_leitung = hat_rolle(Rolle.LEITUNG)
ist_bca = hat_rolle(Rolle.BCA)
ist_geschaeftsstelle = hat_rolle(Rolle.GESCHAEFTSSTELLE)

rules.add_perm("massnahmen.view_programm", ist_intern)
rules.add_perm("massnahmen.open_programm", ist_planung)
rules.add_perm("massnahmen.change_massnahme", ist_planung)
rules.add_perm("massnahmen.archive_massnahme", ist_planung)
rules.add_perm("massnahmen.create_traeger", ist_planung)
rules.add_perm("massnahmen.change_kapitel", ist_planung)
rules.add_perm("massnahmen.change_ziel", ist_planung)
rules.add_perm("massnahmen.comment_massnahme", ist_intern)
rules.add_perm("massnahmen.comment_kapitel", ist_intern)
rules.add_perm("massnahmen.begin_beteiligung", ist_planung | ist_leitung)
rules.add_perm("massnahmen.write_stellungnahme", ist_bca)
rules.add_perm("massnahmen.answer_stellungnahme", ist_leitung)
rules.add_perm("massnahmen.submit_programm", ist_leitung)
rules.add_perm("massnahmen.reopen_programm", ist_leitung)
rules.add_perm("massnahmen.record_gremienbeschluss", ist_leitung | ist_geschaeftsstelle)
rules.add_perm("massnahmen.publish_programm", ist_leitung)
rules.add_perm("massnahmen.begin_fortschreibung", ist_leitung)
rules.add_perm("massnahmen.close_programm", ist_leitung)
