"""Sessions in lists, with the part of the agenda that the reader may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone

from beirat.enums import Sitzungsstatus
from beirat.models import Sitzung, Tagesordnungspunkt
from beirat.queries.beschluesse import VISITOR, Beschlusszeile, beschluesse_on, beschluss_line
from jobcenter.common import clock
from jobcenter.common.typography import NBSP
from jobcenter.konten.models import UserLike


@dataclass(frozen=True)
class Punktzeile:
    """An agenda item as the lists show it, with the Beschluss that it led to (at most one)."""

    nummer: int
    titel: str
    beschluesse: tuple[Beschlusszeile, ...]


@dataclass(frozen=True)
class Sitzungszeile:
    """A session as the lists show it, with the part of its agenda that the reader may see."""

    nummer: int
    beginn: datetime
    ort: str
    status: Sitzungsstatus
    punkte: tuple[Punktzeile, ...]

    @property
    def beschluesse(self) -> tuple[Beschlusszeile, ...]:
        return tuple(beschluss for punkt in self.punkte for beschluss in punkt.beschluesse)

    @property
    def wann(self) -> str:
        """heute, morgen, in 12 Tagen; empty when the day has passed."""
        tage = (timezone.localdate(self.beginn) - clock.today()).days
        if tage < 0:
            return ""
        return {0: "heute", 1: "morgen"}.get(tage, f"in {tage}{NBSP}Tagen")


@dataclass(frozen=True)
class Sitzungen:
    """All sessions that a person sees: the next one, those after it, and what is over (newest first)."""

    naechste: Sitzungszeile | None
    weitere: tuple[Sitzungszeile, ...]
    vergangene: tuple[Sitzungszeile, ...]


def list_sitzungen(user: UserLike) -> Sitzungen:
    """Sessions with agenda and Beschlüsse in three queries, whatever their number; a session in progress is the next one."""
    lines = _session_lines(Sitzung.objects.visible_to(user), Tagesordnungspunkt.objects.visible_to(user))
    ahead = _ahead(lines)
    past = tuple(line for line in lines if not _is_ahead(line))
    return Sitzungen(naechste=ahead[0] if ahead else None, weitere=tuple(ahead[1:]), vergangene=past)


def next_sitzung() -> Sitzungszeile | None:
    """The session in progress or the next one that visitors may know of."""
    open_or_ahead = Q(status=Sitzungsstatus.EROEFFNET) | Q(status=Sitzungsstatus.EINGELADEN, beginn__date__gte=clock.today())
    sitzungen = Sitzung.objects.visible_to(VISITOR).filter(open_or_ahead)
    return next(iter(_ahead(_session_lines(sitzungen, Tagesordnungspunkt.objects.visible_to(VISITOR)))), None)


def find_public_sitzung(nummer: int) -> Sitzungszeile | None:
    """A session as visitors may know it; None as long as nobody was invited."""
    lines = _session_lines(Sitzung.objects.visible_to(VISITOR).filter(nummer=nummer), Tagesordnungspunkt.objects.visible_to(VISITOR))
    return lines[0] if lines else None


def _ahead(lines: list[Sitzungszeile]) -> list[Sitzungszeile]:
    """What is not over, the session in progress first, then by date."""
    return sorted((line for line in lines if _is_ahead(line)), key=lambda line: (line.status != Sitzungsstatus.EROEFFNET, line.beginn))


def _is_ahead(line: Sitzungszeile) -> bool:
    """Not over: a session is over when it is closed or called off, or when its day passed without it being opened."""
    if line.status in {Sitzungsstatus.GESCHLOSSEN, Sitzungsstatus.ABGESAGT}:
        return False
    return line.status == Sitzungsstatus.EROEFFNET or bool(line.wann)


def _session_lines(sitzungen: QuerySet[Sitzung], visible: QuerySet[Tagesordnungspunkt]) -> list[Sitzungszeile]:
    rows = list(sitzungen.prefetch_related(Prefetch("tops", queryset=visible, to_attr="sichtbare")))
    resolved: dict[int, list[Beschlusszeile]] = {}
    for beschluss in beschluesse_on(visible.filter(sitzung__in=[row.pk for row in rows])).order_by("jahr", "nummer"):
        resolved.setdefault(beschluss.abstimmung.top_id, []).append(beschluss_line(beschluss))
    return [
        Sitzungszeile(
            nummer=row.nummer,
            beginn=row.beginn,
            ort=row.ort,
            status=Sitzungsstatus(row.status),
            punkte=tuple(Punktzeile(top.nummer, top.titel, tuple(resolved.get(top.pk, ()))) for top in row.sichtbare),
        )
        for row in rows
    ]


def propose_nummer() -> int:
    """The next running number; the count goes on over the years."""
    return (Sitzung.objects.aggregate(letzte=Max("nummer"))["letzte"] or 0) + 1
