from django.db.models import TextChoices


class Rolle(TextChoices):
    """What an account may do; one account may hold several. Beirat members are not a role but a term in beirat.Mitglied."""

    PLANUNG = "planung", "Maßnahmenplanung"
    CONTROLLING = "controlling", "Controlling"
    LEITUNG = "leitung", "Leitung"
    GESCHAEFTSSTELLE = "geschaeftsstelle", "Geschäftsstelle des Beirats"
    PRESSE = "presse", "Pressestelle"
    BCA = "bca", "Beauftragte für Chancengleichheit"
    ADMINISTRATION = "administration", "Administration"
    SYSTEM = "system", "Hintergrunddienst"


VERGEBBAR = [rolle for rolle in Rolle if rolle is not Rolle.SYSTEM]  # what people may hold


class Posttakt(TextChoices):
    """How soon an account wants to hear of what is not urgent."""

    SOFORT = "sofort", "sofort, jede Nachricht einzeln"
    TAEGLICH = "taeglich", "einmal am Tag um 7 Uhr, alles in einer Mail"


class Kontostand(TextChoices):
    """What an account is just now; computed from what is stored, never stored itself."""

    OFFEN = "offen", "offen"
    EINGELADEN = "eingeladen", "eingeladen"  # has not chosen a password yet
    BEENDET = "beendet", "beendet"  # its last day is past
    GESCHLOSSEN = "geschlossen", "geschlossen"
