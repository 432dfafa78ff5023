"""The interface for who is signed in: drafts with what they lack, and what the caller may do now. Same permissions as the pages."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.konten.models import UserLike
from massnahmen.api.inhalt import JAHR, LIMIT, NICHT_DA, FehlerSerializer, InhaltSerializer, MassnahmeInhaltSerializer, Seiten, read_jahr
from massnahmen.enums import PROGRAMM_TRANSITIONS, Fassungsanlass, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, BcaStellungnahme, Fassung
from massnahmen.queries import check_programm, collect_inhalt, list_fassungen

VERBEN = {
    "massnahmen_planen": "Maßnahmen planen und ändern",
    "kapitel_schreiben": "Kapitel und Zusammenfassung schreiben",
    "ziele_schreiben": "Ziele und Bildungsziele schreiben",
    "kommentieren": "Kapitel und Maßnahmen kommentieren",
    "bca_beteiligen": "der BCA vorlegen",
    "stellung_nehmen": "als BCA Stellung nehmen",
    "stellungnahme_beantworten": "auf eine Stellungnahme der BCA antworten",
    "vorlegen": "dem Beirat vorlegen; Befunde, die blockieren, stehen dem noch im Weg",
    "wieder_oeffnen": "wieder zum Entwurf machen",
    "beschluss_eintragen": "den Beschluss eines Gremiums eintragen",
    "veroeffentlichen": "veröffentlichen",
    "fortschreiben": "eine Fortschreibung beginnen",
    "fortschreibung_beenden": "die Fortschreibung aufgeben",
    "abschliessen": "abschließen",
    "verwerfen": "den Entwurf wegwerfen, von dem noch niemand eine Fassung bekommen hat",
}
ZU = OpenApiResponse(FehlerSerializer, "Sie sind nicht angemeldet, oder Ihre Rolle reicht nicht")


class IsStaff(BasePermission):
    message = "Dafür müssen Sie als Mitarbeiterin oder Mitarbeiter des Jobcenters angemeldet sein."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("massnahmen.view_programm")


def list_darf(programm: Arbeitsmarktprogramm, user: UserLike, *, offen: dict[int, set[str]]) -> list[str]:
    """What the person may do with the programme now, in the order of its way. `offen` is what `read_offen` found."""
    status = Programmstatus(programm.status)
    on, draft, waits = PROGRAMM_TRANSITIONS[status], programm.ist_entwurf, offen.get(programm.pk, set())
    gremien = settings.INSTANZ.programm.gremien
    late = status == Programmstatus.BESCHLOSSEN and len(gremien) > 1  # a committee's result that came after the Kreistag's
    states: dict[str, tuple[str, object]] = {
        "massnahmen_planen": ("change_massnahme", draft),
        "kapitel_schreiben": ("change_kapitel", draft),
        "ziele_schreiben": ("change_ziel", draft),
        "kommentieren": ("comment_kapitel", True),
        "bca_beteiligen": ("begin_beteiligung", Programmstatus.BETEILIGUNG in on),
        "stellung_nehmen": ("write_stellungnahme", draft and "stellungnahme" in waits),
        "stellungnahme_beantworten": ("answer_stellungnahme", "antwort" in waits),
        "vorlegen": ("submit_programm", draft and Programmstatus.BEIM_BEIRAT in on),
        "wieder_oeffnen": ("reopen_programm", programm.ist_wieder_zu_oeffnen),
        "beschluss_eintragen": ("record_gremienbeschluss", gremien and (status == Programmstatus.BERATEN or late)),
        "veroeffentlichen": ("publish_programm", programm.ist_beschlossen),
        "fortschreiben": ("begin_fortschreibung", status == Programmstatus.VEROEFFENTLICHT),
        "fortschreibung_beenden": ("begin_fortschreibung", status == Programmstatus.FORTSCHREIBUNG),
        "abschliessen": ("close_programm", status == Programmstatus.VEROEFFENTLICHT and programm.ist_vorbei),
        "verwerfen": ("open_programm", draft and "fassung" not in waits),
    }
    return [verb for verb, (perm, possible) in states.items() if possible and user.has_perm(f"massnahmen.{perm}", programm)]


def read_offen() -> dict[int, set[str]]:
    """Which programmes have a Fassung, wait for the BCA's Stellungnahme or for an answer to one. Three queries."""
    newer = Fassung.objects.filter(programm=OuterRef("programm"), nummer__gt=OuterRef("nummer"))
    asked = Fassung.objects.filter(~Exists(newer), anlass=Fassungsanlass.BETEILIGUNG, bca_stellungnahme=None)
    unanswered = BcaStellungnahme.objects.filter(beantwortet_am=None)
    offen: dict[int, set[str]] = {}
    for word, ids in (
        ("stellungnahme", asked.values_list("programm_id", flat=True)),
        ("fassung", Fassung.objects.order_by().values_list("programm_id", flat=True).distinct()),
        ("antwort", unanswered.values_list("fassung__programm_id", flat=True)),
    ):
        for pk in ids:
            offen.setdefault(pk, set()).add(word)
    return offen


# How far a programme is, and what the caller may do with it now.
class Stand(serializers.Serializer):
    jahr = serializers.IntegerField()
    titel = serializers.CharField()
    status = serializers.ChoiceField(choices=Programmstatus.choices)
    ist_entwurf = serializers.BooleanField(help_text="Ob gerade daran geschrieben werden kann")
    version = serializers.IntegerField()
    darf = serializers.ListField(
        child=serializers.ChoiceField(choices=list(VERBEN.items())), help_text="Was Sie jetzt mit diesem Programm tun dürfen"
    )
    url = serializers.CharField()
    seite = serializers.CharField(help_text="Dasselbe für Menschen")


class ProgrammeInternSerializer(serializers.Serializer):
    darf = serializers.ListField(
        child=serializers.CharField(), help_text="„anlegen“, wenn Sie das Programm eines neuen Jahres beginnen dürfen"
    )
    programme = Stand(many=True)


class BefundSerializer(serializers.Serializer):
    bereich = serializers.ChoiceField(choices=["programm", "zusammenfassung", "kapitel", "ziele", "massnahme", "bca", "vorjahr"])
    schluessel = serializers.IntegerField(help_text="Nummer des Kapitels oder Kennung der Maßnahme oder des Ziels; sonst 0")
    wo = serializers.CharField()
    satz = serializers.CharField()
    blockiert = serializers.BooleanField(help_text="Ob das Programm so nicht vorgelegt werden kann")


class FassungSerializer(serializers.Serializer):
    nummer = serializers.IntegerField(source="fassung.nummer")
    anlass = serializers.ChoiceField(choices=Fassungsanlass.choices, source="fassung.anlass")
    pruefsumme = serializers.CharField(source="fassung.pruefsumme")
    vorgelegt_am = serializers.DateTimeField(source="fassung.vorgelegt_am")
    vorgelegt_von = serializers.CharField(source="fassung.vorgelegt_von.name")
    stand = serializers.CharField(source="wort")


class ProgrammInternSerializer(Stand):
    pruefsumme = serializers.CharField(help_text="Fingerabdruck des Inhalts, wie er jetzt ist")
    inhalt = InhaltSerializer()
    befunde = BefundSerializer(many=True, help_text="Was dem Entwurf noch fehlt; leer, wenn gerade nicht daran geschrieben werden kann")
    fassungen = FassungSerializer(many=True, help_text="Neueste zuerst")


class MassnahmenInternSerializer(serializers.Serializer):
    darf = Stand().fields["darf"]
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MassnahmeInhaltSerializer(many=True)


class InternApi(APIView):
    """For staff with a session; nothing of it stays in any cache."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsStaff]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def find_programm(self, jahr: str) -> Arbeitsmarktprogramm:
        programm = Arbeitsmarktprogramm.objects.visible_to(self.request.user).filter(jahr=read_jahr(jahr)).first()
        if programm is None:
            raise NotFound(f"Für {jahr} gibt es kein Arbeitsmarktprogramm.")
        return programm

    def read_stand(self, programm: Arbeitsmarktprogramm, offen: dict[int, set[str]]) -> dict[str, Any]:
        def url(page: str) -> str:
            return self.request.build_absolute_uri(reverse(f"massnahmen:{page}", args=[programm.jahr]))

        return {
            "jahr": programm.jahr,
            "titel": programm.titel,
            "status": programm.status,
            "ist_entwurf": programm.ist_entwurf,
            "version": programm.version,
            "darf": list_darf(programm, self.request.user, offen=offen),
            "url": url("api-programm-intern-detail"),
            "seite": url("programm-intern-detail"),
        }


class ProgrammInternListeApi(InternApi):
    @extend_schema(
        operation_id="intern_arbeitsmarktprogramme",
        summary="Alle Arbeitsmarktprogramme, auch Entwürfe",
        description="Mit Stand und mit dem, was Sie jetzt tun dürfen. Neuestes Jahr zuerst.",
        responses={200: ProgrammeInternSerializer, 403: ZU},
    )
    def get(self, request: Request) -> Response:
        offen = read_offen()
        programme = [self.read_stand(programm, offen) for programm in Arbeitsmarktprogramm.objects.visible_to(request.user)]
        darf = ["anlegen"] if request.user.has_perm("massnahmen.open_programm") else []
        return Response(ProgrammeInternSerializer({"darf": darf, "programme": programme}).data)


class ProgrammInternDetailApi(InternApi):
    @extend_schema(
        operation_id="intern_arbeitsmarktprogramm",
        summary="Ein Arbeitsmarktprogramm, wie es jetzt ist",
        description="Inhalt des Entwurfs, was ihm noch fehlt, seine Fassungen, und was Sie jetzt tun dürfen.",
        parameters=[JAHR],
        responses={200: ProgrammInternSerializer, 403: ZU, 404: NICHT_DA},
    )
    def get(self, request: Request, jahr: str) -> Response:
        programm = self.find_programm(jahr)
        inhalt = collect_inhalt(programm)
        befunde = check_programm(programm) if programm.ist_entwurf else []
        parts = {"befunde": befunde, "fassungen": list_fassungen(programm)}
        answer = ProgrammInternSerializer({**self.read_stand(programm, read_offen()), **parts, "inhalt": inhalt, "pruefsumme": ""}).data
        return Response({**answer, "inhalt": inhalt, "pruefsumme": fingerprint(canonical_json(inhalt))})


class ProgrammMassnahmeListeApi(InternApi):
    @extend_schema(
        operation_id="intern_arbeitsmarktprogramm_massnahmen",
        summary="Die Maßnahmen eines Arbeitsmarktprogramms, wie sie jetzt geplant sind",
        description="In der Reihenfolge des Programms. Was einem Entwurf noch fehlt, ist null oder leer.",
        parameters=[JAHR, *LIMIT],
        responses={200: MassnahmenInternSerializer, 403: ZU, 404: NICHT_DA},
    )
    def get(self, request: Request, jahr: str) -> Response:
        programm = self.find_programm(jahr)
        seiten = Seiten()
        page = seiten.paginate_queryset(collect_inhalt(programm)["massnahmen"], request, view=self)
        answer = seiten.get_paginated_response(MassnahmeInhaltSerializer(page, many=True).data).data
        return Response({"darf": list_darf(programm, request.user, offen=read_offen()), **answer})
