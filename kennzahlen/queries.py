"""Reading figures as people read them: in words, with Stand and source, and with what can honestly be computed from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.conf import settings

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzahlart, Quellenart, Richtung
from kennzahlen.models import Jobcenter, Kennzahl, Messwert, Zielwert

LONGEST_POINT = 31  # days; a day or a month is a point in time beside other days and months
MOST_MONTHS = 36
MEAN_SUFFIX = "-monat"  # a Kennzahl of that ending is the monthly mean of the one without it
PEOPLE_SUFFIX = "-menschen"  # whom the money of the same prefix reaches
MONEY = {"K1", "K1E1"}  # their Zähler and Nenner are cents
MINUS_WORD, PLUS_WORD = "minus", "plus"


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
    """A figure of our own with its change in a year and its goal."""

    wert: Wert
    veraenderung: str
    ziel: str
    rechnung: str  # the two numbers behind a rate


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
    kennzahlen: tuple[Kachel, ...]
    weitere: tuple[Kachel, ...]
    andere: tuple[Jobcenterwerte, ...]


def read_uebersicht() -> Uebersicht:
    """The newest figure of each of our Kennzahlen, and what other Jobcenter have published about themselves. Five queries."""
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    kacheln = _own_kacheln(eigenes) if eigenes else []
    official = {Kennzahlart.KENNZAHL}
    published = (
        Messwert.objects.filter(datenstand__quelle__art=Quellenart.PRESSE, geschlecht=Geschlecht.INSGESAMT)
        .exclude(jobcenter=eigenes)
        .with_source()
        .order_by("jobcenter__name", "jobcenter", "kennzahl__name", "bis", "von", "datenstand__tag", "pk")
    )
    return Uebersicht(
        eigenes=eigenes,
        kennzahlen=tuple(k for k in kacheln if k.wert.kennzahl.art in official),
        weitere=tuple(k for k in kacheln if k.wert.kennzahl.art not in official),
        andere=tuple(_read_jobcenter(list(rows)) for _, rows in groupby(published, key=lambda row: row.jobcenter_id)),
    )


def format_wert(einheit: Einheit, wert: Decimal | None) -> str:
    """9.525, 26,7 %, 13,9 Mio. €; "–" where it cannot be computed."""
    if wert is None:
        return typography.DASH
    match einheit:
        case Einheit.ANZAHL:
            return typography.zahl(wert)
        case Einheit.CENT:
            return typography.euro_kurz(int(wert))
    return typography.prozent(wert)


def change_in_words(einheit: Einheit, wert: Decimal, before: Decimal) -> str:
    """plus 0,7 Prozentpunkte for rates, minus 275 (minus 2,8 %) for counts: a rate never grows by per cent of itself."""
    difference = wert - before
    if einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}:
        points = typography.zahl(abs(difference), 1)
        return "unverändert" if points == "0,0" else f"{_signed(difference, points)} Prozentpunkte"
    if not difference:
        return "unverändert"
    amount = format_wert(einheit, abs(difference))
    if not before:
        return _signed(difference, amount)
    share = typography.prozent(abs(difference / before * 100))
    return f"{_signed(difference, amount)} ({_signed(difference, share)})"


def check_monthly_mean(summe: Messwert, mittel: Messwert) -> str:
    """A sentence when a printed sum and a printed monthly mean of the same period contradict each other, else nothing."""
    assert summe.zaehler is not None
    assert mittel.zaehler is not None
    months = _months(summe.von, summe.bis)
    if not months or not mittel.zaehler or _rounds_to(summe.zaehler, months, mittel.zaehler):
        return ""
    count, mean = typography.zahl(summe.zaehler), typography.zahl(mittel.zaehler)
    computed = typography.zahl(Decimal(summe.zaehler) / months, 1)
    sentence = (
        f"Die Quelle nennt {count} für {months}{typography.NBSP}Monate und {mean} je Monat. Beides passt nicht zusammen: "
        f"{count} geteilt durch {months} ergibt {computed}."
    )
    fitting = next((n for n in range(1, MOST_MONTHS + 1) if _rounds_to(summe.zaehler, n, mittel.zaehler)), None)
    if fitting:
        computed = typography.zahl(Decimal(summe.zaehler) / fitting, 1)
        sentence += f" Zu {mean} je Monat passen {fitting}{typography.NBSP}Monate ({computed})."
    return sentence


# --- our own figures --------------------------------------------------------------------------------------------
def _own_kacheln(eigenes: Jobcenter) -> list[Kachel]:
    own = Messwert.objects.filter(jobcenter=eigenes, geschlecht=Geschlecht.INSGESAMT)
    newest_first = ("kennzahl_id", "-bis", "-datenstand__tag", "-pk")
    newest = list(own.with_source().order_by(*newest_first).distinct("kennzahl_id"))
    days = {_year_before(row.bis) for row in newest}
    before = {(row.kennzahl_id, row.bis): row for row in own.filter(bis__in=days).with_source().order_by("datenstand__tag", "pk")}
    years = {row.bis.year for row in newest}
    ziele = {
        (ziel.kennzahl_id, ziel.jahr): ziel
        for ziel in Zielwert.objects.filter(jobcenter=eigenes, jahr__in=years, geschlecht=Geschlecht.INSGESAMT)
    }
    ranks = list(Kennzahlart)
    newest.sort(key=lambda row: (ranks.index(Kennzahlart(row.kennzahl.art)), row.kennzahl.code))
    return [
        _kachel(row, before.get((row.kennzahl_id, _year_before(row.bis))), ziele.get((row.kennzahl_id, row.bis.year))) for row in newest
    ]


def _kachel(row: Messwert, before: Messwert | None, ziel: Zielwert | None) -> Kachel:
    einheit = Einheit(row.kennzahl.einheit)
    veraenderung = ""
    if einheit is Einheit.VERAENDERUNG:  # is itself a change within a year
        veraenderung = f"gegenüber {_zeitraum(_year_before_von(row), _year_before(row.bis))}"
    elif before and before.wert is not None and row.wert is not None:
        veraenderung = f"{change_in_words(einheit, row.wert, before.wert)} gegenüber {_zeitraum(before.von, before.bis)}"
    return Kachel(wert=_wert(row), veraenderung=veraenderung, ziel=_ziel(row.kennzahl, ziel), rechnung=_rechnung(row))


def _rechnung(row: Messwert) -> str:
    if row.zaehler is None or row.nenner is None:
        return ""
    word = typography.euro_kurz if row.kennzahl.code in MONEY else typography.zahl
    between = "statt" if row.kennzahl.einheit == Einheit.VERAENDERUNG else "geteilt durch"
    return f"{word(row.zaehler)} {between} {word(row.nenner)}"


def _ziel(kennzahl: Kennzahl, ziel: Zielwert | None) -> str:
    if ziel is None:
        return ""
    word = {Richtung.HOEHER: "mindestens ", Richtung.NIEDRIGER: "höchstens "}.get(Richtung(kennzahl.richtung), "")
    note = ", nur zur Beobachtung" if ziel.nur_beobachtung else ""
    return f"Ziel {ziel.jahr}: {word}{format_wert(Einheit(kennzahl.einheit), ziel.wert)}{note}"


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


def _signed(value: Decimal, amount: str) -> str:
    return f"{MINUS_WORD if value < 0 else PLUS_WORD}{typography.NBSP}{amount}"


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


def _months(von: date, bis: date) -> int:
    """Whole months of a period, 0 when it does not consist of whole months."""
    after = date.fromordinal(bis.toordinal() + 1)
    return (after.year - von.year) * 12 + after.month - von.month if von.day == after.day == 1 else 0


def _rounds_to(summe: int, months: int, mean: int) -> bool:
    return round(Decimal(summe) / months) == mean
