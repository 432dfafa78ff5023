"""Press releases of the demo: written by one person, released by another."""

from datetime import timedelta

from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.kennzahlen import Verlauf
from jobcenter.demo.konten import Personen
from jobcenter.demo.programm import plan_in_words
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release, update_pressemitteilung
from jobcenter.presse.models import Pressemitteilung
from massnahmen.models import Fassung

SHARES = (0.3, 0.93)  # when the later ones came out, between session 20 and the first start


def release_programm(fassung: Fassung, kalender: Kalender, personen: Personen) -> None:
    """The release about the programme: the draft that its publication prepared, rewritten; released by the Leitung."""
    values = {"jahr": kalender.jahr, **plan_in_words(load("programm_laufend"))}
    texts = {name: typeset(text, **values) for name, text in load("presse")["programm"].items()}
    day = kalender.sitzung_20 + timedelta(days=8)
    with at(moment(day, 10)):
        draft = Pressemitteilung.objects.filter(fassung=fassung).first()
        if draft is None:
            draft = create_pressemitteilung(**texts, fassung=fassung, by=personen["presse"])
        else:
            draft = update_pressemitteilung(pressemitteilung=draft, version=draft.version, **texts, by=personen["presse"])
        draft = request_release(pressemitteilung=draft, version=draft.version, by=personen["presse"])
    with at(moment(day, 15, 30)):
        release_pressemitteilung(pressemitteilung=draft, version=draft.version, by=personen["leitung"])


def release_others(kalender: Kalender, personen: Personen) -> None:
    """Two more, each read and released by the other person of the press office."""
    for share, row, writer, reader in zip(SHARES, load("presse")["weitere"], ("presse", "presse2"), ("presse2", "presse"), strict=True):
        day = kalender.since_vote(share)
        values = Verlauf(kalender.jahr).satzteile(day)
        texts = {name: typeset(text, **values) for name, text in row.items()}
        with at(moment(day, 9, 15)):
            draft = create_pressemitteilung(**texts, by=personen[writer])
            draft = request_release(pressemitteilung=draft, version=draft.version, by=personen[writer])
        with at(moment(day, 11)):
            release_pressemitteilung(pressemitteilung=draft, version=draft.version, by=personen[reader])
