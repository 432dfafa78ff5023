"""The open interface: measures and programmes as they were published, for everybody."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from massnahmen.api.inhalt import (
    JAHR,
    LIMIT,
    NICHT_DA,
    PRUEFSUMME,
    FehlerSerializer,
    InhaltSerializer,
    MassnahmeInhaltSerializer,
    Seiten,
    read_jahr,
)
from massnahmen.filters import MassnahmeFilter
from massnahmen.models import Fassung, Veroeffentlichung
from massnahmen.queries import (
    Betrag,
    check_unverfaelscht,
    published_massnahmen,
    published_veroeffentlichung,
    published_veroeffentlichungen,
    read_fassung,
)

FALSCH = OpenApiResponse(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "Ein Filter stimmt nicht; je Filter ein Satz",
)


class Verfaelscht(APIException):
    status_code = 409
    default_code = "verfaelscht"


# One measure as a published Fassung froze it. Money in cents, dates by ISO 8601.
class MassnahmeSerializer(MassnahmeInhaltSerializer):
    jahr = serializers.IntegerField(help_text="Jahr des Arbeitsmarktprogramms")
    fassung = serializers.IntegerField(help_text="Nummer der veröffentlichten Fassung")
    pruefsumme = serializers.CharField(help_text="SHA-256 des ganzen Programms in dieser Fassung")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        row = {"jahr": instance["programm__jahr"], "fassung": instance["nummer"], "pruefsumme": instance["pruefsumme"]}
        return super().to_representation(instance["massnahme"] | row)


@extend_schema_view(
    get=extend_schema(
        operation_id="massnahmen",
        summary="Maßnahmen der veröffentlichten Arbeitsmarktprogramme",
        description="Je Jahr die zuletzt veröffentlichte Fassung, neuestes Jahr zuerst. Entwürfe erscheinen hier nie.",
        parameters=[
            OpenApiParameter("jahr", {"type": "integer", "minimum": 2005, "maximum": 2100}, description="Jahr des Programms"),
            *LIMIT,
        ],
        responses={200: MassnahmeSerializer(many=True), 400: FALSCH},
        auth=[],
    )
)
class MassnahmeListeApi(ListAPIView):
    """Open on purpose: everything here has been published."""

    permission_classes = [AllowAny]
    authentication_classes = ()
    serializer_class = MassnahmeSerializer
    filterset_class = MassnahmeFilter
    pagination_class = Seiten

    def get_queryset(self) -> QuerySet[Fassung, dict[str, Any]]:
        return published_massnahmen()


# Sums of money as cents by key.
@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class Betraege(serializers.Field):
    def to_representation(self, value: tuple[Betrag, ...]) -> dict[str, int]:
        return {betrag.schluessel: betrag.cent for betrag in value}


# A year's programme in the Fassung that was published last.
class ProgrammSerializer(serializers.Serializer):
    jahr = serializers.IntegerField()
    titel = serializers.CharField(source="inhalt.titel")
    fassung = serializers.IntegerField(source="nummer")
    pruefsumme = serializers.RegexField(PRUEFSUMME, help_text="SHA-256 des eingefrorenen Inhalts")
    vorgelegt_am = serializers.DateTimeField()
    veroeffentlicht_am = serializers.DateTimeField()
    massnahmen = serializers.IntegerField(help_text="Wie viele")
    plaetze = serializers.IntegerField(source="inhalt.plaetze")
    geplante_eintritte = serializers.IntegerField(source="inhalt.geplante_eintritte")
    kosten_cent = serializers.IntegerField(source="inhalt.kosten_cent")
    nach_gruppe = Betraege(source="inhalt.nach_gruppe", help_text="Cent je Gruppe von Instrumenten (A bis H)")
    nach_quelle = Betraege(source="inhalt.nach_quelle", help_text="Cent je Quelle")
    url = serializers.CharField(help_text="Der ganze Inhalt")
    seite = serializers.CharField(help_text="Dasselbe für Menschen")

    def to_representation(self, instance: Veroeffentlichung) -> dict[str, Any]:
        fassung, request = instance.fassung, self.context["request"]
        inhalt, jahr = read_fassung(fassung), fassung.programm.jahr
        return super().to_representation(
            {
                "jahr": jahr,
                "nummer": fassung.nummer,
                "pruefsumme": fassung.pruefsumme,
                "vorgelegt_am": fassung.vorgelegt_am,
                "veroeffentlicht_am": instance.am,
                "inhalt": inhalt,
                "massnahmen": len(inhalt.massnahmen),
                "url": request.build_absolute_uri(reverse("massnahmen:api-programm-detail", args=[jahr])),
                "seite": request.build_absolute_uri(reverse("massnahmen:programm-detail", args=[jahr])),
            }
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="arbeitsmarktprogramme",
        summary="Veröffentlichte Arbeitsmarktprogramme",
        description="Je Jahr die zuletzt veröffentlichte Fassung mit ihren Summen, neuestes Jahr zuerst.",
        parameters=LIMIT,
        responses={200: ProgrammSerializer(many=True)},
        auth=[],
    )
)
class ProgrammListeApi(ListAPIView):
    """Open on purpose. A Fassung whose text was changed in the database is left out."""

    permission_classes = [AllowAny]
    authentication_classes = ()
    filter_backends = ()
    serializer_class = ProgrammSerializer
    pagination_class = Seiten

    def get_queryset(self) -> list[Veroeffentlichung]:  # few, and read whole
        return published_veroeffentlichungen()


@extend_schema_view(
    get=extend_schema(
        operation_id="arbeitsmarktprogramm",
        summary="Ein veröffentlichtes Arbeitsmarktprogramm, ganz",
        description=(
            "Der eingefrorene Inhalt, Zeichen für Zeichen so, wie der Beirat über ihn beraten hat. "
            "Der SHA-256 der Antwort ist der Fingerabdruck; er steht auch als ETag im Kopf."
        ),
        parameters=[JAHR],
        responses={
            200: InhaltSerializer,
            404: NICHT_DA,
            409: OpenApiResponse(FehlerSerializer, "Der Text wurde in der Datenbank verändert und wird nicht ausgegeben"),
        },
        auth=[],
    )
)
class ProgrammDetailApi(APIView):
    """Open on purpose: the newest public Fassung of a year."""

    permission_classes = [AllowAny]
    authentication_classes = ()

    def get(self, request: Request, jahr: str) -> HttpResponse:
        veroeffentlichung = published_veroeffentlichung(read_jahr(jahr))
        if veroeffentlichung is None:
            raise NotFound(f"Für {jahr} ist kein Arbeitsmarktprogramm veröffentlicht.")
        fassung = veroeffentlichung.fassung
        if satz := check_unverfaelscht(fassung):
            raise Verfaelscht(satz)
        etag = f'"{fassung.pruefsumme}"'
        response = HttpResponse(fassung.inhalt, content_type="application/json", headers={"ETag": etag})
        return get_conditional_response(request, etag=etag, response=response) or response
