"""The steps a measure can take, each with its form: one table for the buttons, the page of a step and the action behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobcenter.common import clock
from jobcenter.konten.models import User
from massnahmen.enums import EU_WEIT, MASSNAHME_TRANSITIONS, VORBEI, Massnahmestand, Vergabeart, Weg
from massnahmen.forms import (
    AbrechnungForm,
    AngebotForm,
    AntragForm,
    BekanntmachungForm,
    BerichtigungForm,
    BestaetigungForm,
    EndeForm,
    GrundForm,
    LageForm,
    OptionForm,
    TagForm,
    VergabeForm,
    VertragForm,
    WegForm,
)
from massnahmen.queries import Umsetzungslage
from massnahmen.views import umsetzungshandlungen as tun

S = Massnahmestand


@dataclass(frozen=True)
class Schritt:
    """`act` calls the action and returns what has happened; `wann` says whether the measure stands where the step begins."""

    slug: str
    verb: str
    satz: str
    form: type[LageForm]
    recht: str
    wann: Callable[[Umsetzungslage], bool]
    act: Callable[[Umsetzungslage, Any, User], str]
    initial: Callable[[Umsetzungslage], dict[str, Any]] = lambda lage: {}
    von_vergabe: bool = False  # the form carries the procurement's version, not that of the measure
    ist_hauptschritt: bool = True  # the way on; others change or break off

    def get_version(self, lage: Umsetzungslage) -> int:
        return int(lage.vergabe.version if self.von_vergabe and lage.vergabe else lage.massnahme.version)


def list_schritte(lage: Umsetzungslage, user: User) -> list[Schritt]:
    """What this person can do now."""
    if lage.massnahme.archiviert_am:
        return []
    return [schritt for schritt in SCHRITTE if schritt.wann(lage) and user.has_perm(schritt.recht, lage.massnahme)]


def _leads_to(*targets: Massnahmestand) -> Callable[[Umsetzungslage], bool]:
    def stands_before(lage: Umsetzungslage) -> bool:
        return bool(MASSNAHME_TRANSITIONS[Weg(lage.massnahme.weg)].get(lage.stand, frozenset()) & set(targets))

    return stands_before


def _is_open(lage: Umsetzungslage) -> bool:
    return lage.vergabe is not None and lage.stand in {S.VORBEREITET, S.AUSGESCHRIEBEN}


def _can_be_extended(lage: Umsetzungslage) -> bool:
    return lage.vertrag is not None and lage.stand not in VORBEI and lage.vertrag.gekuendigt_zum is None


SCHRITTE = (
    Schritt(
        "weg",
        "Weg wählen",
        "Davon hängt ab, welche Schritte folgen. Solange nichts begonnen ist, können Sie ihn ändern.",
        WegForm,
        "massnahmen.run_massnahme",
        lambda lage: lage.stand == S.BEDARF and lage.vertrag is None,
        tun.choose_weg,
        lambda lage: {"weg": lage.massnahme.weg},
        ist_hauptschritt=False,
    ),
    Schritt(
        "vergabe",
        "Vergabe vorbereiten",
        "Legen Sie fest, wie Sie einen Träger suchen. Das bleibt im Haus.",
        VergabeForm,
        "massnahmen.conduct_vergabe",
        lambda lage: _leads_to(S.VORBEREITET)(lage) or (lage.stand == S.VORBEREITET and lage.vergabe is None),
        tun.prepare,
        tun.initial_vergabe,
    ),
    Schritt(
        "vergabe-aendern",
        "Angaben zur Vergabe ändern",
        "Solange nichts bekannt gemacht ist, können Sie alles ändern.",
        VergabeForm,
        "massnahmen.conduct_vergabe",
        lambda lage: lage.vergabe is not None and lage.stand == S.VORBEREITET,
        tun.update,
        tun.initial_vergabe,
        von_vergabe=True,
        ist_hauptschritt=False,
    ),
    Schritt(
        "bekanntmachung",
        "Bekannt machen",
        "Tragen Sie ein, wo die Bekanntmachung steht und bis wann Sie Angebote annehmen.",
        BekanntmachungForm,
        "massnahmen.conduct_vergabe",
        lambda lage: lage.vergabe is not None and lage.stand == S.VORBEREITET and lage.vergabe.vergabeart != Vergabeart.DIREKTAUFTRAG,
        tun.announce,
        von_vergabe=True,
    ),
    Schritt(
        "angebot",
        "Angebot eintragen",
        "Angebote sehen nur Planung und Leitung.",
        AngebotForm,
        "massnahmen.conduct_vergabe",
        lambda lage: _is_open(lage) and not (lage.vergabe and lage.vergabe.angebotsfrist and lage.vergabe.angebotsfrist > clock.now()),
        tun.record_angebot,
        von_vergabe=True,
        ist_hauptschritt=False,
    ),
    Schritt(
        "information",
        "Bieter informieren",
        "Wer nicht zum Zuge kommt, muss es vor dem Zuschlag erfahren. Tragen Sie ein, wann Sie informiert haben.",
        TagForm,
        "massnahmen.conduct_vergabe",
        lambda lage: _is_open(lage) and lage.stand == S.AUSGESCHRIEBEN and lage.vergabe is not None and lage.vergabe.vergabeart in EU_WEIT,
        tun.inform,
        lambda lage: {"am": clock.today()},
        von_vergabe=True,
        ist_hauptschritt=False,
    ),
    Schritt(
        "zuschlag",
        "Zuschlag erteilen",
        "Danach sind Träger, Laufzeit und Plätze öffentlich. Der Preis und die anderen Angebote bleiben vertraulich.",
        VertragForm,
        "massnahmen.award_vergabe",
        _is_open,
        tun.award,
        tun.initial_vertrag,
        von_vergabe=True,
    ),
    Schritt(
        "vertrag",
        "Vertrag nachtragen",
        "Die Maßnahme wurde außerhalb des Portals vergeben. Tragen Sie ein, was vereinbart ist.",
        VertragForm,
        "massnahmen.conduct_vergabe",
        lambda lage: lage.vertrag is None and lage.massnahme.weg == Weg.VERGABE and lage.stand in {S.ZUSCHLAG, S.LAEUFT},
        tun.record_vertrag,
        tun.initial_vertrag,
    ),
    Schritt(
        "aufhebung",
        "Vergabe aufheben",
        "Die Maßnahme ist danach wieder ein Bedarf. Was bisher geschah, bleibt lesbar.",
        GrundForm,
        "massnahmen.award_vergabe",
        _is_open,
        tun.cancel,
        von_vergabe=True,
        ist_hauptschritt=False,
    ),
    Schritt(
        "antrag",
        "Antrag eintragen",
        "Ein Träger hat eine Zuwendung beantragt. Die Leitung entscheidet darüber.",
        AntragForm,
        "massnahmen.run_massnahme",
        _leads_to(S.BEANTRAGT),
        tun.request,
        lambda lage: {"traeger": lage.massnahme.traeger},
    ),
    Schritt(
        "bewilligung",
        "Zuwendung bewilligen",
        "Tragen Sie ein, was der Bescheid sagt. Danach sind Träger, Laufzeit und Plätze öffentlich.",
        VertragForm,
        "massnahmen.award_vergabe",
        _leads_to(S.BEWILLIGT),
        tun.grant,
        tun.initial_vertrag,
    ),
    Schritt(
        "ablehnung",
        "Zuwendung ablehnen",
        "Die Maßnahme ist danach wieder ein Bedarf.",
        GrundForm,
        "massnahmen.award_vergabe",
        lambda lage: lage.stand == S.BEANTRAGT,
        tun.refuse,
        ist_hauptschritt=False,
    ),
    Schritt(
        "beginn",
        "Maßnahme beginnen",
        "Ab heute zählt sie als laufend, und Sie können Monatsmeldungen eintragen.",
        BestaetigungForm,
        "massnahmen.run_massnahme",
        _leads_to(S.LAEUFT),
        tun.start,
    ),
    Schritt(
        "option",
        "Option eintragen",
        "Eine Verlängerung, die schon vereinbart ist. Sie gilt erst, wenn die Leitung sie zieht.",
        OptionForm,
        "massnahmen.run_massnahme",
        _can_be_extended,
        tun.add_option,
        ist_hauptschritt=False,
    ),
    Schritt(
        "option-ziehen",
        "Option ziehen",
        "Vertrag und Maßnahme laufen danach bis zum Ende der Option weiter.",
        BestaetigungForm,
        "massnahmen.award_vergabe",
        lambda lage: _can_be_extended(lage) and lage.naechste_option is not None and lage.naechste_option.ziehbar_bis >= clock.today(),
        tun.draw_option,
        ist_hauptschritt=False,
    ),
    Schritt(
        "ende",
        "Vorzeitig beenden",
        "Die Maßnahme endet früher als geplant. Der Grund bleibt bei den Schritten lesbar.",
        EndeForm,
        "massnahmen.award_vergabe",
        lambda lage: _leads_to(S.VORZEITIG)(lage) and not (lage.vertrag and lage.vertrag.gekuendigt_zum),
        tun.end,
        ist_hauptschritt=False,
    ),
    Schritt(
        "kuendigung-zuruecknehmen",
        "Kündigung zurücknehmen",
        "Der Vertrag läuft danach weiter wie vereinbart.",
        BestaetigungForm,
        "massnahmen.award_vergabe",
        lambda lage: lage.vertrag is not None and lage.vertrag.gekuendigt_zum is not None and lage.stand not in VORBEI,
        tun.withdraw,
        ist_hauptschritt=False,
    ),
    Schritt(
        "vertrag-berichtigen",
        "Vertrag berichtigen",
        "Für Angaben, die falsch eingetragen sind. Eine Verlängerung ist eine Option, ein früheres Ende eine Kündigung.",
        BerichtigungForm,
        "massnahmen.award_vergabe",
        lambda lage: lage.vertrag is not None and lage.stand not in {S.ABGERECHNET, S.AUSGEWERTET},
        tun.correct,
        tun.initial_berichtigung,
        ist_hauptschritt=False,
    ),
    Schritt(
        "abrechnung",
        "Abrechnen",
        "Danach ändert niemand mehr ihre Monatsmeldungen.",
        AbrechnungForm,
        "massnahmen.run_massnahme",
        _leads_to(S.ABGERECHNET),
        tun.settle,
    ),
    Schritt(
        "auswertung",
        "Verbleib auswerten",
        "Von allen, die ausgetreten sind, ist bekannt, was sechs Monate später war.",
        BestaetigungForm,
        "massnahmen.run_massnahme",
        _leads_to(S.AUSGEWERTET),
        tun.evaluate,
    ),
)
