"""What a delivery says beside its values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kennzahlen.enums import Gruppenart
from kennzahlen.models import Datenlieferung, Kennzahl, Zugehoerigkeit

MOST_ZUORDNUNGEN = 10  # on the page; all of them are taken over


def new_zuordnungen(gelesen: Iterable[tuple[str, str, str]], *, bis: date) -> list[dict[str, str]]:
    """Land and Vergleichstyp of Jobcenter as the file names them, where the portal knows none or another one at that time."""
    known: dict[tuple[str, str], Any] = {
        (row["jobcenter__traegernummer"], row["art"]): (row["gruppe__code"], row["gruppe__name"])
        for row in Zugehoerigkeit.objects.filter(zeitraum__contains=bis).values(
            "jobcenter__traegernummer", "art", "gruppe__code", "gruppe__name"
        )
    }
    found = []
    for traegernummer, land, typ in sorted(gelesen):
        for art, code in ((Gruppenart.LAND, land), (Gruppenart.TYP, typ)):
            before = known.get((traegernummer, art))
            if code and (before is None or code not in before):
                found.append({"traegernummer": traegernummer, "art": art.value, "code": code, "vorher": before[1] if before else ""})
    return found


@dataclass(frozen=True)
class Kennzahlzeile:
    """How many values of one Kennzahl a delivery would add, change, repeat or no longer holds."""

    code: str
    name: str
    neu: int
    geaendert: int
    gleich: int
    entfallen: int


@dataclass(frozen=True)
class Vorschau:
    """What would change if a delivery were taken over, against what its source has said before."""

    neu: int
    geaendert: int
    gleich: int
    entfallen: int
    kennzahlen: Sequence[Kennzahlzeile]
    aenderungen: Sequence[Mapping[str, str]]  # stelle, vorher, nachher: the largest
    zuordnungen: Sequence[Mapping[str, str]]  # traegernummer, art (in words), code, vorher: the first
    zuordnungen_zahl: int

    @property
    def aendert_etwas(self) -> bool:
        return bool(self.neu or self.geaendert)

    @property
    def ist_erste(self) -> bool:
        """Nothing was known of these months and Kennzahlen before."""
        return not (self.geaendert or self.gleich or self.entfallen)


def read_vorschau(lieferung: Datenlieferung) -> Vorschau:
    """The stored preview with the names of its Kennzahlen. One query."""
    found = lieferung.vorschau
    names = dict(Kennzahl.objects.filter(code__in=found["je_kennzahl"]).values_list("code", "name"))
    zuordnungen = [one | {"art": Gruppenart(one["art"]).label} for one in found["zuordnungen"][:MOST_ZUORDNUNGEN]]
    return Vorschau(
        **{name: found[name] for name in ("neu", "geaendert", "gleich", "entfallen", "aenderungen")},
        kennzahlen=[Kennzahlzeile(code, names.get(code, ""), **counts) for code, counts in found["je_kennzahl"].items()],
        zuordnungen=zuordnungen,
        zuordnungen_zahl=len(found["zuordnungen"]),
    )
