"""Every kind of field once, for the gallery of components and for the tests of their markup."""

from django import forms

from jobcenter.common.forms.dateien import DateienField, DateiField
from jobcenter.common.forms.felder import (
    CentField,
    DatumField,
    MehrfachAuswahl,
    MonatField,
    ZaehlText,
    ZahlField,
    ZeitpunktField,
    ZeitraumField,
)
from jobcenter.common.forms.formulare import KernForm
from jobcenter.common.forms.richtext import RichTextField

ART = [("kenntnisnahme", "Kenntnisnahme"), ("beratung", "Beratung"), ("beschluss", "Beschluss")]
GRUPPEN = [("u25", "Menschen unter 25 Jahren"), ("allein", "Alleinerziehende"), ("lang", "Menschen, die lange ohne Arbeit sind")]
ORTE = [(name.lower(), name) for name in (
    "Auental", "Birkenfeld", "Dornau", "Eichberg", "Falkenheim", "Grünwald", "Hainstadt", "Immenau", "Kleinbach", "Lindenau",
    "Musterburg", "Neudorf", "Oberrode", "Quellheim",
)]  # fmt: skip


class GalerieForm(KernForm):
    titel = forms.CharField(label="Titel", max_length=160, help_text="Der Titel steht später auch auf der öffentlichen Seite.")
    kurz = forms.CharField(
        label="Kurztext", max_length=200, required=False, widget=ZaehlText(attrs={"rows": 3}), help_text="Höchstens 200 Zeichen."
    )
    text = RichTextField(label="Text", help_text="Schreiben Sie kurze Absätze. Eine Überschrift gliedert längere Texte.")
    mail = forms.EmailField(label="E-Mail-Adresse", required=False)
    betrag = CentField(label="Betrag in Euro", help_text="Zum Beispiel 455.000 oder 1.234,50.")
    plaetze = ZahlField(label="Plätze", min_value=0, max_value=10_000)
    tag = DatumField(label="Tag der Sitzung")
    zeitpunkt = ZeitpunktField(label="Sperrfrist", required=False, help_text="Deutsche Zeit.")
    monat = MonatField(label="Berichtsmonat", help_text="Zum Beispiel 12/2026.")
    laufzeit = ZeitraumField(label="Laufzeit", help_text="Erster und letzter Tag.")
    geltung = ZeitraumField(label="Geltung", open_end=True, required=False, help_text="Ohne Ende bleibt das zweite Feld leer.")
    instrument = forms.ChoiceField(
        label="Instrument", choices=[("", "Bitte wählen"), ("16e", "Eingliederung (§ 16e SGB II)"), ("16i", "Teilhabe (§ 16i SGB II)")]
    )
    art = forms.ChoiceField(label="Art des Punkts", choices=ART, widget=forms.RadioSelect, help_text="Was soll der Beirat tun?")
    gruppen = forms.MultipleChoiceField(label="Zielgruppen", choices=GRUPPEN, widget=MehrfachAuswahl)
    orte = forms.MultipleChoiceField(label="Orte", choices=ORTE, widget=MehrfachAuswahl, required=False)
    datei = DateiField(label="Unterlage", kinds=["pdf"], max_mb=10)
    bilder = DateienField(label="Bilder", kinds=["png", "jpeg", "webp"], max_mb=5, max_files=3, required=False)
    geprueft = forms.BooleanField(label="Ich habe alle Angaben geprüft.")
