from django.db.models import TextChoices


class Bank(TextChoices):
    """The groups of the Beteiligte des örtlichen Arbeitsmarktes (§ 18d SGB II)."""

    WOHLFAHRT = "wohlfahrt", "freie Wohlfahrtspflege"
    KIRCHEN = "kirchen", "Kirchen"
    ARBEITGEBER = "arbeitgeber", "Arbeitgeber"
    ARBEITNEHMER = "arbeitnehmer", "Arbeitnehmer"
    KAMMERN = "kammern", "Kammern"
    GEMEINDEN = "gemeinden", "Gemeindeverbände"
    BERUFSSTAENDISCH = "berufsstaendisch", "berufsständische Organisationen"


class Funktion(TextChoices):
    VORSITZ = "vorsitz", "Vorsitz"
    STELLVERTRETUNG = "stellvertretung", "stellvertretender Vorsitz"
    MITGLIED = "mitglied", "Mitglied"


class Sitzungsstatus(TextChoices):
    GEPLANT = "geplant", "geplant"
    EINGELADEN = "eingeladen", "eingeladen"
    EROEFFNET = "eroeffnet", "eröffnet"
    GESCHLOSSEN = "geschlossen", "geschlossen"
    ABGESAGT = "abgesagt", "abgesagt"


SITZUNG_TRANSITIONS = {
    Sitzungsstatus.GEPLANT: frozenset({Sitzungsstatus.EINGELADEN, Sitzungsstatus.ABGESAGT}),
    Sitzungsstatus.EINGELADEN: frozenset({Sitzungsstatus.EROEFFNET, Sitzungsstatus.ABGESAGT}),
    Sitzungsstatus.EROEFFNET: frozenset({Sitzungsstatus.GESCHLOSSEN}),
}


class Topart(TextChoices):
    KENNTNISNAHME = "kenntnisnahme", "Kenntnisnahme"
    BERATUNG = "beratung", "Beratung"
    BESCHLUSS = "beschluss", "Beschluss"


class Abstimmungsstatus(TextChoices):
    OFFEN = "offen", "offen"
    GESCHLOSSEN = "geschlossen", "geschlossen"
    ABGEBROCHEN = "abgebrochen", "abgebrochen"


ABSTIMMUNG_TRANSITIONS = {
    Abstimmungsstatus.OFFEN: frozenset({Abstimmungsstatus.GESCHLOSSEN, Abstimmungsstatus.ABGEBROCHEN}),
}


class Wahl(TextChoices):
    JA = "ja", "Ja"
    NEIN = "nein", "Nein"
    ENTHALTUNG = "enthaltung", "Enthaltung"


class Ergebnis(TextChoices):
    ANGENOMMEN = "angenommen", "angenommen"
    ABGELEHNT = "abgelehnt", "abgelehnt"
