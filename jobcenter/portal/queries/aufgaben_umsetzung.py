"""What is due while measures are carried out. One function for each kind of task."""

from collections.abc import Iterator

from django.urls import reverse

from beirat.queries import list_unvereinbar
from jobcenter.common import clock
from jobcenter.common.typography import datum
from jobcenter.konten.models import User
from jobcenter.portal.queries.aufgabe import Aufgabe
from massnahmen.enums import Fristlage
from massnahmen.queries import Faelligkeit, ending_zulassungen, list_faellig

_STEPS = {  # what to do, and who may
    Faelligkeit.ANGEBOT: ("Angebote eintragen", "massnahmen.conduct_vergabe"),
    Faelligkeit.INFORMATION: ("Bieter informieren", "massnahmen.conduct_vergabe"),
    Faelligkeit.ZUSCHLAG: ("Zuschlag erteilen", "massnahmen.award_vergabe"),
    Faelligkeit.BEWILLIGUNG: ("Über die Zuwendung entscheiden", "massnahmen.award_vergabe"),
    Faelligkeit.OPTION: ("Über die Option entscheiden", "massnahmen.award_vergabe"),
    Faelligkeit.ABRECHNUNG: ("Abrechnen", "massnahmen.run_massnahme"),
}
_ART = {Fristlage.IN_90_TAGEN: "info", Fristlage.IN_30_TAGEN: "warning", Fristlage.ABGELAUFEN: "danger"}


def list_umsetzung(user: User) -> Iterator[Aufgabe]:
    """Tasks of one person around measures that are awarded, run or paid. A bounded number of queries, whatever is due."""
    yield from _zulassungen(user)
    yield from _steps(user)
    yield from _unvereinbar(user)


def _zulassungen(user: User) -> Iterator[Aufgabe]:
    """Certificates that end and that nothing follows, from 90 days before."""
    if not user.has_perm("massnahmen.change_traeger"):
        return
    for frist in ending_zulassungen(clock.today()):
        of_massnahme = reverse("massnahmen:massnahme-intern-detail", args=[frist.massnahme_id]) if frist.massnahme_id else ""
        yield Aufgabe(
            titel=frist.titel,
            verb="Nach der Verlängerung fragen",
            url=(of_massnahme or reverse("massnahmen:traeger-detail", args=[frist.traeger_id])) + "#zulassungen",
            seit=clock.begin_of(frist.seit),
            satz=frist.satz,
            wort=frist.wort,
            art=_ART[frist.lage],
        )


def _steps(user: User) -> Iterator[Aufgabe]:
    """Offers to be opened, orders to be given, options that run out, accounts to be closed."""
    mine = {step: verb for step, (verb, right) in _STEPS.items() if user.has_perm(right)}
    for faellig in list_faellig() if mine else ():
        if faellig.schritt in mine:
            yield Aufgabe(
                titel=faellig.titel,
                verb=mine[faellig.schritt],
                url=reverse("massnahmen:umsetzung-detail", args=[faellig.massnahme_id]),
                seit=clock.begin_of(faellig.seit),
                satz=faellig.satz,
                wort="dringend" if faellig.dringend else "offen",
                art="warning" if faellig.dringend else "info",
            )


def _unvereinbar(user: User) -> Iterator[Aufgabe]:
    """A seat in the Beirat and a contract of the same organisation (§ 18d SGB II)."""
    if not user.has_perm("beirat.appoint_mitglied"):
        return
    for one in list_unvereinbar():
        yield Aufgabe(
            titel=f"{one.mitglied}, {one.organisation}",
            verb="Sitz im Beirat klären",
            url=reverse("massnahmen:traeger-detail", args=[one.traeger_id]),
            seit=clock.begin_of(one.von),
            satz=f"{one.organisation} führt ab dem {datum(one.von)} Maßnahmen durch und hat einen Sitz im Beirat (§ 18d SGB II).",
            wort="unvereinbar",
            art="warning",
        )
