"""Sums of groups: made once when values arrive, so that no page adds up the country."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from jobcenter.common.actions import action, require
from jobcenter.konten.models import User
from kennzahlen.models import Datenstand, Gruppensumme


@action
def sum_gruppen(*, datenstand: Datenstand, by: User) -> int:
    """Add up Zähler and Nenner of a Datenstand per group, Kennzahl, month and sex, and return how many sums. Background service.

    Never a mean of rates. Only months, only what may be shown; a Jobcenter counts in the groups it belonged to in that
    month. Made again, they replace the earlier ones.
    """
    require(by, "kennzahlen.sum_gruppen")
    Gruppensumme.objects.filter(datenstand=datenstand).delete()
    with connection.cursor() as cursor:
        # millions of rows, few groups: hashes, whatever the planner believes about tables it has not yet analysed
        before = _set(cursor, {"work_mem": "128MB", "statement_timeout": "0", "enable_sort": "off", "enable_nestloop": "off"})
        cursor.execute(
            """INSERT INTO kennzahlen_gruppensumme (gruppe_id, kennzahl_id, geschlecht, bis, von, datenstand_id, zaehler, nenner, anzahl)
               SELECT z.gruppe_id, m.kennzahl_id, m.geschlecht, m.bis, m.von, %(datenstand)s, sum(m.zaehler), sum(m.nenner), count(*)
                 FROM kennzahlen_messwert m
                 JOIN kennzahlen_zugehoerigkeit z ON z.jobcenter_id = m.jobcenter_id AND z.zeitraum @> m.bis
                WHERE m.datenstand_id = %(datenstand)s AND m.zaehler IS NOT NULL AND NOT m.gesperrt
                  AND m.von = date_trunc('month', m.bis)::date
                GROUP BY z.gruppe_id, m.kennzahl_id, m.geschlecht, m.bis, m.von""",
            {"datenstand": datenstand.pk},
        )
        count = cursor.rowcount
        _set(cursor, before)  # whoever called may go on in this transaction
        return count


def _set(cursor: CursorWrapper, settings: dict[str, str]) -> dict[str, str]:
    """Change settings of PostgreSQL until the end of the transaction, and return what they were."""
    cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(settings)])
    before = dict(cursor.fetchall())
    pairs = [list(settings), list(settings.values())]
    cursor.execute("SELECT set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) AS s (name, value)", pairs)
    return before
