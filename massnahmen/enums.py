from django.db.models import TextChoices


class Programmstatus(TextChoices):
    ENTWURF = "entwurf", "Entwurf"
    BEIM_BEIRAT = "beim_beirat", "beim Beirat"
    ABSTIMMUNG = "abstimmung", "in Abstimmung"
    BERATEN = "beraten", "beraten"
    VEROEFFENTLICHT = "veroeffentlicht", "veröffentlicht"


PROGRAMM_TRANSITIONS = {
    Programmstatus.ENTWURF: frozenset({Programmstatus.BEIM_BEIRAT}),
    # back to the draft: withdrawn before the vote, or changed after the advice, which makes a new Fassung
    Programmstatus.BEIM_BEIRAT: frozenset({Programmstatus.ABSTIMMUNG, Programmstatus.ENTWURF}),
    # while members vote nobody takes the programme away; a ballot broken off gives it back
    Programmstatus.ABSTIMMUNG: frozenset({Programmstatus.BERATEN, Programmstatus.BEIM_BEIRAT}),
    Programmstatus.BERATEN: frozenset({Programmstatus.VEROEFFENTLICHT, Programmstatus.ENTWURF}),
    Programmstatus.VEROEFFENTLICHT: frozenset({Programmstatus.ENTWURF}),
}


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
