"""What a visitor meets first."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from beirat.queries import Sitzungszeile, next_sitzung
from jobcenter.common import clock, typography
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.enums import Einheit, Geschlecht
from kennzahlen.models import Messwert
from massnahmen.enums import Instrumentgruppe
from massnahmen.models import Instrument
from massnahmen.queries import Programminhalt, current_veroeffentlichung, read_fassung

NEUESTE = 3  # releases and figures on the start page


# --- start page -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Zahl:
    """One figure as a tile words it."""

    titel: str
    wert: str
    satz: str
    stand: str


@dataclass(frozen=True)
class Startseite:
    pressemitteilungen: list[Pressemitteilung]
    zahlen: list[Zahl]
    zahlen_sind_eigene: bool
    sitzung: Sitzungszeile | None
    programm: Programminhalt | None


def read_startseite() -> Startseite:
    """Everything that a visitor meets first; nothing that is not public at this moment."""
    veroeffentlichung = current_veroeffentlichung()
    eigene = newest_zahlen(own=True)
    return Startseite(
        pressemitteilungen=list(Pressemitteilung.objects.veroeffentlicht().newest_first()[:NEUESTE]),
        zahlen=eigene or newest_zahlen(own=False),
        zahlen_sind_eigene=bool(eigene),
        sitzung=next_sitzung(),
        programm=read_fassung(veroeffentlichung.fassung) if veroeffentlichung else None,
    )


def newest_zahlen(*, own: bool) -> list[Zahl]:
    """The newest figures of this Jobcenter, or those of others under their names; one per Kennzahl."""
    whose = Q(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    newest = (
        Messwert.objects.published()
        .filter(whose if own else ~whose, geschlecht=Geschlecht.INSGESAMT)
        .order_by("kennzahl_id", "-bis", "-datenstand__tag", "jobcenter_id", "pk")
        .distinct("kennzahl_id")
    )
    shown = Messwert.objects.filter(pk__in=newest.values("pk")).with_source().order_by("-bis", "-datenstand__tag", "pk")
    return [_word_messwert(messwert, own=own) for messwert in shown[:NEUESTE]]


def _word_messwert(messwert: Messwert, *, own: bool) -> Zahl:
    zeit = typography.datum(messwert.bis) if messwert.ist_zeitpunkt else typography.zeitraum(messwert.von, messwert.bis)
    return Zahl(
        titel=messwert.kennzahl.name,
        wert=f"{messwert.get_genauigkeit_display()} {_word_value(messwert)}".strip(),
        satz=zeit if own else f"{messwert.jobcenter}, {zeit}",
        stand=f"Stand: {typography.datum(messwert.datenstand.tag)}",
    )


def _word_value(messwert: Messwert) -> str:
    value = messwert.wert
    match messwert.kennzahl.einheit:
        case Einheit.PROZENT | Einheit.VERAENDERUNG:
            return typography.prozent(value)
        case Einheit.CENT:
            return typography.euro_kurz(None if value is None else int(value))
        case _:
            return typography.zahl(value)


# --- for companies ----------------------------------------------------------------------------------------------
def list_lohnzuschuesse() -> list[Instrument]:
    """Instruments valid today that pay companies for employing somebody. The plain words say for whom an instrument is."""
    return list(_valid_today().filter(gruppe__in=[Instrumentgruppe.D, Instrumentgruppe.F], klartext__icontains="für Betriebe"))


def list_kennenlernen() -> list[Instrument]:
    """Instruments valid today by which a company gets to know somebody first."""
    return list(_valid_today().filter(kurz__in=["mag", "eq", "bop"]))


def _valid_today() -> QuerySet[Instrument]:
    today = clock.today()
    begun = Q(gueltig_von=None) | Q(gueltig_von__lte=today)
    return Instrument.objects.filter(begun & (Q(gueltig_bis=None) | Q(gueltig_bis__gte=today)))
