"""Nobody meets what is not for them: every address of the portal is opened as every role, and its answer is searched.

Secret are an unreleased press release, one behind its embargo, a non-public agenda item, the draft of a programme,
a comment of staff, somebody's unsaved text, a figure that is hidden because it is small, whom to ask at a provider,
what a contract costs, and all of a procurement: its estimate, its bidders, their prices.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, reverse

from beirat.actions import add_top
from beirat.enums import Topart
from jobcenter.berichte.actions import claim_bericht, finish_bericht, request_bericht
from jobcenter.berichte.enums import Berichtsart
from jobcenter.common import clock
from jobcenter.common.models import Kommentar, Zwischenstand
from jobcenter.konten.enums import Rolle
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle
from massnahmen.actions import Kontaktangaben, add_kontakt, open_programm, update_zusammenfassung
from massnahmen.models import Bieterangebot, Massnahme, Vergabe, Vertrag
from tests.test_repository import PUBLIC, patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log")]
ROLLEN = [rolle for rolle in Rolle if rolle is not Rolle.SYSTEM]
# The mark that stands in the text of each secret → who may read it. Everybody else must not meet it anywhere.
INTERN = {rolle.value for rolle in ROLLEN}
BEIRAT = {"mitglied", "vorsitz"}
SECRETS = {
    "GEHEIMENTWURF": INTERN,
    "GEHEIMSPERRFRIST": INTERN,
    "GEHEIMTOP": INTERN | BEIRAT,
    "GEHEIMPROGRAMM": INTERN,
    "GEHEIMKOMMENTAR": INTERN,
    "987654321": INTERN,  # a hidden figure
    "GEHEIMKONTAKT": INTERN,  # whom to ask at a provider
    "31.415.926": {"planung", "leitung"},  # the price of a contract
    "27.182.818": {"planung", "leitung"},  # what a procurement is expected to cost
    "16.180.339": {"planung", "leitung"},  # what a bidder asks for
    "GEHEIMWERTUNG": {"planung", "leitung"},
    "GEHEIMZWISCHENSTAND": set(),  # its author is a person of the cast that visits nothing here
}
VISITORS = ["besuch", "fremd", *sorted(BEIRAT), *sorted(INTERN)]


@dataclass(frozen=True)
class Address:
    name: str
    path: str


@pytest.fixture
def secrets(veroeffentlichung, presse, presse2, geschaeftsstelle, planung, sitzung, system) -> None:
    """A portal in full work, with every kind of secret in it."""

    def write(mark: str, **fields):
        return create_pressemitteilung(titel=f"{mark} Titel", vorspann=f"{mark} kurz", text=f"{mark} lang", by=presse, **fields)

    asked = write("GEHEIMENTWURF")
    request_release(pressemitteilung=asked, version=asked.version, by=presse)
    behind = write("GEHEIMSPERRFRIST", sperrfrist=clock.now() + timedelta(days=2))
    behind = request_release(pressemitteilung=behind, version=behind.version, by=presse)
    release_pressemitteilung(pressemitteilung=behind, version=behind.version, by=presse2)
    shown = write("SICHTBAR")
    shown = request_release(pressemitteilung=shown, version=shown.version, by=presse)
    release_pressemitteilung(pressemitteilung=shown, version=shown.version, by=presse2)
    bericht = request_bericht(art=Berichtsart.PROGRAMM, fassung=veroeffentlichung.fassung, by=system)
    versuch = claim_bericht(bericht=bericht, by=system)
    finish_bericht(bericht=bericht, versuch=versuch, pdf=b"%PDF-1.7 SICHTBAR", seiten=1, by=system)
    entwurf = open_programm(jahr=2031, by=planung)
    update_zusammenfassung(programm=entwurf, version=entwurf.version, zusammenfassung="GEHEIMPROGRAMM", by=planung)
    massnahme = veroeffentlichung.fassung.programm.positionen.get().massnahme
    hide_figure()
    add_kontakt(traeger=massnahme.traeger, angaben=Kontaktangaben("GEHEIMKONTAKT", mail="geheim@example.org"), by=planung)
    term = {"beginn": date(2027, 1, 1), "ende": date(2028, 12, 31), "geschlossen_am": date(2026, 12, 1)}
    Vertrag.objects.create(massnahme=massnahme, traeger=massnahme.traeger, plaetze=12, preis_cent=31_415_926_00, **term)
    gesucht = Massnahme.objects.create(titel="Gesucht", stand="vorbereitet", vergabestand="laeuft")
    vergabe = Vergabe.objects.create(massnahme=gesucht, vergabeart="oeffentlich", wert_cent=27_182_818_00)
    Bieterangebot.objects.create(vergabe=vergabe, traeger=massnahme.traeger, preis_cent=16_180_339_00, bewertung="GEHEIMWERTUNG")
    kind = ContentType.objects.get_for_model(massnahme)
    Kommentar.objects.create(objekt_art=kind, objekt_id=massnahme.pk, text="GEHEIMKOMMENTAR", von=planung)
    Zwischenstand.objects.create(konto=planung, seite="/intern/", felder={"text": ["GEHEIMZWISCHENSTAND"]})


def hide_figure() -> None:
    jobcenter = Jobcenter.objects.create(traegernummer=settings.INSTANZ.jobcenter.traegernummer, name="Musterburg", form="zkT")
    kennzahl = Kennzahl.objects.create(code="klein", name="Klein", art="eigene", einheit="anzahl", definition="Sehr wenige")
    quelle = Quelle.objects.create(art="eigene_erhebung", herausgeber="Jobcenter", titel="Zählung", lizenz="dl-de-by")
    datenstand = Datenstand.objects.create(quelle=quelle, tag=date(2026, 11, 20))
    fields = {"jobcenter": jobcenter, "kennzahl": kennzahl, "datenstand": datenstand}
    Messwert.objects.create(zaehler=987654321, gesperrt=True, von=date(2026, 7, 1), bis=date(2026, 7, 31), **fields)
    Messwert.objects.create(zaehler=50, von=date(2026, 6, 1), bis=date(2026, 6, 30), **fields)


@pytest.fixture
def secret_top(sitzung, geschaeftsstelle):
    return add_top(sitzung=sitzung, titel="GEHEIMTOP", art=Topart.KENNTNISNAHME, oeffentlich=False, by=geschaeftsstelle)


@pytest.fixture
def visitor(request, signed_in, person, fremd, mitglied, vorsitz):
    def make(who: str) -> Client:
        match who:
            case "besuch":
                return Client()
            case "fremd":
                return signed_in(fremd)
            case "mitglied" | "vorsitz":
                return signed_in({"mitglied": mitglied, "vorsitz": vorsitz}[who].konto)
        return signed_in(person(f"Rolle {who.capitalize()}", Rolle(who)))

    return make


def addresses(*names: str, only_public: bool = False) -> Iterator[Address]:
    """Every address that can be opened, or those named, its parameters filled with everything that is stored in its room."""
    for name, pattern in patterns():
        if name.startswith("account_logout") or (only_public and name not in PUBLIC) or (names and name not in names):
            continue
        for path in paths(name, pattern):
            yield Address(name, path)


def paths(name: str, pattern: URLPattern) -> Iterable[str]:
    parameters = list(pattern.pattern.converters) or [p for p in pattern.pattern.regex.groupindex if p]
    room = name.split(":", maxsplit=1)[0] if ":" in name else ""
    filled = [candidates(room, parameter) for parameter in parameters]
    found = set()
    for values in product(*filled):
        try:
            found.add(reverse(name, kwargs=dict(zip(parameters, values, strict=True))))
        except Exception:  # a value that this address does not take
            continue
    return sorted(found)


def candidates(room: str, parameter: str) -> list:
    """What may stand for a parameter: every key, number, year, code and short name stored in the room."""
    values = {
        "uidb36": ["x"],
        "key": ["x-y"],
        "token": ["x"],
        "format": ["json"],
        "schritt": ["vergabe", "zuschlag"],
        "jahr": [2026, 2027, 2031, clock.today().year],
    }
    if parameter in values:
        return values[parameter]
    found = set()
    models = [model for model in apps.get_models() if model._meta.app_label == room and not model.__name__.endswith("Event")]
    named = [model for model in models if f"{model._meta.model_name}_id" == parameter]  # "massnahme_id" means a measure, "pk" may be any
    for model in named or models:
        fields = {field.name for field in model._meta.fields}
        column = "pk" if parameter in {"pk", "id"} or parameter.endswith("_id") else parameter
        if column == "pk" or column in fields:
            found |= set(model.objects.values_list(column, flat=True)[:12])
    return sorted((value for value in found if value is not None), key=str) or [1]


def read(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(response.headers)


@pytest.mark.parametrize("who", VISITORS)
def test_secrets_are_met_only_by_those_they_are_for(secret_top, secrets, visitor, who):
    browser = visitor(who)
    leaks, opened = [], 0
    for address in addresses():
        response = browser.get(address.path)
        assert response.status_code < 500, address
        opened += response.status_code == 200
        text = read(response)
        leaks += [f"{mark}: {address.name} {address.path}" for mark, readers in SECRETS.items() if mark in text and who not in readers]
    assert not leaks
    assert opened > 25, "an attack that opens nothing proves nothing"


def test_the_secrets_can_be_found_at_all(secret_top, secrets, visitor):
    """Else the test above would search for words that stand nowhere."""
    browser = visitor("presse")
    missing = {"GEHEIMENTWURF", "GEHEIMSPERRFRIST", "GEHEIMTOP", "GEHEIMPROGRAMM"}
    for address in addresses():
        if ":" in address.name and missing:
            text = read(browser.get(address.path))
            missing = {mark for mark in missing if mark not in text}
    assert not missing


def test_media_are_not_served_by_their_name(secret_top, secrets, client):
    stored = [path.relative_to(settings.MEDIA_ROOT) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    for path in [*stored, "berichte/x.pdf", "../secret_key", "..%2fsecret_key"]:
        assert client.get(f"{settings.MEDIA_URL}{path}").status_code in {400, 404}


def test_public_addresses_set_no_cookie_and_look_at_none(secret_top, secrets, client):
    faults, opened = [], set()
    for address in addresses(only_public=True):
        response = client.get(address.path)
        opened |= {address.name} if response.status_code == 200 else set()
        if response.cookies or re.search(r"\bcookie\b", response.get("Vary", ""), re.IGNORECASE):
            faults.append(address)
    assert not faults
    assert not client.cookies
    # these want to know which Kennzahl, or wait for a drawing or for values of a month; lead elsewhere, take only POST,
    # want a number that nobody guesses, or exist in make dev only
    assert PUBLIC - opened == {
        "kennzahlen:api-messwert-liste",
        "kennzahlen:diagramm",
        "kennzahlen:rangliste",
        "massnahmen:programm-aenderungen",  # nothing was public before the first programme
        "portal:barriere-gemeldet",
        "portal:farbschema",
        "portal:favicon",
        "portal:galerie",
        "portal:passwort-aendern",
    }
