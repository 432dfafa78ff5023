"""What measures achieve and cost, by measure, provider, instrument or target group, against plan and last year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.views.generic import TemplateView
from django_tables2.data import TableData

from jobcenter.common import export
from jobcenter.common.tabellen import MOST_ROWS, Summen, Tabelle, TabelleMixin
from jobcenter.common.typography import prozent, zeitraum
from jobcenter.common.views import PermissionMixin
from kennzahlen.queries.formeln import month_end
from massnahmen.filters import ControllingFilter, JahrFilter
from massnahmen.models import Massnahme, MassnahmeZielgruppe, Monatsmeldung
from massnahmen.queries import Controllingtafel, Gliederung, Zeitraum, read_controlling
from massnahmen.queries.fallzahlen import ZAHLEN, hide_in_file, hide_in_year
from massnahmen.queries.kennwerte import (
    WENIGE_AUSTRITTE,
    is_reif,
    reif_ab,
)
from massnahmen.queries.lage import (
    ABBRUCH_ALARM,
    ABBRUCH_WARNUNG,
    AUSLASTUNG_ALARM,
    AUSLASTUNG_WARNUNG,
    EINGLIEDERUNG_ALARM,
    EINGLIEDERUNG_WARNUNG,
    KOSTEN_ALARM,
    KOSTEN_WARNUNG,
    in_percent,
)
from massnahmen.views.controllingtabelle import WOERTER, ControllingTabelle

NOT_FOR_OTHERS = {"eintritte", "abbruch", "eingliederung"}  # sorting by what is hidden would tell it


class _Zeilen(TableData):
    """Rows that PostgreSQL has sorted and cut out already."""

    def __init__(self, tafel: Controllingtafel) -> None:
        super().__init__(list(tafel.zeilen))
        self._length = tafel.anzahl

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: Any) -> Any:
        whole = len(self.data) == self._length
        return self.data[key] if whole else self.data  # else they are the rows of the page that asks

    def order_by(self, aliases: Any) -> None:
        pass


class ControllingView(PermissionMixin, TabelleMixin, TemplateView):
    """For all staff. Who is outside the circle of `massnahmen.view_fallzahlen` sees years that are over, see queries/fallzahlen.py."""

    permission = "massnahmen.view_programm"
    template_name = "massnahmen/controlling.html"
    tabelle_class = ControllingTabelle
    je_seite = 50

    @property
    def is_inside(self) -> bool:
        return self.request.user.has_perm("massnahmen.view_fallzahlen")

    def get_rows(self) -> QuerySet[Massnahme]:
        return Massnahme.objects.visible_to(self.request.user)

    def _load(self) -> tuple[Tabelle, Any, Any]:
        kind = ControllingFilter if self.is_inside else JahrFilter
        filterset = kind(self.request.GET, queryset=self.get_rows(), request=self.request)
        self.nach, self.zeitraum = filterset.read_gliederung(), filterset.read_zeitraum()
        is_file = self.request.GET.get("format", "") in export.FORMATE
        sortierung = self.request.GET.get("sortierung", "").split(",")[0]
        if sortierung.removeprefix("-") in NOT_FOR_OTHERS and (is_file or not self.is_inside):
            sortierung = ""
        if not filterset.form.is_valid():
            tafel = read_controlling(self.get_rows().none(), self.nach, self.zeitraum)
        elif self.is_inside:
            wanted = {"sortierung": sortierung, "auch_leere": filterset.asks_for_missing}
            tafel = self._read_inside(filterset.qs, wanted, is_file=is_file)
        else:
            tafel = self._read_outside(sortierung)
        self.tafel = tafel
        table = self.tabelle_class(_Zeilen(tafel), user=self.request.user, order_by=sortierung or "name", nach=self.nach)
        table.columns["name"].column.verbose_name = self.nach.label
        table.woerter = WOERTER[self.nach]
        if not self.is_inside:
            for name in NOT_FOR_OTHERS:
                table.columns[name].column.orderable = False
        return table, filterset, tafel

    def _read_inside(self, massnahmen: QuerySet[Massnahme], wanted: dict[str, Any], *, is_file: bool) -> Controllingtafel:
        if is_file:
            whole = read_controlling(massnahmen, self.nach, self.zeitraum, **wanted, anzahl=MOST_ROWS)
            return hide_in_file(whole, summierbar=self.nach != Gliederung.ZIELGRUPPE)
        text = self.request.GET.get("seite", "1")
        seite = min(max(int(text), 1), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 else 1
        wanted |= {"anzahl": self.je_seite}
        tafel = read_controlling(massnahmen, self.nach, self.zeitraum, ab=(seite - 1) * self.je_seite, **wanted)
        if not tafel.zeilen and tafel.anzahl:  # a page that does not exist shows the last one
            last = (tafel.anzahl - 1) // self.je_seite * self.je_seite
            tafel = read_controlling(massnahmen, self.nach, self.zeitraum, ab=last, **wanted)
        return tafel

    def _read_outside(self, sortierung: str) -> Controllingtafel:
        """The whole year as one table of four Gliederungen, hidden together; then the one that was asked for."""
        tafeln = {art.value: read_controlling(self.get_rows(), art, self.zeitraum, sortierung=sortierung) for art in Gliederung}
        present = {zeile.pk for zeile in tafeln[Gliederung.MASSNAHME].zeilen if zeile.pk}
        tafel = hide_in_year(tafeln, self._list_members(present))[self.nach]
        always = {name for name in ZAHLEN if name.startswith("vor_")}  # last year is a table of its own, hidden in its own way
        if not is_reif(self.zeitraum.bis):
            always |= {"verbleib", "beschaeftigt"}  # a rolling window would be subtracted from the next one
        zeilen = tuple(replace(zeile, geheim=zeile.geheim | always) for zeile in tafel.zeilen)
        return replace(tafel, zeilen=zeilen, summe=replace(tafel.summe, geheim=tafel.summe.geheim | always))

    def _list_members(self, present: set[int]) -> Mapping[str, Mapping[int | None, Sequence[int]]]:
        members: dict[str, dict[int | None, list[int]]] = {art.value: {} for art in Gliederung if art != Gliederung.MASSNAHME}
        grouped = set()
        for massnahme, zielgruppe in MassnahmeZielgruppe.objects.filter(massnahme__in=present).values_list("massnahme_id", "zielgruppe_id"):
            members[Gliederung.ZIELGRUPPE].setdefault(zielgruppe, []).append(massnahme)
            grouped.add(massnahme)
        for pk, traeger, instrument in Massnahme.objects.filter(pk__in=present).values_list("pk", "traeger_id", "instrument_id"):
            members[Gliederung.TRAEGER].setdefault(traeger, []).append(pk)
            members[Gliederung.INSTRUMENT].setdefault(instrument, []).append(pk)
            if pk not in grouped:
                members[Gliederung.ZIELGRUPPE].setdefault(None, []).append(pk)
        return members

    def get_summen(self, rows: Controllingtafel) -> Summen | None:
        names = ("auslastung", "eintritte", "kosten", "je_monat", "abbruch", "eingliederung")
        return Summen(rows.anzahl, dict.fromkeys(names, rows.summe))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        newest = Monatsmeldung.objects.order_by("-pk").values_list("gemeldet_am", flat=True).first()
        exits = self.zeitraum.austritte
        return context | {
            "nach": self.nach,
            "zeitraum": _say(self.zeitraum),
            "vorjahr": _say(self.zeitraum.vorjahr),
            "plan_bis": self.zeitraum.faellig_bis if self.zeitraum.faellig_bis >= self.zeitraum.von else None,
            "austritte": _say(exits),
            "unreif": None if exits.bis >= self.zeitraum.bis else (self.zeitraum.bis, reif_ab(self.zeitraum.bis)),
            "stand": newest,
            "innen": self.is_inside,
            "warnwerte": WARNWERTE,
            "wenige": WENIGE_AUSTRITTE,
        }

    def get_leer(self) -> dict[str, str]:
        return {
            "titel": "Für diese Zeit ist nichts gemeldet und nichts geplant",
            "text": "Wählen Sie einen anderen Zeitraum, oder melden Sie die Zahlen auf der Seite einer laufenden Maßnahme.",
            "url": reverse("massnahmen:massnahme-intern-liste"),
            "verb": "Zu den Maßnahmen",
        }


def _say(period: Zeitraum) -> str:
    return zeitraum(period.von, month_end(period.bis))


def _limits(warnung: Fraction, alarm: Fraction) -> tuple[str, str]:
    return prozent(in_percent(warnung), 0), prozent(in_percent(alarm), 0)


WARNWERTE = (
    ("Auslastung", "unter", *_limits(AUSLASTUNG_WARNUNG, AUSLASTUNG_ALARM), "Teilnahmetage von hundert Platztagen."),
    (
        "Abbruchquote",
        "über",
        *_limits(ABBRUCH_WARNUNG, ABBRUCH_ALARM),
        f"Abbrüche von hundert Austritten, ab {WENIGE_AUSTRITTE} Austritten.",
    ),
    (
        "Eingliederung",
        "unter",
        *_limits(EINGLIEDERUNG_WARNUNG, EINGLIEDERUNG_ALARM),
        f"Erreichte Eingliederungsquote von hundert Prozent der geplanten, je Maßnahme und ab {WENIGE_AUSTRITTE} Austritten.",
    ),
    ("Kosten", "über", *_limits(KOSTEN_WARNUNG, KOSTEN_ALARM), "Ist-Kosten von hundert Euro Plan für die Monate, die vorbei sind."),
)
