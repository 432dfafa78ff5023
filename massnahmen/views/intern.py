"""Programmes as staff see them: all of them, one as a list of tasks, what it lacks, and its frozen Fassungen."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin

from jobcenter.common.kommentare import count_open
from massnahmen.actions import check_draft
from massnahmen.enums import BILDUNGSZIELE_BIS, Fassungsanlass, Kapitelstand
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Gremienbeschluss, Kapitel, Massnahme
from massnahmen.queries import (
    Befund,
    Fassungsstand,
    Kapitelzeile,
    Programminhalt,
    VerfaelschteFassung,
    check_unverfaelscht,
    last_aenderungen,
    list_fassungen,
    list_programme,
    noted_fingerprint,
    read_draft,
    read_fassung,
)
from massnahmen.views.schritte import Weg, find_weiter, list_schritte


class InternMixin(ContextMixin, View):
    """For staff; everybody else signed in meets a 403."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm("massnahmen.view_programm"):
            raise PermissionDenied


class ProgrammMixin(InternMixin):
    """A page about the programme of the year in the address; `permission` is what it takes to open it."""

    permission = "massnahmen.view_programm"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.programm = get_object_or_404(Arbeitsmarktprogramm.objects.visible_to(request.user), jahr=kwargs["jahr"])
        if not request.user.has_perm(self.permission, self.programm):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr])
        return super().get_context_data(**kwargs) | {"programm": self.programm, "programm_url": url}


class ProgrammInternListeView(InternMixin, TemplateView):
    template_name = "massnahmen/programm_intern_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "zeilen": list_programme(user),
            "darf_anlegen": user.has_perm("massnahmen.open_programm"),
        }


class OffeneKommentare:
    """How many comments are open on the measures and chapters of a programme, by their id and number. Three queries."""

    def __init__(self, programm: Arbeitsmarktprogramm) -> None:
        numbers = dict(programm.kapitel.values_list("pk", "nummer"))
        self.massnahmen = count_open(Massnahme, programm.positionen.values_list("massnahme_id", flat=True))
        self.kapitel = {numbers[pk]: count for pk, count in count_open(Kapitel, numbers).items()}
        self.alle = sum(self.massnahmen.values()) + sum(self.kapitel.values())


@dataclass(frozen=True)
class Kapitelreihe:
    """A chapter in the list of tasks."""

    kapitel: Kapitel
    zeile: Kapitelzeile
    hinweise: list[str]
    kommentare: int

    @property
    def art(self) -> str:
        return {Kapitelstand.FERTIG: "success", Kapitelstand.IN_ARBEIT: "info"}.get(Kapitelstand(self.kapitel.stand), "neutral")


class ProgrammInternDetailView(ProgrammMixin, TemplateView):
    template_name = "massnahmen/programm_intern_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programm, user = self.programm, self.request.user
        weg, offen = Weg.of(programm, user), OffeneKommentare(programm)
        inhalt = read_shown(weg)
        zeilen = {zeile.nummer: zeile for zeile in inhalt.kapitel}
        kapitel = list(programm.kapitel.select_related("verantwortlich"))
        punkte = _points_by_place(weg.befunde)
        hinweise = _points_by_place(befund for befund in weg.befunde if not befund.blockiert)
        draft = programm.ist_entwurf
        return super().get_context_data(**kwargs) | {
            "inhalt": inhalt,
            "weg": weg,
            "weiter": find_weiter(weg),
            "schritte": list_schritte(weg, inhalt, kapitel),
            "kapitelreihen": [
                Kapitelreihe(k, zeilen[k.nummer], hinweise["kapitel", k.nummer], offen.kapitel.get(k.nummer, 0))
                for k in kapitel
                if k.nummer in zeilen
            ],
            "ziele": list(programm.ziele.select_related("handlungsfeld", "zielwert__kennzahl")),
            "punkte_massnahmen": {key: found for (bereich, key), found in punkte.items() if bereich == "massnahme"},
            "offen": offen,
            "aenderung": last_aenderungen([programm]).get(programm.pk),
            "mit_bildungszielen": programm.jahr <= BILDUNGSZIELE_BIS,
            "darf_planen": draft and weg.may("change_massnahme"),
            "darf_schreiben": draft and weg.may("change_kapitel"),
            "darf_ziele": draft and weg.may("change_ziel"),
        }


def read_shown(weg: Weg) -> Programminhalt:
    """The rows while they are written on; then the frozen text of the Fassung that was handed on, which no other year's draft changes.

    Where that text was tampered with, the Fassung's own page says so, and here stand the rows.
    """
    if weg.vorgelegt:
        with contextlib.suppress(VerfaelschteFassung):
            return read_fassung(weg.vorgelegt.fassung)
    return read_draft(weg.programm)


def _points_by_place(befunde: Iterable[Befund]) -> dict[tuple[str, int], list[str]]:
    """The sentences about each chapter, goal and measure."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for befund in befunde:
        found[befund.bereich, befund.schluessel].append(befund.satz)
    return found


BEREICHE = {
    "programm": "Programm",
    "zusammenfassung": "Zusammenfassung",
    "kapitel": "Kapitel",
    "ziele": "Ziele",
    "massnahme": "Maßnahmen",
    "geld": "Geld",
    "bca": "Beauftragte für Chancengleichheit",
    "vorjahr": "Vorjahr",
}


@dataclass(frozen=True)
class Fundstelle:
    """A Befund with the page on which it is mended."""

    befund: Befund
    url: str


@dataclass(frozen=True)
class Fundgruppe:
    titel: str
    stellen: list[Fundstelle]


class ProgrammPruefenView(ProgrammMixin, TemplateView):
    """„Angaben prüfen“: what blocks first, then what is only a hint, each with the way to mend it."""

    template_name = "massnahmen/programm_pruefen.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_draft(self.programm)
        weg = Weg.of(self.programm, self.request.user)
        return super().get_context_data(**kwargs) | {
            "blockiert": group_befunde(weg.fehlend, weg),
            "hinweise": group_befunde([b for b in weg.befunde if not b.blockiert], weg),
            "anzahl": len(weg.fehlend),
            "weiter": find_weiter(weg),
        }


def group_befunde(befunde: list[Befund], weg: Weg) -> list[Fundgruppe]:
    """By part of the programme, in its order."""
    groups = [
        Fundgruppe(titel, [Fundstelle(b, locate(b, weg)) for b in befunde if b.bereich == bereich]) for bereich, titel in BEREICHE.items()
    ]
    return [group for group in groups if group.stellen]


def locate(befund: Befund, weg: Weg) -> str:
    """Where a Befund is mended; who may not mend it gets the page to read it."""
    key, page, writes = befund.schluessel, weg.url("programm-intern-detail"), weg.programm.ist_entwurf
    write, read = "", f"{page}#massnahmen"
    match befund.bereich:
        case "zusammenfassung":
            write, read = weg.url_if("change_kapitel", "zusammenfassung-bearbeiten"), f"{page}#kapitel"
        case "kapitel":
            write, read = weg.url_if("change_kapitel", "kapitel-bearbeiten", key), weg.url("kapitel-verlauf", key)
        case "massnahme":
            write, read = weg.url_if("change_massnahme", "massnahme-bearbeiten", key), weg.url("massnahme-verlauf", key)
        case "ziele":
            edit = ("ziel-bearbeiten", key) if key else ("ziel-anlegen",)
            write, read = weg.url_if("change_ziel", *edit), f"{page}#ziele"
        case "geld":
            read = reverse("massnahmen:budget-detail", args=[key]) if key else reverse("massnahmen:budget-liste")
            if not key and weg.may("change_budget"):
                write = f"{reverse('massnahmen:budget-anlegen')}?jahr={weg.programm.jahr}"
        case "bca":
            read = weg.url_if("answer_stellungnahme", "stellungnahme-beantworten", key) or weg.url("fassung-detail", key)
        case "vorjahr":
            read = reverse("massnahmen:fassung-detail", args=[weg.programm.jahr - 1, key])
    return (writes and write) or read


class FassungMixin(ProgrammMixin):
    """A page about one Fassung of the programme in the address: `self.stand`."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Fassung.objects.visible_to(request.user).filter(programm=self.programm)
        get_object_or_404(visible.defer("inhalt"), nummer=kwargs["nummer"])
        self.fassungen = list_fassungen(self.programm)
        self.stand = next(stand for stand in self.fassungen if stand.fassung.nummer == kwargs["nummer"])
        self.stand.fassung.programm = self.programm

    @property
    def ist_neueste(self) -> bool:
        return self.stand is self.fassungen[0]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"stand": self.stand} | read_frozen(self.stand.fassung)


def read_frozen(fassung: Fassung) -> dict[str, Any]:
    """The frozen content for a page; where it was tampered with, what includes/verfaelscht.html says instead."""
    if satz := check_unverfaelscht(fassung):
        return {"inhalt": None, "satz": satz, "pruefsumme": noted_fingerprint(fassung)}
    return {"inhalt": read_fassung(fassung), "satz": "", "pruefsumme": fassung.pruefsumme}


class FassungDetailView(FassungMixin, TemplateView):
    """A Fassung out of its frozen text alone, and how far it has come."""

    template_name = "massnahmen/fassung_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weg = Weg.of(self.programm, self.request.user)
        records = weg.may("record_gremienbeschluss") and self.ist_neueste
        return super().get_context_data(**kwargs) | {
            "vorige": _previous(self.fassungen, self.stand),
            "titel": _title(self.stand, weg),
            "weiter": find_weiter(weg) if self.ist_neueste else None,
            "schritte": [schritt for schritt in weg.schritte if schritt.fassung_id == self.stand.fassung.pk],
            "darf_zuruecknehmen": records and self.programm.status in {"beraten", "beschlossen"},
            "darf_stellung_nehmen": self.stand.fassung.anlass == Fassungsanlass.BETEILIGUNG
            and self.stand.stellungnahme is None
            and self.ist_neueste
            and self.programm.ist_entwurf
            and weg.may("write_stellungnahme"),
            "darf_antworten": self.stand.stellungnahme is not None
            and self.stand.stellungnahme.beantwortet_am is None
            and weg.may("answer_stellungnahme"),
            "hat_gremien": bool(settings.INSTANZ.programm.gremien),
        }


def _title(stand: Fassungsstand, weg: Weg) -> str:
    """What the panel above the Fassung says of where it is now; nothing for one that was overtaken."""
    newest = weg.neueste is not None and stand.fassung.pk == weg.neueste.fassung.pk
    if stand.veroeffentlichung and not stand.ist_abgeloest:
        return "Diese Fassung ist veröffentlicht"
    if newest and weg.programm.status == "beim_beirat":
        return "Das Programm liegt beim Beirat"
    if newest and weg.liegt_bei_bca:
        return "Das Programm liegt bei der BCA"
    return ""


def _previous(fassungen: list[Fassungsstand], stand: Fassungsstand) -> int:
    """The number before; 0 is none."""
    return max((other.fassung.nummer for other in fassungen if other.fassung.nummer < stand.fassung.nummer), default=0)


def find_beschluss(stand: Fassungsstand, pk: int) -> Gremienbeschluss | None:
    return next((beschluss for beschluss in stand.beschluesse if beschluss.pk == pk), None)
