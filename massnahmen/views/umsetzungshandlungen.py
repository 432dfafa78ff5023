"""What each step of a measure does with its form: one action, and the sentence that confirms it; and what a form begins with."""

from typing import Any

from jobcenter.common import clock
from jobcenter.common.typography import datum
from jobcenter.konten.models import User
from massnahmen import actions
from massnahmen.enums import Massnahmestand, Vergabeart, Weg
from massnahmen.queries import Umsetzungslage

S = Massnahmestand


def choose_weg(lage: Umsetzungslage, form: Any, by: User) -> str:
    weg = Weg(form.cleaned_data["weg"])
    actions.choose_weg(massnahme=lage.massnahme, version=form.cleaned_data["version"], weg=weg, by=by)
    return f"Der Weg steht fest: {weg.label}."


def prepare(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    actions.prepare_vergabe(
        massnahme=lage.massnahme, version=given["version"], angaben=form.to_angaben(), grund=given.get("grund", ""), by=by
    )
    return "Die Vergabe ist vorbereitet. Als Nächstes machen Sie sie bekannt oder holen Angebote ein."


def update(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.update_vergabe(vergabe=lage.vergabe, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=by)
    return "Die Angaben zur Vergabe sind gespeichert."


def announce(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.announce_vergabe(vergabe=lage.vergabe, **form.cleaned_data, by=by)
    return "Die Vergabe ist bekannt gemacht. Der Link steht jetzt öffentlich bei der Maßnahme, wenn ihr Programm veröffentlicht ist."


def record_angebot(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    angebot = actions.record_angebot(
        vergabe=lage.vergabe, traeger=given["traeger"], preis_cent=given["preis_cent"], bewertung=given["bewertung"], by=by
    )
    return f"Das {angebot} ist eingetragen."


def inform(lage: Umsetzungslage, form: Any, by: User) -> str:
    vergabe = actions.inform_bieter(vergabe=lage.vergabe, version=form.cleaned_data["version"], am=form.cleaned_data["am"], by=by)
    return f"Eingetragen. Der Zuschlag ist ab dem {datum(vergabe.first_day_of_award)} möglich."


def award(lage: Umsetzungslage, form: Any, by: User) -> str:
    vertrag = actions.award_vergabe(vergabe=lage.vergabe, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=by)
    return f"Der Zuschlag ist erteilt. Träger ist {vertrag.traeger}."


def record_vertrag(lage: Umsetzungslage, form: Any, by: User) -> str:
    vertrag = actions.record_vertrag(massnahme=lage.massnahme, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=by)
    return f"Der Vertrag mit {vertrag.traeger} ist nachgetragen."


def cancel(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.cancel_vergabe(vergabe=lage.vergabe, version=form.cleaned_data["version"], warum=form.cleaned_data["grund"], by=by)
    return "Die Vergabe ist aufgehoben. Die Maßnahme ist wieder ein Bedarf."


def request(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    actions.request_zuwendung(massnahme=lage.massnahme, version=given["version"], traeger=given["traeger"], by=by)
    return f"Der Antrag von {given['traeger']} ist eingetragen."


def grant(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.grant_zuwendung(massnahme=lage.massnahme, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=by)
    return "Die Zuwendung ist bewilligt."


def refuse(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    actions.refuse_zuwendung(massnahme=lage.massnahme, version=given["version"], grund=given["grund"], by=by)
    return "Die Zuwendung ist abgelehnt. Die Maßnahme ist wieder ein Bedarf."


def start(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.start_massnahme(massnahme=lage.massnahme, version=form.cleaned_data["version"], by=by)
    return f"„{lage.massnahme}“ läuft."


def add_option(lage: Umsetzungslage, form: Any, by: User) -> str:
    option = actions.add_option(vertrag=lage.vertrag, angaben=form.to_angaben(), by=by)
    return f"Die {option} ist eingetragen. Zu ziehen ist sie bis zum {datum(option.ziehbar_bis)}."


def draw_option(lage: Umsetzungslage, form: Any, by: User) -> str:
    option = actions.draw_option(option=lage.naechste_option, version=form.cleaned_data["version"], by=by)
    return f"Die {option} ist gezogen. Die Maßnahme läuft bis zum {datum(option.ende)}."


def end(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    massnahme = actions.end_massnahme(massnahme=lage.massnahme, version=given["version"], zum=given["zum"], grund=given["grund"], by=by)
    if massnahme.stand == S.VORZEITIG:
        return f"„{massnahme}“ ist vorzeitig beendet."
    return f"Gekündigt. „{massnahme}“ läuft noch bis zum {datum(given['zum'])}."


def correct(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    actions.correct_vertrag(vertrag=lage.vertrag, version=given["version"], angaben=form.to_angaben(), grund=given["grund"], by=by)
    return "Der Vertrag ist berichtigt. Was vorher dort stand, bleibt im Verlauf."


def withdraw(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.withdraw_kuendigung(vertrag=lage.vertrag, version=form.cleaned_data["version"], by=by)
    return "Die Kündigung ist zurückgenommen. Der Vertrag läuft weiter."


def initial_berichtigung(lage: Umsetzungslage) -> dict[str, Any]:
    names = ("traeger", "nummer", "geschlossen_am", "beginn", "ende", "plaetze", "preis_cent", "nachweis_bis")
    return {name: getattr(lage.vertrag, name) for name in names}


def settle(lage: Umsetzungslage, form: Any, by: User) -> str:
    given = form.cleaned_data
    actions.settle_massnahme(massnahme=lage.massnahme, version=given["version"], nachweis_am=given.get("nachweis_am"), by=by)
    return "Die Maßnahme ist abgerechnet. Ihre Monatsmeldungen stehen jetzt fest."


def evaluate(lage: Umsetzungslage, form: Any, by: User) -> str:
    actions.evaluate_massnahme(massnahme=lage.massnahme, version=form.cleaned_data["version"], by=by)
    return "Der Verbleib ist ausgewertet. Damit ist die Maßnahme abgeschlossen."


def initial_vergabe(lage: Umsetzungslage) -> dict[str, Any]:
    if lage.vergabe is None:
        return {"vergabeart": Vergabeart.OEFFENTLICH}
    return {name: getattr(lage.vergabe, name) for name in ("vergabeart", "leistungsart", "wert_cent", "aktenzeichen")}


def initial_vertrag(lage: Umsetzungslage) -> dict[str, Any]:
    position = lage.massnahme.positionen.exclude(plaetze=None).order_by("-programm__jahr").first()
    return {
        "beginn": lage.massnahme.beginn,
        "ende": lage.massnahme.ende,
        "plaetze": position.plaetze if position else None,
        "geschlossen_am": clock.today(),
        "traeger": lage.massnahme.traeger,
    }
