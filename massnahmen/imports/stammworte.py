"""By which words a file may name instruments, Zielgruppen, Handlungsfelder and providers."""

from dataclasses import dataclass

from jobcenter.common.tabellendateien import fold
from massnahmen.imports.spalten import Woerterbuch
from massnahmen.models import Handlungsfeld, Instrument, Traeger, Zielgruppe


@dataclass(frozen=True)
class Stammworte:
    instrumente: Woerterbuch
    zielgruppen: Woerterbuch
    handlungsfelder: Woerterbuch
    traeger: Woerterbuch
    instrument_nach_pk: dict[int, Instrument]


def read_stammworte() -> Stammworte:
    """Four queries."""
    instrumente = {row.pk: row for row in Instrument.objects.all()}
    book = Woerterbuch("Das Instrument")
    for row in instrumente.values():
        for wort in (row.kurz, row.name, row.paragraph, row.paragraph.removesuffix(" SGB II"), row.praxisname, *row.praxisname.split(",")):
            book.add(wort, row.pk)
    for row in instrumente.values():
        book.zeilen[fold(row.kurz)] = {row.pk}  # the Kürzel is never ambiguous
    zielgruppen, felder = Woerterbuch("Die Zielgruppe"), Woerterbuch("Das Handlungsfeld")
    for zielgruppe in Zielgruppe.objects.all():
        zielgruppen.add(zielgruppe.name, zielgruppe.pk)
        zielgruppen.add(zielgruppe.code, zielgruppe.pk)
    for feld in Handlungsfeld.objects.all():
        felder.add(feld.name, feld.pk)
        felder.add(feld.code, feld.pk)
    return Stammworte(book, zielgruppen, felder, read_traeger(), instrumente)


def read_traeger() -> Woerterbuch:
    """One query."""
    book = Woerterbuch("Den Träger")
    for pk, name in Traeger.objects.values_list("pk", "name"):
        book.add(name, pk)
    return book
