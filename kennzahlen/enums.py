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


class Kennzeichen(TextChoices):
    """Why a delivered value has no number."""

    GEHEIM = "geheim", "geheim gehalten"
    SINNLOS = "sinnlos", "nicht sinnvoll"


class Zeitbezug(TextChoices):
    """Months of a Strom add up to a year; those of a Bestand do not."""

    BESTAND = "bestand", "Bestand an einem Tag"
    STROM = "strom", "Ereignisse in einem Zeitraum"


class Reife(TextChoices):
    HOCHGERECHNET = "hochgerechnet", "hochgerechnet"
    ENDGUELTIG = "endgueltig", "endgültig"
    REVIDIERT = "revidiert", "revidiert"


class Lizenz(TextChoices):
    """Under which terms a source lets its figures be used."""

    DL_DE_BY = "dl-de-by", "Datenlizenz Deutschland Namensnennung 2.0"
    BA = "ba", "Nutzungsbedingungen der Statistik der Bundesagentur für Arbeit"
    ZITAT = "zitat", "als Zitat wiedergegeben"


class Gruppenart(TextChoices):
    BUND = "bund", "Bund"
    LAND = "land", "Land"
    TYP = "typ", "SGB-II-Vergleichstyp"


class Lieferzustand(TextChoices):
    EINGEREICHT = "eingereicht", "wird geprüft"
    FEHLERHAFT = "fehlerhaft", "fehlerhaft"
    GEPRUEFT = "geprueft", "geprüft"
    UEBERNOMMEN = "uebernommen", "übernommen"
    VERWORFEN = "verworfen", "verworfen"
    ZURUECKGEZOGEN = "zurueckgezogen", "zurückgezogen"


LIEFERUNG_TRANSITIONS = {
    Lieferzustand.EINGEREICHT: frozenset({Lieferzustand.FEHLERHAFT, Lieferzustand.GEPRUEFT, Lieferzustand.VERWORFEN}),
    Lieferzustand.FEHLERHAFT: frozenset({Lieferzustand.VERWORFEN}),
    Lieferzustand.GEPRUEFT: frozenset({Lieferzustand.UEBERNOMMEN, Lieferzustand.VERWORFEN}),
    Lieferzustand.UEBERNOMMEN: frozenset({Lieferzustand.ZURUECKGEZOGEN}),
}


class Zielart(TextChoices):
    WERT = "wert", "Wert der Kennzahl"
    ANZAHL = "anzahl", "Anzahl im Jahr"


class Zielrichtung(TextChoices):
    MINDESTENS = "mindestens", "mindestens"
    HOECHSTENS = "hoechstens", "höchstens"


class Diagrammart(TextChoices):
    VERLAUF = "verlauf", "Verlauf"
    LAGE = "lage", "Lage unter allen"
    FUNKE = "funke", "kleine Linie"


class Wiedergabe(TextChoices):
    """What of a value a text quotes."""

    WERT = "wert", "der Wert selbst"
    ZAEHLER = "zaehler", "der Zähler"
    NENNER = "nenner", "der Nenner"
    VERAENDERUNG = "veraenderung", "die Veränderung zum Vorjahr"
    VERAENDERUNG_PROZENT = "veraenderung_prozent", "die Veränderung zum Vorjahr in Prozent"


class Lesart(TextChoices):
    """How Zähler and Nenner are read; K1, K1E1, K1E2 and K3 have both readings."""

    QUOTE = "quote", "Anteil in Prozent"
    VERAENDERUNG = "veraenderung", "Veränderung in Prozent"


class Grundgroesse(TextChoices):
    """What is counted every month and what the formulas of § 48a SGB II are built from; money in cents."""

    LLU = "llu", "Leistungen zum Lebensunterhalt"
    LUH = "luh", "Leistungen für Unterkunft und Heizung"
    ELB = "elb", "Erwerbsfähige Leistungsberechtigte"
    ELB_ZUGANG = "elb_zugang", "Zugänge von erwerbsfähigen Leistungsberechtigten"
    ELB_ABGANG = "elb_abgang", "Abgänge von erwerbsfähigen Leistungsberechtigten"
    INTEGRATIONEN = "integrationen", "Integrationen"
    GERINGFUEGIG = "geringfuegig", "Eintritte in geringfügige Beschäftigung"
    GEFOERDERT = "gefoerdert", "Eintritte in öffentlich geförderte Beschäftigung"
    VERSICHERT = "versichert", "Integrationen in sozialversicherungspflichtige Beschäftigung"
    KONTINUIERLICH = "kontinuierlich", "Integrationen mit anschließend sechs Monaten Beschäftigung"
    ALLEINERZIEHENDE = "alleinerziehende", "Alleinerziehende erwerbsfähige Leistungsberechtigte"
    INTEGRATIONEN_ALLEINERZIEHENDE = "integrationen_allein", "Integrationen von Alleinerziehenden"
    LZB = "lzb", "Langzeitleistungsbeziehende"
    LZB_ZUGANG = "lzb_zugang", "Zugänge in den Langzeitbezug"
    LZB_ABGANG = "lzb_abgang", "Abgänge aus dem Langzeitbezug"
    INTEGRATIONEN_LZB = "integrationen_lzb", "Integrationen von Langzeitleistungsbeziehenden"
    LZB_AKTIV = "lzb_aktiv", "Langzeitleistungsbeziehende in Maßnahmen der aktiven Arbeitsförderung"


class Zielstand(TextChoices):
    """Where a Zielwert stands; erreicht and verfehlt only once the December of its year is known."""

    ERREICHT = "erreicht", "erreicht"
    AUF_KURS = "auf_kurs", "auf Kurs"
    GEFAEHRDET = "gefaehrdet", "gefährdet"
    VERFEHLT = "verfehlt", "verfehlt"
    OFFEN = "offen", "noch offen"


class Prognosemethode(TextChoices):
    ERGEBNIS = "ergebnis", "Ergebnis des Jahres"
    VORJAHRESVERLAUF = "vorjahresverlauf", "wie im Vorjahr weitergeführt"
    FORTSCHREIBUNG = "fortschreibung", "letzter Wert unverändert"
    KEINE = "keine", "keine Prognose"


class Zahleinheit(TextChoices):
    """In what a text counts."""

    ANZAHL = "anzahl", "Anzahl"
    PROZENT = "prozent", "Prozent"
    PUNKTE = "punkte", "Prozentpunkte"
    EURO = "euro", "Euro"


class Zitaturteil(TextChoices):
    """What the check says about a quoted figure, worst first."""

    GEHEIM = "geheim", "geheim gehalten"
    ZURUECKGEZOGEN = "zurueckgezogen", "Zahlen zurückgezogen"
    WEICHT_AB = "weicht_ab", "weicht ab"
    UEBERHOLT = "ueberholt", "überholt"
    FEHLT = "fehlt", "steht nicht mehr im Text"
    STIMMT = "stimmt", "stimmt"
