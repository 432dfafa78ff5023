"""What staff see of programmes: their Fassungen, who changed what last, who writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.verlauf import Aenderung, name_authors
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User, UserLike
from massnahmen.enums import Fassungsanlass, Gremienergebnis
from massnahmen.models import (
    Arbeitsmarktprogramm,
    BcaStellungnahme,
    Beratung,
    Fassung,
    Gremienbeschluss,
    Kapitel,
    Massnahme,
    Programmschritt,
    Veroeffentlichung,
)
from massnahmen.queries.inhalt import collect_inhalt


def list_schreibende() -> QuerySet[User]:
    """Who may be in charge of a chapter: those who may write it, and have an account now."""
    return User.objects.filter(is_active=True, rollen__contains=[Rolle.PLANUNG]).order_by("name")


def mark_draft(programm: Arbeitsmarktprogramm) -> str:
    """A fingerprint of all that would go with a draft: its content, how far its chapters are and whose, and what was remarked on them."""
    chapters = programm.kapitel.order_by("nummer").annotate(anmerkungen=Count("kommentare"))
    around = [list(row) for row in chapters.values_list("nummer", "version", "anmerkungen")]
    return fingerprint(canonical_json({"inhalt": collect_inhalt(programm), "kapitel": around}))


# What read_stand reads of a Fassung, for select_related.
SAID = ("beratung__veroeffentlichung__von", "bca_stellungnahme__von", "bca_stellungnahme__beantwortet_von")


@dataclass(frozen=True)
class Fassungsstand:
    """How far a Fassung has come, and what was said and decided about it."""

    fassung: Fassung
    beratung: Beratung | None
    veroeffentlichung: Veroeffentlichung | None
    stellungnahme: BcaStellungnahme | None = None
    beschluesse: tuple[Gremienbeschluss, ...] = ()  # by day, withdrawn ones among them
    ist_abgeloest: bool = False  # a newer Fassung is public

    @property
    def gueltige_beschluesse(self) -> tuple[Gremienbeschluss, ...]:
        return tuple(b for b in self.beschluesse if b.zurueckgenommen_am is None)

    @property
    def entscheidung(self) -> Gremienbeschluss | None:
        """With what the deciding body made it valid."""
        decided = (b for b in self.gueltige_beschluesse if b.entscheidend and b.ergebnis == Gremienergebnis.BESCHLOSSEN)
        return next(decided, None)

    @property
    def wort(self) -> str:
        """Its state in a word."""
        if self.veroeffentlichung:
            return "fortgeschrieben" if self.ist_abgeloest else "veröffentlicht"
        if self.fassung.anlass == Fassungsanlass.BETEILIGUNG:
            return str(self.fassung.get_anlass_display())
        return "beschlossen" if self.entscheidung else "beraten" if self.beratung else "vorgelegt"


def read_stand(fassung: Fassung, *, ist_abgeloest: bool = False) -> Fassungsstand:
    beratung = getattr(fassung, "beratung", None)
    return Fassungsstand(
        fassung,
        beratung,
        getattr(beratung, "veroeffentlichung", None),
        getattr(fassung, "bca_stellungnahme", None),
        tuple(fassung.gremienbeschluesse.all()),
        ist_abgeloest,
    )


def list_fassungen(programm: Arbeitsmarktprogramm) -> list[Fassungsstand]:
    """Newest first, without their texts. Two queries."""
    fassungen = (
        programm.fassungen.select_related("vorgelegt_von", *SAID)
        .prefetch_related(Prefetch("gremienbeschluesse", Gremienbeschluss.objects.select_related("eingetragen_von")))
        .defer("inhalt")
    )
    return list(_read_staende(fassungen.order_by("-nummer")))


def _read_staende(fassungen: Iterable[Fassung]) -> tuple[Fassungsstand, ...]:
    """Of the Fassungen of one programme, newest first."""
    staende: list[Fassungsstand] = []
    for fassung in fassungen:
        staende.append(read_stand(fassung, ist_abgeloest=any(stand.veroeffentlichung for stand in staende)))
    return tuple(staende)


def list_programmschritte(programm: Arbeitsmarktprogramm) -> list[Programmschritt]:
    """The way that a programme has gone, oldest step first. One query."""
    return list(programm.schritte.select_related("durch", "fassung").defer("fassung__inhalt"))


def last_aenderungen(programme: Iterable[Arbeitsmarktprogramm]) -> dict[int, Aenderung]:
    """The newest change per programme id, be it in the programme, in a chapter or in a measure. Four queries."""
    ids = [programm.pk for programm in programme]
    newest: dict[int, Any] = {}
    for model, key in ((Arbeitsmarktprogramm, "pgh_obj_id"), (Kapitel, "programm_id"), (Massnahme, "pgh_obj__positionen__programm_id")):
        events = model.pgh_event_model.objects.filter(**{f"{key}__in": ids})  # type: ignore[union-attr]  # tracked
        for event in (
            events.annotate(programm_pk=F(key)).order_by(key, "-pgh_created_at", "-pgh_id").distinct(key).select_related("pgh_context")
        ):
            known = newest.get(event.programm_pk)
            if known is None or known.pgh_created_at < event.pgh_created_at:
                newest[event.programm_pk] = event
    return name_authors(newest)


@dataclass(frozen=True)
class Programmzeile:
    programm: Arbeitsmarktprogramm
    fassungen: tuple[Fassungsstand, ...]  # newest first
    aenderung: Aenderung | None

    @property
    def neueste(self) -> Fassungsstand | None:
        return self.fassungen[0] if self.fassungen else None


def list_programme(user: UserLike) -> list[Programmzeile]:
    """Every programme that the person may see, newest year first. Seven queries, whatever their number."""
    fassungen = Fassung.objects.select_related(*SAID).prefetch_related("gremienbeschluesse").defer("inhalt").order_by("-nummer")
    programme = list(Arbeitsmarktprogramm.objects.visible_to(user).prefetch_related(Prefetch("fassungen", fassungen)))
    aenderungen = last_aenderungen(programme)
    return [Programmzeile(p, _read_staende(p.fassungen.all()), aenderungen.get(p.pk)) for p in programme]
