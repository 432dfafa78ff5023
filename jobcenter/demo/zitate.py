"""The figures that programme and press quote, tied to their values: the portal can say when one no longer fits."""

from datetime import date
from typing import Any

from django.conf import settings

from jobcenter.demo.bezirke import YEAR
from jobcenter.demo.kalender import Kalender, at, load, moment
from jobcenter.demo.kennzahlen import newest_month, read_ergebnis, satzteile
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.actions import cite_messwert
from kennzahlen.enums import Genauigkeit, Geschlecht
from kennzahlen.models import Messwert
from kennzahlen.queries.formeln import add_months, month_end
from kennzahlen.queries.zahlen_im_text import find_zahlen, normalise
from massnahmen.models import Arbeitsmarktprogramm

# How texts name a figure (demo/kennzahlen.satzteile) → its Kennzahl and how many months before the newest one.
QUOTED = {
    "k2": ("K2", 0),
    "k2_vorjahr": ("K2", YEAR),
    "k2e4": ("K2E4", 0),
    "k3_betrag": ("K3", 0),
    "k3e2": ("K3E2", 0),
    "elb": ("elb", 0),
    "lzb": ("lzb", 0),
}
RESULTS = {
    "eintritte_soll": "eintritte-plan",
    "eintritte_ist": "eintritte",
    "auslastung": "auslastung",
    "ausgaben": "ausgaben-egt",
    "ausbildung": "ausbildung",
}
KAPITEL = {2: ("k2", "k2_vorjahr", "k3_betrag"), 4: ("elb", "lzb", "k3e2"), 5: ("k2e4",)}
RUECKBLICK = 2


def tie_zahlen(programm: Arbeitsmarktprogramm, kalender: Kalender, personen: Personen) -> None:
    """Those of the release about the Integrationsquote and of the draft's chapters, on the day before the first start."""
    by, day = personen["controlling"], kalender.before_start(1)
    with at(moment(day, 16)):
        for row in load("presse")["mitteilungen"]:
            if "{k2}" in row["titel"]:
                released = kalender.before_start(row["wann"]["tage"])
                mitteilung = Pressemitteilung.objects.get(titel__startswith=row["titel"].partition("{")[0])
                text = "\n".join([mitteilung.titel, mitteilung.vorspann, mitteilung.text])
                _tie(mitteilung, text, ("k2", "k2_vorjahr", "elb"), released, kalender, by=by)
        for kapitel in programm.kapitel.filter(nummer__in=KAPITEL):
            _tie(kapitel, kapitel.text, KAPITEL[kapitel.nummer], day, kalender, by=by)
            if kapitel.nummer == RUECKBLICK:
                _tie_results(kapitel, kalender, by=by)


def _tie(objekt: Any, text: str, names: tuple[str, ...], day: date, kalender: Kalender, *, by: User) -> None:
    """What a text of a day quotes: the newest figures of that day."""
    month, words = newest_month(day), satzteile(kalender, day)
    for name in names:
        code, back = QUOTED[name]
        then = add_months(month, -back)
        _cite(objekt, text, words[name], _own(code, then, month_end(then)), by=by)


def _tie_results(kapitel: Any, kalender: Kalender, *, by: User) -> None:
    ergebnis = read_ergebnis(kalender)
    words = ergebnis.satzteile()
    for name, code in RESULTS.items():
        _cite(kapitel, kapitel.text, words[name], _own(code, ergebnis.beginn, month_end(ergebnis.month)), by=by)


def _own(code: str, von: date, bis: date) -> Messwert | None:
    own = Messwert.objects.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer, geschlecht=Geschlecht.INSGESAMT)
    return own.filter(kennzahl__code=code, von=von, bis=bis, gesperrt=False).order_by("-datenstand__tag").first()


def _cite(objekt: Any, text: str, printed: str, messwert: Messwert | None, *, by: User) -> None:
    """„soll über 20,3 % steigen“ names the value itself: its word says nothing about how exact it is."""
    words = normalise(printed)
    stelle = next((one for one in find_zahlen(text) if one.text == words or one.text.endswith(f" {words}")), None)
    if stelle and messwert:
        cite_messwert(objekt=objekt, text=stelle.text, messwert=messwert, genauigkeit=Genauigkeit.GENAU, by=by)
