from django.db.models import TextChoices


class Berichtsart(TextChoices):
    PROGRAMM = "programm", "Arbeitsmarktprogramm"


class Berichtsstatus(TextChoices):
    ANGEFORDERT = "angefordert", "wartet"
    IN_ARBEIT = "in_arbeit", "wird erstellt"
    FERTIG = "fertig", "fertig"
    GESCHEITERT = "gescheitert", "gescheitert"


BERICHT_TRANSITIONS = {
    # in_arbeit → in_arbeit: a lease that ran out is claimed again
    Berichtsstatus.ANGEFORDERT: frozenset({Berichtsstatus.IN_ARBEIT}),
    Berichtsstatus.IN_ARBEIT: frozenset(
        {Berichtsstatus.IN_ARBEIT, Berichtsstatus.FERTIG, Berichtsstatus.ANGEFORDERT, Berichtsstatus.GESCHEITERT}
    ),
    Berichtsstatus.GESCHEITERT: frozenset({Berichtsstatus.ANGEFORDERT}),
}
