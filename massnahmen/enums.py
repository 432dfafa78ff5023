from django.db.models import TextChoices


class Programmstatus(TextChoices):
    ENTWURF = "entwurf", "Entwurf"
    BETEILIGUNG = "beteiligung", "bei der BCA"
    BEIM_BEIRAT = "beim_beirat", "beim Beirat"
    ABSTIMMUNG = "abstimmung", "in Abstimmung"
    BERATEN = "beraten", "beraten"
    BESCHLOSSEN = "beschlossen", "beschlossen"
    VEROEFFENTLICHT = "veroeffentlicht", "veröffentlicht"
    FORTSCHREIBUNG = "fortschreibung", "wird fortgeschrieben"
    ABGESCHLOSSEN = "abgeschlossen", "abgeschlossen"


# Who takes part reads a frozen Fassung, so that the others may go on writing meanwhile.
BEARBEITBAR = frozenset({Programmstatus.ENTWURF, Programmstatus.BETEILIGUNG, Programmstatus.FORTSCHREIBUNG})
# Back to writing: as a draft, or as a Fortschreibung once a Fassung is public.
_BACK = {Programmstatus.ENTWURF, Programmstatus.FORTSCHREIBUNG}
_ON = {Programmstatus.BETEILIGUNG, Programmstatus.BEIM_BEIRAT}

PROGRAMM_TRANSITIONS = {
    Programmstatus.ENTWURF: frozenset(_ON),
    Programmstatus.BETEILIGUNG: frozenset({Programmstatus.BEIM_BEIRAT, *_BACK}),
    Programmstatus.BEIM_BEIRAT: frozenset({Programmstatus.ABSTIMMUNG, *_BACK}),
    # while members vote nobody takes the programme away; a ballot broken off gives it back
    Programmstatus.ABSTIMMUNG: frozenset({Programmstatus.BERATEN, Programmstatus.BEIM_BEIRAT}),
    Programmstatus.BERATEN: frozenset({Programmstatus.BESCHLOSSEN, Programmstatus.VEROEFFENTLICHT, *_BACK}),
    # a decision entered by mistake is taken back
    Programmstatus.BESCHLOSSEN: frozenset({Programmstatus.VEROEFFENTLICHT, Programmstatus.BERATEN, *_BACK}),
    Programmstatus.VEROEFFENTLICHT: frozenset({Programmstatus.FORTSCHREIBUNG, Programmstatus.ABGESCHLOSSEN}),
    # given up, the published Fassung goes on
    Programmstatus.FORTSCHREIBUNG: frozenset({Programmstatus.VEROEFFENTLICHT, *_ON}),
    Programmstatus.ABGESCHLOSSEN: frozenset(),
}


class Fassungsanlass(TextChoices):
    """For whom a Fassung was frozen."""

    BETEILIGUNG = "beteiligung", "für die BCA"
    BEIRAT = "beirat", "für den Beirat"


class Umgang(TextChoices):
    """How the Jobcenter deals with advice."""

    GEFOLGT = "gefolgt", "gefolgt"
    TEILWEISE = "teilweise", "teilweise gefolgt"
    NICHT = "nicht", "nicht gefolgt"


class Gremienergebnis(TextChoices):
    BESCHLOSSEN = "beschlossen", "beschlossen"
    ABGELEHNT = "abgelehnt", "abgelehnt"
    VERTAGT = "vertagt", "vertagt"
    KENNTNIS = "kenntnis", "zur Kenntnis genommen"


class Kapitelart(TextChoices):
    """The table of contents that programmes of zugelassene kommunale Träger share. Some carry tables made from the data."""

    VORWORT = "vorwort", "Vorwort"
    RUECKBLICK = "rueckblick", "Rückblick auf das Vorjahr"
    RAHMEN = "rahmen", "Rahmenbedingungen"
    MENSCHEN = "menschen", "Wen wir beraten"
    ZIELE = "ziele", "Ziele"
    STRATEGIE = "strategie", "Strategie und Handlungsfelder"
    ZIELGRUPPEN = "zielgruppen", "Zielgruppen"
    INSTRUMENTE = "instrumente", "Instrumente und Maßnahmen"
    FINANZEN = "finanzen", "Finanzen"
    GLEICHSTELLUNG = "gleichstellung", "Gleichstellung"
    NETZWERK = "netzwerk", "Netzwerk und Beirat"
    STEUERUNG = "steuerung", "Steuerung und Auswertung"


class Kapitelstand(TextChoices):
    OFFEN = "offen", "noch nicht begonnen"
    IN_ARBEIT = "arbeit", "in Arbeit"
    FERTIG = "fertig", "fertig"


class Vergabestand(TextChoices):
    """How a measure comes to its provider."""

    OHNE = "ohne", "ohne Vergabe"
    OFFEN = "offen", "Vergabe offen"
    LAEUFT = "laeuft", "Vergabe läuft"
    VERGEBEN = "vergeben", "vergeben"


class Abschlussart(TextChoices):
    """What a training of the Bildungszielplanung leads to."""

    UMSCHULUNG = "umschulung", "Umschulung"
    TEILQUALIFIKATION = "teil", "Teilqualifikation"
    ANPASSUNG = "anpassung", "Anpassung"


BILDUNGSZIELE_BIS = 2024  # the last programme year with a Bildungszielplanung of a zkT (§ 22 Abs. 4 SGB III since 2025)


class Beratungsergebnis(TextChoices):
    """What the Beirat advised; it has no veto (§ 18d SGB II)."""

    ZUGESTIMMT = "zugestimmt", "zugestimmt"
    ABGELEHNT = "abgelehnt", "abgelehnt"


class Finanzquelle(TextChoices):
    EGT = "egt", "Eingliederungstitel (Bund)"
    VWK = "vwk", "Verwaltungskosten (Bund)"
    PAT = "pat", "Passiv-Aktiv-Transfer"
    ESF = "esf", "Europäischer Sozialfonds Plus"
    LAND = "land", "Land"
    KOMMUNE = "kommune", "Landkreis"


class Instrumentgruppe(TextChoices):
    """Groups of the former Eingliederungsbilanz, still used to add up money."""

    A = "A", "Aktivierung und berufliche Eingliederung"
    B = "B", "Berufswahl und Berufsausbildung"
    C = "C", "Berufliche Weiterbildung"
    D = "D", "Aufnahme einer Erwerbstätigkeit"
    E = "E", "Teilhabe behinderter Menschen"
    F = "F", "Beschäftigung schaffende Maßnahmen"
    G = "G", "Freie Förderung und Sonstiges"
    H = "H", "Kommunale Eingliederungsleistungen"
