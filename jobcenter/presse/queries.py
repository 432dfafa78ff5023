"""What the press pages read, and the draft that a published programme suggests."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse

from jobcenter.common import clock, seitenspeicher, typography
from jobcenter.common.models import Nummernkreis
from jobcenter.common.verlauf import Verlaufsquelle, name_aktionen, read_felder
from jobcenter.konten.models import UserLike
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Beratung, Fassung, Veroeffentlichung
from massnahmen.queries import Massnahmezeile, Programminhalt, read_fassung

FEED_LENGTH = 30
MOST_NAMED = 3

name_aktionen(
    {
        "presse.create_pressemitteilung": "Entwurf angelegt",
        "presse.update_pressemitteilung": "Text gespeichert",
        "presse.request_release": "zur Freigabe gegeben",
        "presse.release_pressemitteilung": "freigegeben",
    }
)


def published_pressemitteilungen() -> QuerySet[Pressemitteilung]:
    """What everybody may see now, newest first, with the year in which it became public in German time."""
    return Pressemitteilung.objects.veroeffentlicht().newest_first().annotate(jahr_oeffentlich=ExtractYear("oeffentlich_ab"))


@seitenspeicher.changes_at
def next_release() -> datetime | None:
    """When the next embargo ends; until then the public pages may be kept."""
    waiting = Pressemitteilung.objects.filter(status=Pressestatus.FREIGEGEBEN, oeffentlich_ab__gt=clock.now())
    return waiting.order_by("oeffentlich_ab").values_list("oeffentlich_ab", flat=True).first()


def published_jahre() -> dict[int, int]:
    """How many press releases are public per year, newest year first. One query."""
    years = Pressemitteilung.objects.veroeffentlicht().annotate(jahr_oeffentlich=ExtractYear("oeffentlich_ab"))
    return dict(years.values_list("jahr_oeffentlich").annotate(anzahl=Count("pk")).order_by("-jahr_oeffentlich"))


def open_entwuerfe(user: UserLike) -> QuerySet[Pressemitteilung]:
    """What is not released yet: what waits for release first, then what was touched last."""
    visible = Pressemitteilung.objects.visible_to(user).exclude(status=Pressestatus.FREIGEGEBEN)
    return visible.select_related("geaendert_von").order_by("-status", "-geaendert_am", "-pk")


def released_pressemitteilungen(user: UserLike) -> QuerySet[Pressemitteilung]:
    """Everything that has its number, also behind an embargo, newest first."""
    visible = Pressemitteilung.objects.visible_to(user).filter(status=Pressestatus.FREIGEGEBEN)
    return visible.select_related("freigegeben_von").order_by("-jahr", "-nummer")


def expected_nummer() -> str:
    """The number that a release would get now, as the house writes it; another release may take it first."""
    jahr = clock.today().year
    letzte = Nummernkreis.objects.filter(name="pressemitteilung", jahr=jahr).values_list("letzte", flat=True).first() or 0
    return settings.INSTANZ.presse.nummernformat.format(nummer=letzte + 1, jahr=jahr)


def history_of_pressemitteilung(mitteilung: Pressemitteilung) -> Verlaufsquelle:
    """What people read of its history; names as in its form."""
    return Verlaufsquelle(mitteilung, read_felder(Pressemitteilung, "titel", "vorspann", "text", "sperrfrist", "status"))


@dataclass(frozen=True)
class Entwurf:
    titel: str
    vorspann: str
    text: str


def suggest_entwurf(veroeffentlichung: Veroeffentlichung) -> Entwurf:
    """A press release on a published programme, from its frozen text and the Beirat's advice alone."""
    fassung, beratung = veroeffentlichung.fassung, veroeffentlichung.beratung
    inhalt = read_fassung(fassung)
    adresse = reverse("massnahmen:programm-detail", args=[inhalt.jahr])
    absaetze = [
        _money(inhalt),
        _largest(inhalt),
        _advice(beratung, veroeffentlichung.antwort),
        f"Das ganze Programm steht im Portal, auch als PDF: {settings.BASE_URL}{adresse}",
    ]
    erste = not Fassung.objects.veroeffentlicht().filter(programm=fassung.programm, nummer__lt=fassung.nummer).exists()
    return Entwurf(_title(inhalt, erste=erste), _lead(inhalt, beratung, erste=erste), "\n\n".join(filter(None, absaetze)))


def _title(inhalt: Programminhalt, *, erste: bool) -> str:
    neu = "" if erste else " fortgeschrieben"
    return f"Arbeitsmarktprogramm {inhalt.jahr}{neu}: {_count(len(inhalt.massnahmen))} für {typography.euro_kurz(inhalt.kosten_cent)}"


def _lead(inhalt: Programminhalt, beratung: Beratung, *, erste: bool) -> str:
    was = "veröffentlicht" if erste else "fortgeschrieben"
    plaetze = f" mit {typography.zahl(inhalt.plaetze)} {'Platz' if inhalt.plaetze == 1 else 'Plätzen'}" if inhalt.plaetze else ""
    return (
        f"Das {inhalt.jobcenter} hat sein Arbeitsmarktprogramm für {inhalt.jahr} {was}. "
        f"Es plant {_count(len(inhalt.massnahmen))}{plaetze} und {typography.euro_kurz(inhalt.kosten_cent)}. "
        f"Der Beirat hat {beratung.wortlaut}."
    )


def _count(massnahmen: int) -> str:
    return "1 Maßnahme" if massnahmen == 1 else f"{typography.zahl(massnahmen)} Maßnahmen"


def _money(inhalt: Programminhalt) -> str:
    """Purposes and sources, largest first."""
    if not inhalt.kosten_cent:
        return ""
    zwecke = _enumerate([f"{betrag.name} ({typography.euro_kurz(betrag.cent)})" for betrag in inhalt.nach_gruppe[:MOST_NAMED]])
    quellen = _enumerate([f"{betrag.name} ({typography.euro_kurz(betrag.cent)})" for betrag in inhalt.nach_quelle[:MOST_NAMED]])
    return f"Das meiste Geld ist vorgesehen für: {zwecke}. Es kommt vor allem aus: {quellen}."


def _largest(inhalt: Programminhalt) -> str:
    """The measures with the most money by name."""
    by_money = sorted(inhalt.massnahmen, key=lambda massnahme: (-massnahme.kosten_cent, massnahme.titel))[:MOST_NAMED]
    eintritte = typography.zahl(inhalt.geplante_eintritte)
    begin = f"Im Jahr {inhalt.jahr} sind {eintritte} Eintritte in Maßnahmen geplant." if inhalt.geplante_eintritte else ""
    named = _enumerate([_name(massnahme) for massnahme in by_money])
    return f"{begin} Die größten Maßnahmen sind {named}.".strip() if len(by_money) > 1 else f"{begin} Die Maßnahme heißt {named}.".strip()


def _name(massnahme: Massnahmezeile) -> str:
    instrument = massnahme.instrument
    return f"„{massnahme.titel}“ ({instrument.klartext}, {instrument.paragraph})" if instrument else f"„{massnahme.titel}“"


def _advice(beratung: Beratung, antwort: str) -> str:
    stimmen = f"{beratung.ja} Ja, {beratung.nein} Nein, {beratung.enthaltung} Enthaltung{'' if beratung.enthaltung == 1 else 'en'}"
    sentence = (
        f"Der Örtliche Beirat hat das Programm am {typography.datum(beratung.am)} beraten (§{typography.NBSP}18d SGB{typography.NBSP}II). "
        f"Er hat {beratung.wortlaut}. Das Ergebnis: {stimmen} ({beratung.beschluss})."
    )
    return f"{sentence} Zu den Gegenstimmen sagt das Jobcenter: „{antwort}“" if antwort else sentence


def _enumerate(names: list[str]) -> str:
    """a, b und c"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} und {names[-1]}"
