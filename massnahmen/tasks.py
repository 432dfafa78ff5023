"""What the room of measures does in the background."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from jobcenter.common.events import subscribe
from jobcenter.common.kommentare import whom_to_tell
from jobcenter.common.models import Kommentar
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from massnahmen.models import BcaStellungnahme, Fassung, Kapitel, Massnahme


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


@subscribe("massnahmen.bca_beteiligt")
def ask_bca(objekt_id: int) -> None:
    """A mail to those who speak for equal opportunities: a Fassung waits for their Stellungnahme."""
    fassung = Fassung.objects.select_related("programm", "vorgelegt_von").defer("inhalt").get(pk=objekt_id)
    adresse = reverse("massnahmen:stellungnahme-schreiben", args=[fassung.programm.jahr, fassung.nummer])
    for person in _holders(Rolle.BCA):
        write_versand(
            an=person,
            anlass=f"bca-beteiligt:{fassung.pk}",
            betreff=f"Bitte nehmen Sie Stellung: {fassung}",
            text=f"{fassung.vorgelegt_von} hat Ihnen {fassung} vorgelegt. Lesen Sie die Fassung und nehmen Sie dazu Stellung.\n\n"
            f"Lesen und Stellung nehmen: {settings.BASE_URL}{adresse}",
            grund="Sie sind Beauftragte für Chancengleichheit am Arbeitsmarkt.",
            by=User.objects.system(),
        )


@subscribe("massnahmen.bca_stellungnahme")
def tell_of_stellungnahme(objekt_id: int) -> None:
    """A mail to the Leitung, who answers. The words of the Stellungnahme stay in the house."""
    stellungnahme = BcaStellungnahme.objects.select_related("fassung__programm", "von").defer("fassung__inhalt").get(pk=objekt_id)
    fassung = stellungnahme.fassung
    adresse = reverse("massnahmen:stellungnahme-beantworten", args=[fassung.programm.jahr, fassung.nummer])
    for person in _holders(Rolle.LEITUNG):
        write_versand(
            an=person,
            anlass=f"bca-stellungnahme:{stellungnahme.pk}",
            betreff=f"Stellungnahme der BCA: {fassung}",
            text=f"{stellungnahme.von} hat zu {fassung} Stellung genommen. Antworten Sie, bevor das Programm zum Beirat geht.\n\n"
            f"Lesen und antworten: {settings.BASE_URL}{adresse}",
            grund="Sie leiten das Jobcenter.",
            by=User.objects.system(),
        )


def _holders(rolle: Rolle) -> QuerySet[User]:
    return User.objects.filter(is_active=True, rollen__contains=[rolle])
