"""What the press room does when an earlier room publishes, and when somebody comments on its texts."""

from django.conf import settings
from django.urls import reverse

from jobcenter.common.events import subscribe
from jobcenter.common.kommentare import whom_to_tell
from jobcenter.common.models import Kommentar
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
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


@subscribe("common.kommentar_geschrieben")
def tell_of_kommentar(objekt_id: int) -> None:
    """A mail to those concerned by a remark on a press release. Neither its words nor the title leave the house."""
    kommentar = Kommentar.objects.filter(pk=objekt_id).first()
    if kommentar is None:  # gone with what it was about
        return
    objekt = kommentar.objekt
    if not isinstance(objekt, Pressemitteilung):
        return
    adresse = reverse("presse:pressemitteilung-verlauf", args=[objekt.pk])
    for person in whom_to_tell(kommentar):
        write_versand(
            an=person,
            anlass=f"kommentar:{kommentar.pk}",
            betreff="Neuer Kommentar zu einer Pressemitteilung",
            text=f"{kommentar.von} hat einen Kommentar zu einer Pressemitteilung geschrieben.\n\n"
            f"Lesen und antworten: {settings.BASE_URL}{adresse}#kommentar-{kommentar.pk}",
            grund="Sie haben diesen Text zuletzt geändert oder schon etwas dazu geschrieben.",
            sammelbar=True,
            by=User.objects.system(),
        )
