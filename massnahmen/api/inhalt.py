"""What a programme's content looks like to programs, as it is frozen: money in cents, dates by ISO 8601, texts as HTML.

What programmes frozen before schema 2 did not say yet has its empty value as default.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import LimitOffsetPagination

from massnahmen.enums import Abschlussart, Finanzquelle, Instrumentgruppe, Kapitelart, Vergabestand

PRUEFSUMME = "^[0-9a-f]{64}$"
JAHR = OpenApiParameter("jahr", {"type": "integer", "minimum": 2005, "maximum": 2100}, OpenApiParameter.PATH, description="Programmjahr")
LIMIT = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}, description="Wie viele; ohne Angabe 50"),
    OpenApiParameter("offset", {"type": "integer", "minimum": 0}, description="Ab der wievielten, gezählt ab 0"),
]


def read_jahr(text: str) -> int:
    """The year in an address; what is none is answered in JSON like everything here."""
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise NotFound("Das ist kein Jahr.")
    return int(text)


class FehlerSerializer(serializers.Serializer):
    detail = serializers.CharField(help_text="Ein Satz, der sagt, was los ist")


NICHT_DA = OpenApiResponse(FehlerSerializer, "Für dieses Jahr gibt es nichts")


class Seiten(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


class FinanzierungSerializer(serializers.Serializer):
    quelle = serializers.ChoiceField(choices=Finanzquelle.choices)
    betrag_cent = serializers.IntegerField()


class InstrumentSerializer(serializers.Serializer):
    kurz = serializers.CharField()
    name = serializers.CharField()
    klartext = serializers.CharField(help_text="In einfachen Worten")
    paragraph = serializers.CharField(help_text="Rechtsgrundlage")
    gruppe = serializers.ChoiceField(choices=Instrumentgruppe.choices)


# One measure. In a draft, what is still missing is null or empty.
class MassnahmeInhaltSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Bleibt über die Jahre gleich")
    titel = serializers.CharField()
    beschreibung = serializers.CharField(allow_blank=True)
    instrument = InstrumentSerializer(allow_null=True)
    handlungsfeld = serializers.CharField(default=None, allow_null=True)
    zielgruppen = serializers.ListField(child=serializers.CharField())
    traeger = serializers.CharField(allow_null=True, help_text="null, solange die Vergabe offen ist")
    vergabestand = serializers.SerializerMethodField()
    ort = serializers.CharField(default="", allow_blank=True)
    beginn = serializers.DateField(allow_null=True)
    ende = serializers.DateField(allow_null=True)
    dauer_wochen = serializers.IntegerField(default=None, allow_null=True, help_text="Je Person")
    wochenstunden = serializers.IntegerField(default=None, allow_null=True)
    jederzeit = serializers.BooleanField(default=False, help_text="Ob man jederzeit einsteigen kann")
    naechster_start = serializers.DateField(default=None, allow_null=True)
    zugang = serializers.CharField(default="", allow_blank=True, help_text="Wie man hineinkommt")
    ansprechstelle = serializers.CharField(default="", allow_blank=True)
    telefon = serializers.CharField(default="", allow_blank=True)
    plaetze = serializers.IntegerField(allow_null=True)
    geplante_eintritte = serializers.IntegerField(allow_null=True)
    erfolgskriterium = serializers.CharField(default="", allow_blank=True)
    eingliederung_prozent = serializers.IntegerField(default=None, allow_null=True, help_text="Geplante Eingliederungsquote in Prozent")
    verpflichtung_cent = serializers.IntegerField(default=0, help_text="Was für die Folgejahre schon gebunden ist")
    bemerkung = serializers.CharField(default="", allow_blank=True)
    kosten_cent = serializers.SerializerMethodField(help_text="Summe über alle Quellen")
    finanzierung = FinanzierungSerializer(many=True)

    @extend_schema_field(serializers.ChoiceField(choices=Vergabestand.choices))
    def get_vergabestand(self, massnahme: dict[str, Any]) -> str:
        """The oldest Fassungen did not say it; there a Träger was named once the award was made."""
        return massnahme.get("vergabestand") or (Vergabestand.VERGEBEN if massnahme["traeger"] else Vergabestand.OFFEN)

    def get_kosten_cent(self, massnahme: dict[str, Any]) -> int:
        return sum(part["betrag_cent"] for part in massnahme["finanzierung"])


# A measure as it stands in the frozen text: the sum of its costs does not.
class FrozenMassnahmeSerializer(MassnahmeInhaltSerializer):
    kosten_cent = None  # takes the field out


class KapitelSerializer(serializers.Serializer):
    nummer = serializers.IntegerField()
    art = serializers.ChoiceField(choices=[("", "eigenes Kapitel"), *Kapitelart.choices], required=False)
    titel = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="HTML: Absätze, Überschriften, Listen, Links")


class MesslatteSerializer(serializers.Serializer):
    kennzahl = serializers.CharField()
    name = serializers.CharField()
    ziel = serializers.CharField(help_text="Zum Beispiel „mindestens 27,0 %“")
    nur_beobachtung = serializers.BooleanField()
    ist = serializers.CharField(allow_blank=True, help_text="Zuletzt gemessen")
    monat = serializers.DateField(allow_null=True)
    datenstand = serializers.DateField(allow_null=True)


class ZielSerializer(serializers.Serializer):
    nummer = serializers.IntegerField()
    text = serializers.CharField()
    handlungsfeld = serializers.CharField(allow_null=True)
    messlatte = MesslatteSerializer(allow_null=True)


class BildungszielSerializer(serializers.Serializer):
    berufsfeld = serializers.CharField()
    bildungsziel = serializers.CharField()
    abschlussart = serializers.ChoiceField(choices=Abschlussart.choices)
    gutscheine_q1 = serializers.IntegerField()
    gutscheine_q2 = serializers.IntegerField()
    gutscheine_q3 = serializers.IntegerField()
    gutscheine_q4 = serializers.IntegerField()
    dauer_monate = serializers.IntegerField(allow_null=True)
    budget_cent = serializers.IntegerField()
    hinweis = serializers.CharField(allow_blank=True)


class VorjahrSerializer(serializers.Serializer):
    jahr = serializers.IntegerField()
    fassung = serializers.IntegerField()
    pruefsumme = serializers.CharField()
    massnahmen = serializers.IntegerField()
    plaetze = serializers.IntegerField()
    geplante_eintritte = serializers.IntegerField()
    nach_gruppe = serializers.DictField(child=serializers.IntegerField(), help_text="Cent je Gruppe von Instrumenten")
    nach_quelle = serializers.DictField(child=serializers.IntegerField(), help_text="Cent je Quelle")


# A programme's whole content. Programmes of schema 1 have fewer fields, and chapters in plain text.
class InhaltSerializer(serializers.Serializer):
    schema = serializers.IntegerField()
    jobcenter = serializers.CharField()
    jahr = serializers.IntegerField()
    titel = serializers.CharField()
    zusammenfassung = serializers.CharField(allow_blank=True)
    kapitel = KapitelSerializer(many=True)
    massnahmen = FrozenMassnahmeSerializer(many=True)
    ziele = ZielSerializer(many=True, required=False)
    bildungsziele = BildungszielSerializer(many=True, required=False)
    vorjahr = VorjahrSerializer(allow_null=True, required=False)
