"""What the press room does when an earlier room publishes."""

from jobcenter.common.events import subscribe
from jobcenter.konten.models import User
from jobcenter.presse.actions import create_pressemitteilung
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import suggest_entwurf
from massnahmen.models import Veroeffentlichung


@subscribe("massnahmen.programm_veroeffentlicht")
def prepare_pressemitteilung(objekt_id: int) -> None:
    """A publication finds a draft ready, once per Fassung. People edit and release it."""
    veroeffentlichung = Veroeffentlichung.objects.select_related("beratung__fassung").get(pk=objekt_id)
    if Pressemitteilung.objects.filter(fassung=veroeffentlichung.fassung).exists():
        return
    entwurf = suggest_entwurf(veroeffentlichung)
    create_pressemitteilung(
        titel=entwurf.titel,
        vorspann=entwurf.vorspann,
        text=entwurf.text,
        fassung=veroeffentlichung.fassung,
        by=User.objects.system(),
    )
