"""Which Datenstände may be read, and which of them counts more where several know a value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from kennzahlen.enums import Lieferzustand, Quellenart
from kennzahlen.models import Datenlieferung, Datenstand, Messwert, Quelle
from kennzahlen.models.messwert import MesswertQuerySet

VORRANG = (Quellenart.BA_ENDGUELTIG, Quellenart.EIGENE_ERHEBUNG, Quellenart.BA_HOCHGERECHNET)  # PRESSE is quoted, never compared
ZURUECKGEZOGEN = Q(lieferung__zustand=Lieferzustand.ZURUECKGEZOGEN)


@dataclass(frozen=True)
class Vorrang:
    """Datenstände that may be shown, the one that counts most first: final before estimated, newer before older."""

    ids: tuple[int, ...]
    staende: Mapping[int, Datenstand]

    @cached_property
    def als_feld(self) -> str:
        """The ids as PostgreSQL writes an array: a driver takes far longer over a list."""
        return "{" + ",".join(map(str, self.ids)) + "}"


_QUELLE = ("art", "herausgeber", "titel", "lizenz", "url")  # as read_vorrang asks for them


class _Staende(dict[int, Datenstand]):
    """Datenstände by id, made when one is asked for: a page needs few of hundreds, and those of few sources."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = {row[0]: row for row in rows}
        self._quellen: dict[int, Quelle] = {}

    def __missing__(self, pk: int) -> Datenstand:
        _, tag, quelle, *about = self._rows[pk]
        if quelle not in self._quellen:
            self._quellen[quelle] = Quelle(pk=quelle, **dict(zip(_QUELLE, about, strict=True)))
        datenstand = Datenstand(pk, quelle, tag)
        Datenstand.quelle.field.set_cached_value(datenstand, self._quellen[quelle])
        self[pk] = datenstand
        return datenstand


def visible_datenstaende() -> QuerySet[Datenstand]:
    """All that were published and not withdrawn."""
    return Datenstand.objects.exclude(ZURUECKGEZOGEN)


def read_vorrang(von: date | None = None, bis: date | None = None) -> Vorrang:
    """One query. With months given, large deliveries of other months are left out, so that PostgreSQL need not open them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.id, d.tag, d.quelle_id, q.art, q.herausgeber, q.titel, q.lizenz, q.url
                 FROM kennzahlen_datenstand d JOIN kennzahlen_quelle q ON q.id = d.quelle_id
                 LEFT JOIN kennzahlen_datenlieferung l ON l.datenstand_id = d.id
                WHERE q.art = ANY(%(arten)s) AND (l.id IS NULL OR l.zustand <> %(zurueck)s)
                  AND (l.id IS NULL OR %(von)s::date IS NULL OR (l.monat_von <= %(bis)s::date AND l.monat_bis >= %(von)s::date))
                ORDER BY array_position(%(arten)s, q.art::text), d.tag DESC, d.id DESC""",
            {"arten": [art.value for art in VORRANG], "zurueck": Lieferzustand.ZURUECKGEZOGEN.value, "von": von, "bis": bis},
        )
        rows = cursor.fetchall()
    return Vorrang(tuple(row[0] for row in rows), _Staende(rows))


KEY = ("kennzahl_id", "bis", "jobcenter_id", "geschlecht", "von", "datenstand_id")
RANG = Case(*(When(datenstand__quelle__art=art, then=Value(rang)) for rang, art in enumerate(VORRANG)), default=Value(len(VORRANG)))


def published_messwerte() -> MesswertQuerySet:
    """Every value that everybody may see, of all Jobcenter, by its key. What the Datenstand that counts more hides, no other tells.

    One query is made here: the Datenstände by name let PostgreSQL leave out withdrawn deliveries altogether.
    """
    ids = list(visible_datenstaende().values_list("pk", flat=True))
    hidden = Messwert.objects.annotate(rang=RANG).filter(
        Q(gesperrt=True) | ~Q(kennzeichen=""),
        Q(rang__lt=OuterRef("rang")) | Q(rang=OuterRef("rang"), datenstand__tag__gte=OuterRef("datenstand__tag")),
        kennzahl=OuterRef("kennzahl"),
        geschlecht=OuterRef("geschlecht"),
        bis=OuterRef("bis"),
        von=OuterRef("von"),
        jobcenter=OuterRef("jobcenter"),
        datenstand_id__in=ids,
    )
    return Messwert.objects.published().annotate(rang=RANG).filter(~Exists(hidden), datenstand_id__in=ids).order_by(*KEY)


def earlier_datenstaende(lieferung: Datenlieferung) -> Sequence[Datenstand]:
    """What the source of a delivery has said before, newest first."""
    return list(visible_datenstaende().filter(quelle=lieferung.quelle).select_related("lieferung").order_by("-tag", "-pk"))
