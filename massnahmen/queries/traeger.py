"""Providers as staff see them: all in a table, and one with everything that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jobcenter.common import clock
from jobcenter.common.verlauf import Aenderung, name_authors
from jobcenter.konten.models import UserLike
from massnahmen.enums import Fachbereich, Zulassungslage
from massnahmen.models import Massnahme, Massnahmezulassung, Traeger, Traegerkontakt, Traegerzulassung, Vertrag
from massnahmen.queries.zulassung import DAY, SOON, say_end


def list_traeger(user: UserLike) -> QuerySet[Traeger]:
    """Providers that the person may see, by name, with `gilt_bis`, `lage` and `vertraege_heute`; their certificates of today as `gueltige`.

    `gilt_bis` is the day on which the first of the certificates ends that no later one follows for the same Fachbereiche; of somebody who
    has none any more the last day. Two queries.
    """
    today = clock.today()
    own = Traegerzulassung.objects.filter(traeger=OuterRef("pk"))
    later = Traegerzulassung.objects.filter(
        traeger=OuterRef("traeger"),
        fachbereiche__contains=OuterRef("fachbereiche"),
        gueltig_von__lte=OuterRef("gueltig_bis") + DAY,
        gueltig_bis__gt=OuterRef("gueltig_bis"),
    )
    ends = own.filter(~Exists(later), gueltig_bis__gte=today).order_by("gueltig_bis").values("gueltig_bis")[:1]
    ended = own.order_by("-gueltig_bis").values("gueltig_bis")[:1]
    valid = Prefetch("zulassungen", Traegerzulassung.objects.valid_on(today).order_by("pk"), to_attr="gueltige")
    return (
        Traeger.objects.visible_to(user)
        .annotate(
            gilt=Exists(own.valid_on(today)),
            gilt_bis=Coalesce(Subquery(ends, output_field=DateField()), Subquery(ended, output_field=DateField())),
            vertraege_heute=Coalesce(_count_running(today), 0),
        )
        .prefetch_related(valid)
        .order_by("name")
    )


def _count_running(today: date) -> Subquery:
    running = Vertrag.objects.filter(traeger=OuterRef("pk"), beginn__lte=today).annotate(bis=Coalesce("gekuendigt_zum", "ende"))
    return Subquery(running.filter(bis__gte=today).order_by().values("traeger").annotate(anzahl=Count("pk")).values("anzahl"))


def in_lage(lage: Zulassungslage, today: date) -> Q:
    """Of rows of `list_traeger`; the same as `read_zulassungslage` says of one of them."""
    match lage:
        case Zulassungslage.KEINE:
            return Q(gilt_bis=None)
        case Zulassungslage.ABGELAUFEN:
            return Q(gilt_bis__lt=today)
        case Zulassungslage.KUENFTIG:
            return Q(gilt=False, gilt_bis__gte=today)
        case Zulassungslage.ENDET:
            return Q(gilt=True, gilt_bis__range=(today, today + SOON))
    return Q(gilt=True, gilt_bis__gt=today + SOON)


def read_zulassungslage(traeger: Traeger, today: date) -> Zulassungslage:
    """Of a row of `list_traeger`."""
    bis: date | None = traeger.gilt_bis  # type: ignore[attr-defined]  # annotated
    if bis is None:
        return Zulassungslage.KEINE
    if bis < today:
        return Zulassungslage.ABGELAUFEN
    if not traeger.gilt:  # type: ignore[attr-defined]  # annotated
        return Zulassungslage.KUENFTIG
    return Zulassungslage.ENDET if bis <= today + SOON else Zulassungslage.GUELTIG


def say_zulassungslage(lage: Zulassungslage, bis: date | None, today: date) -> str:
    """As a badge says it: „läuft in 20 Tagen ab“."""
    return say_end((bis - today).days) if lage == Zulassungslage.ENDET and bis else str(lage.label)


@dataclass(frozen=True)
class Zulassungszeile:
    """A certificate as the page of a provider or a measure shows it."""

    zulassung: Traegerzulassung | Massnahmezulassung
    lage: Zulassungslage
    wort: str


@dataclass(frozen=True)
class Traegerseite:
    """Everything about one provider. `zulassungen` are those of today and later, `fruehere` those that have ended."""

    traeger: Traeger
    fachbereiche: tuple[Fachbereich, ...]  # certified today
    zulassungen: Sequence[Zulassungszeile]
    fruehere: Sequence[Traegerzulassung]
    kontakte: Sequence[Traegerkontakt]
    vertraege: Sequence[Vertrag]
    massnahmen: Sequence[Massnahme]
    aenderung: Aenderung | None

    @property
    def ist_unbenutzt(self) -> bool:
        return not (self.zulassungen or self.fruehere or self.vertraege or self.massnahmen)


def read_traeger(traeger: Traeger, user: UserLike) -> Traegerseite:
    """What one provider's page shows of what the person may see. Seven queries."""
    today = clock.today()
    zulassungen = list(Traegerzulassung.objects.visible_to(user).filter(traeger=traeger).order_by("gueltig_bis", "gueltig_von", "pk"))
    current = [row for row in zulassungen if row.gueltig_bis >= today]
    certified = {number for row in current if row.gueltig_von <= today for number in row.fachbereiche}
    contracts = Vertrag.objects.visible_to(user).filter(traeger=traeger).select_related("massnahme")
    measures = Massnahme.objects.visible_to(user).filter(traeger=traeger).select_related("instrument")
    return Traegerseite(
        traeger=traeger,
        fachbereiche=tuple(Fachbereich(number) for number in sorted(certified)),
        zulassungen=[describe_zulassung(row, today) for row in current],
        fruehere=[row for row in reversed(zulassungen) if row.gueltig_bis < today],
        kontakte=list(Traegerkontakt.objects.visible_to(user).filter(traeger=traeger)),
        vertraege=list(contracts.order_by("-beginn", "-pk")),
        massnahmen=list(measures.order_by(F("ende").desc(nulls_first=True), "titel", "pk")),
        aenderung=_last_aenderung(traeger),
    )


def find_to_renew(traeger: Traeger) -> Traegerzulassung | None:
    """Which certificate the next one will most likely renew: the first to end that no other follows, or the last that ended. One query."""
    rows = list(Traegerzulassung.objects.filter(traeger=traeger).order_by("gueltig_bis", "pk"))
    for row in rows:
        others = [other for other in rows if other.gueltig_von <= row.gueltig_bis + DAY and other.gueltig_bis > row.gueltig_bis]
        if row.gueltig_bis >= clock.today() and set(row.fachbereiche) - {f for other in others for f in other.fachbereiche}:
            return row
    return rows[-1] if rows else None


def list_massnahmezulassungen(massnahme: Massnahme, user: UserLike) -> list[Zulassungszeile]:
    """A measure's certificates, the newest first. One query."""
    rows = Massnahmezulassung.objects.visible_to(user).filter(massnahme=massnahme)
    return [describe_zulassung(row, clock.today()) for row in rows]


def describe_zulassung(row: Traegerzulassung | Massnahmezulassung, today: date) -> Zulassungszeile:
    """One certificate by itself, whatever follows it."""
    if row.gueltig_bis < today:
        lage = Zulassungslage.ABGELAUFEN
    elif row.gueltig_von > today:
        lage = Zulassungslage.KUENFTIG
    else:
        lage = Zulassungslage.ENDET if row.gueltig_bis <= today + SOON else Zulassungslage.GUELTIG
    return Zulassungszeile(row, lage, say_zulassungslage(lage, row.gueltig_bis, today))


def _last_aenderung(traeger: Traeger) -> Aenderung | None:
    """The newest change of the provider itself or of one of its certificates."""
    own = Traeger.pgh_event_model.objects.filter(pgh_obj=traeger)  # type: ignore[attr-defined]  # tracked
    certificates = Traegerzulassung.pgh_event_model.objects.filter(traeger_id=traeger.pk)  # type: ignore[attr-defined]
    found = [rows.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id").first() for rows in (certificates, own)]
    newest = max((event for event in found if event), key=lambda event: event.pgh_created_at, default=None)
    return name_authors({0: newest})[0] if newest else None
