"""What is public: the newest Fassung of each year, and what it offers."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from jobcenter.common.canonical import fingerprint
from jobcenter.common.typography import NBSP
from massnahmen.enums import Massnahmestand, Programmstatus
from massnahmen.models import BcaStellungnahme, Fassung, Gremienbeschluss, Massnahme, Programmschritt, Veroeffentlichung, Zielgruppe
from massnahmen.queries.inhalt import Massnahmezeile, read_fassung
from massnahmen.queries.vergleich import Inhaltsvergleich, compare_inhalt

log = logging.getLogger(__name__)


# --- Fassungen whose text was changed in the database ---------------------------------------------------------------
def check_unverfaelscht(fassung: Fassung) -> str:
    """ "" for a Fassung as it was frozen, else a sentence that says how it is known to have been changed. One query at most.

    Whoever changes text and fingerprint together is found out by the fingerprint that the programme's way has noted.
    """
    if fingerprint(fassung.inhalt) != fassung.pruefsumme:
        return "Der Text passt nicht mehr zu seinem Fingerabdruck: Er wurde nachträglich in der Datenbank geändert."
    if noted_fingerprint(fassung) != fassung.pruefsumme:
        return "Der Fingerabdruck ist nicht der, der beim Vorlegen notiert wurde: Der Text wurde nachträglich in der Datenbank geändert."
    return ""


def noted_fingerprint(fassung: Fassung) -> str:
    """The fingerprint that the steps of the programme note for a Fassung; its own where no step names it. One query."""
    noted = Programmschritt.objects.filter(fassung=fassung).exclude(pruefsumme=fassung.pruefsumme).order_by("pk")
    return noted.values_list("pruefsumme", flat=True).first() or fassung.pruefsumme


def _intact(fassungen: QuerySet[Fassung]) -> QuerySet[Fassung]:
    """Those whose text fits their fingerprint, and whose fingerprint fits every step that names it."""
    octets = Func(Func(F("inhalt"), Value("UTF8"), function="convert_to"), function="sha256")
    real = Func(octets, Value("hex"), function="encode", output_field=CharField())
    contradicted = Programmschritt.objects.filter(fassung__isnull=False).exclude(pruefsumme=F("fassung__pruefsumme"))
    return fassungen.annotate(_real=real).filter(pruefsumme=F("_real")).exclude(pk__in=contradicted.values("fassung"))


def _newest() -> QuerySet[Fassung]:
    """The newest public Fassung of every year; a year whose text was changed in the database is left out."""
    newest = Fassung.objects.veroeffentlicht().order_by("programm_id", "-nummer").distinct("programm_id")
    return _intact(Fassung.objects.filter(pk__in=newest.values("pk")))


# --- what is public --------------------------------------------------------------------------------------------------
def published_veroeffentlichung(jahr: int, nummer: int | None = None) -> Veroeffentlichung | None:
    """The newest publication of a year's programme, or that of one Fassung; None before the first. Its text may have been changed."""
    published = Fassung.objects.veroeffentlicht().filter(programm__jahr=jahr)
    if nummer is not None:
        published = published.filter(nummer=nummer)
    return (
        Veroeffentlichung.objects.filter(beratung__fassung__in=published)
        .select_related("beratung__fassung__programm")
        .order_by("-beratung__fassung__nummer")
        .first()
    )


def published_veroeffentlichungen() -> list[Veroeffentlichung]:
    """The newest publication of every year that is public, newest year first. One query."""
    return list(_published())


def current_veroeffentlichung() -> Veroeffentlichung | None:
    """The publication of the newest year that is public. One query."""
    return _published().first()


def _published() -> QuerySet[Veroeffentlichung]:
    rows = Veroeffentlichung.objects.filter(beratung__fassung__in=_newest().values("pk"))
    return rows.select_related("beratung__fassung__programm").order_by("-beratung__fassung__programm__jahr")


def running_veroeffentlichungen(day: date) -> list[Veroeffentlichung]:
    """The newest publication of the day's year and of every later one, soonest year first; else the newest there is."""
    published = published_veroeffentlichungen()
    return [v for v in reversed(published) if v.fassung.programm.jahr >= day.year] or published[:1]


@dataclass(frozen=True)
class Erschienen:
    """A publication without its text: for lists of links."""

    jahr: int
    nummer: int
    am: datetime


def list_erschienen() -> list[Erschienen]:
    """Everything that was ever made public, newest year and Fassung first. One query."""
    rows = Veroeffentlichung.objects.filter(beratung__fassung__in=Fassung.objects.veroeffentlicht().values("pk"))
    fields = ("beratung__fassung__programm__jahr", "beratung__fassung__nummer", "am")
    return [Erschienen(*row) for row in rows.order_by(*(f"-{field}" for field in fields)).values_list(*fields)]


@dataclass(frozen=True)
class Werdegang:
    """What was done with a public Fassung on its way, as everybody may know it."""

    bca_am: datetime | None
    beschluesse: tuple[Gremienbeschluss, ...]
    abgeschlossen_am: datetime | None


def read_werdegang(fassung: Fassung) -> Werdegang:
    """When the BCA took part, what the bodies of the Landkreis decided, whether the year is closed. Two queries."""
    before = Fassung.objects.vorgelegt().filter(programm=OuterRef(OuterRef("programm")), nummer__lt=OuterRef(OuterRef("nummer")))
    last = Coalesce(Subquery(before.order_by("-nummer").values("nummer")[:1]), 0)  # what she said before that was about another round
    bca = BcaStellungnahme.objects.filter(
        fassung__programm=OuterRef("programm"),
        fassung__nummer__lt=OuterRef("nummer"),
        fassung__nummer__gt=last,
        am__lte=OuterRef("vorgelegt_am"),
    ).order_by("-am")
    closed = Programmschritt.objects.filter(programm=OuterRef("programm"), nach=Programmstatus.ABGESCHLOSSEN).order_by("-pk")
    days = Fassung.objects.filter(pk=fassung.pk).values_list(Subquery(bca.values("am")[:1]), Subquery(closed.values("am")[:1]))
    bca_am, abgeschlossen_am = days.get()
    decided = Gremienbeschluss.objects.filter(fassung=fassung, zurueckgenommen_am=None)
    return Werdegang(bca_am, tuple(decided), abgeschlossen_am)


# --- offers ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Angebot:
    """A measure of a public programme, for somebody who looks for help."""

    massnahme: Massnahmezeile
    veroeffentlichung: Veroeffentlichung

    def next_start(self, day: date) -> date | None:
        """The next day on which somebody can begin, as far as the programme names one; None where anybody can at any time."""
        massnahme = self.massnahme
        if massnahme.naechster_start and massnahme.naechster_start >= day:
            return massnahme.naechster_start
        return massnahme.beginn if massnahme.beginn and massnahme.beginn > day else None


def list_angebote(veroeffentlichungen: Iterable[Veroeffentlichung], day: date) -> list[Angebot]:
    """What runs on the day or later, each measure once and as the latest of the programmes words it.

    When it ends is told by its contract where there is one, and what has ended early is offered no longer. One query beside
    those for the programmes.
    """
    offered: dict[int, Angebot] = {}
    for veroeffentlichung in veroeffentlichungen:
        for massnahme in read_fassung(veroeffentlichung.fassung).massnahmen:
            offered[massnahme.id] = Angebot(massnahme, veroeffentlichung)
    stands = Massnahme.objects.filter(pk__in=offered).values_list("pk", "stand", "vertraege__ende", "vertraege__gekuendigt_zum")
    real = {pk: (stand, notice or ende) for pk, stand, ende, notice in stands} if offered else {}
    return [angebot for pk, one in offered.items() if (angebot := _as_it_is(one, *real.get(pk, ("", None)), day=day))]


def _as_it_is(angebot: Angebot, stand: str, ende: date | None, *, day: date) -> Angebot | None:
    """The offer with the end that its contract has; None where it is over."""
    last = ende or angebot.massnahme.ende
    if stand == Massnahmestand.VORZEITIG or last is None or last < day:
        return None
    return angebot if last == angebot.massnahme.ende else replace(angebot, massnahme=replace(angebot.massnahme, ende=last))


def offered_massnahmen(veroeffentlichungen: Iterable[Veroeffentlichung], day: date) -> list[Massnahmezeile]:
    """The same without the programmes that they come from."""
    return [angebot.massnahme for angebot in list_angebote(veroeffentlichungen, day)]


def find_former(pk: int) -> Angebot | None:
    """A measure that was public once, out of the newest programme that names it. One query."""
    for veroeffentlichung in published_veroeffentlichungen():
        for massnahme in read_fassung(veroeffentlichung.fassung).massnahmen:
            if massnahme.id == pk:
                return Angebot(massnahme, veroeffentlichung)
    return None


@dataclass(frozen=True)
class Aenderungen:
    """What a Fassung says differently from the one that was public before it."""

    vorher: Fassung
    nachher: Fassung
    vergleich: Inhaltsvergleich | None = None  # None where one of the two texts was tampered with
    verfaelscht: Fassung | None = None
    satz: str = ""  # how that is known
    pruefsumme: str = ""  # that was noted for it

    @property
    def alt(self) -> str:
        return f"{self.vorher.programm.jahr}, Fassung{NBSP}{self.vorher.nummer}"

    @property
    def neu(self) -> str:
        return f"{self.nachher.programm.jahr}, Fassung{NBSP}{self.nachher.nummer}"


def find_vorgaenger(fassung: Fassung) -> Fassung | None:
    """What was public before it: the newest published Fassung of its year with a lower number, else of the year before. One query."""
    jahr = fassung.programm.jahr
    earlier = Q(programm__jahr=jahr, nummer__lt=fassung.nummer) | Q(programm__jahr=jahr - 1)
    published = Fassung.objects.veroeffentlicht().filter(earlier).select_related("programm").defer("inhalt")
    return published.order_by("-programm__jahr", "-nummer").first()


def read_aenderungen(fassung: Fassung) -> Aenderungen | None:
    """A Fassung beside the one that was public before it, out of the two frozen texts alone; None for the very first. Four queries."""
    vorher = find_vorgaenger(fassung)
    if vorher is None:
        return None
    for one in (vorher, fassung):
        if satz := check_unverfaelscht(one):
            return Aenderungen(vorher, fassung, verfaelscht=one, satz=satz, pruefsumme=noted_fingerprint(one))
    return Aenderungen(vorher, fassung, compare_inhalt(read_fassung(vorher), read_fassung(fassung)))


def read_lebenslagen() -> dict[str, str]:
    """How somebody says of themselves what a target group is called: „Alleinerziehende“ → „Ich erziehe allein“. One query."""
    return {z.name: z.lebenslage for z in Zielgruppe.objects.all() if z.lebenslage}


class _MassnahmenJson(Func):
    """Every measure of a frozen text that meets a JSON path, one row each."""

    function = "jsonb_path_query"
    set_returning = True
    output_field = JSONField()


def published_massnahmen(
    *, jahr: int | None = None, gruppe: str = "", handlungsfeld: str = "", zielgruppe: str = "", instrument: str = ""
) -> QuerySet[Fassung, dict[str, Any]]:
    """One row per measure of the newest published Fassung of each year, out of its frozen text: nothing later shows through.

    Rows are dicts with programm__jahr, nummer, pruefsumme and massnahme, newest year first, in the order of the text.
    """
    fassungen = _newest()
    if jahr is not None:
        fassungen = fassungen.filter(programm__jahr=jahr)
    paths = {
        "gruppe": ("@.instrument.gruppe", gruppe),
        "handlungsfeld": ("@.handlungsfeld", handlungsfeld),
        "zielgruppe": ("@.zielgruppen[*]", zielgruppe),
        "instrument": ("@.instrument.kurz", instrument),
    }
    wanted = {name: value for name, (_, value) in paths.items() if value}
    condition = " && ".join(f"{paths[name][0]} == ${name}" for name in wanted) or "1 == 1"
    path = Func(Value(f"$.massnahmen[*] ? ({condition})"), template="%(expressions)s::jsonpath")
    massnahme = _MassnahmenJson(Cast("inhalt", JSONField()), path, Value(wanted, JSONField()))
    return fassungen.order_by("-programm__jahr").annotate(massnahme=massnahme).values("programm__jahr", "nummer", "pruefsumme", "massnahme")
