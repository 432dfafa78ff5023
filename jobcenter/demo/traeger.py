"""Whom the demo's providers and measures are certified by, until when, and whom to ask there. All of it is invented."""

from datetime import date, timedelta
from typing import Any

from jobcenter.common import clock
from jobcenter.demo.kalender import Kalender, at, load, moment
from jobcenter.demo.konten import Personen
from massnahmen.actions import Kontaktangaben, Zulassungsangaben, add_kontakt, add_massnahmezulassung, add_zulassung
from massnahmen.models import Massnahme, Traeger


def certify_traeger(kalender: Kalender, personen: Personen) -> None:
    """Certificates run long, but one that ends in 20 days and one in 80; two have been renewed."""
    known = Traeger.objects.in_bulk(field_name="name")
    for row in load("traeger")["traeger"]:
        for certificate in row.get("zulassungen", []):
            angaben = _term(certificate, kalender)
            with at(moment(_entered(angaben.gueltig_von, kalender), 11)):
                add_zulassung(traeger=known[row["name"]], fachbereiche=certificate["fachbereiche"], angaben=angaben, by=personen["planung"])
        for person in row.get("kontakte", []):
            with at(moment(kalender.before_start(30), 14)):
                add_kontakt(traeger=known[row["name"]], angaben=Kontaktangaben(**person), by=personen["planung"])


def certify_massnahmen(kalender: Kalender, personen: Personen) -> None:
    """What people choose with a voucher."""
    for row in load("traeger")["massnahmezulassungen"]:
        angaben = _term(row, kalender)
        with at(moment(kalender.before_start(30), 15)):
            add_massnahmezulassung(massnahme=Massnahme.objects.get(titel=row["massnahme"]), angaben=angaben, by=personen["planung"])


def _term(row: dict[str, Any], kalender: Kalender) -> Zulassungsangaben:
    """So many months until a day that is counted from the first start."""
    bis = kalender.heute + timedelta(days=row["endet_in_tagen"])
    von = clock.months_later(bis, -row["monate"]) + timedelta(days=1)
    return Zulassungsangaben(nummer=row["nummer"], stelle=row["stelle"], gueltig_von=von, gueltig_bis=bis)


def _entered(von: date, kalender: Kalender) -> date:
    """A week after its first day, but not before the portal knew any provider."""
    return min(max(von + timedelta(days=7), date(kalender.jahr - 3, 1, 13)), kalender.before_start(10))
