"""The ranking of a month as rows of a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from jobcenter.common import clock
from kennzahlen.enums import Geschlecht, Traegerform
from kennzahlen.models import Jobcenter, Kennzahl
from kennzahlen.queries.fragen import place_in_words
from kennzahlen.queries.kennzahlseite import list_auswahl, read_eigenes
from kennzahlen.queries.rangliste import Rangliste, read_rangliste
from kennzahlen.queries.reihe import read_reihen


@dataclass(frozen=True)
class Ranglistenzeile:
    rang: int
    name: str
    land: str
    typ: str
    form: str
    wert: Decimal
    zaehler: int
    nenner: Fraction | None
    rang_im_typ: int | None
    kennzahl: Kennzahl
    ist_eigene: bool


@dataclass(frozen=True)
class Ranglistenseite:
    kennzahl: Kennzahl
    eigenes: Jobcenter | None
    liste: Rangliste | None  # None where we have no month of our own
    zeilen: tuple[Ranglistenzeile, ...]
    platz: str
    auswahl: tuple[tuple[str, str], ...]

    @property
    def eigene_stelle(self) -> int | None:
        """At which row we stand, from 0, in the usual order."""
        return next((index for index, zeile in enumerate(self.zeilen) if zeile.ist_eigene), None)


def read_ranglistenseite(kennzahl: Kennzahl, *, monat: date | None, geschlecht: Geschlecht) -> Ranglistenseite:
    """The newest of our months unless another is asked for; then that one, or the nearest. Eight queries."""
    eigenes = read_eigenes()
    reihe = read_reihen([kennzahl], eigenes, bis=clock.today(), geschlechter=[geschlecht])[kennzahl.code, geschlecht] if eigenes else None
    punkt = reihe.nearest(monat) if reihe else None
    if eigenes is None or punkt is None:
        return Ranglistenseite(kennzahl, eigenes, None, (), "", ())
    liste = read_rangliste(kennzahl, bis=punkt.bis, geschlecht=geschlecht)
    forms = dict(Jobcenter.objects.values_list("pk", "form"))
    zeilen = tuple(
        Ranglistenzeile(
            rang=platz.rang,
            name=platz.name,
            land=platz.land,
            typ=platz.typ,
            form=Traegerform(forms[platz.jobcenter_id]).label,
            wert=liste.wert(platz),
            zaehler=platz.zaehler,
            nenner=None if platz.nenner is None else Fraction(platz.nenner, kennzahl.nenner_teiler),
            rang_im_typ=platz.rang_im_typ,
            kennzahl=kennzahl,
            ist_eigene=platz.jobcenter_id == eigenes.pk,
        )
        for platz in liste.plaetze
    )
    return Ranglistenseite(kennzahl, eigenes, liste, zeilen, place_in_words(liste, eigenes), list_auswahl(reihe))
