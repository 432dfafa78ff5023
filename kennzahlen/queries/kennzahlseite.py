"""Everything on the page of one Kennzahl: the finding, its place, the comparison, the months and how it is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Q

from jobcenter.common import clock, typography
from kennzahlen.enums import Diagrammart, Einheit, Geschlecht, Gruppenart, Kennzahlart, Quellenart, Reife
from kennzahlen.models import Datenstand, Diagramm, Jobcenter, Kennzahl, Vergleichsgruppe, Zugehoerigkeit
from kennzahlen.queries.datenstand import published_messwerte
from kennzahlen.queries.fragen import place_in_words, read_diagramme, read_ziele, ziel_in_words
from kennzahlen.queries.rangliste import Rangliste, read_ranglisten
from kennzahlen.queries.reihe import Punkt, Reihe, read_gruppenreihen, read_reihen
from kennzahlen.queries.woerter import (
    Aenderung,
    Rechnung,
    amount_in_words,
    change_in_words,
    explain_rechnung,
    explain_richtung,
    find_aenderung,
    find_befund,
    nenner_of,
    value_in_words,
)

MOST_QUOTED = 200  # figures of others on the page of an own Kennzahl
FEW, ENOUGH = 3, 8  # values that have a middle, and values of which quarters may be told apart


@dataclass(frozen=True)
class Vergleichszeile:
    name: str
    wert: str
    unterschied: str  # how far ours is from it
    jobcenter: str  # how many of how many are in the sum
    ist_eigene: bool = False


@dataclass(frozen=True)
class Lagesatz:
    """Our place among all, in words."""

    platz: str
    saetze: tuple[str, ...]
    anzahl: int


@dataclass(frozen=True)
class Geschlechtzeile:
    geschlecht: Geschlecht
    name: str
    wert: str
    aenderung: Aenderung | None
    geheim: bool
    ist_gezeigt: bool


@dataclass(frozen=True)
class Monatszeile:
    punkt: Punkt
    wert: str
    zaehler: str
    nenner: str
    frueher: str
    ist_gezeigt: bool


@dataclass(frozen=True)
class Jahr:
    jahr: int
    monate: tuple[Monatszeile, ...]
    offen: bool


@dataclass(frozen=True)
class Zeitraumzeile:
    """A figure of a longer or shorter period than a month, or one that somebody has published about himself."""

    jobcenter: str
    zeitraum: str
    wert: str
    quelle: str
    stand: date
    ist_zitat: bool
    ist_eigene: bool


@dataclass(frozen=True)
class Monatsbild:
    """What the page says about the month that is shown."""

    punkt: Punkt
    wert: str
    befund: str
    aenderung: Aenderung | None
    ziel: str
    lage: Lagesatz | None
    vergleich: tuple[Vergleichszeile, ...]
    geschlechter: tuple[Geschlechtzeile, ...]
    jahre: tuple[Jahr, ...]
    rechnung: Rechnung | None
    fiktiver_gebietsstand: bool
    ist_neuester: bool


@dataclass(frozen=True)
class Kennzahlseite:
    kennzahl: Kennzahl
    eigenes: Jobcenter | None
    richtung: str
    bild: Monatsbild | None  # None where there is no month at all
    geschlecht: Geschlecht
    gesucht: str  # what was asked for and is not there, as a sentence
    auswahl: tuple[tuple[str, str], ...]  # months to choose from, newest first
    diagramme: Mapping[str, Diagramm]
    zeitraeume: tuple[Zeitraumzeile, ...]

    @property
    def neuester_zeitraum(self) -> Zeitraumzeile | None:
        """Our own newest figure where there are no months."""
        return next((zeile for zeile in self.zeitraeume if self.bild is None and zeile.ist_eigene), None)

    @property
    def zeigt_andere(self) -> bool:
        return any(not zeile.ist_eigene for zeile in self.zeitraeume)

    @property
    def datenstand(self) -> Datenstand | None:
        return self.bild.punkt.datenstand if self.bild else None


def read_eigenes() -> Jobcenter | None:
    return Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()


def read_kennzahlseite(kennzahl: Kennzahl, *, monat: date | None = None, geschlecht: Geschlecht = Geschlecht.INSGESAMT) -> Kennzahlseite:
    """The newest month unless another is asked for; then that one, or the nearest one with a value. At most 14 queries."""
    eigenes = read_eigenes()
    sexes = (Geschlecht.INSGESAMT, Geschlecht.FRAUEN, Geschlecht.MAENNER)
    reihen = read_reihen([kennzahl], eigenes, bis=clock.today(), geschlechter=sexes) if eigenes else {}
    by_sex = {one: reihen[kennzahl.code, one] for one in sexes if (kennzahl.code, one) in reihen}
    shown = geschlecht if geschlecht in by_sex and by_sex[geschlecht].letzter else Geschlecht.INSGESAMT
    punkt = by_sex[shown].nearest(monat) if by_sex else None
    bild = None
    if eigenes and punkt:
        bild = _bild(eigenes, by_sex, shown, punkt)
    return Kennzahlseite(
        kennzahl=kennzahl,
        eigenes=eigenes,
        richtung=explain_richtung(kennzahl),
        bild=bild,
        geschlecht=shown,
        gesucht=_why_other(geschlecht, shown, monat, punkt),
        auswahl=list_auswahl(by_sex.get(shown)),
        diagramme={art: row for (_, art), row in read_diagramme([kennzahl], [Diagrammart.VERLAUF, Diagrammart.LAGE]).items()},
        zeitraeume=tuple(_zeitraeume(kennzahl, eigenes, with_months=punkt is None)),
    )


def _bild(eigenes: Jobcenter, by_sex: Mapping[Geschlecht, Reihe], shown: Geschlecht, punkt: Punkt) -> Monatsbild:
    reihe = by_sex[shown]
    kennzahl, before, newest = reihe.kennzahl, reihe.vorjahr(punkt), reihe.letzter
    assert newest is not None
    listen = read_ranglisten([kennzahl], bis=punkt.bis, geschlecht=shown) if is_compared(kennzahl) else {}
    ziel = read_ziele(eigenes, [kennzahl]).get((kennzahl.pk, punkt.bis.year))
    return Monatsbild(
        punkt=punkt,
        wert=value_in_words(kennzahl, punkt.wert),
        befund=find_befund(kennzahl, punkt, before),
        aenderung=find_aenderung(kennzahl, punkt, before),
        ziel=ziel_in_words(kennzahl, ziel) if shown is Geschlecht.INSGESAMT else "",
        lage=_lage(listen[kennzahl.code], eigenes) if listen else None,
        vergleich=tuple(_vergleich(eigenes, kennzahl, punkt, shown)) if is_compared(kennzahl) else (),
        geschlechter=tuple(_geschlechter(by_sex, shown, punkt)),
        jahre=tuple(_jahre(reihe, punkt)),
        rechnung=explain_rechnung(kennzahl, punkt),
        fiktiver_gebietsstand=any(p.fiktiver_gebietsstand for p in reihe.punkte),
        ist_neuester=punkt == newest,
    )


def is_compared(kennzahl: Kennzahl) -> bool:
    """Rates compare Jobcenter of every size; numbers of people or euros would compare the size of their districts."""
    return kennzahl.einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}


def list_auswahl(reihe: Reihe | None) -> tuple[tuple[str, str], ...]:
    """Months with a value to choose from, newest first: ("2026-07", "Juli 2026")."""
    return tuple((f"{punkt.von:%Y-%m}", typography.monat(punkt.von)) for punkt in reversed(reihe.bekannte)) if reihe else ()


# --- which month ------------------------------------------------------------------------------------------------
def _why_other(wanted: Geschlecht, shown: Geschlecht, monat: date | None, punkt: Punkt | None) -> str:
    if punkt is None:
        return ""
    sentences = []
    if wanted is not shown:
        sentences.append(f"Für {wanted.label} gibt es diese Zahl nicht. Sie sehen die Zahl für alle.")
    if monat is not None and monat != punkt.von:
        sentences.append(
            f"Für {typography.monat(monat)} gibt es keine Zahl. Sie sehen den nächstgelegenen Monat: {typography.monat(punkt.von)}."
        )
    return " ".join(sentences)


# --- the parts of the page --------------------------------------------------------------------------------------
def _lage(liste: Rangliste, eigenes: Jobcenter) -> Lagesatz | None:
    platz, count = place_in_words(liste, eigenes), len(liste.plaetze)
    if not platz:
        return None
    low, middle, high = (value_in_words(liste.kennzahl, liste.quantil(n)) for n in (1, 2, 3))
    saetze = []
    if count >= FEW:
        saetze.append(f"In der Mitte aller Jobcenter liegt {middle}: Die eine Hälfte hat höchstens so viel, die andere mindestens so viel.")
    if count >= ENOUGH:
        saetze.append(f"Ein Viertel liegt unter {low}, ein Viertel über {high}.")
    return Lagesatz(platz, tuple(saetze), count)


def _vergleich(eigenes: Jobcenter, kennzahl: Kennzahl, punkt: Punkt, geschlecht: Geschlecht) -> Iterable[Vergleichszeile]:
    assert punkt.wert is not None
    yield Vergleichszeile(str(eigenes), value_in_words(kennzahl, punkt.wert), "", "", ist_eigene=True)
    reihen = read_gruppenreihen(kennzahl, eigenes, bis=punkt.bis, geschlecht=geschlecht, monate=1)
    members = count_mitglieder([reihe.gruppe for reihe in reihen if reihe.gruppe], punkt.bis)
    for reihe in reversed(reihen):  # the nearest first: Vergleichstyp, Land, Bund
        assert reihe.gruppe is not None
        (summe,) = reihe.punkte
        if summe.wert is not None and summe.anzahl is not None and summe.anzahl > 1:  # a sum of one is no comparison
            yield Vergleichszeile(
                name=name_gruppe(reihe.gruppe),
                wert=value_in_words(kennzahl, summe.wert),
                unterschied=change_in_words(Einheit(kennzahl.einheit), punkt.wert, summe.wert),
                jobcenter=f"{typography.zahl(summe.anzahl)} von {typography.zahl(max(summe.anzahl, members[reihe.gruppe.pk]))}",
            )


def name_gruppe(gruppe: Vergleichsgruppe) -> str:
    match gruppe.art:
        case Gruppenart.TYP:
            return f"Vergleichstyp {gruppe.name}"
        case Gruppenart.LAND:
            return f"Land {gruppe.name}"
    return gruppe.name


def count_mitglieder(gruppen: Iterable[Vergleichsgruppe], day: date) -> dict[int, int]:
    """How many Jobcenter belong to each group on a day. One query."""
    found = dict.fromkeys((gruppe.pk for gruppe in gruppen), 0)
    rows = Zugehoerigkeit.objects.filter(gruppe__in=list(found), zeitraum__contains=day).values("gruppe").annotate(anzahl=Count("pk"))
    return found | {row["gruppe"]: row["anzahl"] for row in rows}


def _geschlechter(by_sex: Mapping[Geschlecht, Reihe], shown: Geschlecht, punkt: Punkt) -> Iterable[Geschlechtzeile]:
    """Nothing where nothing is known but the whole."""
    if not any(by_sex[one].letzter for one in (Geschlecht.FRAUEN, Geschlecht.MAENNER)):
        return
    names = {Geschlecht.FRAUEN: "Frauen", Geschlecht.MAENNER: "Männer", Geschlecht.INSGESAMT: "alle zusammen"}
    for one, name in names.items():
        reihe = by_sex[one]
        found = reihe.at(punkt.bis)
        assert found is not None
        aenderung = find_aenderung(reihe.kennzahl, found, reihe.vorjahr(found)) if found.wert is not None else None
        yield Geschlechtzeile(one, name, value_in_words(reihe.kennzahl, found.wert), aenderung, found.geheim, one is shown)


def _jahre(reihe: Reihe, shown: Punkt) -> Iterable[Jahr]:
    """From the first month to the newest one that is known, newest first; the year that is shown is open."""
    known = [index for index, punkt in enumerate(reihe.punkte) if punkt.wert is not None or punkt.geheim]
    rows = reihe.punkte[known[0] : known[-1] + 1]
    for jahr, punkte in groupby(reversed(rows), key=lambda punkt: punkt.von.year):
        zeilen = tuple(_zeile(reihe.kennzahl, punkt, punkt is shown) for punkt in punkte)
        yield Jahr(jahr, zeilen, offen=jahr == shown.von.year)


def _zeile(kennzahl: Kennzahl, punkt: Punkt, ist_gezeigt: bool) -> Monatszeile:
    return Monatszeile(
        punkt=punkt,
        wert=value_in_words(kennzahl, punkt.wert),
        zaehler=amount_in_words(kennzahl, punkt.zaehler),
        nenner=amount_in_words(kennzahl, nenner_of(kennzahl, punkt)),
        frueher=value_in_words(kennzahl, punkt.frueher) if punkt.reife is Reife.REVIDIERT else "",
        ist_gezeigt=ist_gezeigt,
    )


def _zeitraeume(kennzahl: Kennzahl, eigenes: Jobcenter | None, *, with_months: bool) -> Iterable[Zeitraumzeile]:
    """Of own Kennzahlen what is no series of months: our periods, and what others have published about themselves."""
    if kennzahl.art != Kennzahlart.EIGENE:
        return
    quoted = Q(datenstand__quelle__art=Quellenart.PRESSE)
    rows = published_messwerte().filter(kennzahl=kennzahl, geschlecht=Geschlecht.INSGESAMT)
    rows = rows.filter(quoted | Q(jobcenter=eigenes) if with_months else quoted)
    for row in rows.with_source().order_by("jobcenter__name", "-bis", "-von", "-datenstand__tag", "pk")[:MOST_QUOTED]:
        yield Zeitraumzeile(
            jobcenter=str(row.jobcenter),
            zeitraum=typography.zeitraum(row.von, row.bis),
            wert=f"{row.get_genauigkeit_display()} {value_in_words(kennzahl, row.wert)}".strip(),
            quelle=str(row.datenstand.quelle),
            stand=row.datenstand.tag,
            ist_zitat=row.zitat is not None,
            ist_eigene=row.jobcenter == eigenes,
        )
