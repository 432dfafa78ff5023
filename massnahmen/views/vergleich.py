"""Two versions of programmes side by side, of one year or of two."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.http import urlencode
from django.views.generic import TemplateView

from jobcenter.common.typography import NBSP, datum
from massnahmen.enums import Fassungsanlass
from massnahmen.models import Fassung
from massnahmen.queries import (
    Fassungsstand,
    check_unverfaelscht,
    compare_inhalt,
    noted_fingerprint,
    read_draft,
    read_fassung,
    read_stand,
)
from massnahmen.views.intern import ProgrammMixin

ENTWURF = "entwurf"


@dataclass(frozen=True)
class Wahl:
    """One side of a comparison: how the address calls it, and how people do."""

    schluessel: str
    name: str
    kurz: str
    jahr: int
    stand: Fassungsstand | None  # None is the draft


class FassungVergleichView(ProgrammMixin, TemplateView):
    """`?von=…&bis=…`: the number of a Fassung of this year, "entwurf", or "2026-3" of another year. Without a choice: what is new.

    Only frozen text is read, and the draft where it is one of the two.
    """

    template_name = "massnahmen/fassung_vergleich.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wahlen = self._list_wahlen()
        own = [wahl for wahl in wahlen.values() if wahl.jahr == self.programm.jahr]
        before = self._find_before(wahlen.values())
        context = super().get_context_data(**kwargs) | {
            "jahre": self._group_by_year(wahlen.values()),
            "wege": [],
            "vergleich": None,
            "verfaelscht": None,
            "satz": "",
        }
        pair = self._choose(own, before, [wahl for wahl in wahlen.values() if wahl.jahr != self.programm.jahr])
        if pair is None:
            return context
        von, bis = (wahlen.get(self.request.GET.get(side, wahl.schluessel)) for side, wahl in zip(("von", "bis"), pair, strict=True))
        if von is None or bis is None:
            raise Http404
        context |= {"von": von, "bis": bis, "wege": self._list_wege(own, before, von, bis)}
        return context | self._compare(von, bis)

    @staticmethod
    def _choose(own: list[Wahl], before: Wahl | None, others: list[Wahl]) -> tuple[Wahl, Wahl] | None:
        """What is new: the two newest of the year, else the year before, else what else there is; the earlier year is the old side."""
        if len(own) > 1:
            return own[-2], own[-1]
        if not own or not others:
            return None
        other = before or others[-1]
        return (other, own[0]) if other.jahr < own[0].jahr else (own[0], other)

    def _list_wahlen(self) -> dict[str, Wahl]:
        """Everything there is to choose, by its name in the address: earlier years first, the draft of this year last in it."""
        jahr = self.programm.jahr
        wahlen = []
        for fassung in self._list_fassungen():
            stand, year = read_stand(fassung), fassung.programm.jahr
            key = str(fassung.nummer) if year == jahr else f"{year}-{fassung.nummer}"
            kurz = f"{year}, Fassung{NBSP}{fassung.nummer}"
            wahlen.append(Wahl(key, f"{kurz} vom {datum(fassung.vorgelegt_am)} ({stand.wort})", kurz, year, stand))
        if self.programm.ist_entwurf:
            wahlen.append(Wahl(ENTWURF, f"{jahr}, Entwurf, wie er jetzt ist", f"{jahr}, Entwurf", jahr, None))
        return {wahl.schluessel: wahl for wahl in sorted(wahlen, key=lambda wahl: wahl.jahr)}

    def _list_fassungen(self) -> QuerySet[Fassung]:
        rows = Fassung.objects.visible_to(self.request.user).defer("inhalt").order_by("programm__jahr", "nummer")
        rows = rows.select_related("programm", "beratung__veroeffentlichung", "bca_stellungnahme")
        return rows.prefetch_related("gremienbeschluesse")

    def _find_before(self, wahlen: Iterable[Wahl]) -> Wahl | None:
        """The newest published Fassung of the year before."""
        found = [w for w in wahlen if w.jahr == self.programm.jahr - 1 and w.stand and w.stand.veroeffentlichung]
        return found[-1] if found else None

    @staticmethod
    def _group_by_year(wahlen: Iterable[Wahl]) -> list[tuple[int, list[Wahl]]]:
        years: dict[int, list[Wahl]] = {}
        for wahl in wahlen:
            years.setdefault(wahl.jahr, []).append(wahl)
        return sorted(years.items(), reverse=True)

    @staticmethod
    def _list_wege(own: list[Wahl], before: Wahl | None, von: Wahl, bis: Wahl) -> list[tuple[str, str, bool]]:
        """Questions that one click answers: in words, as parameters, whether it is the one on the page."""
        newest = own[-1]
        decided = [w for w in own if w.stand and (w.stand.veroeffentlichung or w.stand.entscheidung)]
        seen = [w for w in own if w.stand and w.stand.fassung.anlass == Fassungsanlass.BETEILIGUNG]
        asked = (
            ("Seit der letzten beschlossenen Fassung", next((one for one in reversed(decided) if one != newest), None)),
            ("Gegen das Vorjahr", before),
            ("Seit der Fassung für die BCA", seen[-1] if seen else None),
        )
        return [
            (words, f"?{urlencode({'von': one.schluessel, 'bis': newest.schluessel})}", (one, newest) == (von, bis))
            for words, one in asked
            if one and one != newest
        ]

    def _compare(self, von: Wahl, bis: Wahl) -> dict[str, Any]:
        wanted = [wahl.stand.fassung.pk for wahl in (von, bis) if wahl.stand]
        texts = Fassung.objects.select_related("programm").in_bulk(wanted)
        inhalte = []
        for wahl in (von, bis):
            if wahl.stand is None:
                inhalte.append(read_draft(self.programm))
                continue
            fassung = texts[wahl.stand.fassung.pk]
            if satz := check_unverfaelscht(fassung):
                return {"verfaelscht": fassung, "satz": satz, "pruefsumme": noted_fingerprint(fassung)}
            inhalte.append(read_fassung(fassung))
        return {"vergleich": compare_inhalt(*inhalte)}
