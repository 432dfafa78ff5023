"""Something happens to several rows at once: boxes in a table, a page that says what will happen, a sentence with numbers.

The table gets an `AuswahlSpalte`, its view `get_aktionen`, and below the table stands
``{% include "components/auswahl_leiste.html" with leiste=auswahl only %}``. The page that asks::

    class PositionEntfernenView(PermissionMixin, AuswahlMixin, TemplateView):
        permission = "massnahmen.change_massnahme"
        template_name = "massnahmen/position_entfernen.html"
        filter_class = PositionFilter                    # of the table, for "all that meet the filters"
        woerter = ("Maßnahme", "Maßnahmen")
        satz = ("ist aus dem Programm genommen", "sind aus dem Programm genommen")

        def get_rows(self): return Programmposition.objects.visible_to(self.request.user)
        def find_hindrance(self, row): return "" if row.programm.ist_entwurf else "Das Programm liegt beim Beirat."
        def act(self, row): remove_position(position=row, by=self.request.user)
        def get_liste_url(self): return reverse("massnahmen:massnahme-intern-liste")

It is opened by GET with `?auswahl=3&auswahl=7`, or with `?alle=1` and the conditions of the table; it asks, and acts on
POST on the rows that it named. What cannot be done is said with its reason, before and after; the rest is done, each row in
a transaction of its own. With a `form_class` it asks for one thing more, which `act` reads from `self.form.cleaned_data`.
Its template includes components/auswahl_bestaetigen.html.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.generic import View
from django.views.generic.base import ContextMixin

from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import zahl

MOST = 500  # rows at once: each is a change of its own, and somebody waits
MOST_NAMED = 3  # rows that one sentence names
MOST_SENTENCES = 5


@dataclass(frozen=True)
class Aktion:
    """What can happen to the chosen rows, and the page that asks."""

    verb: str
    ziel: str


@dataclass(frozen=True)
class Auswahlleiste:
    """The bar under a table. `bewahrt` are the conditions of the table, so that "all" means them and the way back keeps them."""

    aktionen: Sequence[Aktion]
    anzahl: int
    woerter: tuple[str, str]
    bewahrt: Sequence[tuple[str, str]] = ()
    hat_seiten: bool = False
    ist_gefiltert: bool = False

    @property
    def hoechstens(self) -> int:
        return MOST

    @property
    def ist_zu_lang(self) -> bool:
        return self.anzahl > MOST


@dataclass(frozen=True)
class Zeile:
    """A chosen row, and why nothing can happen to it; empty when it can."""

    objekt: Any
    hindernis: str


class AuswahlMixin(ContextMixin, View):
    """See the top of this file. Put it left of TemplateView."""

    woerter: ClassVar[tuple[str, str]]  # one, many
    satz: ClassVar[tuple[str, str]]  # what has happened, without a full stop, for one and for many
    filter_class: Any = None
    form_class: Any = None

    request: HttpRequest
    form: Any = None
    chosen: Sequence[Zeile] = ()
    missing = 0

    def get_rows(self) -> Any:
        """What the person may see; everything else in the address is as if it were not there."""
        raise NotImplementedError

    def find_hindrance(self, row: Any) -> str:
        """Why it cannot be done to this row now, as a sentence; empty when it can."""
        return ""

    def act(self, row: Any) -> None:
        """Call one action. Its TransitionError is told to the person; the other rows go on."""
        raise NotImplementedError

    def get_liste_url(self) -> str:
        """Where the rows were chosen."""
        raise NotImplementedError

    def name_row(self, row: Any) -> str:
        return str(row)

    def get_back_url(self) -> str:
        """The list, with its conditions as they were."""
        return _with_query(self.get_liste_url(), self._kept())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("alle"):
            rows = list(self._filtered()[: MOST + 1])
            if len(rows) > MOST:
                text = f"Auf einmal lassen sich höchstens {zahl(MOST)} {self.woerter[1]} ändern. Grenzen Sie mit den Filtern ein, welche."
                messages.error(request, text)
                return redirect(self.get_back_url())
            self.chosen = self._look_at(rows)
        else:
            self._choose(request.GET.getlist("auswahl"))
        if not self.chosen:
            messages.error(request, f"Es ist nichts ausgewählt. Setzen Sie einen Haken bei mindestens einem Eintrag: {self.woerter[0]}.")
            return redirect(self.get_back_url())
        if self.form_class:
            self.form = self.form_class()
        return super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the TemplateView beside it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._choose(request.POST.getlist("auswahl"))
        if self.form_class:
            self.form = self.form_class(request.POST)
            if self.chosen and not self.form.is_valid():
                return self.render_to_response(self.get_context_data(**kwargs), status=422)  # type: ignore[attr-defined]
        done = 0
        refused: dict[str, list[str]] = {}
        for zeile in self.chosen:
            try:
                if zeile.hindernis:
                    raise TransitionError(zeile.hindernis)
                self.act(zeile.objekt)
                done += 1
            except TransitionError as error:
                refused.setdefault(str(error), []).append(self.name_row(zeile.objekt))
        if done:
            messages.success(request, f"{self._count(done)} {self.satz[done != 1]}.")
        for reason in [*refused][:MOST_SENTENCES]:
            messages.warning(request, f"Nicht möglich bei {self._name(refused[reason])}: {reason}")
        if rest := sum(len(refused[reason]) for reason in [*refused][MOST_SENTENCES:]):
            messages.warning(request, f"Nicht möglich auch bei {self._count(rest)}, aus anderen Gründen.")
        if not done and not refused:
            messages.warning(request, "Es ist nichts geschehen: Die ausgewählten Einträge gibt es nicht mehr.")
        return redirect(self.get_back_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        possible = [zeile for zeile in self.chosen if not zeile.hindernis]
        return super().get_context_data(**kwargs) | {
            "moegliche": possible,
            "unmoegliche": [zeile for zeile in self.chosen if zeile.hindernis],
            "fehlende": self.missing,
            "anzahl": len(possible),
            "anzahl_wort": self._count(len(possible)),
            "zurueck": self.get_back_url(),
            "ziel": _with_query(self.request.path, self._kept()),
            "form": self.form,
        }

    def _count(self, number: int) -> str:
        return f"{zahl(number)} {self.woerter[number != 1]}"

    def _name(self, names: Sequence[str]) -> str:
        if len(names) <= MOST_NAMED:
            return ", ".join(names)
        return f"{self._count(len(names))}, zum Beispiel {', '.join(names[:MOST_NAMED])}"

    def _kept(self) -> QueryDict:
        """The part of the address that makes up the list."""
        kept = self.request.GET.copy()
        names = {*(self.filter_class.base_filters if self.filter_class else ()), "sortierung", "seite"}
        for name in [*kept]:
            if name not in names:
                del kept[name]
        return kept

    def _filtered(self) -> Any:
        """Every row that the table shows under these conditions, on all its pages."""
        rows = self.get_rows()
        if self.filter_class is None:
            return rows
        filterset = self.filter_class(self.request.GET, queryset=rows, request=self.request)
        return filterset.qs if filterset.form.is_valid() else rows.none()

    def _choose(self, wanted: list[str]) -> None:
        ids = {int(pk) for pk in wanted[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19}
        self.chosen = self._look_at(self.get_rows().filter(pk__in=ids)) if ids else []
        self.missing = len(set(wanted)) - len(self.chosen)

    def _look_at(self, rows: Iterable[Any]) -> list[Zeile]:
        return [Zeile(row, self.find_hindrance(row)) for row in rows]


def _with_query(address: str, query: QueryDict) -> str:
    return f"{address}?{query.urlencode()}" if query else address
