from django.db.models import TextChoices


class Versandstatus(TextChoices):
    WARTET = "wartet", "wartet"
    VERSENDET = "versendet", "versendet"
    GESCHEITERT = "gescheitert", "gescheitert"


VERSAND_TRANSITIONS = {
    # wartet → wartet: an attempt failed and the next one is due later
    Versandstatus.WARTET: frozenset({Versandstatus.WARTET, Versandstatus.VERSENDET, Versandstatus.GESCHEITERT}),
    Versandstatus.GESCHEITERT: frozenset({Versandstatus.WARTET}),
}
