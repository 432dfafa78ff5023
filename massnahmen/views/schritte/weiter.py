"""What comes next, and the buttons of the person who looks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from jobcenter.common.typography import NBSP, datum, zahl
from massnahmen.enums import Programmstatus
from massnahmen.views.schritte.weg import Weg


@dataclass(frozen=True)
class Knopf:
    verb: str
    url: str
    art: str = "primary"


@dataclass(frozen=True)
class Weiter:
    """What comes next, and the buttons of the person who looks; the first is the one that leads on."""

    satz: str
    knoepfe: tuple[Knopf, ...] = ()


def find_weiter(weg: Weg) -> Weiter:
    """What happens next, and which buttons the person has for it."""
    return _WEITER[Programmstatus(weg.programm.status)](weg)


def _next_while_writing(weg: Weg) -> Weiter:
    check = Knopf("Angaben prüfen", weg.url("programm-pruefen"))
    if weg.liegt_bei_bca:
        fassung = weg.bca[0].fassung
        satz = (
            f"Fassung{NBSP}{fassung.nummer} liegt seit dem {datum(fassung.vorgelegt_am)} bei der Beauftragten für Chancengleichheit. "
            "Sie nimmt dazu Stellung. Am Programm kann weiter geschrieben werden."
        )
        return Weiter(
            satz, _buttons(_link(weg, "write_stellungnahme", "Stellung nehmen", "stellungnahme-schreiben", fassung.nummer), check)
        )
    if weg.unbeantwortet and weg.unbeantwortet.stellungnahme:
        fassung = weg.unbeantwortet.fassung
        satz = (
            f"Die Beauftragte für Chancengleichheit hat am {datum(weg.unbeantwortet.stellungnahme.am)} Stellung genommen. "
            "Die Leitung antwortet ihr, bevor das Programm zum Beirat geht."
        )
        answer = _link(weg, "answer_stellungnahme", "Der BCA antworten", "stellungnahme-beantworten", fassung.nummer)
        return Weiter(satz, _buttons(answer, check))
    submit = _link(weg, "submit_programm", "Dem Beirat vorlegen", "programm-vorlegen")
    ask = None
    if weg.stellungnahme is None and weg.programm.status != Programmstatus.BETEILIGUNG:
        ask = _link(weg, "begin_beteiligung", "Der BCA vorlegen", "programm-beteiligen")
    if missing := len(weg.fehlend):
        some = "Eine Angabe ist" if missing == 1 else f"{zahl(missing)}{NBSP}Angaben sind"
        satz = f"{some} noch offen. Sind alle da, legt die Leitung das Programm dem Beirat vor. Vorher nimmt die BCA dazu Stellung."
        if weg.stellungnahme:
            satz = f"{some} noch offen. Sind alle da, legt die Leitung das Programm dem Beirat vor."
        return Weiter(satz, _buttons(check, ask))
    if weg.stellungnahme is None:
        satz = (
            "Alle Angaben sind da. Als Nächstes nimmt die Beauftragte für Chancengleichheit Stellung. Danach geht das Programm zum Beirat."
        )
        return Weiter(satz, _buttons(ask, submit))
    satz = "Alle Angaben sind da, die BCA hat Stellung genommen. Die Leitung legt das Programm jetzt dem Beirat vor."
    return Weiter(satz, _buttons(submit))


def _next_at_beirat(weg: Weg) -> Weiter:
    assert weg.vorgelegt
    return Weiter(
        f"Fassung{NBSP}{weg.vorgelegt.fassung.nummer} liegt beim Beirat. Die Geschäftsstelle setzt sie auf die Tagesordnung der nächsten "
        "Sitzung. Der Beirat stimmt über genau diesen Text ab. Bis dahin kann niemand das Programm ändern."
    )


def _next_in_ballot(weg: Weg) -> Weiter:
    assert weg.vorgelegt
    return Weiter(
        f"Der Beirat stimmt gerade über Fassung{NBSP}{weg.vorgelegt.fassung.nummer} ab. "
        "Das Ergebnis steht hier, sobald der Vorsitz die Abstimmung schließt."
    )


def _next_after_advice(weg: Weg) -> Weiter:
    assert weg.vorgelegt
    assert weg.vorgelegt.beratung
    beratung, gremien = weg.vorgelegt.beratung, settings.INSTANZ.programm.gremien
    said = f"Der Beirat hat am {datum(beratung.am)} {beratung.wortlaut}."
    if not gremien:
        return Weiter(f"{said} {_publish_sentence(weg)}", _buttons(_publish_link(weg)))
    enter = _link(weg, "record_gremienbeschluss", "Beschluss eintragen", "gremienbeschluss-eintragen", weg.vorgelegt.fassung.nummer)
    heard = {b.gremium: b for b in weg.vorgelegt.gueltige_beschluesse}
    if (last := heard.get(gremien[-1])) and last.ergebnis == "abgelehnt":
        satz = f"{gremien[-1]} hat am {datum(last.am)} abgelehnt. Soll das Programm geändert werden, öffnet die Leitung es wieder."
        return Weiter(satz, _buttons(enter and Knopf(enter.verb, enter.url, "secondary")))
    waits = next((gremium for gremium in gremien if gremium not in heard), gremien[-1])
    return Weiter(
        f"{said} Als Nächstes entscheidet: {waits}. Das Ergebnis trägt die Geschäftsstelle oder die Leitung ein.", _buttons(enter)
    )


def _next_after_decision(weg: Weg) -> Weiter:
    assert weg.vorgelegt
    decided = weg.vorgelegt.entscheidung
    said = f"{decided.gremium} hat am {datum(decided.am)} beschlossen. " if decided else ""
    return Weiter(f"{said}{_publish_sentence(weg)}", _buttons(_publish_link(weg)))


def _next_in_public(weg: Weg) -> Weiter:
    assert weg.oeffentlich
    assert weg.oeffentlich.veroeffentlichung
    look = Knopf("Öffentliche Seite ansehen", weg.url("programm-detail"))
    said = f"Fassung{NBSP}{weg.oeffentlich.fassung.nummer} ist seit dem {datum(weg.oeffentlich.veroeffentlichung.am)} öffentlich."
    go_on = _link(weg, "begin_fortschreibung", "Fortschreiben", "programm-fortschreiben")
    if weg.programm.ist_vorbei:
        close = _link(weg, "close_programm", "Abschließen", "programm-abschliessen")
        return Weiter(f"{said} Das Jahr ist zu Ende. Die Leitung schließt das Programm ab.", _buttons(close, look, go_on))
    satz = f"{said} Ändert sich im Jahr etwas, schreibt die Leitung das Programm fort. Öffentlich bleibt so lange diese Fassung."
    return Weiter(satz, _buttons(look, go_on))


def _next_at_the_end(weg: Weg) -> Weiter:
    step = weg.last(Programmstatus.ABGESCHLOSSEN)
    said = f" Das war am {datum(step.am)}." if step else ""
    return Weiter(
        f"Das Programm ist abgeschlossen.{said} Öffentlich bleibt es.", (Knopf("Öffentliche Seite ansehen", weg.url("programm-detail")),)
    )


def _publish_sentence(weg: Weg) -> str:
    if weg.vorgelegt and weg.vorgelegt.beratung and weg.vorgelegt.beratung.braucht_antwort:
        return "Die Leitung schreibt eine Antwort an den Beirat und veröffentlicht danach das Programm."
    return "Die Leitung kann das Programm jetzt veröffentlichen."


def _publish_link(weg: Weg) -> Knopf | None:
    return _link(weg, "publish_programm", "Veröffentlichen", "programm-veroeffentlichen")


def _link(weg: Weg, right: str, verb: str, page: str, *args: int) -> Knopf | None:
    url = weg.url_if(right, page, *args)
    return Knopf(verb, url) if url else None


def _buttons(*knoepfe: Knopf | None) -> tuple[Knopf, ...]:
    """Only the first one leads on; the others are quieter."""
    there = [knopf for knopf in knoepfe if knopf]
    return tuple(knopf if number == 0 else Knopf(knopf.verb, knopf.url, "secondary") for number, knopf in enumerate(there))


_WEITER: dict[Programmstatus, Callable[[Weg], Weiter]] = {
    Programmstatus.ENTWURF: _next_while_writing,
    Programmstatus.BETEILIGUNG: _next_while_writing,
    Programmstatus.FORTSCHREIBUNG: _next_while_writing,
    Programmstatus.BEIM_BEIRAT: _next_at_beirat,
    Programmstatus.ABSTIMMUNG: _next_in_ballot,
    Programmstatus.BERATEN: _next_after_advice,
    Programmstatus.BESCHLOSSEN: _next_after_decision,
    Programmstatus.VEROEFFENTLICHT: _next_in_public,
    Programmstatus.ABGESCHLOSSEN: _next_at_the_end,
}
