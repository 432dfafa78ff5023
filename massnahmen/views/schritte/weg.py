"""A programme's way as one person sees it, read once."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from jobcenter.konten.models import User
from massnahmen.enums import Fassungsanlass, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, BcaStellungnahme, Programmschritt
from massnahmen.queries import Befund, Fassungsstand, check_programm, list_fassungen, list_programmschritte


@dataclass(frozen=True)
class Weg:
    """A programme's way as one person sees it. Everything it is asked is read once: `Weg.of(programm, user)`."""

    programm: Arbeitsmarktprogramm
    user: User
    fassungen: tuple[Fassungsstand, ...]  # newest first
    schritte: tuple[Programmschritt, ...]  # oldest first
    befunde: tuple[Befund, ...]  # of what can be written on; else empty

    @classmethod
    def of(cls, programm: Arbeitsmarktprogramm, user: User) -> "Weg":
        """Three queries; ten more while it is written on."""
        befunde = check_programm(programm) if programm.ist_entwurf else []
        return cls(programm, user, tuple(list_fassungen(programm)), tuple(list_programmschritte(programm)), tuple(befunde))

    def may(self, verb: str) -> bool:
        return self.user.has_perm(f"massnahmen.{verb}", self.programm)

    def url(self, page: str, *args: int) -> str:
        return reverse(f"massnahmen:{page}", args=[self.programm.jahr, *args])

    def url_if(self, verb: str, page: str, *args: int) -> str:
        """The page of a step, for who may take it."""
        return self.url(page, *args) if self.may(verb) else ""

    @cached_property
    def fehlend(self) -> list[Befund]:
        return [befund for befund in self.befunde if befund.blockiert]

    @property
    def neueste(self) -> Fassungsstand | None:
        return self.fassungen[0] if self.fassungen else None

    @cached_property
    def vorgelegt(self) -> Fassungsstand | None:
        """What the Beirat was handed last, unless it was taken back to be written on."""
        if self.programm.ist_entwurf:
            return None
        if self.programm.status in {Programmstatus.VEROEFFENTLICHT, Programmstatus.ABGESCHLOSSEN}:
            return self.oeffentlich  # a later one was given up
        return next((stand for stand in self.fassungen if stand.fassung.anlass == Fassungsanlass.BEIRAT), None)

    @cached_property
    def oeffentlich(self) -> Fassungsstand | None:
        return next((stand for stand in self.fassungen if stand.veroeffentlichung), None)

    @cached_property
    def bca(self) -> tuple[Fassungsstand, ...]:
        """What the BCA got on the way to the Beirat that the programme goes now, newest first."""
        rest = iter(self.fassungen)
        if self.vorgelegt:
            next(stand for stand in rest if stand is self.vorgelegt)
        found = []
        for stand in rest:
            if stand.fassung.anlass == Fassungsanlass.BEIRAT:
                break
            found.append(stand)
        return tuple(found)

    @cached_property
    def stellungnahme(self) -> BcaStellungnahme | None:
        """The newest one on this way."""
        return next((stand.stellungnahme for stand in self.bca if stand.stellungnahme), None)

    @property
    def liegt_bei_bca(self) -> bool:
        """Whether she was handed a Fassung and has not said anything about it yet."""
        return self.programm.status == Programmstatus.BETEILIGUNG and bool(self.bca) and self.bca[0].stellungnahme is None

    @cached_property
    def unbeantwortet(self) -> Fassungsstand | None:
        """The first Fassung on whose Stellungnahme the Leitung has not answered."""
        return next((s for s in reversed(self.fassungen) if s.stellungnahme and not s.stellungnahme.beantwortet_am), None)

    @property
    def darf_wieder_oeffnen(self) -> bool:
        return self.programm.ist_wieder_zu_oeffnen and self.may("reopen_programm")

    @property
    def darf_verwerfen(self) -> bool:
        """Thrown away is only what nobody has got yet."""
        return self.programm.ist_entwurf and not self.fassungen and self.may("open_programm")

    @property
    def darf_beenden(self) -> bool:
        return self.programm.status == Programmstatus.FORTSCHREIBUNG and self.may("begin_fortschreibung")

    def last(self, nach: Programmstatus, von: Programmstatus | None = None) -> Programmschritt | None:
        """When it last took a step."""
        return next((s for s in reversed(self.schritte) if s.nach == nach and von in {None, s.von}), None)
