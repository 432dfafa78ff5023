"""Something happens to several rows at once: boxes in a table, a page that says what will happen, a sentence with numbers.

The table gets an `AuswahlSpalte` and below it ``{% include "components/auswahl_leiste.html" with … only %}``. The page::

    class PositionEntfernenView(PermissionMixin, AuswahlMixin, TemplateView):
        permission = "massnahmen.change_massnahme"
        template_name = "massnahmen/position_entfernen.html"
        woerter = ("Maßnahme", "Maßnahmen")
        satz = ("ist aus dem Programm genommen", "sind aus dem Programm genommen")

        def get_rows(self): return Programmposition.objects.visible_to(self.request.user)
        def find_hindrance(self, row): return "" if row.programm.ist_entwurf else "Das Programm liegt beim Beirat."
        def act(self, row): remove_position(position=row, by=self.request.user)
        def get_back_url(self): return reverse("massnahmen:massnahme-intern-liste")

It is opened by GET with `?auswahl=3&auswahl=7`, asks, and acts on POST. What cannot be done is named with its reason,
before and after; the rest is done, each row in a transaction of its own. Its template includes
components/auswahl_bestaetigen.html.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View
from django.views.generic.base import ContextMixin

from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import zahl

MOST = 200  # rows at once; a page shows fewer


@dataclass(frozen=True)
class Zeile:
    """A chosen row, and why nothing can happen to it; empty when it can."""

    objekt: Any
    hindernis: str


class AuswahlMixin(ContextMixin, View):
    """See the top of this file. Put it left of TemplateView."""

    woerter: ClassVar[tuple[str, str]]  # one, many
    satz: ClassVar[tuple[str, str]]  # what has happened, without a full stop, for one and for many

    request: HttpRequest

    def get_rows(self) -> Any:
        """What the person may see; everything else in the address is as if it were not there."""
        raise NotImplementedError

    def find_hindrance(self, row: Any) -> str:
        """Why it cannot be done to this row now, as a sentence; empty when it can."""
        return ""

    def act(self, row: Any) -> None:
        """Call one action. Its TransitionError is told to the person; the other rows go on."""
        raise NotImplementedError

    def get_back_url(self) -> str:
        raise NotImplementedError

    def name_row(self, row: Any) -> str:
        return str(row)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._chosen(request.GET.getlist("auswahl")):
            messages.error(request, f"Es ist nichts ausgewählt. Setzen Sie einen Haken bei mindestens einem Eintrag: {self.woerter[0]}.")
            return redirect(self.get_back_url())
        return super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the TemplateView beside it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        done, refused = 0, []
        for zeile in self._chosen(request.POST.getlist("auswahl")):
            try:
                if zeile.hindernis:
                    raise TransitionError(zeile.hindernis)
                self.act(zeile.objekt)
                done += 1
            except TransitionError as error:
                refused.append(f"{self.name_row(zeile.objekt)}: {error}")
        if done:
            messages.success(request, f"{self._count(done)} {self.satz[done != 1]}.")
        for sentence in refused:
            messages.warning(request, f"Nicht möglich bei {sentence}")
        if not done and not refused:
            messages.warning(request, "Es ist nichts geschehen: Die ausgewählten Einträge gibt es nicht mehr.")
        return redirect(self.get_back_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.getlist("auswahl")
        chosen = self._chosen(wanted)
        possible = [zeile for zeile in chosen if not zeile.hindernis]
        return super().get_context_data(**kwargs) | {
            "moegliche": possible,
            "unmoegliche": [zeile for zeile in chosen if zeile.hindernis],
            "fehlende": len(set(wanted)) - len(chosen),
            "anzahl": len(possible),
            "anzahl_wort": self._count(len(possible)),
            "zurueck": self.get_back_url(),
        }

    def _count(self, number: int) -> str:
        return f"{zahl(number)} {self.woerter[number != 1]}"

    def _chosen(self, wanted: list[str]) -> list[Zeile]:
        ids = {int(pk) for pk in wanted[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19}
        return [Zeile(row, self.find_hindrance(row)) for row in self.get_rows().filter(pk__in=ids)] if ids else []
