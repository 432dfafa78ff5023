"""„Angaben prüfen“: everything that a draft still lacks before the Beirat can get it, and what somebody should look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from jobcenter.common.kommentare import count_open
from jobcenter.common.richtext import to_plain
from jobcenter.common.typography import NBSP, datum, euro, zahl
from massnahmen.enums import Fassungsanlass, Finanzquelle, Kapitelstand, Vergabestand
from massnahmen.models import (
    Arbeitsmarktprogramm,
    BcaStellungnahme,
    Budget,
    Fassung,
    Kapitel,
    Massnahme,
    Programmposition,
    Programmziel,
    Rechtsbegriff,
)
from massnahmen.queries.finanzplan import build_rahmen
from massnahmen.queries.veroeffentlicht import check_unverfaelscht

Bereich = Literal["programm", "zusammenfassung", "kapitel", "ziele", "massnahme", "geld", "bca", "vorjahr"]


@dataclass(frozen=True)
class Befund:
    """One thing to look at. `schluessel` is a chapter's or Fassung's number, a measure's or goal's id, 0 where there is one only.

    Of money it is the year of the budget, 0 where there is none.
    """

    bereich: Bereich
    schluessel: int
    wo: str
    satz: str
    blockiert: bool = True


def check_programm(programm: Arbeitsmarktprogramm) -> list[Befund]:
    """Everything, in the order of the programme: what blocks the submission, and hints. Fifteen queries at most, whatever its size."""
    positionen = list(programm.positionen.with_details())
    kapitel = list(programm.kapitel.select_related("verantwortlich"))
    old = _outdated_words(programm.jahr)
    return [
        *_check_summary(old, programm),
        *_check_kapitel(old, kapitel),
        *_check_ziele(old, programm),
        *_check_positionen(old, programm.jahr, positionen),
        *_check_geld(programm.jahr, positionen),
        *_check_bca(programm),
        *_check_vorjahr(programm),
        *_count_remarks(kapitel, positionen),
    ]


def is_bca_missing(programm: Arbeitsmarktprogramm) -> bool:
    """Whether the BCA has said nothing about the programme since it was last handed to the Beirat. One query."""
    last = programm.fassungen.vorgelegt().order_by("-nummer").values_list("nummer", flat=True).first() or 0
    asked = programm.fassungen.filter(anlass=Fassungsanlass.BETEILIGUNG, nummer__gt=last)
    return not asked.filter(bca_stellungnahme__isnull=False).exists()


def _check_summary(old: Mapping[str, str], programm: Arbeitsmarktprogramm) -> Iterator[Befund]:
    yield from _find_outdated(old, "zusammenfassung", 0, "Zusammenfassung", programm.zusammenfassung)
    if not programm.zusammenfassung.strip():
        yield Befund("zusammenfassung", 0, "Zusammenfassung", "Sie fehlt. Auf der öffentlichen Seite steht sie ganz oben.")


def _check_kapitel(old: Mapping[str, str], kapitel: Iterable[Kapitel]) -> Iterator[Befund]:
    for row in kapitel:
        wo = f"Kapitel{NBSP}{row.nummer} „{row.titel}“"
        if row.stand != Kapitelstand.FERTIG:
            who = f" Zuständig ist {row.verantwortlich}." if row.verantwortlich and row.verantwortlich.is_active else ""
            yield Befund("kapitel", row.nummer, wo, f"Das Kapitel ist {row.get_stand_display()}.{who}")
        if row.verantwortlich and not row.verantwortlich.is_active:
            satz = f"{row.verantwortlich} ist nicht mehr da. Geben Sie das Kapitel jemand anderem."
            yield Befund("kapitel", row.nummer, wo, satz, blockiert=False)
        yield from _find_outdated(old, "kapitel", row.nummer, wo, to_plain(row.text))


def _find_outdated(old: Mapping[str, str], bereich: Bereich, key: int, wo: str, *texts: str) -> Iterator[Befund]:
    for word, sentence in old.items():
        if any(word in text for text in texts):
            yield Befund(bereich, key, wo, sentence, blockiert=False)


def _outdated_words(jahr: int) -> Mapping[str, str]:
    """Words that the law no longer uses in the whole of a year, each with a sentence that names the word of today."""
    first, last = date(jahr, 1, 1), date(jahr, 12, 31)
    words = list(Rechtsbegriff.objects.all())
    now = {w.schluessel: w for w in words if (w.gueltig_von or first) <= last and (w.gueltig_bis is None or w.gueltig_bis >= last)}
    return {
        w.wort: f"Im Text steht „{w.wort}“. So hieß es bis {datum(w.gueltig_bis)}, {jahr} heißt es „{now[w.schluessel].wort}“."
        for w in words
        if w.gueltig_bis and w.gueltig_bis < first and w.schluessel in now
    }


def _check_ziele(old: Mapping[str, str], programm: Arbeitsmarktprogramm) -> Iterator[Befund]:
    ziele: list[Programmziel] = list(programm.ziele.select_related("zielwert"))
    if not ziele:
        yield Befund("ziele", 0, "Ziele", "Das Programm nennt noch kein Ziel.", blockiert=False)
    for ziel in ziele:
        yield from _find_outdated(old, "ziele", ziel.pk, str(ziel), ziel.text)
        if ziel.zielwert is None:
            yield Befund("ziele", ziel.pk, str(ziel), "Es hat noch keinen Zielwert. Wählen Sie die Zahl, an der Sie es messen.")


def _check_positionen(old: Mapping[str, str], jahr: int, positionen: list[Programmposition]) -> Iterator[Befund]:
    if not positionen:
        yield Befund("programm", 0, "Maßnahmen", "Das Programm hat noch keine Maßnahme.")
    for position in positionen:
        key, wo = position.massnahme_id, f"„{position.massnahme}“"
        if missing := list(_missing(position)):
            yield Befund("massnahme", key, wo, f"Es {'fehlt' if len(missing) == 1 else 'fehlen'}: {', '.join(missing)}.")
        if position.uebernommen:
            yield Befund("massnahme", key, wo, "Die Zahlen sind vom Vorjahr übernommen und noch nicht geprüft.")
        for sentence in _contradictions(jahr, position):
            yield Befund("massnahme", key, wo, sentence)
        massnahme = position.massnahme
        texts = (massnahme.titel, massnahme.beschreibung, massnahme.zugang, position.erfolgskriterium, position.bemerkung)
        yield from _find_outdated(old, "massnahme", key, wo, *texts)
    yield from _find_twins(positionen)


def _missing(position: Programmposition) -> Iterator[str]:
    massnahme = position.massnahme
    for word, there in (
        ("Beschreibung", massnahme.beschreibung.strip()),
        ("Instrument", massnahme.instrument),
        ("Handlungsfeld", position.handlungsfeld),
        ("Zielgruppe", massnahme.zielgruppen.all()),
        ("Beginn", massnahme.beginn),
        ("Ende", massnahme.ende),
        ("Plätze", position.plaetze is not None),
        ("geplante Eintritte", position.geplante_eintritte is not None),
        ("Kosten", position.finanzierungen.all()),
        ("Erfolgskriterium", position.erfolgskriterium.strip()),
    ):
        if not there:
            yield word


def _contradictions(jahr: int, position: Programmposition) -> Iterator[str]:
    massnahme = position.massnahme
    if massnahme.archiviert_am:
        yield "Die Maßnahme ist im Archiv. Holen Sie sie zurück, oder nehmen Sie sie aus dem Programm."
    if massnahme.beginn and massnahme.ende and not massnahme.beginn.year <= jahr <= massnahme.ende.year:
        yield f"Sie läuft nicht im Jahr {jahr}."
    if massnahme.instrument and not massnahme.instrument.is_valid_for(massnahme.beginn, massnahme.ende):
        yield f"„{massnahme.instrument.name}“ gilt nicht während der ganzen Laufzeit."
    if massnahme.vergabestand == Vergabestand.VERGEBEN and not massnahme.traeger:
        yield "Sie ist vergeben, aber der Träger fehlt."
    if massnahme.vergabestand in {Vergabestand.OFFEN, Vergabestand.LAEUFT} and massnahme.traeger:
        yield "Der Träger steht da, obwohl die Vergabe noch nicht entschieden ist. Vor dem Zuschlag ist er geheim."


def _find_twins(positionen: Iterable[Programmposition]) -> Iterator[Befund]:
    """The same title, carried out by the same organisation at the same time: planned twice."""

    def key(position: Programmposition) -> tuple[str, int, date]:
        massnahme = position.massnahme
        return massnahme.titel.casefold(), massnahme.traeger_id or 0, massnahme.beginn or date.max

    for one, other in pairwise(sorted(positionen, key=key)):
        if (
            key(one)[:2] == key(other)[:2]
            and one.massnahme.ende
            and other.massnahme.beginn
            and other.massnahme.beginn <= one.massnahme.ende
        ):
            wo = f"„{other.massnahme}“"
            satz = f"Die Laufzeit überschneidet sich mit einer Maßnahme, die genauso heißt. Sie läuft bis {datum(one.massnahme.ende)}."
            yield Befund("massnahme", other.massnahme_id, wo, satz)


def _check_geld(jahr: int, positionen: Iterable[Programmposition]) -> Iterator[Befund]:
    """Whether the plan fits what there is: more than the Planungsrahmen stops the programme, a single Teilbudget does not."""
    budget = Budget.objects.filter(jahr=jahr).prefetch_related("umschichtungen", "teilbudgets").first()
    if budget is None:
        yield Befund("geld", 0, f"Budget {jahr}", "Es gibt noch kein Budget. Ob das Geld reicht, lässt sich nicht prüfen.", blockiert=False)
        return
    massnahmen: dict[int | None, int] = {}
    for position in positionen:
        egt = sum(share.betrag_cent for share in position.finanzierungen.all() if share.quelle == Finanzquelle.EGT)
        instrument = position.massnahme.instrument_id
        massnahmen[instrument] = massnahmen.get(instrument, 0) + egt
    rahmen = build_rahmen(budget, budget.umschichtungen.all()).planungsrahmen_cent
    lines = budget.teilbudgets.all()
    for who, plan in (("Die Teilbudgets planen", sum(row.plan_cent for row in lines)), ("Die Maßnahmen planen", sum(massnahmen.values()))):
        if plan > rahmen:
            satz = f"{who} {euro(plan)}. Erlaubt sind {euro(rahmen)} (Planungsrahmen). Das sind {euro(plan - rahmen)} zu viel."
            yield Befund("geld", jahr, str(budget), satz)
    for row in lines:
        egt = massnahmen.get(row.instrument_id, 0) if row.instrument_id else 0
        if egt > row.plan_cent:
            satz = f"Die Maßnahmen planen {euro(egt)}, das Teilbudget hat {euro(row.plan_cent)}."
            yield Befund("geld", jahr, f"Teilbudget „{row.name}“", satz, blockiert=False)


def _check_bca(programm: Arbeitsmarktprogramm) -> Iterator[Befund]:
    wo = "Beauftragte für Chancengleichheit"
    open_answers = BcaStellungnahme.objects.filter(fassung__programm=programm, beantwortet_am=None).select_related("fassung")
    for stellungnahme in open_answers.order_by("fassung__nummer"):
        nummer = stellungnahme.fassung.nummer
        yield Befund("bca", nummer, wo, f"Ihre Stellungnahme zu Fassung{NBSP}{nummer} ist noch nicht beantwortet.")


def _check_vorjahr(programm: Arbeitsmarktprogramm) -> Iterator[Befund]:
    """Whether the year before, which the programme is set against, can still be trusted."""
    fassung = Fassung.objects.veroeffentlicht().filter(programm__jahr=programm.jahr - 1).order_by("-nummer").first()
    if fassung and check_unverfaelscht(fassung):
        satz = (
            f"Der veröffentlichte Text von {programm.jahr - 1} wurde in der Datenbank verändert. Der Vergleich mit dem Vorjahr fehlt "
            "deshalb im Programm. Bitten Sie die Administration, die Sicherung zurückzuholen."
        )
        yield Befund("vorjahr", fassung.nummer, f"Vorjahr {programm.jahr - 1}", satz, blockiert=False)


def _count_remarks(kapitel: list[Kapitel], positionen: list[Programmposition]) -> Iterator[Befund]:
    whole = sum(count_open(Kapitel, [k.pk for k in kapitel]).values())
    whole += sum(count_open(Massnahme, [p.massnahme_id for p in positionen]).values())
    if whole:
        satz = "Ein Kommentar ist noch offen." if whole == 1 else f"{zahl(whole)}{NBSP}Kommentare sind noch offen."
        yield Befund("programm", 0, "Kommentare", satz, blockiert=False)
