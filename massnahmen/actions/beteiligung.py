"""The part of the Beauftragte für Chancengleichheit in drawing up the programme (§ 18e Abs. 3 SGB II)."""

from django.db import IntegrityError, transaction

from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.events import publish
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.actions.beschluss import freeze
from massnahmen.actions.stand import lock_massnahmen, lock_newest, move
from massnahmen.enums import PROGRAMM_TRANSITIONS, Fassungsanlass, Programmstatus, Umgang
from massnahmen.models import Arbeitsmarktprogramm, BcaStellungnahme, Fassung
from massnahmen.queries import collect_inhalt


@action
def begin_beteiligung(*, programm: Arbeitsmarktprogramm, by: User) -> Fassung:
    """Freeze the draft as it is and ask the BCA for her Stellungnahme; the others may go on writing. Planung or Leitung."""
    require(by, "massnahmen.begin_beteiligung", programm)
    current = lock(programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BETEILIGUNG, noun=f"Das {current}")
    lock_massnahmen(current)
    inhalt = collect_inhalt(current)
    if not inhalt["massnahmen"]:
        raise TransitionError(f"Das {current} hat noch keine Maßnahme. Planen Sie mindestens eine, bevor Sie die BCA beteiligen.")
    fassung = freeze(current, inhalt, Fassungsanlass.BETEILIGUNG, by=by)
    move(current, Programmstatus.BETEILIGUNG, by=by, fassung=fassung)
    publish("massnahmen.bca_beteiligt", fassung.pk)
    return fassung


@action
def write_stellungnahme(*, fassung: Fassung, text: str, by: User) -> BcaStellungnahme:
    """Say something about a Fassung that was frozen for the BCA. BCA; once for each Fassung."""
    require(by, "massnahmen.write_stellungnahme", fassung)
    programm = lock_newest(fassung)
    if fassung.anlass != Fassungsanlass.BETEILIGUNG:
        raise TransitionError(f"{fassung} wurde nicht für die BCA geschrieben.")
    if not programm.ist_entwurf:
        raise TransitionError(f"Das {programm} ist im Stand „{programm.get_status_display()}“. Dafür kommt eine Stellungnahme zu spät.")
    if is_blank(text):
        raise TransitionError("Die Stellungnahme ist leer. Schreiben Sie mindestens einen Satz, auch wenn Sie nichts zu beanstanden haben.")
    try:
        with transaction.atomic():
            stellungnahme = BcaStellungnahme.objects.create(fassung=fassung, text=text.strip(), von=by)
    except IntegrityError:
        raise TransitionError(f"Zu {fassung} gibt es schon eine Stellungnahme.") from None
    publish("massnahmen.bca_stellungnahme", stellungnahme.pk)
    return stellungnahme


@action
def answer_stellungnahme(*, stellungnahme: BcaStellungnahme, umgang: Umgang, begruendung: str, by: User) -> BcaStellungnahme:
    """Say how the Jobcenter deals with the BCA's Stellungnahme. Leitung; once."""
    require(by, "massnahmen.answer_stellungnahme", stellungnahme)
    current = lock(stellungnahme)
    if current.beantwortet_am:
        raise TransitionError("Auf diese Stellungnahme hat schon jemand geantwortet.")
    if is_blank(begruendung):
        raise TransitionError("Die Antwort fehlt. Schreiben Sie der BCA, was daraus wird.")
    current.umgang, current.begruendung = umgang, begruendung.strip()
    current.beantwortet_am, current.beantwortet_von = clock.now(), by
    current.save(update_fields=["umgang", "begruendung", "beantwortet_am", "beantwortet_von"])
    return current
