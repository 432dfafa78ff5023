"""What waits for somebody on the way of measures: offers to be opened, orders to be given, options that run out, accounts to be closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.typography import datum, zeitpunkt
from massnahmen.enums import EU_WEIT, VORBEI, Massnahmestand
from massnahmen.models import Massnahme, Massnahmenschritt, Vergabe, Vertragsoption

VOR_ENDE_DER_OPTION = timedelta(days=60)
MOST = 20  # of one kind; whoever has more to do begins with the oldest


class Faelligkeit(StrEnum):
    """The step (views.umsetzungsschritte) that is due."""

    ANGEBOT = "angebot"
    INFORMATION = "information"
    ZUSCHLAG = "zuschlag"
    BEWILLIGUNG = "bewilligung"
    OPTION = "option-ziehen"
    ABRECHNUNG = "abrechnung"


@dataclass(frozen=True)
class Faellig:
    schritt: Faelligkeit
    massnahme_id: int
    titel: str
    seit: date
    satz: str
    dringend: bool = False


def list_faellig() -> list[Faellig]:
    """Four queries."""
    return [*_vergaben(), *_antraege(), *_optionen(), *_abrechnungen()]


def _vergaben() -> Iterator[Faellig]:
    open_ones = [Massnahmestand.VORBEREITET, Massnahmestand.AUSGESCHRIEBEN]
    running = Vergabe.objects.filter(aufgehoben_am=None, massnahme__stand__in=open_ones, massnahme__archiviert_am=None)
    rows = running.filter(angebotsfrist__lte=clock.now())
    counted: list[Any] = list(rows.select_related("massnahme").annotate(zahl=Count("angebote")).order_by("angebotsfrist")[:MOST])
    for vergabe in counted:
        frist = vergabe.angebotsfrist
        assert frist
        about = vergabe.massnahme.pk, vergabe.massnahme.titel, timezone.localdate(frist)
        if not vergabe.zahl:
            yield Faellig(Faelligkeit.ANGEBOT, *about, f"Die Angebotsfrist ist am {zeitpunkt(frist)} abgelaufen.")
        elif vergabe.vergabeart in EU_WEIT and vergabe.information_am is None and vergabe.zahl > 1:
            yield Faellig(Faelligkeit.INFORMATION, *about, "Die Bieter, die nicht zum Zuge kommen, müssen es vor dem Zuschlag erfahren.")
        elif (first := vergabe.first_day_of_award or timezone.localdate(frist)) and first <= clock.today():
            yield Faellig(Faelligkeit.ZUSCHLAG, *about, f"Der Zuschlag ist seit dem {datum(first)} möglich.")


def _antraege() -> Iterator[Faellig]:
    asked = Massnahmenschritt.objects.filter(massnahme=OuterRef("pk"), nach=Massnahmestand.BEANTRAGT).order_by("-pk").values("am")[:1]
    rows = Massnahme.objects.filter(stand=Massnahmestand.BEANTRAGT, archiviert_am=None).annotate(am=Subquery(asked))
    for massnahme in rows.select_related("traeger").order_by("am", "pk")[:MOST]:
        since = timezone.localdate(massnahme.am) if massnahme.am else clock.today()
        satz = f"{massnahme.traeger or 'Der Träger'} hat am {datum(since)} eine Zuwendung beantragt."
        yield Faellig(Faelligkeit.BEWILLIGUNG, massnahme.pk, massnahme.titel, since, satz)


def _optionen() -> Iterator[Faellig]:
    today = clock.today()
    near = Vertragsoption.objects.filter(gezogen_am=None, ziehbar_bis__range=(today, today + VOR_ENDE_DER_OPTION))
    rows = near.filter(vertrag__gekuendigt_zum=None, vertrag__massnahme__archiviert_am=None).exclude(vertrag__massnahme__stand__in=VORBEI)
    for option in rows.select_related("vertrag__massnahme").order_by("ziehbar_bis")[:MOST]:
        massnahme, last = option.vertrag.massnahme, option.ziehbar_bis
        satz = f"Die {option} verlängert bis zum {datum(option.ende)}. Zu ziehen ist sie bis zum {datum(last)}."
        since = last - VOR_ENDE_DER_OPTION
        yield Faellig(Faelligkeit.OPTION, massnahme.pk, massnahme.titel, since, satz, last - today <= timedelta(days=14))


def _abrechnungen() -> Iterator[Faellig]:
    rows = Massnahme.objects.filter(
        stand__in=[Massnahmestand.BEENDET, Massnahmestand.VORZEITIG], archiviert_am=None, vertraege__isnull=False
    ).annotate(nachweis_bis=F("vertraege__nachweis_bis"))
    for massnahme in rows.order_by("ende", "pk")[:MOST]:
        ende, nachweis_bis = massnahme.ende or clock.today(), massnahme.nachweis_bis
        satz = f"Die Maßnahme endete am {datum(ende)}."
        if nachweis_bis is None:
            yield Faellig(Faelligkeit.ABRECHNUNG, massnahme.pk, massnahme.titel, ende, satz)
            continue
        late = nachweis_bis < clock.today()
        due = f"Der Verwendungsnachweis {'war' if late else 'ist'} bis zum {datum(nachweis_bis)} vorzulegen."
        yield Faellig(Faelligkeit.ABRECHNUNG, massnahme.pk, massnahme.titel, ende, f"{satz} {due}", late)
