"""A whole text under the check, and the quoted figures of all texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from jobcenter.konten.models import UserLike
from kennzahlen.enums import Genauigkeit, Wiedergabe, Zitaturteil
from kennzahlen.models import Zitat
from kennzahlen.queries.stimmigkeit import explain_mean, explain_rounded, months_of
from kennzahlen.queries.zahlen_im_text import Zahlstelle, find_zahlen, mark, normalise, read_zahl
from kennzahlen.queries.zitate.kandidaten import Kandidat, suggest
from kennzahlen.queries.zitate.pruefung import Befund, check_zitate, key_before, key_of
from kennzahlen.queries.zitate.texte import TEXTARTEN, texts_visible_to

MEAN_SUFFIX = "-monat"  # a Kennzahl of that ending is the monthly mean of the one without it


@dataclass(frozen=True)
class Textzahl:
    """A figure of a text: tied, with its verdict, or not, with what it might mean. `nummer` counts the figures from 1."""

    nummer: int
    stelle: Zahlstelle
    zitat: Zitat | None
    befund: Befund | None
    kandidaten: tuple[Kandidat, ...]


@dataclass(frozen=True)
class Textbefund:
    """A text in pieces, every figure once under its words, and what does not fit together in it."""

    stuecke: tuple[tuple[str, Textzahl | None], ...]
    zahlen: tuple[Textzahl, ...]
    hinweise: tuple[str, ...]
    verwaist: tuple[Zitat, ...]  # tied once, not in the text any more

    @property
    def belegte(self) -> int:
        return sum(zahl.zitat is not None for zahl in self.zahlen)

    def find(self, text: str) -> Textzahl | None:
        return next((zahl for zahl in self.zahlen if zahl.stelle.text == normalise(text)), None)


def check_text(objekt: Any, text: str) -> Textbefund:
    """Every figure of a text of an object: the verdict where it is tied, up to three values where it is not."""
    zitate = {zitat.text: zitat for zitat in _zitate_of(objekt)}
    befunde = check_zitate(list(zitate.values()))
    stellen = find_zahlen(text)
    once = {stelle.text: stelle for stelle in reversed(stellen)}
    kandidaten = suggest([stelle for words, stelle in once.items() if words not in zitate])
    zahlen: dict[str, Textzahl] = {}
    for stelle in stellen:
        if stelle.text not in zahlen:
            zitat = zitate.get(stelle.text)
            befund = befunde[zitat.pk] if zitat else None
            zahlen[stelle.text] = Textzahl(len(zahlen) + 1, stelle, zitat, befund, kandidaten.get(stelle.text, ()))
    present = [zitat for words, zitat in zitate.items() if words in once]
    return Textbefund(
        stuecke=tuple((piece, zahlen[stelle.text] if stelle else None) for piece, stelle in mark(text, stellen)),
        zahlen=tuple(zahlen.values()),
        hinweise=tuple(explain_together(present)),
        verwaist=tuple(zitat for words, zitat in zitate.items() if words not in once),
    )


def explain_together(zitate: Sequence[Zitat]) -> Iterable[str]:
    """Where quoted figures of one text do not fit each other: a sum and its mean, two values and the change between them."""
    read = [(zitat, stelle) for zitat in zitate if (stelle := read_zahl(zitat.text))]
    for summe, printed in read:
        for mittel, mean in read:
            if mittel.kennzahl.code != summe.kennzahl.code + MEAN_SUFFIX or (summe.von, summe.bis) != (mittel.von, mittel.bis):
                continue
            months = months_of(summe.von, summe.bis)
            if {summe.genauigkeit, mittel.genauigkeit} == {Genauigkeit.GENAU} and summe.wiedergabe == mittel.wiedergabe == Wiedergabe.WERT:
                yield from filter(None, [explain_mean(printed.wert, months, mean.wert, schritt=mean.schritt, wer="Der Text")])
    for zitat, change in read:
        if zitat.wiedergabe != Wiedergabe.VERAENDERUNG:
            continue
        values = {key_of(other): stelle for other, stelle in read if other.wiedergabe == Wiedergabe.WERT}
        jetzt, vorher = values.get(key_of(zitat)), values.get(key_before(zitat))
        if jetzt and vorher and zitat.genauigkeit == Genauigkeit.GENAU:
            yield from filter(None, [explain_rounded(jetzt, vorher, change)])


@dataclass(frozen=True)
class Zitatzeile:
    """A quoted figure in the list of all."""

    zitat: Zitat
    objekt: Any
    wort: str
    befund: Befund

    @property
    def art(self) -> str:
        return str(self.objekt._meta.label_lower)


def list_zitate(user: UserLike, urteil: str = "") -> list[Zitatzeile]:
    """Quoted figures of all texts that the person sees, problems first; those of one verdict where it is named.

    A fixed number of queries: two for the values, one for the figures, one per kind of text.
    """
    zitate = list(Zitat.objects.select_related("kennzahl", "von_person", "content_type").order_by("-am", "-pk"))
    befunde = check_zitate(zitate)
    found = []
    for label, some in groupby(sorted(zitate, key=_label), key=_label):
        if label not in TEXTARTEN:
            continue
        of_kind = list(some)
        objekte: Mapping[int, Any] = texts_visible_to(user, label).in_bulk({zitat.objekt_id for zitat in of_kind})
        texts = {pk: _figures_of(objekt) for pk, objekt in objekte.items()}
        for zitat in of_kind:
            if objekt := objekte.get(zitat.objekt_id):
                befund = befunde[zitat.pk] if zitat.text in texts[objekt.pk] else _gone(zitat)
                found.append(Zitatzeile(zitat, objekt, TEXTARTEN[label].wort, befund))
    order = list(Zitaturteil)
    found.sort(key=lambda zeile: (order.index(zeile.befund.urteil), -zeile.zitat.am.timestamp()))
    return [zeile for zeile in found if not urteil or zeile.befund.urteil == urteil]


def _gone(zitat: Zitat) -> Befund:
    return Befund(Zitaturteil.FEHLT, f"„{zitat.text}“ steht nicht mehr im Text. Lösen Sie die Verbindung.")


def _figures_of(objekt: Any) -> set[str]:
    return {stelle.text for stelle in find_zahlen(TEXTARTEN[objekt._meta.label_lower].read(objekt))}


def _label(zitat: Zitat) -> str:
    return f"{zitat.content_type.app_label}.{zitat.content_type.model}"


def _zitate_of(objekt: Any) -> QuerySet[Zitat]:
    """A join instead of ContentType's own memory: the number of queries does not depend on what ran before."""
    kind = Q(content_type__app_label=objekt._meta.app_label, content_type__model=objekt._meta.model_name)
    return Zitat.objects.filter(kind, objekt_id=objekt.pk).select_related("kennzahl", "von_person").order_by("pk")
