"""Every change of a press release: draft, request for release, release by a second person."""

from datetime import datetime

from django.utils.text import slugify

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.events import publish
from jobcenter.common.nummern import next_nummer
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
    *, pressemitteilung: Pressemitteilung, version: int, titel: str, vorspann: str, text: str, sperrfrist: datetime | None = None, by: User
) -> Pressemitteilung:
    """Save a draft on top of the version that the writer saw. Presse; a request for release falls back to a draft."""
    require(by, "presse.change_pressemitteilung", pressemitteilung)
    current = lock(pressemitteilung)
    if current.status == Pressestatus.FREIGEGEBEN:
        raise TransitionError(f"Die Pressemitteilung Nr. {current.nummer_text} ist freigegeben und steht fest.")
    check_version(current, version)
    current.titel, current.vorspann, current.text, current.sperrfrist = titel, vorspann, text, sperrfrist
    current.status = Pressestatus.ENTWURF
    return _save_change(current, by)


@action
def request_release(*, pressemitteilung: Pressemitteilung, version: int, by: User) -> Pressemitteilung:
    """Ask a second person to read and release. Presse; who asks counts as author of the last change."""
    require(by, "presse.change_pressemitteilung", pressemitteilung)
    current = lock(pressemitteilung)
    check_transition(PRESSE_TRANSITIONS, current.status, Pressestatus.ZUR_FREIGABE, noun="Die Pressemitteilung")
    check_version(current, version)
    current.status = Pressestatus.ZUR_FREIGABE
    return _save_change(current, by)


@action
def release_pressemitteilung(*, pressemitteilung: Pressemitteilung, version: int, by: User) -> Pressemitteilung:
    """Release exactly the version that was read, under the next number of this year.

    Presse or Leitung, never the author of the last change. Public at once, or when the embargo ends.
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


def _save_change(current: Pressemitteilung, by: User) -> Pressemitteilung:
    current.geaendert_von = by
    current.geaendert_am = clock.now()
    current.version += 1
    current.save()
    return current
