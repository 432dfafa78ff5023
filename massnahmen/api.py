"""The open interface: measures of the published programmes, read-only, for everybody."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import AllowAny

from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.filters import MassnahmeFilter
from massnahmen.models import Fassung
from massnahmen.queries import published_massnahmen


class FinanzierungSerializer(serializers.Serializer):
    quelle = serializers.ChoiceField(choices=Finanzquelle.choices)
    betrag_cent = serializers.IntegerField()


class InstrumentSerializer(serializers.Serializer):
    kurz = serializers.CharField()
    name = serializers.CharField()
    klartext = serializers.CharField(help_text="In einfachen Worten")
    paragraph = serializers.CharField(help_text="Rechtsgrundlage")
    gruppe = serializers.ChoiceField(choices=Instrumentgruppe.choices)


class MassnahmeSerializer(serializers.Serializer):
    """One measure as a published Fassung froze it. Money in cents, dates by ISO 8601."""

    jahr = serializers.IntegerField(source="programm__jahr", help_text="Jahr des Arbeitsmarktprogramms")
    fassung = serializers.IntegerField(source="nummer", help_text="Nummer der veröffentlichten Fassung")
    pruefsumme = serializers.CharField(help_text="SHA-256 des ganzen Programms in dieser Fassung")
    id = serializers.IntegerField(source="massnahme.id")
    titel = serializers.CharField(source="massnahme.titel")
    beschreibung = serializers.CharField(source="massnahme.beschreibung")
    instrument = InstrumentSerializer(source="massnahme.instrument")
    zielgruppen = serializers.ListField(child=serializers.CharField(), source="massnahme.zielgruppen")
    traeger = serializers.CharField(source="massnahme.traeger", allow_null=True, help_text="null, solange die Vergabe offen ist")
    beginn = serializers.DateField(source="massnahme.beginn")
    ende = serializers.DateField(source="massnahme.ende")
    plaetze = serializers.IntegerField(source="massnahme.plaetze")
    geplante_eintritte = serializers.IntegerField(source="massnahme.geplante_eintritte")
    kosten_cent = serializers.SerializerMethodField(help_text="Summe über alle Quellen")
    finanzierung = FinanzierungSerializer(source="massnahme.finanzierung", many=True)

    def get_kosten_cent(self, row: dict[str, Any]) -> int:
        return sum(part["betrag_cent"] for part in row["massnahme"]["finanzierung"])


class Seiten(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


@extend_schema_view(
    get=extend_schema(
        operation_id="massnahmen",
        summary="Maßnahmen der veröffentlichten Arbeitsmarktprogramme",
        description="Je Jahr die zuletzt veröffentlichte Fassung, neuestes Jahr zuerst. Entwürfe erscheinen hier nie.",
        parameters=[
            OpenApiParameter("jahr", {"type": "integer", "minimum": 2005, "maximum": 2100}, description="Jahr des Programms"),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}, description="Wie viele; ohne Angabe 50"),
            OpenApiParameter("offset", {"type": "integer", "minimum": 0}, description="Ab der wievielten, gezählt ab 0"),
        ],
        responses={
            200: MassnahmeSerializer(many=True),
            400: OpenApiResponse(
                {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
                "Ein Filter stimmt nicht; je Filter ein Satz",
            ),
        },
        auth=[],
    )
)
class MassnahmeListeApi(ListAPIView):
    """Open on purpose: everything here has been published."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = MassnahmeSerializer
    filterset_class = MassnahmeFilter
    pagination_class = Seiten

    def get_queryset(self) -> QuerySet[Fassung, dict[str, Any]]:
        return published_massnahmen()
