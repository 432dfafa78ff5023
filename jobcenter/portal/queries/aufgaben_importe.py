"""Imports that wait for the decision of who uploaded them."""

from collections.abc import Iterator

from django.urls import reverse

from jobcenter.common import typography
from jobcenter.konten.models import User
from jobcenter.portal.queries.aufgabe import Aufgabe
from massnahmen.enums import Importzustand
from massnahmen.models import Import


def list_importaufgaben(user: User) -> Iterator[Aufgabe]:
    """What its uploader has to look at: a file that is checked, or one with faults. One query."""
    if not user.has_perm("massnahmen.decide_import"):
        return
    waiting = Import.objects.visible_to(user).filter(eingereicht_von=user, zustand__in=[Importzustand.GEPRUEFT, Importzustand.FEHLERHAFT])
    for quelle in waiting.defer("fehlerliste", "hinweise", "vorschau"):
        faulty = quelle.zustand == Importzustand.FEHLERHAFT
        yield Aufgabe(
            titel=str(quelle),
            verb="Fehler ansehen" if faulty else "Ansehen und entscheiden",
            url=reverse("massnahmen:import-detail", args=[quelle.pk]),
            seit=quelle.fertig_am or quelle.angelegt_am,
            satz=f"{quelle.get_art_display()}, hochgeladen am {typography.datum(quelle.angelegt_am)}",
            wort=quelle.get_zustand_display(),
            art="danger" if faulty else "info",
        )
