"""What the monthly reports of the measures ask for: missing ones of the Controlling, bad figures of the Planung."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from jobcenter.common import clock, typography
from jobcenter.konten.models import User
from jobcenter.portal.queries.aufgabe import Aufgabe
from kennzahlen.queries.formeln import add_months
from massnahmen.queries import Meldeluecke, find_meldeluecke, find_verbleibsluecke, list_warnungen
from massnahmen.queries.kennwerte import reif_ab
from massnahmen.queries.warnungen import FRIST

MOST_WARNUNGEN = 5  # of one list of tasks; the others stand on the controlling page


def list_meldeaufgaben(user: User) -> Iterator[Aufgabe]:
    """Two queries for the Controlling, two for the Planung, none for the others."""
    if user.has_perm("massnahmen.write_meldung"):
        yield from _missing()
    if user.has_perm("massnahmen.run_massnahme"):
        yield from _warned()


def _missing() -> Iterator[Aufgabe]:
    if luecke := find_meldeluecke():
        due = add_months(luecke.aeltester, 1) + FRIST
        words = "Eine Monatsmeldung fehlt", "Monatsmeldungen fehlen"
        yield _of_gap(luecke, words, verb="Ansehen und melden", filter_="fehlend", due=due, wort="überfällig")
    if luecke := find_verbleibsluecke():
        words = "Ein Monat wartet auf seinen Verbleib", "Monate warten auf ihren Verbleib"
        yield _of_gap(luecke, words, verb="Verbleib melden", filter_="verbleib", due=reif_ab(luecke.aeltester), wort="offen")


def _of_gap(luecke: Meldeluecke, words: tuple[str, str], *, verb: str, filter_: str, due: date, wort: str) -> Aufgabe:
    """One task for all months; where one measure is meant it leads there, else to the table of those it is about."""
    one = len(luecke.massnahmen) == 1
    of_measures = "Von einer Maßnahme" if one else f"Von {typography.zahl(len(luecke.massnahmen))} Maßnahmen"
    table = f"{reverse('massnahmen:controlling')}?{filter_}=on"
    return Aufgabe(
        titel=words[0] if luecke.monate == 1 else f"{typography.zahl(luecke.monate)} {words[1]}",
        verb=verb,
        url=reverse("massnahmen:meldung-liste", args=[*luecke.massnahmen]) if one else table,
        seit=clock.begin_of(due),
        satz=f"{of_measures}, der älteste Monat ist {typography.monat(luecke.aeltester)}.",
        wort=wort,
        art="warning" if wort == "überfällig" else "info",
    )


def _warned() -> Iterator[Aufgabe]:
    warnings = sorted(list_warnungen(), key=lambda warnung: (warnung.seit, warnung.titel))
    for warnung in warnings[:MOST_WARNUNGEN]:
        yield Aufgabe(
            titel=warnung.titel,
            verb="Meldungen ansehen",
            url=reverse("massnahmen:meldung-liste", args=[warnung.massnahme_id]),
            seit=clock.begin_of(warnung.seit),
            satz=warnung.satz,
            wort="beobachten",
            art="warning",
        )
    if more := warnings[MOST_WARNUNGEN:]:
        yield Aufgabe(
            titel=f"{typography.zahl(len(more))} weitere {'Warnung' if len(more) == 1 else 'Warnungen'} zu Maßnahmen",
            verb="Im Controlling ansehen",
            url=reverse("massnahmen:controlling"),
            seit=clock.begin_of(more[0].seit),
            satz="Auslastung, Abbrüche oder Kosten liegen außerhalb der Warnwerte.",
            wort="beobachten",
            art="warning",
        )
