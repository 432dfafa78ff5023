"""The open-data catalogue after DCAT-AP.de: what we count and publish ourselves. Figures of others are linked, never offered as ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from jobcenter.common.rdf import Adresse, Aussagen, Knoten, Text
from kennzahlen.enums import Kennzahlart, Quellenart
from kennzahlen.models import Kennzahl
from kennzahlen.queries.datenstand import visible_datenstaende
from kennzahlen.queries.offene_daten import EigeneKennzahl, list_eigene_kennzahlen
from massnahmen.queries import published_veroeffentlichungen

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
LIZENZ = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
CSVW = "http://www.w3.org/ns/csvw"
GEBIET = "http://dcat-ap.de/def/politicalGeocoding/"
FORMATE = {"CSV": "text/csv", "JSON": "application/json"}
GESETZLICH = (Kennzahlart.KENNZAHL, Kennzahlart.ERGAENZUNG)


@dataclass(frozen=True)
class Datei:
    """One way to get a dataset."""

    titel: str
    format: str  # "CSV", "JSON"
    pfad: str
    beschrieben_in: str = ""  # path of the CSVW metadata


@dataclass(frozen=True)
class Datensatz:
    schluessel: str
    name: str
    beschreibung: str
    von: date
    bis: date
    stand: date
    dateien: tuple[Datei, ...]
    schlagworte: tuple[str, ...]
    thema: str  # of the EU's list
    rhythmus: str
    siehe_auch: tuple[str, ...] = ()

    @property
    def titel(self) -> str:
        """As it stands in catalogues, among those of other houses."""
        return f"{self.name} ({settings.INSTANZ.jobcenter.name})"


@dataclass(frozen=True)
class OffeneDaten:
    """What the page about open data lists."""

    datensaetze: tuple[Datensatz, ...]
    kennzahlen: tuple[Kennzahl, ...]  # of the law, with figures of the Bundesagentur
    quellen: tuple[str, ...]  # where those figures come from


def read_offene_daten() -> OffeneDaten:
    """Six queries at most."""
    quellen = tuple(
        visible_datenstaende()
        .filter(quelle__art__in=[Quellenart.BA_ENDGUELTIG, Quellenart.BA_HOCHGERECHNET])
        .order_by("quelle__url")
        .values_list("quelle__url", flat=True)
        .distinct()
    )
    known = tuple(url for url in quellen if url)
    return OffeneDaten(
        datensaetze=(*(_of_kennzahl(one, known) for one in list_eigene_kennzahlen()), *_of_programme()),
        kennzahlen=tuple(Kennzahl.objects.filter(art__in=GESETZLICH).order_by("code")) if quellen else (),
        quellen=known,
    )


def _of_kennzahl(one: EigeneKennzahl, quellen: tuple[str, ...]) -> Datensatz:
    kennzahl = one.kennzahl
    csvw = reverse("kennzahlen:reihe-csvw", args=[kennzahl.code])
    return Datensatz(
        schluessel=f"kennzahl-{kennzahl.code}",
        name=kennzahl.name,
        beschreibung=kennzahl.definition,
        von=one.von,
        bis=one.bis,
        stand=one.stand,
        dateien=(
            Datei("Tabelle", "CSV", reverse("kennzahlen:reihe-eigene-csv", args=[kennzahl.code]), csvw),
            Datei("Für Programme", "JSON", reverse("kennzahlen:reihe-eigene-json", args=[kennzahl.code])),
        ),
        schlagworte=("Jobcenter", "SGB II", "Kennzahl", kennzahl.code),
        thema="SOCI",
        rhythmus="MONTHLY",
        siehe_auch=quellen if kennzahl.art in GESETZLICH else (),
    )


def _of_programme() -> Iterator[Datensatz]:
    """The measures as a table, and the whole programmes as they were frozen."""
    published = list(published_veroeffentlichungen())
    if not published:
        return
    jahre = sorted(one.fassung.programm.jahr for one in published)
    common: dict[str, Any] = {
        "von": date(jahre[0], 1, 1),
        "bis": date(jahre[-1], 12, 31),
        "stand": max(timezone.localtime(one.am).date() for one in published),
        "schlagworte": ("Jobcenter", "SGB II", "Arbeitsmarktprogramm", "Eingliederungsleistungen"),
        "thema": "ECON",
        "rhythmus": "ANNUAL",
    }
    yield Datensatz(
        schluessel="massnahmen",
        name="Maßnahmen der Arbeitsmarktprogramme",
        beschreibung=(
            "Alle Maßnahmen der veröffentlichten Arbeitsmarktprogramme mit Instrument, Zielgruppen, Träger, Plätzen, Eintritten und Geld, "
            "je Jahr in der zuletzt veröffentlichten Fassung."
        ),
        dateien=(
            Datei("Für Programme", "JSON", reverse("massnahmen:api-massnahme-liste")),
            *(Datei(f"Tabelle {jahr}", "CSV", reverse("massnahmen:programm-csv", args=[jahr])) for jahr in jahre),
        ),
        **common,
    )
    yield Datensatz(
        schluessel="arbeitsmarktprogramme",
        name="Arbeitsmarktprogramme",
        beschreibung=(
            "Die veröffentlichten Arbeitsmarktprogramme im Ganzen: Kapitel, Ziele mit Zielwerten, Maßnahmen und Geld, dazu was der Beirat "
            "geraten und wer beschlossen hat. Mit dem Fingerabdruck des Textes, über den abgestimmt wurde."
        ),
        dateien=(
            Datei("Alle Jahre", "JSON", reverse("massnahmen:api-programm-liste")),
            *(Datei(f"Programm {jahr}", "JSON", reverse("massnahmen:api-programm-detail", args=[jahr])) for jahr in jahre),
        ),
        **common,
    )


# --- as a graph -------------------------------------------------------------------------------------------------
def build_katalog(daten: OffeneDaten) -> list[Knoten]:
    """Catalogue, publisher, contact, datasets and their files. All addresses are absolute."""
    katalog, haus = _absolute(reverse("portal:daten")), settings.INSTANZ
    herausgeber, kontakt = f"{katalog}#herausgeber", f"{katalog}#kontakt"
    knoten = [
        Knoten(
            katalog,
            ["dcat:Catalog"],
            [
                ("dct:title", f"Offene Daten: {haus.jobcenter.name}"),
                ("dct:description", "Zahlen und Maßnahmen, die das Jobcenter selbst erhebt und zur freien Nutzung veröffentlicht."),
                ("dct:publisher", Adresse(herausgeber)),
                ("dct:language", Adresse(f"{EU}language/DEU")),
                ("dct:license", Adresse(LIZENZ)),
                ("foaf:homepage", Adresse(_absolute(reverse("portal:start")))),
                ("dcat:themeTaxonomy", Adresse(f"{EU}data-theme")),
                *([("dct:modified", max(one.stand for one in daten.datensaetze))] if daten.datensaetze else []),
                *(("dcat:dataset", Adresse(_dataset(one))) for one in daten.datensaetze),
                *(("rdfs:seeAlso", Adresse(url)) for url in daten.quellen),
            ],
        ),
        Knoten(
            herausgeber,
            ["foaf:Agent", "foaf:Organization"],
            [("foaf:name", haus.jobcenter.name), ("foaf:homepage", Adresse(_absolute(reverse("portal:start"))))],
        ),
        Knoten(
            kontakt,
            ["vcard:Kind", "vcard:Organization"],
            [
                ("vcard:fn", haus.jobcenter.name),
                ("vcard:hasEmail", Adresse(f"mailto:{haus.kontakt.mail}")),
                ("vcard:hasURL", Adresse(_absolute(reverse("portal:impressum")))),
            ],
        ),
    ]
    for datensatz in daten.datensaetze:
        knoten += _knoten_of(datensatz, herausgeber, kontakt)
    return knoten


def _knoten_of(one: Datensatz, herausgeber: str, kontakt: str) -> Iterator[Knoten]:
    haus, adresse = settings.INSTANZ.jobcenter, _dataset(one)
    aussagen: Aussagen = [
        ("dct:title", one.titel),
        ("dct:description", one.beschreibung),
        ("dct:identifier", Text(adresse)),
        ("dct:publisher", Adresse(herausgeber)),
        ("dcat:contactPoint", Adresse(kontakt)),
        ("dct:modified", one.stand),
        ("dct:language", Adresse(f"{EU}language/DEU")),
        ("dct:accessRights", Adresse(f"{EU}access-right/PUBLIC")),
        ("dct:accrualPeriodicity", Adresse(f"{EU}frequency/{one.rhythmus}")),
        ("dct:temporal", Adresse(f"{adresse}-zeitraum")),
        ("dcat:theme", Adresse(f"{EU}data-theme/{one.thema}")),
        *(("dcat:keyword", wort) for wort in one.schlagworte),
        *([("dcatde:contributorID", Adresse(haus.contributor_id))] if haus.contributor_id else []),
        *(
            [
                ("dcatde:politicalGeocodingURI", Adresse(f"{GEBIET}districtKey/{haus.ags}")),
                ("dcatde:politicalGeocodingLevelURI", Adresse(f"{GEBIET}Level/administrativeDistrict")),
            ]
            if haus.ags
            else []
        ),
        *(("rdfs:seeAlso", Adresse(url)) for url in one.siehe_auch),
        *(("dcat:distribution", Adresse(f"{adresse}-datei-{number}")) for number, _ in enumerate(one.dateien, start=1)),
    ]
    yield Knoten(adresse, ["dcat:Dataset"], aussagen)
    yield Knoten(f"{adresse}-zeitraum", ["dct:PeriodOfTime"], [("dcat:startDate", one.von), ("dcat:endDate", one.bis)])
    for number, datei in enumerate(one.dateien, start=1):
        yield Knoten(
            f"{adresse}-datei-{number}",
            ["dcat:Distribution"],
            [
                ("dct:title", f"{one.titel}: {datei.titel} ({datei.format})"),
                ("dcat:accessURL", Adresse(_absolute(datei.pfad))),
                ("dcat:downloadURL", Adresse(_absolute(datei.pfad))),
                ("dct:license", Adresse(LIZENZ)),
                ("dcatde:licenseAttributionByText", haus.name),
                ("dct:format", Adresse(f"{EU}file-type/{datei.format}")),
                ("dcat:mediaType", Adresse(f"{IANA}{FORMATE[datei.format]}")),
                ("dct:modified", one.stand),
                *(
                    [("dct:conformsTo", Adresse(CSVW)), ("foaf:page", Adresse(_absolute(datei.beschrieben_in)))]
                    if datei.beschrieben_in
                    else []
                ),
            ],
        )


def _dataset(one: Datensatz) -> str:
    return f"{_absolute(reverse('portal:daten'))}#{one.schluessel}"


def _absolute(path: str) -> str:
    return settings.BASE_URL + path
