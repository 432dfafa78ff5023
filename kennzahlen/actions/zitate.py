"""Figures that texts quote are tied to their values, so that the portal can say when they no longer fit."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from jobcenter.common import clock
from jobcenter.common.actions import quiet_action, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Genauigkeit, Wiedergabe
from kennzahlen.models import Messwert, Zitat
from kennzahlen.queries.datenstand import visible_datenstaende
from kennzahlen.queries.zahlen_im_text import find_zahlen, normalise, read_zahl
from kennzahlen.queries.zitate import find_textart


@quiet_action
def cite_messwert(
    *,
    objekt: models.Model,
    text: str,
    messwert: Messwert,
    wiedergabe: Wiedergabe = Wiedergabe.WERT,
    genauigkeit: Genauigkeit | None = None,
    by: User,
) -> Zitat:
    """Tie a figure of a saved text to the value that it quotes, or to another value than before. Controlling, planning, press, Leitung.

    `text` is the figure as it stands there, with its word and unit („fast 8 %“). Without `genauigkeit` the word decides.
    TransitionError when the text does not say it, or when the value is hidden or withdrawn. Whether `by` sees the object is
    asked by the view.
    """
    require(by, "kennzahlen.cite_messwert", objekt)
    words, textart, stelle = normalise(text), find_textart(objekt), read_zahl(text)
    if textart is None or stelle is None:
        raise TransitionError(f"In „{words}“ steht keine Zahl, die sich belegen lässt.")
    if words not in {one.text for one in find_zahlen(textart.read(objekt))}:
        raise TransitionError(f"„{words}“ steht nicht mehr im gespeicherten Text. Laden Sie die Seite neu.")
    if messwert.gesperrt or messwert.kennzeichen:
        raise TransitionError("Dieser Wert wird nicht veröffentlicht. Zitieren Sie ihn nicht.")
    if not visible_datenstaende().filter(pk=messwert.datenstand_id).exists():
        raise TransitionError("Die Lieferung mit diesem Wert ist zurückgezogen. Wählen Sie einen anderen.")
    zitat, _ = Zitat.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(objekt),
        objekt_id=objekt.pk,
        text=words,
        defaults={
            "wiedergabe": wiedergabe,
            "genauigkeit": stelle.genauigkeit if genauigkeit is None else genauigkeit,
            "kennzahl_id": messwert.kennzahl_id,
            "geschlecht": messwert.geschlecht,
            "von": messwert.von,
            "bis": messwert.bis,
            "jobcenter_id": messwert.jobcenter_id,
            "datenstand_id": messwert.datenstand_id,
            "von_person": by,
            "am": clock.now(),
        },
    )
    return zitat


@quiet_action
def remove_zitat(*, zitat: Zitat, by: User) -> None:
    """Untie a figure from its value. Who may tie it; twice is once."""
    require(by, "kennzahlen.cite_messwert", zitat.objekt)
    Zitat.objects.filter(pk=zitat.pk).delete()
