from django.db.models import TextChoices


class Auftragsstatus(TextChoices):
    """How far a background job has come."""

    WARTET = "wartet", "wartet"
    IN_ARBEIT = "in_arbeit", "in Arbeit"
    FERTIG = "fertig", "fertig"
    GESCHEITERT = "gescheitert", "gescheitert"


AUFTRAG_TRANSITIONS = {
    # wartet → wartet: an attempt failed and the next one is due later; in_arbeit → in_arbeit: a lease that ran out
    Auftragsstatus.WARTET: frozenset(Auftragsstatus),
    Auftragsstatus.IN_ARBEIT: frozenset(Auftragsstatus),
    Auftragsstatus.GESCHEITERT: frozenset({Auftragsstatus.WARTET}),
}
