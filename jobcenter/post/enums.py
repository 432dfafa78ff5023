from django.db.models import TextChoices


class Versandstand(TextChoices):
    """How far a mail is, for its readers; computed from the state of the job."""

    WARTET = "wartet", "wartet"
    SAMMELMAIL = "sammelmail", "wartet auf die Sammelmail"
    IN_ARBEIT = "in_arbeit", "wird verschickt"
    FERTIG = "fertig", "verschickt"
    GESAMMELT = "gesammelt", "in Sammelmail verschickt"
    GESCHEITERT = "gescheitert", "nicht verschickt"
