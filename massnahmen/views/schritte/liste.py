"""The steps of a programme, each with who did what when, or who has to."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from jobcenter.common.listen import NOCH_NICHT, Antwort, Schritt
from jobcenter.common.typography import NBSP, datum, zahl
from massnahmen.enums import Kapitelstand, Programmstatus
from massnahmen.models import Kapitel
from massnahmen.queries import Programminhalt
from massnahmen.views.schritte.weg import Weg

DONE, OPEN = "success", "info"
LEITUNG = "Das tut die Leitung."
ADVISED = frozenset({Programmstatus.BERATEN, Programmstatus.BESCHLOSSEN, Programmstatus.VEROEFFENTLICHT, Programmstatus.ABGESCHLOSSEN})
DECIDED = ADVISED - {Programmstatus.BERATEN}
PUBLIC = DECIDED - {Programmstatus.BESCHLOSSEN}


def list_antworten(inhalt: Programminhalt) -> list[Antwort]:
    """Summary and chapters with the number of their words, to be checked before they are frozen."""
    lines = [("Zusammenfassung", len(inhalt.zusammenfassung.split()))]
    lines += [(f"{kapitel.nummer}{NBSP}{kapitel.titel}", kapitel.woerter) for kapitel in inhalt.kapitel]
    return [Antwort(name, count_words(words)) for name, words in lines]


def count_words(number: int) -> str:
    return f"{zahl(number)}{NBSP}{'Wort' if number == 1 else 'Wörter'}" if number else ""


def count_open(number: int) -> str:
    return f"{zahl(number)}{NBSP}offen"


def list_schritte(weg: Weg, inhalt: Programminhalt, kapitel: list[Kapitel]) -> list[Schritt]:
    """The whole way from the first measure to the end of the year, numbered; linked where the person may go on."""
    found = [*_list_writing(weg, inhalt, kapitel), _hear_bca(weg), _submit(weg), _advise(weg), *_decide(weg), _publish(weg), _close(weg)]
    return [Schritt(**values, nummer=number) for number, values in enumerate(found, start=1)]


def _list_writing(weg: Weg, inhalt: Programminhalt, kapitel: list[Kapitel]) -> Iterator[dict[str, Any]]:
    page, draft = weg.url("programm-intern-detail"), weg.programm.ist_entwurf
    number = len(inhalt.massnahmen)
    gaps = len({b.schluessel for b in weg.fehlend if b.bereich == "massnahme"})
    if not number:
        yield _open("Maßnahmen planen", f"{page}#massnahmen", "Mindestens eine gehört in das Programm.")
    else:
        satz = "" if not gaps else f"Bei {zahl(gaps)} von {zahl(number)} fehlt noch etwas."
        yield _done("Maßnahmen planen", satz, f"{page}#massnahmen", stand=f"{zahl(number)} geplant", art=OPEN if gaps else DONE)
    texts = [bool(inhalt.zusammenfassung.strip()), *(k.stand == Kapitelstand.FERTIG for k in kapitel)]
    art = DONE if all(texts) or not draft else OPEN
    yield _done("Texte schreiben", "", f"{page}#kapitel", stand=f"{sum(texts)} von {len(texts)} fertig", art=art)
    goals, without = len(inhalt.ziele), sum(b.bereich == "ziele" and b.blockiert for b in weg.befunde)
    art = DONE if goals and not without else OPEN if draft else "neutral"
    yield _done("Ziele nennen", "", f"{page}#ziele", stand=count_open(without) if without else f"{zahl(goals)} genannt", art=art)
    if draft:
        missing = len(weg.fehlend)
        yield _done(
            "Angaben prüfen",
            "",
            weg.url("programm-pruefen"),
            stand=count_open(missing) if missing else "vollständig",
            art=OPEN if missing else DONE,
        )
    else:
        yield _done("Angaben prüfen", "", "")


def _hear_bca(weg: Weg) -> dict[str, Any]:
    titel = "Die BCA beteiligen"
    if weg.stellungnahme:
        stand = next(s for s in weg.bca if s.stellungnahme)
        url, satz = weg.url("fassung-detail", stand.fassung.nummer), f"Stellungnahme vom {datum(weg.stellungnahme.am)}"
        if weg.unbeantwortet:
            answer = weg.url_if("answer_stellungnahme", "stellungnahme-beantworten", weg.unbeantwortet.fassung.nummer)
            return _open(titel, answer or url, f"{satz}. Die Antwort der Leitung fehlt noch.", stand="Antwort offen")
        return _done(titel, f"{satz}, {weg.stellungnahme.get_umgang_display()}", url)
    if weg.liegt_bei_bca:
        nummer = weg.bca[0].fassung.nummer
        url = weg.url_if("write_stellungnahme", "stellungnahme-schreiben", nummer) or weg.url("fassung-detail", nummer)
        return _open(titel, url, f"Fassung{NBSP}{nummer} liegt seit dem {datum(weg.bca[0].fassung.vorgelegt_am)} bei ihr.", stand="läuft")
    if weg.programm.ist_entwurf:
        url = weg.url_if("begin_beteiligung", "programm-beteiligen")
        return _open(titel, url, "" if url else "Das tun die Maßnahmenplanung oder die Leitung.")
    step = weg.last(Programmstatus.BEIM_BEIRAT)
    return {"titel": titel, "stand": "ohne BCA", "art": "warning", "satz": f"Grund: {step.grund}" if step and step.grund else ""}


def _submit(weg: Weg) -> dict[str, Any]:
    titel = "Dem Beirat vorlegen"
    if weg.vorgelegt:
        fassung = weg.vorgelegt.fassung
        satz = f"Fassung{NBSP}{fassung.nummer} am {datum(fassung.vorgelegt_am)} von {fassung.vorgelegt_von}"
        return _done(titel, satz, weg.url("fassung-detail", fassung.nummer))
    if weg.fehlend:
        return _later(titel, "Zuerst muss alles vollständig sein.")
    return _open_for(titel, weg.url_if("submit_programm", "programm-vorlegen"), LEITUNG)


def _advise(weg: Weg) -> dict[str, Any]:
    titel = "Beratung im Beirat"
    if weg.programm.status in ADVISED and weg.vorgelegt and weg.vorgelegt.beratung:
        beratung = weg.vorgelegt.beratung
        return _done(titel, f"{beratung.wortlaut.capitalize()} am {datum(beratung.am)} ({beratung.beschluss})")
    if weg.programm.status == Programmstatus.ABSTIMMUNG:
        return _open(titel, "", "Der Beirat stimmt gerade ab.", stand="läuft")
    if weg.programm.status == Programmstatus.BEIM_BEIRAT:
        return _open(titel, "", "Die Geschäftsstelle setzt die Fassung auf die Tagesordnung.")
    return _later(titel)


def _decide(weg: Weg) -> Iterator[dict[str, Any]]:
    """A step for each body that the instance names; only the last one's holds the programme up."""
    gremien = settings.INSTANZ.programm.gremien
    for gremium in gremien:
        titel = f"Beschluss: {gremium}"
        entries = [b for b in weg.vorgelegt.gueltige_beschluesse if b.gremium == gremium] if weg.vorgelegt else []
        if entries:
            last = entries[-1]
            art = DONE if last.ergebnis in {"beschlossen", "kenntnis"} else "warning"
            url = weg.url("fassung-detail", weg.vorgelegt.fassung.nummer)
            satz = f"Am {datum(last.am)}, {last.nummer}. Eingetragen von {last.eingetragen_von}"
            yield _done(titel, satz, url, stand=last.get_ergebnis_display(), art=art)
        elif weg.programm.status == Programmstatus.BERATEN and weg.vorgelegt:
            url = weg.url_if("record_gremienbeschluss", "gremienbeschluss-eintragen", weg.vorgelegt.fassung.nummer)
            yield _open_for(titel, url, "Das Ergebnis trägt die Geschäftsstelle oder die Leitung ein.")
        elif weg.programm.status in DECIDED:
            yield {"titel": titel, "stand": "nicht eingetragen"}
        else:
            yield _later(titel)


def _publish(weg: Weg) -> dict[str, Any]:
    titel = "Veröffentlichen"
    if weg.programm.status in PUBLIC and weg.vorgelegt and weg.vorgelegt.veroeffentlichung:
        made = weg.vorgelegt.veroeffentlichung
        return _done(titel, f"Am {datum(made.am)} von {made.von}", weg.url("programm-detail"))
    if weg.programm.ist_beschlossen:
        return _open_for(titel, weg.url_if("publish_programm", "programm-veroeffentlichen"), LEITUNG)
    return _later(titel)


def _close(weg: Weg) -> dict[str, Any]:
    titel = "Abschließen"
    if weg.programm.status == Programmstatus.ABGESCHLOSSEN:
        step = weg.last(Programmstatus.ABGESCHLOSSEN)
        return _done(titel, f"Am {datum(step.am)} von {step.durch}" if step else "")
    if weg.programm.status == Programmstatus.VEROEFFENTLICHT and weg.programm.ist_vorbei:
        return _open_for(titel, weg.url_if("close_programm", "programm-abschliessen"), LEITUNG)
    return _later(titel, f"Ab dem 1.{NBSP}Januar {weg.programm.jahr + 1}.")


def _done(titel: str, satz: str = "", url: str = "", *, stand: str = "erledigt", art: str = DONE) -> dict[str, Any]:
    return {"titel": titel, "stand": stand, "art": art, "url": url, "satz": satz}


def _open(titel: str, url: str, satz: str = "", *, stand: str = "offen") -> dict[str, Any]:
    return {"titel": titel, "stand": stand, "art": OPEN, "url": url, "satz": satz}


def _open_for(titel: str, url: str, who: str) -> dict[str, Any]:
    """Open: a link for who may do it, a sentence for the others."""
    return _open(titel, url, "" if url else who)


def _later(titel: str, satz: str = "") -> dict[str, Any]:
    return {"titel": titel, "stand": NOCH_NICHT, "satz": satz}
