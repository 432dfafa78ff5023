"""How the demo's measures are carried out: contracts of the running year, an option, vouchers, one procurement that waits for its award."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from jobcenter.demo.kalender import Kalender, at, moment
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.actions import (
    Optionsangaben,
    Vergabeangaben,
    Vertragsangaben,
    add_option,
    advance_massnahmen,
    announce_vergabe,
    choose_weg,
    prepare_vergabe,
    record_angebot,
    record_vertrag,
    start_massnahme,
)
from massnahmen.enums import Massnahmestand, Vergabeart, Weg
from massnahmen.models import Massnahme, Programmposition, Traeger
from massnahmen.queries import first_day_without_massnahmezulassung, first_day_without_zulassung

WITH_OPTION = "Ausbildung schaffen"
LAST_YEAR = {"Lernorte auf dem Land"}
PROCURED = "Deutsch in der Werkstatt"
BIDDERS = {
    "Lernwerkstatt Oberau e. V.": (296_400_00, "88 Punkte: Werkstatt am Bahnhof, zwei Lehrkräfte"),
    "Bildungswerk Burgtal gGmbH": (311_850_00, "91 Punkte: dazu Praktika in sechs Betrieben"),
    "Quartierswerk Musterburg eG": (342_000_00, "74 Punkte"),
}


def carry_out(kalender: Kalender, personen: Personen) -> None:
    """Contracts a month after the vote, then the year begins."""
    signed = min(kalender.sitzung_20 + timedelta(days=30), date(kalender.jahr - 1, 12, 20))
    for position in Programmposition.objects.filter(programm__jahr=kalender.jahr).select_related(
        "massnahme__instrument", "massnahme__traeger"
    ):
        with at(moment(signed, 10, position.pk % 60)):
            _agree(position, signed, personen)
    for day in (min(kalender.heute, date(kalender.jahr, 1, 2)), kalender.heute):
        with at(moment(day, 0, 10)):
            _begin(day, personen)


def _agree(position: Programmposition, signed: date, personen: Personen) -> None:
    massnahme = position.massnahme
    kurz = massnahme.instrument.kurz if massnahme.instrument else ""
    if kurz.startswith("avgs-mat"):
        choose_weg(massnahme=massnahme, version=massnahme.version, weg=Weg.GUTSCHEIN, by=personen["planung"])
    traeger = massnahme.traeger
    if massnahme.weg != Weg.VERGABE or traeger is None or not _is_certified(massnahme, traeger, _until(massnahme, signed.year + 2)):
        return
    assert massnahme.beginn is not None
    ende = _until(massnahme, signed.year + 2)
    days = (ende - massnahme.beginn).days + 1
    angaben = Vertragsangaben(
        traeger=traeger,
        geschlossen_am=min(signed, massnahme.beginn - timedelta(days=45)),
        beginn=massnahme.beginn,
        ende=ende,
        plaetze=position.plaetze or 1,
        preis_cent=position.kosten_cent * days // 365 // 100_00 * 98_00,
        nummer=f"MB-{signed.year}-{position.pk:03}",
    )
    vertrag = record_vertrag(massnahme=massnahme, version=massnahme.version, angaben=angaben, by=personen["planung"])
    if massnahme.titel == WITH_OPTION:
        option = Optionsangaben(
            ende=ende.replace(year=ende.year + 1),
            preis_cent=angaben.preis_cent // 2,
            ziehbar_bis=ende - timedelta(days=90),
        )
        add_option(vertrag=vertrag, angaben=option, by=personen["planung"])


def _until(massnahme: Massnahme, last: int) -> date:
    """Contracts run for two years where the coming year plans the measure as well."""
    ende = massnahme.ende
    assert ende is not None
    return date(last, 12, 31) if (ende.month, ende.day) == (12, 31) and ende.year < last and massnahme.titel not in LAST_YEAR else ende


def _is_certified(massnahme: Massnahme, traeger: Traeger, ende: date) -> bool:
    fachbereich = massnahme.instrument.fachbereich if massnahme.instrument else None
    beginn = massnahme.beginn or ende
    return fachbereich is None or first_day_without_zulassung(traeger, fachbereich, beginn, ende) is None


def _begin(today: date, personen: Personen) -> None:
    """The night does it for what was awarded, planung for what the Jobcenter does itself."""
    advance_massnahmen(by=User.objects.system())
    for massnahme in _waiting(Weg.EIGEN, today):
        start_massnahme(massnahme=massnahme, version=massnahme.version, by=personen["planung"])


def begin_with_voucher(kalender: Kalender, personen: Personen) -> None:
    """What people may choose, as far as it is certified."""
    day = kalender.before_start(20)
    with at(moment(day, 9)):
        for massnahme in _waiting(Weg.GUTSCHEIN, day):
            if first_day_without_massnahmezulassung(massnahme, day, day) is None:
                start_massnahme(massnahme=massnahme, version=massnahme.version, by=personen["planung"])


def _waiting(weg: Weg, today: date) -> QuerySet[Massnahme]:
    return Massnahme.objects.filter(weg=weg, stand=Massnahmestand.BEDARF, beginn__lte=today, ende__gte=today)


def procure_coming(kalender: Kalender, personen: Personen) -> None:
    """One procurement for the coming year: offers are opened, the Leitung has to decide."""
    massnahme = Massnahme.objects.get(titel=PROCURED)
    begun, frist = kalender.before_start(34), kalender.before_start(4)
    with at(moment(begun, 9)):
        vergabe = prepare_vergabe(
            massnahme=massnahme,
            version=massnahme.version,
            angaben=Vergabeangaben(vergabeart=Vergabeart.OEFFENTLICH, wert_cent=300_000_00, aktenzeichen=f"56-{begun.year}-12"),
            grund="Die Maßnahme soll im Februar beginnen. Der Beirat berät über sie mit dem Programm.",
            by=personen["planung"],
        )
    with at(moment(begun + timedelta(days=1), 10)):
        announce_vergabe(
            vergabe=vergabe,
            version=vergabe.version,
            am=begun + timedelta(days=1),
            url="https://vergabe.musterburg.example/56-12",
            angebotsfrist=timezone.make_aware(datetime.combine(frist, time(12))),
            by=personen["planung"],
        )
    with at(moment(frist + timedelta(days=1), 14)):
        for name, (preis, bewertung) in BIDDERS.items():
            traeger = Traeger.objects.get(name=name)
            record_angebot(vergabe=vergabe, traeger=traeger, preis_cent=preis, bewertung=bewertung, by=personen["planung"])
