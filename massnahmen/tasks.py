"""What the room of measures does in the background."""

from django.conf import settings
from django.urls import reverse

from jobcenter.common.events import subscribe
from jobcenter.common.kommentare import whom_to_tell
from jobcenter.common.models import Kommentar
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from massnahmen.models import Kapitel, Massnahme


@subscribe("common.kommentar_geschrieben")
def tell_of_kommentar(objekt_id: int) -> None:
    """A mail to those concerned by a remark on a measure or a chapter. Its words stay in the house."""
    kommentar = Kommentar.objects.get(pk=objekt_id)
    objekt = kommentar.objekt
    if not isinstance(objekt, Massnahme | Kapitel):
        return
    wozu = f"der Maßnahme „{objekt}“" if isinstance(objekt, Massnahme) else f"dem Kapitel „{objekt}“ im {objekt.programm}"
    adresse = reverse("common:kommentar-anlegen", args=[objekt._meta.label_lower, objekt.pk])
    for person in whom_to_tell(kommentar):
        write_versand(
            an=person,
            anlass=f"kommentar:{kommentar.pk}",
            betreff=f"Neuer Kommentar: {objekt}",
            text=f"{kommentar.von} hat einen Kommentar zu {wozu} geschrieben.\n\n"
            f"Lesen und antworten: {settings.BASE_URL}{adresse}#kommentar-{kommentar.pk}",
            grund="Sie haben diesen Text zuletzt geändert oder schon etwas dazu geschrieben.",
            sammelbar=True,
            by=User.objects.system(),
        )
