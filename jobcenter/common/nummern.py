from django.db import connection

from jobcenter.common.models import Nummernkreis


def next_nummer(name: str, jahr: int) -> int:
    """The next number of a series in a year, without gap: a rolled back transaction gives its number back.

    Two at the same moment wait for each other; call it late in the transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is given inside the transaction that uses it.")
    Nummernkreis.objects.bulk_create([Nummernkreis(name=name, jahr=jahr)], ignore_conflicts=True)
    kreis = Nummernkreis.objects.select_for_update(of=("self",)).get(name=name, jahr=jahr)
    kreis.letzte += 1
    kreis.save(update_fields=["letzte"])
    return kreis.letzte
