"""How far a programme is, as a list of steps: what is done, what is open, what is not possible yet."""

from django.urls import reverse

from jobcenter.common.listen import NOCH_NICHT, Antwort, Schritt
from jobcenter.common.typography import NBSP, datum, zahl
from jobcenter.konten.models import User
from massnahmen.enums import Programmstatus
from massnahmen.models import Arbeitsmarktprogramm
from massnahmen.queries import Fassungsstand, Programminhalt

DONE, OPEN = "success", "info"


def list_antworten(inhalt: Programminhalt) -> list[Antwort]:
    """Summary and chapters with the number of their words, to be checked before they are frozen."""
    lines = [("Zusammenfassung", len(inhalt.zusammenfassung.split()))]
    lines += [(f"{kapitel.nummer}{NBSP}{kapitel.titel}", kapitel.woerter) for kapitel in inhalt.kapitel]
    return [Antwort(name, count_words(words)) for name, words in lines]


def list_schritte(programm: Arbeitsmarktprogramm, inhalt: Programminhalt, neueste: Fassungsstand | None, user: User) -> list[Schritt]:
    """The way of a programme from the first measure to its publication; linked where the person may go on."""
    draft, page = programm.ist_entwurf, reverse("massnahmen:programm-intern-detail", args=[programm.jahr])
    submit = reverse("massnahmen:programm-vorlegen", args=[programm.jahr]) if user.has_perm("massnahmen.submit_programm", programm) else ""
    publish = (
        reverse("massnahmen:programm-veroeffentlichen", args=[programm.jahr])
        if user.has_perm("massnahmen.publish_programm", programm)
        else ""
    )
    return [
        _plan(inhalt, page),
        _write(inhalt, page),
        _submit(draft, inhalt, neueste, submit),
        _advise(draft, neueste),
        _publish(programm, neueste, publish),
    ]


def count_words(number: int) -> str:
    return f"{zahl(number)}{NBSP}{'Wort' if number == 1 else 'Wörter'}" if number else ""


def _plan(inhalt: Programminhalt, page: str) -> Schritt:
    number = len(inhalt.massnahmen)
    if not number:
        return Schritt("Maßnahmen", "offen", OPEN, f"{page}#massnahmen", "Mindestens eine gehört in das Programm.", nummer=1)
    return Schritt("Maßnahmen", f"{zahl(number)} geplant", DONE, f"{page}#massnahmen", nummer=1)


def _write(inhalt: Programminhalt, page: str) -> Schritt:
    texts = [inhalt.zusammenfassung.strip(), *(kapitel.text.strip() for kapitel in inhalt.kapitel)]
    written, whole = sum(map(bool, texts)), len(texts)
    art = DONE if written == whole else OPEN
    return Schritt("Texte", f"{written} von {whole} geschrieben", art, f"{page}#kapitel", nummer=2)


def _submit(draft: bool, inhalt: Programminhalt, neueste: Fassungsstand | None, url: str) -> Schritt:
    titel = "Dem Beirat vorlegen"
    if not draft and neueste:
        return Schritt(
            titel, "erledigt", DONE, satz=f"Fassung{NBSP}{neueste.fassung.nummer} am {datum(neueste.fassung.vorgelegt_am)}", nummer=3
        )
    if not inhalt.massnahmen:
        return Schritt(titel, NOCH_NICHT, satz="Zuerst braucht das Programm eine Maßnahme.", nummer=3)
    return Schritt(titel, "offen", OPEN, url, "" if url else "Das tut die Leitung.", nummer=3)


def _advise(draft: bool, neueste: Fassungsstand | None) -> Schritt:
    titel = "Beratung im Beirat"
    if draft or neueste is None:
        return Schritt(titel, NOCH_NICHT, nummer=4)
    if neueste.beratung is None:
        return Schritt(titel, "offen", OPEN, satz="Die Geschäftsstelle setzt die Fassung auf die Tagesordnung.", nummer=4)
    return Schritt(titel, "erledigt", DONE, satz=f"{neueste.beratung.wortlaut.capitalize()} am {datum(neueste.beratung.am)}", nummer=4)


def _publish(programm: Arbeitsmarktprogramm, neueste: Fassungsstand | None, url: str) -> Schritt:
    titel = "Veröffentlichen"
    if programm.status == Programmstatus.VEROEFFENTLICHT and neueste and neueste.veroeffentlichung:
        return Schritt(titel, "erledigt", DONE, satz=f"Am {datum(neueste.veroeffentlichung.am)}", nummer=5)
    if programm.status == Programmstatus.BERATEN:
        return Schritt(titel, "offen", OPEN, url, "" if url else "Das tut die Leitung.", nummer=5)
    return Schritt(titel, NOCH_NICHT, nummer=5)
