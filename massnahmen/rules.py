"""Who may do what with programme and measures. `massnahmen.record_beratung` is given out by the room that votes."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.rules import hat_rolle, ist_intern

ist_planung = hat_rolle(Rolle.PLANUNG)
ist_leitung = hat_rolle(Rolle.LEITUNG)

rules.add_perm("massnahmen.view_programm", ist_intern)
rules.add_perm("massnahmen.open_programm", ist_planung)
rules.add_perm("massnahmen.change_massnahme", ist_planung)
rules.add_perm("massnahmen.create_traeger", ist_planung)
rules.add_perm("massnahmen.change_kapitel", ist_planung)
rules.add_perm("massnahmen.comment_massnahme", ist_intern)
rules.add_perm("massnahmen.comment_kapitel", ist_intern)
rules.add_perm("massnahmen.submit_programm", ist_leitung)
rules.add_perm("massnahmen.reopen_programm", ist_leitung)
rules.add_perm("massnahmen.publish_programm", ist_leitung)
