"""What is due for one person, out of all rooms."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from beirat.enums import Abstimmungsstatus, Sitzungsstatus
from beirat.models import Abstimmung, Sitzung
from beirat.queries import waiting_fassungen
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock, typography
from jobcenter.common.enums import Auftragsstatus
from jobcenter.konten.models import User
from jobcenter.portal.models import Barrieremeldung
from jobcenter.portal.queries.aufgabe import Aufgabe
from jobcenter.portal.queries.aufgaben_importe import list_importaufgaben
from jobcenter.portal.queries.aufgaben_meldung import list_meldeaufgaben
from jobcenter.portal.queries.aufgaben_umsetzung import list_umsetzung
from jobcenter.portal.queries.auftraege import count_gescheiterte
from jobcenter.portal.queries.recht import due_fristen
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.enums import Lieferzustand
from kennzahlen.models import Datenlieferung
from massnahmen.enums import BEARBEITBAR, Fassungsanlass, Kapitelstand, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, BcaStellungnahme, Beratung, Fassung, Kapitel
from massnahmen.queries import check_programm, is_bca_missing, last_aenderungen

SOON = timedelta(days=7)  # before an answer is due
MOST_DRAFTS = 3


def list_aufgaben(user: User) -> list[Aufgabe]:
    """What is due for a person by role and seat, oldest first. A bounded number of queries, whatever is due."""
    found = [*_votes(user), *_sessions(user), *_programmes(user), *_agenda(user), *_releases(user), *_reports(user), *_given_up_jobs(user)]
    found += [*_deliveries(user), *_barriers(user), *_fristen(user), *list_umsetzung(user)]
    found += list_importaufgaben(user)
    found += list_meldeaufgaben(user)
    return sorted(found, key=lambda aufgabe: aufgabe.seit)


def _votes(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("beirat.cast_stimme"):
        return
    present = Abstimmung.objects.filter(status=Abstimmungsstatus.OFFEN, top__sitzung__anwesenheiten__mitglied__konto=user)
    for ballot in present.exclude(stimmen__mitglied__konto=user).select_related("top__sitzung"):
        yield Aufgabe(
            titel=f"TOP {ballot.top.nummer}, {ballot.top.sitzung}",
            verb="Abstimmen",
            url=reverse("beirat:abstimmung-detail", args=[ballot.pk]),
            seit=ballot.eroeffnet_am,
            satz=f"Die Abstimmung läuft seit {typography.uhrzeit(ballot.eroeffnet_am)}.",
            wort="läuft",
            art="warning",
        )


def _sessions(user: User) -> Iterator[Aufgabe]:
    """The chair leads, the Geschäftsstelle invites, members read. One query."""
    leads, plans, votes = (user.has_perm(f"beirat.{name}") for name in ("lead_sitzung", "plan_sitzung", "cast_stimme"))
    if not (leads or plans or votes):
        return
    for sitzung in Sitzung.objects.visible_to(user).filter(
        status__in=[Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET]
    ):
        step = _session_step(sitzung, leads=leads, plans=plans, votes=votes)
        if step:
            verb, wort = step
            yield Aufgabe(
                titel=str(sitzung),
                verb=verb,
                url=reverse("beirat:sitzung-intern-detail", args=[sitzung.nummer]),
                seit=sitzung.beginn,
                satz=f"{typography.zeitpunkt(sitzung.beginn)}, {sitzung.ort}",
                wort=wort,
            )


def _session_step(sitzung: Sitzung, *, leads: bool, plans: bool, votes: bool) -> tuple[str, str] | None:
    match sitzung.status:
        case Sitzungsstatus.EROEFFNET:
            return ("Weiterleiten", "läuft") if leads else ("Teilnehmen", "läuft") if votes else ("Begleiten", "läuft")
        case Sitzungsstatus.GEPLANT if plans:
            return "Mitglieder einladen", "geplant"
        case Sitzungsstatus.EINGELADEN if leads and sitzung.beginn <= clock.now():
            return "Eröffnen", "beginnt"
        case Sitzungsstatus.EINGELADEN if votes and sitzung.beginn > clock.now():
            return "Unterlagen lesen", "eingeladen"
    return None


def _programmes(user: User) -> Iterator[Aufgabe]:
    writes, submits = user.has_perm("massnahmen.change_kapitel"), user.has_perm("massnahmen.submit_programm")
    asked: set[int] = set()  # one task per draft
    if submits:
        for aufgabe, programm in _ready_drafts(user):
            asked.add(programm.pk)
            yield aufgabe
    if writes:
        others = Arbeitsmarktprogramm.objects.visible_to(user).filter(status__in=BEARBEITBAR).exclude(pk__in=asked)
        mine = Count("kapitel", filter=Q(kapitel__verantwortlich=user) & ~Q(kapitel__stand=Kapitelstand.FERTIG))
        drafts = list(others.annotate(meine=mine))
        changes = last_aenderungen(drafts)
        for programm in drafts:
            change = changes.get(programm.pk)
            kapitel = "Mein Kapitel" if programm.meine == 1 else f"Meine {typography.zahl(programm.meine)} Kapitel"
            yield Aufgabe(
                titel=str(programm),
                verb=f"{kapitel} fertig schreiben" if programm.meine else "Weiter bearbeiten",
                url=reverse("massnahmen:programm-intern-detail", args=[programm.jahr]) + ("#kapitel" if programm.meine else ""),
                seit=change.am if change else clock.now(),
                satz=f"Zuletzt am {typography.datum(change.am)} von {change.wer}: {change.was}" if change else "",
                wort=programm.get_status_display(),
                art="neutral",
            )
    yield from _stellungnahmen(user)
    yield from _decisions(user)
    yield from _publications(user)
    yield from _endings(user)


def _ready_drafts(user: User) -> Iterator[tuple[Aufgabe, Arbeitsmarktprogramm]]:
    """Drafts in which nothing is missing; they go on to the BCA, and from her to the Beirat. At most three are looked at."""
    unfinished = Kapitel.objects.filter(programm=OuterRef("pk")).exclude(stand=Kapitelstand.FERTIG)
    drafts = Arbeitsmarktprogramm.objects.visible_to(user).filter(~Exists(unfinished), status__in=BEARBEITBAR)
    for programm in drafts.order_by("jahr")[:MOST_DRAFTS]:
        if any(befund.blockiert for befund in check_programm(programm)):
            continue
        alone = is_bca_missing(programm)
        if alone and programm.status == Programmstatus.BETEILIGUNG:
            continue  # it is her turn
        change = last_aenderungen([programm]).get(programm.pk)
        yield (
            Aufgabe(
                titel=str(programm),
                verb="Der BCA vorlegen" if alone else "Dem Beirat vorlegen",
                url=reverse(f"massnahmen:programm-{'beteiligen' if alone else 'vorlegen'}", args=[programm.jahr]),
                seit=change.am if change else clock.now(),
                satz="Alle Angaben sind da.",
                wort=programm.get_status_display(),
            ),
            programm,
        )


def _stellungnahmen(user: User) -> Iterator[Aufgabe]:
    """The BCA says what she thinks, the Leitung answers her."""
    if user.has_perm("massnahmen.write_stellungnahme"):
        asked = Fassung.objects.visible_to(user).filter(anlass=Fassungsanlass.BETEILIGUNG, programm__status=Programmstatus.BETEILIGUNG)
        newest = asked.order_by("programm_id", "-nummer").distinct("programm_id").select_related("programm", "bca_stellungnahme")
        for fassung in newest.defer("inhalt"):
            if not hasattr(fassung, "bca_stellungnahme"):
                yield Aufgabe(
                    titel=str(fassung),
                    verb="Stellung nehmen",
                    url=reverse("massnahmen:stellungnahme-schreiben", args=[fassung.programm.jahr, fassung.nummer]),
                    seit=fassung.vorgelegt_am,
                    satz=f"Vorgelegt am {typography.datum(fassung.vorgelegt_am)}",
                    wort="wartet auf Sie",
                )
    if user.has_perm("massnahmen.answer_stellungnahme"):
        said = BcaStellungnahme.objects.filter(beantwortet_am=None).select_related("fassung__programm", "von")
        for stellungnahme in said.defer("fassung__inhalt"):
            fassung = stellungnahme.fassung
            yield Aufgabe(
                titel=str(fassung),
                verb="Der BCA antworten",
                url=reverse("massnahmen:stellungnahme-beantworten", args=[fassung.programm.jahr, fassung.nummer]),
                seit=stellungnahme.am,
                satz=f"{stellungnahme.von} hat am {typography.datum(stellungnahme.am)} Stellung genommen.",
                wort="Antwort offen",
            )


def _advised(status: Programmstatus) -> QuerySet[Beratung]:
    """Unpublished advice on programmes in one state."""
    advised = Beratung.objects.filter(fassung__programm__status=status, veroeffentlichung=None)
    newest = Fassung.objects.filter(programm=OuterRef("fassung__programm"), nummer__gt=OuterRef("fassung__nummer"))
    return advised.filter(~Exists(newest)).select_related("fassung__programm").defer("fassung__inhalt")


def _decisions(user: User) -> Iterator[Aufgabe]:
    gremien = settings.INSTANZ.programm.gremien
    if not gremien or not user.has_perm("massnahmen.record_gremienbeschluss"):
        return
    for beratung in _advised(Programmstatus.BERATEN):
        programm = beratung.fassung.programm
        yield Aufgabe(
            titel=str(beratung.fassung),
            verb="Beschluss eintragen",
            url=reverse("massnahmen:gremienbeschluss-eintragen", args=[programm.jahr, beratung.fassung.nummer]),
            seit=beratung.am,
            satz=f"Der Beirat hat am {typography.datum(beratung.am)} {beratung.get_ergebnis_display()}. Es entscheidet: {gremien[-1]}.",
            wort=programm.get_status_display(),
        )


def _publications(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("massnahmen.publish_programm"):
        return
    ready = Programmstatus.BESCHLOSSEN if settings.INSTANZ.programm.gremien else Programmstatus.BERATEN
    for beratung in _advised(ready):
        programm = beratung.fassung.programm
        yield Aufgabe(
            titel=str(beratung.fassung),
            verb="Dem Beirat antworten und veröffentlichen" if beratung.braucht_antwort else "Veröffentlichen",
            url=reverse("massnahmen:programm-veroeffentlichen", args=[programm.jahr]),
            seit=beratung.am,
            satz=f"Der Beirat hat am {typography.datum(beratung.am)} {beratung.get_ergebnis_display()}.",
            wort=programm.get_status_display(),
        )


def _endings(user: User) -> Iterator[Aufgabe]:
    """Published programmes whose year is over."""
    if not user.has_perm("massnahmen.close_programm"):
        return
    over = Arbeitsmarktprogramm.objects.visible_to(user).filter(status=Programmstatus.VEROEFFENTLICHT, jahr__lt=clock.today().year)
    for programm in over:
        yield Aufgabe(
            titel=str(programm),
            verb="Abschließen",
            url=reverse("massnahmen:programm-abschliessen", args=[programm.jahr]),
            seit=timezone.make_aware(datetime.combine(date(programm.jahr + 1, 1, 1), time.min)),
            satz=f"Das Jahr {programm.jahr} ist zu Ende.",
            wort=programm.get_status_display(),
        )


def _agenda(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("beirat.change_tagesordnung"):
        return
    for fassung in waiting_fassungen():
        yield Aufgabe(
            titel=str(fassung),
            verb="Auf die Tagesordnung setzen",
            url=reverse("beirat:sitzung-intern-liste"),
            seit=fassung.vorgelegt_am,
            satz=f"Vorgelegt am {typography.datum(fassung.vorgelegt_am)}",
            wort="wartet",
        )


def _releases(user: User) -> Iterator[Aufgabe]:
    waiting = Pressemitteilung.objects.visible_to(user).exclude(status=Pressestatus.FREIGEGEBEN).select_related("geaendert_von")
    writes = user.has_perm("presse.change_pressemitteilung")
    for mitteilung in waiting:
        if mitteilung.status == Pressestatus.ZUR_FREIGABE and user.has_perm("presse.release_pressemitteilung", mitteilung):
            verb, page = "Lesen und freigeben", "presse:pressemitteilung-freigeben"
        elif mitteilung.status == Pressestatus.ENTWURF and writes:
            verb, page = "Weiter schreiben", "presse:pressemitteilung-bearbeiten"
        else:
            continue
        yield Aufgabe(
            titel=mitteilung.titel,
            verb=verb,
            url=reverse(page, args=[mitteilung.pk]),
            seit=mitteilung.geaendert_am,
            satz=f"Zuletzt geändert am {typography.datum(mitteilung.geaendert_am)} von {mitteilung.geaendert_von}",
            wort=mitteilung.get_status_display(),
            art="neutral" if mitteilung.status == Pressestatus.ENTWURF else "info",
        )


def _reports(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("berichte.request_bericht"):
        return
    failed = Bericht.objects.visible_to(user).filter(status=Auftragsstatus.GESCHEITERT)
    for bericht in failed.select_related("fassung__programm").defer("fassung__inhalt"):
        yield Aufgabe(
            titel=str(bericht),
            verb="Noch einmal erstellen",
            url=reverse("berichte:bericht-detail", args=[bericht.pk]),
            seit=bericht.angelegt_am,
            satz=f"Angefordert am {typography.datum(bericht.angelegt_am)}",
            wort=bericht.get_status_display(),
            art="danger",
        )


def _deliveries(user: User) -> Iterator[Aufgabe]:
    """What its deliverer has to look at: figures that are checked, or a file with faults."""
    if not user.has_perm("kennzahlen.take_over_lieferung"):
        return
    checked = Datenlieferung.objects.visible_to(user).filter(
        eingereicht_von=user, zustand__in=[Lieferzustand.GEPRUEFT, Lieferzustand.FEHLERHAFT]
    )
    for lieferung in checked.defer("fehlerliste", "hinweise", "vorschau"):
        faulty = lieferung.zustand == Lieferzustand.FEHLERHAFT
        yield Aufgabe(
            titel=str(lieferung),
            verb="Fehler ansehen" if faulty else "Ansehen und entscheiden",
            url=reverse("kennzahlen:lieferung-detail", args=[lieferung.pk]),
            seit=lieferung.fertig_am or lieferung.angelegt_am,
            satz=f"Geliefert am {typography.datum(lieferung.angelegt_am)}",
            wort=lieferung.get_zustand_display(),
            art="danger" if faulty else "info",
        )


def _given_up_jobs(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("portal.manage_auftraege"):
        return
    number, since = count_gescheiterte()
    if since:
        yield Aufgabe(
            titel="Ein Auftrag ist gescheitert" if number == 1 else f"{typography.zahl(number)} Aufträge sind gescheitert",
            verb="Ansehen und noch einmal versuchen",
            url=reverse("portal:auftrag-liste"),
            seit=since,
            satz=f"Der älteste ist vom {typography.zeitpunkt(since)}." if number > 1 else f"Vom {typography.zeitpunkt(since)}",
            wort=Auftragsstatus.GESCHEITERT.label,
            art="danger",
        )


def _barriers(user: User) -> Iterator[Aufgabe]:
    for meldung in Barrieremeldung.objects.visible_to(user).open():
        late, soon = meldung.ist_ueberfaellig, meldung.antwort_bis - clock.today() <= SOON
        yield Aufgabe(
            titel=str(meldung),
            verb="Prüfen und beantworten",
            url=reverse("portal:barrieremeldung-detail", args=[meldung.pk]),
            seit=meldung.gemeldet_am,
            satz=f"Gemeldet am {typography.datum(meldung.gemeldet_am)}, Antwort bis {typography.datum(meldung.antwort_bis)}",
            wort="überfällig" if late else "offen",
            art="danger" if late else "warning" if soon else "info",
        )


def _fristen(user: User) -> Iterator[Aufgabe]:
    """What administration has to look after on the portal itself, from a month before its day."""
    if not user.has_perm("portal.review_erklaerung"):
        return
    for frist in due_fristen():
        late = frist.ist_ueberfaellig
        yield Aufgabe(
            titel=frist.titel,
            verb=frist.verb,
            url=reverse(frist.seite),
            seit=timezone.make_aware(datetime.combine(frist.ab, time.min)),
            satz=f"{'War' if late else 'Wird'} am {typography.datum(frist.faellig_am)} fällig. Das Datum steht in jobcenter.toml.",
            wort="überfällig" if late else "bald fällig",
            art="danger" if late else "warning",
        )
