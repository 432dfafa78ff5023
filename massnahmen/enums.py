from django.db.models import IntegerChoices, TextChoices


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
    """How far a measure is from its provider, as a programme says it. Follows from the measure's way and state."""

    OHNE = "ohne", "ohne Vergabe"
    OFFEN = "offen", "Vergabe offen"
    LAEUFT = "laeuft", "Vergabe läuft"
    VERGEBEN = "vergeben", "vergeben"


class Weg(TextChoices):
    """How a measure comes about."""

    VERGABE = "vergabe", "Vergabe an einen Träger"
    GUTSCHEIN = "gutschein", "Gutschein, der Träger ist frei wählbar"
    ZUWENDUNG = "zuwendung", "Zuwendung an einen Träger"
    EIGEN = "eigen", "Förderung durch das Jobcenter selbst"


class Massnahmestand(TextChoices):
    BEDARF = "bedarf", "Bedarf"
    VORBEREITET = "vorbereitet", "Vergabe vorbereitet"
    AUSGESCHRIEBEN = "ausgeschrieben", "ausgeschrieben"
    ZUSCHLAG = "zuschlag", "Zuschlag erteilt"
    BEANTRAGT = "beantragt", "Zuwendung beantragt"
    BEWILLIGT = "bewilligt", "Zuwendung bewilligt"
    LAEUFT = "laeuft", "läuft"
    BEENDET = "beendet", "beendet"
    VORZEITIG = "vorzeitig", "vorzeitig beendet"
    ABGERECHNET = "abgerechnet", "abgerechnet"
    AUSGEWERTET = "ausgewertet", "Verbleib ausgewertet"


_AFTERWARDS = {
    Massnahmestand.LAEUFT: frozenset({Massnahmestand.BEENDET, Massnahmestand.VORZEITIG}),
    Massnahmestand.BEENDET: frozenset({Massnahmestand.ABGERECHNET}),
    Massnahmestand.VORZEITIG: frozenset({Massnahmestand.ABGERECHNET}),
    Massnahmestand.ABGERECHNET: frozenset({Massnahmestand.AUSGEWERTET}),
    Massnahmestand.AUSGEWERTET: frozenset(),
}
_STARTS_AT_ONCE = {Massnahmestand.BEDARF: frozenset({Massnahmestand.LAEUFT})} | _AFTERWARDS

# Every way has its own states. A procurement that is called off gives the measure back as a need.
MASSNAHME_TRANSITIONS = {
    Weg.VERGABE: {
        Massnahmestand.BEDARF: frozenset({Massnahmestand.VORBEREITET}),
        Massnahmestand.VORBEREITET: frozenset({Massnahmestand.AUSGESCHRIEBEN, Massnahmestand.ZUSCHLAG, Massnahmestand.BEDARF}),
        Massnahmestand.AUSGESCHRIEBEN: frozenset({Massnahmestand.ZUSCHLAG, Massnahmestand.BEDARF}),
        Massnahmestand.ZUSCHLAG: frozenset({Massnahmestand.LAEUFT, Massnahmestand.VORZEITIG}),
    }
    | _AFTERWARDS,
    Weg.ZUWENDUNG: {
        Massnahmestand.BEDARF: frozenset({Massnahmestand.BEANTRAGT}),
        Massnahmestand.BEANTRAGT: frozenset({Massnahmestand.BEWILLIGT, Massnahmestand.BEDARF}),
        Massnahmestand.BEWILLIGT: frozenset({Massnahmestand.LAEUFT, Massnahmestand.VORZEITIG}),
    }
    | _AFTERWARDS,
    Weg.GUTSCHEIN: _STARTS_AT_ONCE,
    Weg.EIGEN: _STARTS_AT_ONCE,
}

# Before that nobody outside the house learns of bidders and prices.
VERGEBEN = frozenset(Massnahmestand) - {
    Massnahmestand.BEDARF,
    Massnahmestand.VORBEREITET,
    Massnahmestand.AUSGESCHRIEBEN,
    Massnahmestand.BEANTRAGT,
}
VORBEI = frozenset({Massnahmestand.BEENDET, Massnahmestand.VORZEITIG, Massnahmestand.ABGERECHNET, Massnahmestand.AUSGEWERTET})


class Vergabeart(TextChoices):
    """How a provider is chosen. What is allowed depends on the estimated value, see Wertgrenze."""

    DIREKTAUFTRAG = "direkt", "Direktauftrag"
    VERHANDLUNG = "verhandlung", "Verhandlungsvergabe"
    BESCHRAENKT = "beschraenkt", "Beschränkte Ausschreibung"
    OEFFENTLICH = "oeffentlich", "Öffentliche Ausschreibung"
    EU_VERHANDLUNG = "eu_verhandlung", "Verhandlungsverfahren, EU-weit"
    EU_NICHTOFFEN = "eu_nichtoffen", "Nicht offenes Verfahren, EU-weit"
    EU_OFFEN = "eu_offen", "Offenes Verfahren, EU-weit"


EU_WEIT = frozenset({Vergabeart.EU_VERHANDLUNG, Vergabeart.EU_NICHTOFFEN, Vergabeart.EU_OFFEN})


class Leistungsart(TextChoices):
    SOZIAL = "sozial", "soziale Dienstleistung (§ 130 GWB)"
    SONSTIGE = "sonstige", "sonstige Dienstleistung oder Lieferung"


class Vertragsart(TextChoices):
    VERTRAG = "vertrag", "Vertrag"
    BESCHEID = "bescheid", "Zuwendungsbescheid"


class Fachbereich(IntegerChoices):
    """For what a provider is certified (§ 5 Abs. 1 AZAV)."""

    AKTIVIERUNG = 1, "Aktivierung und berufliche Eingliederung"
    VERMITTLUNG = 2, "Arbeitsvermittlung gegen Erfolgsprämie"
    AUSBILDUNG = 3, "Berufswahl und Berufsausbildung"
    WEITERBILDUNG = 4, "berufliche Weiterbildung"
    TRANSFER = 5, "Transferleistungen"
    TEILHABE = 6, "Teilhabe von Menschen mit Behinderungen"

    @property
    def kurz(self) -> str:
        """One word, for tables."""
        return self.name.capitalize()


class Zulassungslage(TextChoices):
    """How somebody's certificates stand on a day."""

    GUELTIG = "gueltig", "gültig"
    ENDET = "endet", "läuft bald ab"
    KUENFTIG = "kuenftig", "gilt noch nicht"
    ABGELAUFEN = "abgelaufen", "abgelaufen"
    KEINE = "keine", "keine"


class Fristlage(TextChoices):
    """How near the end of a certificate is; at each of the first two somebody is told by mail."""

    IN_90_TAGEN = "90", "in 90 Tagen"
    IN_30_TAGEN = "30", "in 30 Tagen"
    ABGELAUFEN = "abgelaufen", "abgelaufen"


class Umschichtungsrichtung(TextChoices):
    """Both titles cover each other (gegenseitig deckungsfähig)."""

    ZU_VWK = "zu_vwk", "vom Eingliederungstitel zu den Verwaltungskosten"
    ZU_EGT = "zu_egt", "von den Verwaltungskosten zum Eingliederungstitel"


class Importart(TextChoices):
    MASSNAHMEN = "massnahmen", "Maßnahmen"
    BUDGET = "budget", "Budget"
    MELDUNGEN = "meldungen", "Monatsmeldungen"


class Importzustand(TextChoices):
    EINGEREICHT = "eingereicht", "wird geprüft"
    FEHLERHAFT = "fehlerhaft", "hat Fehler"
    GEPRUEFT = "geprueft", "geprüft"
    UEBERNOMMEN = "uebernommen", "übernommen"
    VERWORFEN = "verworfen", "verworfen"
    ZURUECKGENOMMEN = "zurueckgenommen", "zurückgenommen"


IMPORT_TRANSITIONS = {
    Importzustand.EINGEREICHT: frozenset({Importzustand.GEPRUEFT, Importzustand.FEHLERHAFT, Importzustand.VERWORFEN}),
    Importzustand.FEHLERHAFT: frozenset({Importzustand.VERWORFEN}),
    Importzustand.GEPRUEFT: frozenset({Importzustand.UEBERNOMMEN, Importzustand.VERWORFEN}),
    Importzustand.UEBERNOMMEN: frozenset({Importzustand.ZURUECKGENOMMEN}),
    Importzustand.VERWORFEN: frozenset(),
    Importzustand.ZURUECKGENOMMEN: frozenset(),
}


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
