from django.db.models import TextChoices


class Meldungsstatus(TextChoices):
    """How far a report of a barrier has come."""

    OFFEN = "offen", "offen"
    ERLEDIGT = "erledigt", "beantwortet"


MELDUNG_TRANSITIONS = {Meldungsstatus.OFFEN: frozenset({Meldungsstatus.ERLEDIGT})}
