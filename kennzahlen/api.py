"""The open interface: what is measured, of whom, and every published value. Read-only, for everybody."""

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import AllowAny

from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Gruppenart, Kennzahlart, Lizenz, Quellenart, Reife, Richtung, Traegerform
from kennzahlen.filters import JobcenterFilter, KennzahlFilter, MesswertFilter
from kennzahlen.models import Jobcenter, Kennzahl, Messwert, Zugehoerigkeit
from kennzahlen.queries.datenstand import published_messwerte
from kennzahlen.queries.offene_daten import LIZENZ_URL, as_decimal, exact_wert
from kennzahlen.queries.reihe import reife_of

MOST = 500
LIMIT = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, description="Wie viele; ohne Angabe 50"),
    OpenApiParameter("offset", {"type": "integer", "minimum": 0}, description="Ab der wievielten, gezählt ab 0"),
]
MONAT = {"type": "string", "pattern": r"^20[0-9][0-9]-(0[1-9]|1[0-2])$", "example": "2026-07"}
GRUPPE = {"type": "string", "pattern": r"^(bund|land|typ):[A-Za-z0-9-]{1,20}$", "example": "land:HE"}
TRAEGERNUMMER = {"type": "string", "pattern": "^[0-9]{5}$"}
KENNZAHL = {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,20}$", "example": "K2"}
DEZIMAL = {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]{1,6})?$"}
FALSCH = OpenApiResponse(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "Ein Filter stimmt nicht; je Filter ein Satz",
)


class Seiten(LimitOffsetPagination):
    default_limit = 50
    max_limit = MOST


class OffeneListeApi(ListAPIView):
    """Open on purpose: everything here has been published."""

    permission_classes = [AllowAny]
    authentication_classes = []
    pagination_class = Seiten


# --- Kennzahlen -------------------------------------------------------------------------------------------------
class KennzahlSerializer(serializers.Serializer):
    """What a value means. Rates are Zähler by Nenner in per cent; money is counted in cents."""

    code = serializers.CharField()
    name = serializers.CharField()
    art = serializers.ChoiceField(choices=Kennzahlart.choices)
    einheit = serializers.ChoiceField(choices=Einheit.choices)
    richtung = serializers.ChoiceField(choices=Richtung.choices)
    definition = serializers.CharField()
    zaehler = serializers.CharField(source="zaehler_name", help_text="Was der Zähler zählt")
    nenner = serializers.CharField(source="nenner_name", help_text="Was der Nenner zählt")
    nenner_teiler = serializers.IntegerField(help_text="Mal diese Zahl ist jeder Nenner eine ganze Zahl")


@extend_schema_view(
    get=extend_schema(
        operation_id="kennzahlen",
        summary="Kennzahlen und was sie bedeuten",
        parameters=[
            OpenApiParameter("art", {"type": "string", "enum": Kennzahlart.values}, description="Nur Kennzahlen dieser Art"),
            *LIMIT,
        ],
        responses={200: KennzahlSerializer(many=True), 400: FALSCH},
        auth=[],
    )
)
class KennzahlListeApi(OffeneListeApi):
    serializer_class = KennzahlSerializer
    filterset_class = KennzahlFilter

    def get_queryset(self) -> QuerySet[Kennzahl]:
        return Kennzahl.objects.order_by("code")


# --- Jobcenter --------------------------------------------------------------------------------------------------
class GruppeSerializer(serializers.Serializer):
    gruppe = serializers.SerializerMethodField(help_text="So filtern Sie danach, zum Beispiel land:HE")
    art = serializers.ChoiceField(choices=Gruppenart.choices)
    name = serializers.CharField(source="gruppe.name")
    von = serializers.DateField(source="zeitraum.lower", allow_null=True)
    bis = serializers.DateField(source="zeitraum.upper", allow_null=True, help_text="Der erste Tag, an dem es nicht mehr gilt")

    def get_gruppe(self, row: Zugehoerigkeit) -> str:
        return f"{row.gruppe.art}:{row.gruppe.code}"


class JobcenterSerializer(serializers.Serializer):
    """One Jobcenter by its Trägernummer, and what it is compared with."""

    traegernummer = serializers.CharField()
    name = serializers.CharField()
    form = serializers.ChoiceField(choices=Traegerform.choices)
    fiktiv = serializers.BooleanField(source="ist_fiktiv", help_text="true: Dieses Jobcenter gibt es nicht")
    nachfolger = serializers.CharField(
        source="nachfolger.traegernummer", default=None, allow_null=True, help_text="Worin es aufgegangen ist"
    )
    aufgegangen_am = serializers.DateField(allow_null=True)
    gruppen = GruppeSerializer(source="zugehoerigkeiten", many=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="jobcenter",
        summary="Jobcenter und ihre Vergleichsgruppen",
        parameters=[
            OpenApiParameter("gruppe", GRUPPE, description="Nur Jobcenter, die heute zu dieser Vergleichsgruppe gehören"),
            OpenApiParameter("form", {"type": "string", "enum": Traegerform.values}, description="Nur Jobcenter dieser Form"),
            *LIMIT,
        ],
        responses={200: JobcenterSerializer(many=True), 400: FALSCH},
        auth=[],
    )
)
class JobcenterListeApi(OffeneListeApi):
    serializer_class = JobcenterSerializer
    filterset_class = JobcenterFilter

    def get_queryset(self) -> QuerySet[Jobcenter]:
        groups = Zugehoerigkeit.objects.select_related("gruppe").order_by("art", "zeitraum")
        return (
            Jobcenter.objects.select_related("nachfolger").prefetch_related(Prefetch("zugehoerigkeiten", groups)).order_by("traegernummer")
        )


# --- Messwerte --------------------------------------------------------------------------------------------------
class QuelleSerializer(serializers.Serializer):
    art = serializers.ChoiceField(choices=Quellenart.choices)
    herausgeber = serializers.CharField()
    titel = serializers.CharField()
    url = serializers.CharField(help_text="Leer, wo es keine Adresse gibt")
    lizenz = serializers.ChoiceField(choices=Lizenz.choices)
    lizenz_url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_lizenz_url(self, quelle: Any) -> str:
        return LIZENZ_URL[Lizenz(quelle.lizenz)]


class MesswertSerializer(serializers.Serializer):
    """One value under its key: Jobcenter, Kennzahl, period, sex, Datenstand and source. Decimals are texts, so that none is rounded."""

    traegernummer = serializers.CharField(source="jobcenter.traegernummer")
    jobcenter = serializers.CharField(source="jobcenter.name")
    kennzahl = serializers.CharField(source="kennzahl.code")
    von = serializers.DateField()
    bis = serializers.DateField()
    geschlecht = serializers.ChoiceField(choices=Geschlecht.choices)
    datenstand = serializers.DateField(source="datenstand.tag")
    reife = serializers.SerializerMethodField()
    zaehler = serializers.IntegerField(allow_null=True)
    nenner = serializers.SerializerMethodField()
    wert = serializers.SerializerMethodField(help_text="In der Einheit der Kennzahl; wo es nicht aufgeht, auf sechs Stellen gerundet")
    zitiert = serializers.SerializerMethodField(help_text="true: Die Quelle nennt nur das Ergebnis, nicht Zähler und Nenner")
    genauigkeit = serializers.ChoiceField(choices=Genauigkeit.choices, help_text="Wie die Quelle die Zahl nennt")
    quelle = QuelleSerializer(source="datenstand.quelle")

    @extend_schema_field({"type": "string", "enum": Reife.values})
    def get_reife(self, row: Messwert) -> str:
        return reife_of(row.kennzahl, row.von, row.datenstand).value

    @extend_schema_field(DEZIMAL | {"nullable": True})
    def get_nenner(self, row: Messwert) -> str | None:
        return None if row.nennerwert is None else _text(as_decimal(row.nennerwert))

    @extend_schema_field(DEZIMAL | {"nullable": True})
    def get_wert(self, row: Messwert) -> str | None:
        wert = exact_wert(row.kennzahl, row.zaehler, row.nenner)
        if wert is not None:
            return _text(as_decimal(wert))
        return None if row.zitat is None else _text(row.zitat)

    def get_zitiert(self, row: Messwert) -> bool:
        return row.zitat is not None


def _text(value: Decimal) -> str:
    return f"{value:f}"


@extend_schema_view(
    get=extend_schema(
        operation_id="messwerte",
        summary="Veröffentlichte Werte einer Kennzahl, jeder mit Quelle, Datenstand und Lizenz",
        description=(
            "Jeder Datenstand eines Werts steht hier für sich; der neueste gilt. Was geheim gehalten wird oder zurückgezogen ist, "
            "erscheint nicht. Zahlen der Bundesagentur für Arbeit unterliegen deren Bedingungen, siehe „lizenz_url“."
        ),
        parameters=[
            OpenApiParameter("kennzahl", KENNZAHL, required=True, description="Kürzel der Kennzahl, Groß- und Kleinschreibung zählt"),
            OpenApiParameter("jobcenter", TRAEGERNUMMER, description="Trägernummer, fünf Ziffern"),
            OpenApiParameter("geschlecht", {"type": "string", "enum": Geschlecht.values}, description="Insgesamt, Männer oder Frauen"),
            OpenApiParameter("von", MONAT, description="Nur Zeiträume, die frühestens in diesem Monat beginnen"),
            OpenApiParameter("bis", MONAT, description="Nur Zeiträume, die spätestens in diesem Monat enden"),
            OpenApiParameter("quellenart", {"type": "string", "enum": Quellenart.values}, description="Wer die Zahl nennt"),
            OpenApiParameter("gruppe", GRUPPE, description="Nur Jobcenter, die am Ende des Zeitraums zu dieser Gruppe gehörten"),
            *LIMIT,
        ],
        responses={200: MesswertSerializer(many=True), 400: FALSCH},
        auth=[],
    )
)
class MesswertListeApi(OffeneListeApi):
    queryset = Messwert.objects.none()  # its model for the description; the rows below need the database
    serializer_class = MesswertSerializer
    filterset_class = MesswertFilter

    def get_queryset(self) -> QuerySet[Messwert]:
        return published_messwerte().with_source()
