"""Every change of a press release: draft, request for release, release by a second person."""

from datetime import datetime

from django.utils.text import slugify

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.events import publish
from jobcenter.common.nummern import next_nummer
from jobcenter.common.text import clean_text
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from jobcenter.presse.enums import PRESSE_TRANSITIONS, Pressestatus
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Fassung

UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@action
def create_pressemitteilung(
    *, titel: str, vorspann: str, text: str, fassung: Fassung | None = None, sperrfrist: datetime | None = None, by: User
) -> Pressemitteilung:
    """Begin a draft. Presse, or the background service that prepares one when a programme is published."""
    require(by, "presse.change_pressemitteilung")
    return Pressemitteilung.objects.create(
        titel=titel, vorspann=vorspann, text=text, fassung=fassung, sperrfrist=sperrfrist, geaendert_von=by
    )


@action
def update_pressemitteilung(
    *,
    pressemitteilung: Pressemitteilung,
    version: int,
    titel: str,
    vorspann: str,
    text: str,
    sperrfrist: datetime | None = None,
    zur_freigabe: bool = False,
    grund: str = "",
    by: User,
) -> Pressemitteilung:
    """Save a draft on top of the version that the writer saw, and with `zur_freigabe` ask for its release. Presse.

    A real change makes the writer its author and a waiting text a draft again; who changes nothing is author of nothing.
    `grund` stands in the history.
    """
    require(by, "presse.change_pressemitteilung", pressemitteilung)
    current = lock(pressemitteilung)
    if current.status == Pressestatus.FREIGEGEBEN:
        raise TransitionError(f"Die Pressemitteilung Nr. {current.nummer_text} ist freigegeben und steht fest.")
    check_version(current, version)
    if _as_read(current.titel, current.vorspann, current.text, current.sperrfrist) != _as_read(titel, vorspann, text, sperrfrist):
        current.titel, current.vorspann, current.text, current.sperrfrist = titel, vorspann, text, sperrfrist
        current.geaendert_von, current.geaendert_am = by, clock.now()
        current.version += 1
        current.status, current.angefragt_von = Pressestatus.ENTWURF, None
    if zur_freigabe and current.status == Pressestatus.ENTWURF:
        current.status, current.angefragt_von = Pressestatus.ZUR_FREIGABE, by
    current.save()
    return current


@action
def request_release(*, pressemitteilung: Pressemitteilung, version: int, by: User) -> Pressemitteilung:
    """Ask a second person to read and release the text as it is. Presse; who asks may not release."""
    require(by, "presse.change_pressemitteilung", pressemitteilung)
    current = lock(pressemitteilung)
    check_transition(PRESSE_TRANSITIONS, current.status, Pressestatus.ZUR_FREIGABE, noun="Die Pressemitteilung")
    check_version(current, version)
    current.status, current.angefragt_von = Pressestatus.ZUR_FREIGABE, by
    current.save()
    return current


@action
def release_pressemitteilung(*, pressemitteilung: Pressemitteilung, version: int, by: User) -> Pressemitteilung:
    """Release exactly the version that was read, under the next number of this year.

    Presse or Leitung, never the author of the last change or who asked. Public at once, or when the embargo ends.
    """
    current = lock(pressemitteilung)
    require(by, "presse.release_pressemitteilung", current)
    check_transition(PRESSE_TRANSITIONS, current.status, Pressestatus.FREIGEGEBEN, noun="Die Pressemitteilung")
    check_version(current, version)
    current.freigegeben_am = clock.now()
    current.freigegeben_von = by
    current.oeffentlich_ab = max(current.freigegeben_am, current.sperrfrist or current.freigegeben_am)
    current.jahr = clock.today().year
    current.nummer = next_nummer("pressemitteilung", current.jahr)
    current.slug = slugify(current.titel.translate(UMLAUTE))[:80].strip("-") or "pressemitteilung"
    current.status = Pressestatus.FREIGEGEBEN
    current.save()
    publish("presse.pressemitteilung_freigegeben", current.pk)
    return current


def _as_read(titel: str, vorspann: str, text: str, sperrfrist: datetime | None) -> tuple[object, ...]:
    """What two versions are compared by: a browser sends other line ends, no blanks around, and whole minutes."""
    texts = (clean_text(titel, lines=False), clean_text(vorspann, lines=True), clean_text(text, lines=True))
    return *(part.strip() for part in texts), sperrfrist and sperrfrist.replace(second=0, microsecond=0)
