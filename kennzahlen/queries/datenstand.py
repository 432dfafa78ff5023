"""Which Datenstände may be read, and which of them counts more where several know a value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kennzahlen.enums import Lieferzustand, Quellenart
from kennzahlen.models import Datenlieferung, Datenstand, Quelle

VORRANG = (Quellenart.BA_ENDGUELTIG, Quellenart.EIGENE_ERHEBUNG, Quellenart.BA_HOCHGERECHNET)  # PRESSE is quoted, never compared
ZURUECKGEZOGEN = Q(lieferung__zustand=Lieferzustand.ZURUECKGEZOGEN)


@dataclass(frozen=True)
class Vorrang:
    """Datenstände that may be shown, the one that counts most first: final before estimated, newer before older."""

    ids: tuple[int, ...]
    staende: Mapping[int, Datenstand]


class _Staende(dict[int, Datenstand]):
    """Datenstände by id, made when one is asked for: a page needs few of hundreds."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = {row[0]: row for row in rows}

    def __missing__(self, pk: int) -> Datenstand:
        _, tag, quelle, art, herausgeber, titel, lizenz, url = self._rows[pk]
        source = Quelle(pk=quelle, art=art, herausgeber=herausgeber, titel=titel, lizenz=lizenz, url=url)
        self[pk] = Datenstand(pk=pk, tag=tag, quelle=source)
        return self[pk]


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


def earlier_datenstaende(lieferung: Datenlieferung) -> Sequence[Datenstand]:
    """What the source of a delivery has said before, newest first."""
    return list(visible_datenstaende().filter(quelle=lieferung.quelle).order_by("-tag", "-pk"))
