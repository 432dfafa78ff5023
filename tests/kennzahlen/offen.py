"""Figures for the tests of what leaves the house as data: ours and the neighbours', of the Bundesagentur and our own."""

import csv
import io
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from jobcenter.common import clock
from jobcenter.konten.models import User
from kennzahlen.actions import sum_gruppen, withdraw_lieferung
from kennzahlen.enums import Einheit, Gruppenart, Kennzahlart, Lieferzustand, Lizenz, Quellenart, Traegerform
from kennzahlen.models import (
    Datenlieferung,
    Datenstand,
    Jobcenter,
    Kennzahl,
    Messwert,
    Quelle,
    Vergleichsgruppe,
    Zugehoerigkeit,
    month_bounds,
)

MAI, JUNI, JULI = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
STAND = date(2026, 11, 20)


class Land:
    """A country of two Jobcenter, ours and its neighbour, in the same groups."""

    def __init__(self, eigenes: Jobcenter, by: User) -> None:
        self.eigenes, self.by = eigenes, by
        self.nachbar = Jobcenter.objects.create(traegernummer="99002", name="Nebenan", form=Traegerform.GEMEINSAME_EINRICHTUNG)
        fields = {
            "einheit": Einheit.PROZENT,
            "art": Kennzahlart.KENNZAHL,
            "definition": "Integrationen je 100 Menschen.",
            "nenner_teiler": 1200,
        }
        self.k2, _ = Kennzahl.objects.update_or_create(code="K2", defaults={"name": "Integrationsquote", **fields})
        self.ba = Quelle.objects.create(
            art=Quellenart.BA_ENDGUELTIG,
            herausgeber="Statistik der Bundesagentur für Arbeit",
            titel="Kennzahlen",
            lizenz=Lizenz.BA,
            url="https://statistik.arbeitsagentur.de/",
        )
        self.eigen = Quelle.objects.create(
            art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter Musterburg", titel="Eigene Zählung", lizenz=Lizenz.DL_DE_BY
        )
        for art, code, name in ((Gruppenart.BUND, "D", "Bund"), (Gruppenart.LAND, "HE", "Hessen"), (Gruppenart.TYP, "IIIc", "Typ IIIc")):
            gruppe = Vergleichsgruppe.objects.create(art=art, code=code, name=name)
            for jobcenter in (self.eigenes, self.nachbar):
                Zugehoerigkeit.objects.create(jobcenter=jobcenter, gruppe=gruppe, art=art, zeitraum=DateRange(date(2005, 1, 1), None))

    def say(
        self,
        month: date,
        zaehler: int | None = 2601,
        nenner: int | None = 9825 * 1200,
        *,
        stand: date = STAND,
        quelle: Quelle | None = None,
        jobcenter: Jobcenter | None = None,
        kennzahl: Kennzahl | None = None,
        **fields,
    ) -> Datenstand:
        """One source states one value of a month on a day."""
        datenstand, _ = Datenstand.objects.get_or_create(quelle=quelle or self.ba, tag=stand)
        von, bis = month_bounds(month)
        Messwert.objects.create(
            datenstand=datenstand,
            jobcenter=jobcenter or self.eigenes,
            kennzahl=kennzahl or self.k2,
            zaehler=zaehler,
            nenner=nenner,
            **{"von": von, "bis": bis} | fields,
        )
        return datenstand

    def sum(self, datenstand: Datenstand) -> None:
        sum_gruppen(datenstand=datenstand, by=User.objects.system())

    def deliver(self, datenstand: Datenstand) -> Datenlieferung:
        """The delivery that brought a Datenstand, so that it can be withdrawn."""
        return Datenlieferung.objects.create(
            quelle=datenstand.quelle,
            stand=datenstand.tag,
            datei="x",
            dateiname="x.csv",
            dateiart="csv",
            pruefsumme="0" * 64,
            groesse=1,
            eingereicht_von=self.by,
            status="fertig",
            fertig_am=clock.now(),
            zustand=Lieferzustand.UEBERNOMMEN,
            datenstand=datenstand,
            entschieden_von=self.by,
            entschieden_am=clock.now(),
        )

    def withdraw(self, datenstand: Datenstand) -> None:
        withdraw_lieferung(lieferung=self.deliver(datenstand), grund="Falscher Monat", by=self.by)


def rows(response) -> list[dict[str, str]]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))
