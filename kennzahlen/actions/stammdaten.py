"""Whose figures there are, what they mean, and who states them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.contrib.postgres.fields import DateRangeField
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from jobcenter.common.actions import action, lock, require
from jobcenter.common.events import publish
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Einheit, Gruppenart, Kennzahlart, Lizenz, Quellenart, Richtung, Traegerform, Zeitbezug
from kennzahlen.models import Jobcenter, Kennzahl, Quelle, Vergleichsgruppe, Zugehoerigkeit
from kennzahlen.queries.zuordnungen import Zuordnungszeile, plan_zuordnungen

SGB_II = date(2005, 1, 1)  # in force since


# The terms of a source unless somebody says others.
LIZENZEN = {Quellenart.EIGENE_ERHEBUNG: Lizenz.DL_DE_BY, Quellenart.BA_ENDGUELTIG: Lizenz.BA, Quellenart.BA_HOCHGERECHNET: Lizenz.BA}


@dataclass(frozen=True)
class Jobcenterzeile:
    """One Jobcenter as the official list names it."""

    traegernummer: str
    form: Traegerform
    name: str


@dataclass(frozen=True)
class Importergebnis:
    neu: int
    geaendert: int
    unveraendert: int


@action
def import_jobcenter(*, zeilen: Sequence[Jobcenterzeile], by: User) -> Importergebnis:
    """Bring the Jobcenter to the state of a list: new ones are added, names and forms updated by Trägernummer.

    Administration or the background service. Nothing is deleted, since values hang on a Jobcenter that a reform has
    dissolved; the same list twice writes nothing.
    """
    require(by, "kennzahlen.import_jobcenter")
    stored = {row.traegernummer: row for row in Jobcenter.objects.select_for_update()}
    new, changed = [], []
    for zeile in zeilen:
        row = stored.get(zeile.traegernummer)
        if row is None:
            new.append(Jobcenter(traegernummer=zeile.traegernummer, name=zeile.name, form=zeile.form))
        elif (row.name, row.form) != (zeile.name, zeile.form):
            row.name, row.form = zeile.name, zeile.form
            changed.append(row)
    Jobcenter.objects.bulk_create(new)
    Jobcenter.objects.bulk_update(changed, ["name", "form"])
    _count_in_bund([row for row in new if not row.ist_fiktiv])
    return Importergebnis(neu=len(new), geaendert=len(changed), unveraendert=len(zeilen) - len(new) - len(changed))


def _count_in_bund(jobcenter: Sequence[Jobcenter]) -> None:
    """Every real Jobcenter belongs to the Bund; invented ones are never added to it."""
    bund, _ = Vergleichsgruppe.objects.get_or_create(art=Gruppenart.BUND, code="de", defaults={"name": "Deutschland"})
    Zugehoerigkeit.objects.bulk_create(
        Zugehoerigkeit(jobcenter=row, gruppe=bund, art=Gruppenart.BUND, zeitraum=DateRange(SGB_II, None)) for row in jobcenter
    )


@action
def define_kennzahl(
    *,
    code: str,
    name: str,
    einheit: Einheit,
    richtung: Richtung,
    definition: str,
    frage: str = "",
    zeitbezug: Zeitbezug = Zeitbezug.BESTAND,
    teil_von: Kennzahl | None = None,
    by: User,
) -> Kennzahl:
    """Define a Kennzahl of the house's own; those of the law come with the product. Controlling."""
    require(by, "kennzahlen.define_kennzahl")
    if teil_von and (teil_von.einheit, teil_von.zeitbezug) != (einheit, zeitbezug):
        raise TransitionError(f"„{teil_von}“ wird anders gezählt. Ein Teil hat dieselbe Einheit und denselben Zeitbezug wie das Ganze.")
    try:
        with transaction.atomic():
            return Kennzahl.objects.create(
                code=code,
                name=name,
                art=Kennzahlart.EIGENE,
                einheit=einheit,
                richtung=richtung,
                definition=definition,
                frage=frage,
                zeitbezug=zeitbezug,
                teil_von=teil_von,
            )
    except IntegrityError:
        raise TransitionError(f"Eine Kennzahl mit dem Kürzel „{code}“ gibt es schon. Wählen Sie ein anderes.") from None


@action
def register_quelle(*, art: Quellenart, herausgeber: str, titel: str, lizenz: Lizenz | None = None, url: str = "", by: User) -> Quelle:
    """Name a source of figures; one that is known is found again. Controlling or the background service."""
    require(by, "kennzahlen.record_messwert")
    fields = {"art": art, "url": url, "lizenz": lizenz or LIZENZEN.get(art, Lizenz.ZITAT)}
    quelle, _ = Quelle.objects.get_or_create(herausgeber=herausgeber, titel=titel, defaults=fields)
    return quelle


@action
def assign_zuordnungen(*, zuordnungen: Sequence[Mapping[str, str]], ab: date, by: User) -> int:
    """Say to which Land or Vergleichstyp Jobcenter belong from a month on, and return how many changed. Controlling, administration.

    Each is {"traegernummer", "art", "code"} and perhaps the "name" of the group, else its code names it. What held until then
    ends the day before. Nothing is guessed: only what a list or a delivery says.
    """
    require(by, "kennzahlen.assign_zuordnungen")
    changed = _assign(zuordnungen, ab)
    if changed:
        publish("kennzahlen.zuordnungen_geaendert", by.pk)
    return changed


@action
def import_zuordnungen(*, zeilen: Sequence[Zuordnungszeile], pruefsumme: str = "", by: User) -> int:
    """Take over a whole list with its days and return how many Zuordnungen changed. Controlling, administration, background service.

    All or nothing; the same list twice changes nothing. A group of another name gets the one of the list. With the
    `pruefsumme` of the plan that somebody has seen, only exactly those changes are made.
    """
    require(by, "kennzahlen.assign_zuordnungen")
    list(Vergleichsgruppe.objects.select_for_update().order_by("pk"))  # one list after the other
    plan = plan_zuordnungen(zeilen)
    if plan.fehler:
        raise TransitionError("\n".join([*plan.fehler, "Es wurde nichts übernommen."]))
    if pruefsumme and pruefsumme != plan.pruefsumme:
        raise TransitionError("Inzwischen hat sich eine Zuordnung geändert. Prüfen Sie noch einmal, was diese Liste ändern würde.")
    for name in plan.umbenennungen:
        Vergleichsgruppe.objects.filter(art=name.art, code=name.code).update(name=name.nach)
    namen = {(zeile.art, zeile.code): zeile.name for zeile in zeilen if zeile.name}
    changed = 0
    for ab, rows in groupby([one.zeile for one in plan.aenderungen], key=attrgetter("ab")):
        named = [
            {"traegernummer": row.traegernummer, "art": row.art, "code": row.code, "name": namen.get((row.art, row.code), row.code)}
            for row in rows
        ]
        changed += _assign(named, ab)
    if changed:
        publish("kennzahlen.zuordnungen_geaendert", by.pk)
    return changed


def _assign(zuordnungen: Sequence[Mapping[str, str]], ab: date) -> int:
    """Who has been in no group of a kind so far is added at once; the others one by one, since their earlier groups end."""
    jobcenter = Jobcenter.objects.in_bulk([one["traegernummer"] for one in zuordnungen], field_name="traegernummer")
    rows = Zugehoerigkeit.objects.filter(jobcenter__in=jobcenter.values())
    known = set(rows.values_list("jobcenter_id", "art").distinct())
    gruppen = {(gruppe.art, gruppe.code): gruppe for gruppe in Vergleichsgruppe.objects.all()}
    first: dict[tuple[int, str], Zugehoerigkeit] = {}
    changed = 0
    for one in zuordnungen:
        art, code = one["art"], one["code"]
        if (art, code) not in gruppen:
            defaults = {"name": one.get("name", code)}
            gruppen[art, code] = Vergleichsgruppe.objects.get_or_create(art=art, code=code, defaults=defaults)[0]
        row = Zugehoerigkeit(jobcenter=jobcenter[one["traegernummer"]], gruppe=gruppen[art, code], art=art, zeitraum=DateRange(ab, None))
        if (row.jobcenter_id, art) in known:
            changed += _replace(row, ab)
        else:
            first[row.jobcenter_id, art] = row
    Zugehoerigkeit.objects.bulk_create(first.values())
    return changed + len(first)


def _replace(row: Zugehoerigkeit, ab: date) -> bool:
    """Let it hold from that day until what follows; False where it holds already."""
    whose = Zugehoerigkeit.objects.filter(jobcenter=row.jobcenter, art=row.art)
    if whose.filter(gruppe=row.gruppe, zeitraum__contains=ab).exists():
        return False
    until = whose.filter(zeitraum__startswith__gt=ab).order_by("zeitraum").first()
    whose.filter(zeitraum__contains=ab, zeitraum__startswith__lt=ab).update(zeitraum=_ending("zeitraum", ab))
    whose.filter(zeitraum__contains=ab).delete()
    row.zeitraum = DateRange(ab, until.zeitraum.lower if until else None)
    row.save()
    return True


def _ending(column: str, day: date) -> Func:
    return Func(Func(F(column), function="lower"), Value(day), function="daterange", output_field=DateRangeField())


@action
def merge_jobcenter(*, jobcenter: Jobcenter, nachfolger: Jobcenter, am: date, by: User) -> Jobcenter:
    """Write down that a Jobcenter became part of another (Gebietsreform). Administration or the background service."""
    require(by, "kennzahlen.import_jobcenter")
    current = lock(jobcenter)
    if current.pk in {nachfolger.pk, nachfolger.nachfolger_id}:
        raise TransitionError(f"{nachfolger} ist selbst in {current} aufgegangen. Wählen Sie ein anderes Jobcenter.")
    current.nachfolger, current.aufgegangen_am = nachfolger, am
    current.save(update_fields=["nachfolger", "aufgegangen_am"])
    publish("kennzahlen.zuordnungen_geaendert", current.pk)
    return current
