from django.db.models import TextChoices


class Traegerform(TextChoices):
    GEMEINSAME_EINRICHTUNG = "gE", "gemeinsame Einrichtung"
    ZUGELASSENER_TRAEGER = "zkT", "zugelassener kommunaler Träger"


class Kennzahlart(TextChoices):
    KENNZAHL = "kennzahl", "Kennzahl (§ 48a SGB II)"
    ERGAENZUNG = "ergaenzung", "Ergänzungsgröße (§ 48a SGB II)"
    EIGENE = "eigene", "eigene Kennzahl"


class Einheit(TextChoices):
    ANZAHL = "anzahl", "Anzahl"
    PROZENT = "prozent", "Prozent"
    VERAENDERUNG = "veraenderung", "Veränderung in Prozent"
    CENT = "cent", "Euro"


class Richtung(TextChoices):
    HOEHER = "hoeher", "höher ist besser"
    NIEDRIGER = "niedriger", "niedriger ist besser"
    NEUTRAL = "neutral", "ohne Wertung"


class Geschlecht(TextChoices):
    INSGESAMT = "I", "insgesamt"
    MAENNER = "M", "Männer"
    FRAUEN = "F", "Frauen"


class Quellenart(TextChoices):
    BA_ENDGUELTIG = "ba_endgueltig", "Statistik der Bundesagentur, endgültig"
    BA_HOCHGERECHNET = "ba_hochgerechnet", "Statistik der Bundesagentur, hochgerechnet"
    EIGENE_ERHEBUNG = "eigene_erhebung", "eigene Erhebung"
    PRESSE = "presse", "Veröffentlichung"


class Genauigkeit(TextChoices):
    """How a published source words its figure; the portal repeats it and never sharpens it."""

    GENAU = "genau", ""
    RUND = "rund", "rund"
    KNAPP = "knapp", "knapp"
    UEBER = "ueber", "über"
