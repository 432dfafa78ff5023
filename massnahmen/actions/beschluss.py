"""From the draft to the public: frozen, advised by the Beirat, decided by the bodies of the Landkreis, published."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.events import publish
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.typography import NBSP, datum, zahl
from jobcenter.konten.models import User
from massnahmen.actions.stand import lock_massnahmen, lock_newest, move
from massnahmen.enums import PROGRAMM_TRANSITIONS, Beratungsergebnis, Fassungsanlass, Gremienergebnis, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Beratung, Fassung, Gremienbeschluss, Veroeffentlichung
from massnahmen.queries import check_programm, check_unverfaelscht, collect_inhalt, is_bca_missing


@action
def submit_programm(*, programm: Arbeitsmarktprogramm, pruefsumme: str, grund: str = "", by: User) -> Fassung:
    """Freeze the draft as the next Fassung and hand it to the Beirat. Leitung; a programme with gaps is refused.

    `pruefsumme` is the fingerprint of the content that the person read and confirmed: a draft that has changed since
    is not frozen unread. `grund` is wanted where the BCA has not said anything: why it goes on without her.
    """
    require(by, "massnahmen.submit_programm", programm)
    current = lock(programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BEIM_BEIRAT, noun=f"Das {current}")
    lock_massnahmen(current)
    inhalt = collect_inhalt(current)
    if not inhalt["massnahmen"]:
        raise TransitionError(f"Das {current} hat noch keine Maßnahme. Planen Sie mindestens eine, bevor Sie es vorlegen.")
    if fingerprint(canonical_json(inhalt)) != pruefsumme:
        raise TransitionError(
            f"Das {current} wurde geändert, seit Sie es geprüft haben. Prüfen Sie es noch einmal und legen Sie es dann vor."
        )
    _check_complete(current)
    if is_bca_missing(current) and is_blank(grund):
        raise TransitionError(
            "Die Beauftragte für Chancengleichheit hat noch nicht Stellung genommen. Beteiligen Sie sie, oder nennen Sie den Grund, "
            "warum es ohne sie weitergeht."
        )
    if current.fassungen.filter(pruefsumme=pruefsumme, beratung__isnull=False).exists():
        raise TransitionError(
            "Über genau diesen Text hat der Beirat schon beraten. Ändern Sie das Programm, bevor Sie es noch einmal vorlegen."
        )
    fassung = freeze(current, inhalt, Fassungsanlass.BEIRAT, by=by)
    move(current, Programmstatus.BEIM_BEIRAT, by=by, fassung=fassung, grund=grund.strip())
    publish("massnahmen.fassung_vorgelegt", fassung.pk)
    return fassung


def freeze(programm: Arbeitsmarktprogramm, inhalt: Mapping[str, Any], anlass: Fassungsanlass, *, by: User) -> Fassung:
    """The next Fassung of a locked programme."""
    text = canonical_json(inhalt)
    nummer = programm.fassungen.count() + 1
    return Fassung.objects.create(
        programm=programm, nummer=nummer, anlass=anlass, inhalt=text, pruefsumme=fingerprint(text), vorgelegt_von=by
    )


@action
def begin_abstimmung(*, fassung: Fassung, by: User) -> None:
    """Hold the programme while the Beirat votes on its newest Fassung. Whoever opens the ballot."""
    require(by, "massnahmen.record_beratung", fassung)
    current = lock_newest(fassung)
    if current.status != Programmstatus.BEIM_BEIRAT:
        raise TransitionError(f"Das {current} liegt gerade nicht beim Beirat. Über {fassung} kann er nicht beraten.")
    move(current, Programmstatus.ABSTIMMUNG, by=by, fassung=fassung)


@action
def break_off_abstimmung(*, fassung: Fassung, by: User) -> None:
    """Give the programme back to the Beirat's agenda without advice. Whoever breaks off the ballot."""
    require(by, "massnahmen.record_beratung", fassung)
    current = lock_newest(fassung)
    move(current, Programmstatus.BEIM_BEIRAT, by=by, fassung=fassung)


@action
def record_beratung(
    *, fassung: Fassung, ergebnis: Beratungsergebnis, ja: int, nein: int, enthaltung: int, beschluss: str, by: User
) -> Beratung:
    """Write down the Beirat's advice on a Fassung. Whoever closes its ballot; once per Fassung, and only on the newest one."""
    require(by, "massnahmen.record_beratung", fassung)
    current = lock_newest(fassung)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BERATEN, noun=f"Das {current}")
    beratung = Beratung.objects.create(fassung=fassung, ergebnis=ergebnis, ja=ja, nein=nein, enthaltung=enthaltung, beschluss=beschluss)
    move(current, Programmstatus.BERATEN, by=by, fassung=fassung)
    publish("massnahmen.programm_beraten", beratung.pk)
    return beratung


@action
def record_gremienbeschluss(
    *,
    fassung: Fassung,
    gremium: str,
    am: date,
    ergebnis: Gremienergebnis,
    nummer: str,
    stimmen: tuple[int, int, int] | None = None,
    by: User,
) -> Gremienbeschluss:
    """Write down what a body of the Landkreis decided about the Fassung that the Beirat has advised. Leitung or Geschäftsstelle.

    `stimmen` are Ja, Nein and Enthaltungen, where the body published them. The last body that the instance names decides.
    """
    require(by, "massnahmen.record_gremienbeschluss", fassung)
    current = lock_newest(fassung)
    _check_gremium(current, fassung, gremium, am)
    ja, nein, enthaltung = stimmen or (None, None, None)
    if ja is not None and nein is not None and ergebnis == Gremienergebnis.BESCHLOSSEN and ja <= nein:
        raise TransitionError("Beschlossen ist nur, was mehr Ja- als Nein-Stimmen hat. Prüfen Sie Ergebnis und Stimmen.")
    entscheidend = gremium == settings.INSTANZ.programm.gremien[-1]
    try:
        with transaction.atomic():
            beschluss = Gremienbeschluss.objects.create(
                fassung=fassung,
                gremium=gremium,
                am=am,
                ergebnis=ergebnis,
                nummer=nummer.strip(),
                ja=ja,
                nein=nein,
                enthaltung=enthaltung,
                entscheidend=entscheidend,
                eingetragen_von=by,
            )
    except IntegrityError:
        raise TransitionError(f"Für {gremium} am {datum(am)} ist schon ein Ergebnis eingetragen.") from None
    if entscheidend and ergebnis == Gremienergebnis.BESCHLOSSEN:
        move(current, Programmstatus.BESCHLOSSEN, by=by, fassung=fassung, grund=f"{gremium}, {beschluss.nummer}")
        publish("massnahmen.programm_beschlossen", beschluss.pk)
    return beschluss


def _check_gremium(current: Arbeitsmarktprogramm, fassung: Fassung, gremium: str, am: date) -> None:
    """This body may have decided on that day about a programme that stands where it stands."""
    gremien = settings.INSTANZ.programm.gremien
    late = current.status == Programmstatus.BESCHLOSSEN and gremium != gremien[-1]  # a committee's result that came after the Kreistag's
    if current.status != Programmstatus.BERATEN and not late:
        raise TransitionError(
            f"Das {current} ist im Stand „{current.get_status_display()}“. Beschlüsse gehören hinter die Beratung im Beirat."
        )
    if gremium not in gremien:
        raise TransitionError(f"„{gremium}“ entscheidet hier nicht über das Programm. Möglich sind: {', '.join(gremien)}.")
    advised = timezone.localdate(fassung.beratung.am)
    if not advised <= am <= clock.today():
        raise TransitionError(f"Die Sitzung kann nur zwischen der Beratung im Beirat am {datum(advised)} und heute gewesen sein.")


@action
def withdraw_gremienbeschluss(*, beschluss: Gremienbeschluss, grund: str, by: User) -> Gremienbeschluss:
    """Take a wrong entry back; it stays readable with its reason. Leitung or Geschäftsstelle; not once the programme is public."""
    require(by, "massnahmen.record_gremienbeschluss", beschluss)
    programm = lock_newest(beschluss.fassung)
    current = lock(beschluss)
    if current.zurueckgenommen_am:
        raise TransitionError("Dieser Eintrag ist schon zurückgenommen.")
    if programm.status not in {Programmstatus.BERATEN, Programmstatus.BESCHLOSSEN}:
        raise TransitionError(f"Das {programm} ist im Stand „{programm.get_status_display()}“. Der Eintrag bleibt, wie er ist.")
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, was an dem Eintrag falsch ist.")
    current.zurueckgenommen_am, current.rueckgrund = clock.now(), grund.strip()
    current.save(update_fields=["zurueckgenommen_am", "rueckgrund"])
    if current.entscheidend and current.ergebnis == Gremienergebnis.BESCHLOSSEN:
        move(programm, Programmstatus.BERATEN, by=by, fassung=current.fassung, grund=grund.strip())
    return current


@action
def publish_programm(*, beratung: Beratung, antwort: str = "", by: User) -> Veroeffentlichung:
    """Make the advised Fassung public. Leitung; a No or a split vote needs the Jobcenter's written answer (§ 18d SGB II).

    Where the instance names bodies of the Landkreis, the last of them has to have decided first.
    """
    require(by, "massnahmen.publish_programm", beratung)
    current = lock(beratung.fassung.programm)
    if current.status not in {Programmstatus.BERATEN, Programmstatus.BESCHLOSSEN}:
        raise TransitionError(f"Das {current} ist im Stand „{current.get_status_display()}“ und kann jetzt nicht veröffentlicht werden.")
    if beratung.fassung.nummer != current.fassungen.count():
        raise TransitionError(f"Zu {beratung.fassung} gibt es schon eine neuere Fassung.")
    if satz := check_unverfaelscht(beratung.fassung):
        raise TransitionError(f"{satz} Das {current} wird nicht veröffentlicht.")
    gremien = settings.INSTANZ.programm.gremien
    if gremien and current.status != Programmstatus.BESCHLOSSEN:
        raise TransitionError(f"{gremien[-1]} hat noch nicht über das {current} beschlossen. Tragen Sie den Beschluss ein.")
    if beratung.braucht_antwort and is_blank(antwort):
        raise TransitionError("Im Beirat gab es Gegenstimmen. Schreiben Sie dazu eine Antwort, bevor Sie veröffentlichen.")
    veroeffentlichung = Veroeffentlichung.objects.create(beratung=beratung, antwort=antwort.strip(), von=by)
    move(current, Programmstatus.VEROEFFENTLICHT, by=by, fassung=beratung.fassung)
    publish("massnahmen.programm_veroeffentlicht", veroeffentlichung.pk)
    return veroeffentlichung


def _check_complete(programm: Arbeitsmarktprogramm) -> None:
    gaps = [befund for befund in check_programm(programm) if befund.blockiert]
    if gaps:
        some = "Eine Angabe fehlt oder passt" if len(gaps) == 1 else f"{zahl(len(gaps))}{NBSP}Angaben fehlen oder passen"
        raise TransitionError(f"{some} nicht. Zuerst: {gaps[0].wo}. {gaps[0].satz}")
