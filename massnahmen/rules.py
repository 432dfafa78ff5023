"""Who may do what with programme and measures. `massnahmen.record_beratung` is given out by the room that votes."""

import rules

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import UserLike
from jobcenter.konten.rules import hat_rolle, ist_administration, ist_intern, ist_system
from massnahmen.enums import Importart
from massnahmen.models import Import

ist_planung = hat_rolle(Rolle.PLANUNG)
ist_leitung = hat_rolle(Rolle.LEITUNG)
ist_controlling = hat_rolle(Rolle.CONTROLLING)
ist_bca = hat_rolle(Rolle.BCA)
ist_geschaeftsstelle = hat_rolle(Rolle.GESCHAEFTSSTELLE)


@rules.predicate
def liefert_art(user: UserLike, obj: Import | str | None) -> bool:
    """Measures are the planners' business, figures that of Controlling. Without an object: any kind."""
    art = obj.art if isinstance(obj, Import) else obj
    return (art in {None, Importart.MASSNAHMEN} and ist_planung(user)) or (art != Importart.MASSNAHMEN and ist_controlling(user))


rules.add_perm("massnahmen.view_import", ist_planung | ist_controlling | ist_leitung | ist_administration)
rules.add_perm("massnahmen.submit_import", liefert_art)
rules.add_perm("massnahmen.check_import", ist_system)
rules.add_perm("massnahmen.decide_import", liefert_art)
rules.add_perm("massnahmen.retry_import", liefert_art | ist_administration)
rules.add_perm("massnahmen.view_programm", ist_intern)
rules.add_perm("massnahmen.open_programm", ist_planung)
rules.add_perm("massnahmen.change_massnahme", ist_planung)
rules.add_perm("massnahmen.archive_massnahme", ist_planung)
rules.add_perm("massnahmen.create_traeger", ist_planung)
rules.add_perm("massnahmen.change_traeger", ist_planung)
rules.add_perm("massnahmen.view_vergabe", ist_planung | ist_leitung)  # estimates, bidders, prices
rules.add_perm("massnahmen.conduct_vergabe", ist_planung)
rules.add_perm("massnahmen.award_vergabe", ist_leitung)
rules.add_perm("massnahmen.run_massnahme", ist_planung)
rules.add_perm("massnahmen.advance_massnahme", ist_system)
rules.add_perm("massnahmen.change_budget", ist_controlling)
rules.add_perm("massnahmen.change_regionalprojekt", ist_planung)
rules.add_perm("massnahmen.write_meldung", ist_controlling)
rules.add_perm("massnahmen.view_fallzahlen", ist_controlling | ist_planung | ist_leitung)  # small counts of people as well
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
