"""Reading figures as people read them: in words, with Stand and source, and with what can honestly be computed from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.conf import settings

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzahlart, Quellenart
from kennzahlen.models import Jobcenter, Kennzahl, Messwert
from kennzahlen.queries.datenstand import published_messwerte
from kennzahlen.queries.fragen import Frage, read_fragen
from kennzahlen.queries.stimmigkeit import explain_mean, months_of
from kennzahlen.queries.woerter import change_in_words, format_wert

LONGEST_POINT = 31  # days; a day or a month is a point in time beside other days and months
MEAN_SUFFIX = "-monat"  # a Kennzahl of that ending is the monthly mean of the one without it
PEOPLE_SUFFIX = "-menschen"  # whom the money of the same prefix reaches


@dataclass(frozen=True)
class Wert:
    """One figure with everything that has to stand beside it."""

    kennzahl: Kennzahl
    text: str
    zeitraum: str
    quelle: str
    stand: date
    ist_zitat: bool
    vergleich: str = ""  # computed by us; empty where nothing may be compared


@dataclass(frozen=True)
class Kachel:
    """A figure of the house's own with its change in a year."""

    wert: Wert
    veraenderung: str


@dataclass(frozen=True)
class Herkunft:
    """A source and, where a Kennzahl has several, which of its periods come from it."""

    quelle: str
    stand: date
    ist_zitat: bool
    zeitraeume: str


@dataclass(frozen=True)
class Kennzahlwerte:
    """All periods of one Kennzahl, oldest first."""

    kennzahl: Kennzahl
    werte: tuple[Wert, ...]
    herkunft: tuple[Herkunft, ...]
    hinweis: str  # where the source contradicts itself


@dataclass(frozen=True)
class Geldgeber:
    name: str
    text: str
    anteil: Decimal  # per cent of the sum


@dataclass(frozen=True)
class Finanzierung:
    """Money from several sources for one purpose. Sum, shares and money per person are our own computing."""

    titel: str
    zeitraum: str
    geldgeber: tuple[Geldgeber, ...]
    summe: str
    menschen: str
    je_mensch: str
    quelle: str
    stand: date


@dataclass(frozen=True)
class Jobcenterwerte:
    jobcenter: Jobcenter
    kennzahlen: tuple[Kennzahlwerte, ...]
    finanzierungen: tuple[Finanzierung, ...]


@dataclass(frozen=True)
class Uebersicht:
    eigenes: Jobcenter | None
    fragen: tuple[Frage, ...]
    weitere: tuple[Kachel, ...]
    andere: tuple[Jobcenterwerte, ...]


def read_uebersicht() -> Uebersicht:
    """The newest figure of each of our Kennzahlen, and what other Jobcenter have published about themselves. At most thirteen queries."""
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    published = (
        Messwert.objects.published()
        .filter(datenstand__quelle__art=Quellenart.PRESSE, geschlecht=Geschlecht.INSGESAMT)
        .exclude(jobcenter=eigenes)
        .with_source()
        .order_by("jobcenter__name", "jobcenter", "kennzahl__name", "bis", "von", "datenstand__tag", "pk")
    )
    return Uebersicht(
        eigenes=eigenes,
        fragen=read_fragen(eigenes) if eigenes else (),
        weitere=tuple(_own_kacheln(eigenes)) if eigenes else (),
        andere=tuple(_read_jobcenter(list(rows)) for _, rows in groupby(published, key=lambda row: row.jobcenter_id)),
    )


def check_monthly_mean(summe: Messwert, mittel: Messwert) -> str:
    """A sentence when a printed sum and a printed monthly mean of the same period contradict each other, else nothing."""
    assert summe.zaehler is not None
    assert mittel.zaehler is not None
    return explain_mean(summe.zaehler, months_of(summe.von, summe.bis), mittel.zaehler)


# --- our own figures --------------------------------------------------------------------------------------------
def _own_kacheln(eigenes: Jobcenter) -> list[Kachel]:
    """The newest figure of each Kennzahl of the house's own. Three queries."""
    own = published_messwerte().filter(jobcenter=eigenes, geschlecht=Geschlecht.INSGESAMT, kennzahl__art=Kennzahlart.EIGENE)
    newest_first = ("kennzahl_id", "-bis", "-von", "-datenstand__tag", "-pk")
    newest = list(own.with_source().order_by(*newest_first).distinct("kennzahl_id"))
    days = {_year_before(row.bis) for row in newest}
    earlier = own.filter(bis__in=days).with_source().order_by("datenstand__tag", "pk")
    before = {(row.kennzahl_id, row.bis, _length(row)): row for row in earlier}
    newest.sort(key=lambda row: row.kennzahl.code)
    return [_kachel(row, before.get((row.kennzahl_id, _year_before(row.bis), _length(row)))) for row in newest]


def _length(row: Messwert) -> tuple[bool, int, int]:
    """A month is compared with a month, a year with a year; the end of February may be another day."""
    return row.ist_zeitpunkt, row.von.month, row.bis.year - row.von.year


def _kachel(row: Messwert, before: Messwert | None) -> Kachel:
    einheit = Einheit(row.kennzahl.einheit)
    veraenderung = ""
    if einheit is Einheit.VERAENDERUNG:  # is itself a change within a year
        veraenderung = f"gegenüber {_zeitraum(_year_before_von(row), _year_before(row.bis))}"
    elif before and before.wert is not None and row.wert is not None:
        veraenderung = f"{change_in_words(einheit, row.wert, before.wert)} gegenüber {_zeitraum(before.von, before.bis)}"
    return Kachel(wert=_wert(row), veraenderung=veraenderung)


# --- figures of others ------------------------------------------------------------------------------------------
def _read_jobcenter(rows: Sequence[Messwert]) -> Jobcenterwerte:
    finanzierungen, used = _finanzierungen(rows)
    shown = [row for row in rows if row.pk not in used]
    groups = [list(group) for _, group in groupby(shown, key=lambda row: row.kennzahl_id)]
    return Jobcenterwerte(
        jobcenter=rows[0].jobcenter,
        kennzahlen=tuple(_kennzahlwerte(group, rows) for group in groups),
        finanzierungen=finanzierungen,
    )


def _kennzahlwerte(group: Sequence[Messwert], rows: Sequence[Messwert]) -> Kennzahlwerte:
    return Kennzahlwerte(
        kennzahl=group[0].kennzahl,
        werte=tuple(_wert(row, _comparable(row, group)) for row in group),
        herkunft=_herkunft(group),
        hinweis=" ".join(_hinweise(group, rows)),
    )


def _herkunft(group: Sequence[Messwert]) -> tuple[Herkunft, ...]:
    sources: dict[tuple[str, date, bool], list[str]] = {}
    for row in group:
        key = (str(row.datenstand.quelle), row.datenstand.tag, row.zitat is not None)
        sources.setdefault(key, []).append(_zeitraum(row.von, row.bis))
    return tuple(Herkunft(*key, zeitraeume=", ".join(periods) if len(sources) > 1 else "") for key, periods in sources.items())


def _wert(row: Messwert, before: Messwert | None = None) -> Wert:
    einheit = Einheit(row.kennzahl.einheit)
    vergleich = ""
    if before and before.wert is not None and row.wert is not None:
        vergleich = f"{change_in_words(einheit, row.wert, before.wert)} gegenüber {_zeitraum(before.von, before.bis)}"
    return Wert(
        kennzahl=row.kennzahl,
        text=_with_word(row),
        zeitraum=_zeitraum(row.von, row.bis),
        quelle=str(row.datenstand.quelle),
        stand=row.datenstand.tag,
        ist_zitat=row.zitat is not None,
        vergleich=vergleich,
    )


def _comparable(row: Messwert, rows: Iterable[Messwert]) -> Messwert | None:
    """The newest earlier figure of the same Kennzahl for the same part of a year, or another single day or month; exact ones only."""
    earlier = [
        other
        for other in rows
        if other.kennzahl_id == row.kennzahl_id
        and other.bis < row.von
        and {row.genauigkeit, other.genauigkeit} == {Genauigkeit.GENAU}
        and (_part_of_year(row) == _part_of_year(other) or max(_days(row), _days(other)) <= LONGEST_POINT)
    ]
    return max(earlier, key=lambda other: (other.bis, other.datenstand.tag), default=None)


def _finanzierungen(rows: Sequence[Messwert]) -> tuple[tuple[Finanzierung, ...], set[int]]:
    """Money of one purpose (the prefix of the code) and period, when there are at least two sources of it; and the rows it used."""
    found, used = [], set()
    money = [row for row in rows if row.kennzahl.einheit == Einheit.CENT]
    money.sort(key=_purpose)
    for (prefix, von, bis), group in groupby(money, key=_purpose):
        posten = sorted(group, key=lambda row: -(row.zaehler or 0))
        if len(posten) < 2:
            continue
        people = next((row for row in rows if row.kennzahl.code == prefix + PEOPLE_SUFFIX and (row.von, row.bis) == (von, bis)), None)
        found.append(_finanzierung(posten, people))
        used |= {row.pk for row in [*posten, *([people] if people else [])]}
    return tuple(found), used


def _finanzierung(posten: Sequence[Messwert], people: Messwert | None) -> Finanzierung:
    cents = sum(row.zaehler or 0 for row in posten)
    exact = all(row.genauigkeit == Genauigkeit.GENAU for row in [*posten, *([people] if people else [])])
    je_mensch = ""
    if people and people.zaehler:
        euros = Decimal(cents) / 100 / people.zaehler
        je_mensch = typography.euro(int(round(euros, 0 if exact else -2)) * 100)
        je_mensch = je_mensch if exact else f"rund {je_mensch}"
    return Finanzierung(
        titel=posten[0].kennzahl.name.partition(": ")[0],
        zeitraum=_zeitraum(posten[0].von, posten[0].bis),
        geldgeber=tuple(
            Geldgeber(row.kennzahl.name.partition(": ")[2] or row.kennzahl.name, _with_word(row), Decimal(row.zaehler or 0) * 100 / cents)
            for row in posten
        ),
        summe=f"{'' if exact else 'rund '}{typography.zahl(Decimal(cents) / 100_000_000, 2)}{typography.NBSP}Mio.{typography.NBSP}€",
        menschen=_with_word(people) if people else "",
        je_mensch=je_mensch,
        quelle=str(posten[0].datenstand.quelle),
        stand=posten[0].datenstand.tag,
    )


def _hinweise(group: Sequence[Messwert], rows: Sequence[Messwert]) -> Iterable[str]:
    for summe in group:
        for mittel in rows:
            same = (mittel.von, mittel.bis, mittel.datenstand_id) == (summe.von, summe.bis, summe.datenstand_id)
            if same and mittel.kennzahl.code == summe.kennzahl.code + MEAN_SUFFIX and (hinweis := check_monthly_mean(summe, mittel)):
                yield hinweis


def _purpose(row: Messwert) -> tuple[str, date, date]:
    return row.kennzahl.code.partition("-")[0], row.von, row.bis


# --- words and days ---------------------------------------------------------------------------------------------
def _with_word(row: Messwert) -> str:
    return f"{row.get_genauigkeit_display()} {format_wert(Einheit(row.kennzahl.einheit), row.wert)}".strip()


def _zeitraum(von: date, bis: date) -> str:
    return typography.zeitraum(von, bis)


def _year_before(day: date) -> date:
    """The same day a year earlier; the end of February stays its end."""
    tomorrow = date.fromordinal(day.toordinal() + 1)
    if tomorrow.day == 1:
        return date.fromordinal(tomorrow.replace(year=tomorrow.year - 1).toordinal() - 1)
    return day.replace(year=day.year - 1)


def _year_before_von(row: Messwert) -> date:
    return _year_before(row.bis) if row.ist_zeitpunkt else row.von.replace(year=row.von.year - 1)


def _part_of_year(row: Messwert) -> tuple[int, int, int, int, int]:
    return row.von.month, row.von.day, row.bis.month, row.bis.day, row.bis.year - row.von.year


def _days(row: Messwert) -> int:
    return (row.bis - row.von).days + 1
