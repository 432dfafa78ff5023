"""The paper says what the frozen text says, everybody can read it, and it is made without looking anywhere else."""

import logging
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from jobcenter.berichte.pdf import PdfError, render_programm
from jobcenter.berichte.pdf.diagramm import describe_bars, name_finding
from jobcenter.berichte.pdf.programm import bind_law, compose_programm
from jobcenter.berichte.pdf.satz import HouseFetcher, set_pdf
from jobcenter.berichte.queries import Anteil, collect_programmbericht
from jobcenter.common.richtext import from_plain
from massnahmen.enums import Abschlussart, Instrumentgruppe
from massnahmen.models import Finanzierung, Instrument, Massnahme, Programmposition, Veroeffentlichung
from massnahmen.queries import Messlatte, Programmzielzeile, VerfaelschteFassung
from massnahmen.queries.inhalt import Bildungszielzeile, Vorjahr
from tests.berichte import verapdf
from tests.massnahmen.verfaelschen import falsify

pytestmark = pytest.mark.django_db

KAPITEL_TEXT = "Wir fragen: „Wie gelingt der Weg in Arbeit?“ – Ziel sind −4,7 % (§ 18d SGB II).\n\nKosten: 1.234 €."
KAPITEL_HTML = (
    f"{from_plain(KAPITEL_TEXT)}<h3>Ein Abschnitt</h3><ul><li><p>Erstens</p></li></ul><blockquote><p>Zitat</p></blockquote>"
    "<ol><li>Eins</li><li><p>Zwei</p><ul><li>Drei</li></ul></li></ol>"
)


@pytest.fixture
def position(position):
    """More than the smallest programme: a text with German signs, a second group, money from several sources."""
    position.programm.zusammenfassung = "2027 fördern wir vor allem Menschen, die lange ohne Arbeit sind."
    position.programm.save()
    position.programm.kapitel.filter(nummer=3).update(text=KAPITEL_HTML)
    coaching = Instrument.objects.create(
        kurz="45", name="Aktivierung", klartext="Coaching", paragraph="§ 16 Abs. 1 SGB II, § 45 SGB III", gruppe=Instrumentgruppe.A
    )
    massnahme = Massnahme.objects.create(
        titel="Startbahn <25> & mehr",
        beschreibung="Ein Kurs.",
        instrument=coaching,
        beginn=date(2027, 1, 1),
        ende=date(2027, 12, 31),
        ort="Neustadt, Markt 3",
        dauer_wochen=8,
        wochenstunden=20,
        jederzeit=True,
    )
    massnahme.zielgruppen.set(position.massnahme.zielgruppen.all())
    second = Programmposition.objects.create(
        programm=position.programm,
        massnahme=massnahme,
        handlungsfeld=position.handlungsfeld,
        plaetze=0,
        geplante_eintritte=1,
        erfolgskriterium="Jede dritte Person beginnt eine Arbeit.",
        verpflichtung_cent=1_234_500,
        bemerkung="Läuft bis 2028.",
    )
    Finanzierung.objects.create(position=second, quelle="esf", betrag_cent=13_900_000_00)
    return position


@pytest.fixture
def programmbericht(veroeffentlichung):
    return collect_programmbericht(veroeffentlichung.fassung)


def render(programmbericht):
    return render_programm(programmbericht, note=lambda percent, step: None)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\u00a0", " ")


def structure(element, kind: str):
    """Every structure element of a kind, in reading order."""
    if isinstance(element, pikepdf.Dictionary):
        if element.get("/S") == f"/{kind}":
            yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            yield from structure(kid, kind)


def test_verapdf_accepts_it_as_pdf_ua_1(programmbericht):
    assert verapdf.failures(render(programmbericht).inhalt) == []


def test_verapdf_would_see_a_picture_without_words():
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
    html = '<html lang="de"><head><title>T</title></head><body><p><img src="bild:a.svg" alt=""></p></body></html>'
    pdf = set_pdf(html, "", bilder={"a.svg": picture}, kennung="a", on_page=lambda page: None)
    assert any(failure.startswith("7.3-1") for failure in verapdf.failures(pdf.inhalt))


def test_it_carries_the_whole_fingerprint_and_the_numbers(programmbericht, veroeffentlichung):
    pdf = render(programmbericht)
    text = text_of(pdf.inhalt)
    assert veroeffentlichung.fassung.pruefsumme in text
    assert len(veroeffentlichung.fassung.pruefsumme) == 64
    assert f"Seite 2 von {pdf.seiten}" in text
    for said in [
        "Fassung 1",
        "einstimmig zugestimmt",
        veroeffentlichung.beratung.beschluss,
        "Neuer Start im Betrieb",
        "520.000,50 €",  # 420.000 EGT + 100.000,50 PAT
        "13.900.000 €",
        "14.420.000,50 €",
        "14,4 Mio. €",
        "96,4 %",  # 13.900.000 of 14.420.000,50
        "Startbahn <25> & mehr",
        "1 geplanter Eintritt",
        "12 Plätze, 20 geplante Eintritte",
        "2027–2028",
        "Vergabe offen",
        "Neustadt, Markt 3",
        "8 Wochen, 20 Stunden",
        "jederzeit",
        "Jede dritte Person beginnt eine Arbeit.",
        "Läuft bis 2028.",
        "12.345 €",  # what is committed of later years
        "43.333,38 €",  # a place in the year
        "Plätze nach Handlungsfeld",
        "Lange Arbeitslosigkeit beenden",
        "Plätze nach Zielgruppe",
        "Kreistag",
        "KT 12/2026",
    ]:
        assert said in text, said


def test_german_signs_are_printed_in_the_house_font(programmbericht):
    pdf = render(programmbericht).inhalt
    for line in KAPITEL_TEXT.split("\n\n"):
        assert line in text_of(pdf)
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts
    assert all("Fira-Sans" in line or "FiraSans" in line for line in fonts), fonts
    assert all(" yes yes yes " in line for line in fonts), fonts  # embedded, subset, with a map to Unicode


def test_chapters_keep_their_structure_and_those_without_text_are_left_out(programmbericht):
    inhalt = programmbericht.inhalt
    empty = replace(inhalt, kapitel=tuple(replace(k, text="") if k.nummer == 1 else k for k in inhalt.kapitel))
    html = compose_programm(replace(programmbericht, inhalt=empty))
    assert "<h3>Ein Abschnitt</h3>" in html
    assert "<li><p>Erstens</p></li>" in html
    assert "Vorwort" not in html


def test_chapters_are_cleaned_once_more(programmbericht):
    inhalt = programmbericht.inhalt
    evil = replace(inhalt.kapitel[0], text='<p>Gut<script>x</script><img src="file:///etc/passwd"></p>')
    html = compose_programm(replace(programmbericht, inhalt=replace(inhalt, kapitel=(evil,))))
    assert "<p>Gut</p>" in html
    assert "/etc/passwd" not in html


def test_goals_and_last_year_are_tables(programmbericht):
    latte = Messlatte("K2", "Integrationsquote", "mindestens 27,0\u00a0%", False, "26,6\u00a0%", date(2026, 7, 1), date(2026, 11, 20))
    ziele = (Programmzielzeile(1, "Mehr Arbeit", "Jugend", latte), Programmzielzeile(2, "Offenes Ziel", None, None))
    vorjahr = Vorjahr(2026, 2, "a" * 64, 3, 40, 50, {"A": 10_000_000_00, "C": 5_000_00}, {"egt": 10_005_000_00})
    bildungsziel = Bildungszielzeile("Pflege", "Pflegefachkraft", Abschlussart.UMSCHULUNG, 1, 2, 3, 4, 36, 90_000_00, "")
    inhalt = replace(programmbericht.inhalt, ziele=ziele, vorjahr=vorjahr, bildungsziele=(bildungsziel,))
    pdf = render(replace(programmbericht, inhalt=inhalt)).inhalt
    text = text_of(pdf)
    for said in [
        "Mehr Arbeit",
        "mindestens 27,0 %",
        "26,6 %",
        "Juli 2026",
        "2027 gegen 2026",
        "plus 39,0 %",
        "entfallen",
        "neu",
        "Pflegefachkraft",
    ]:
        assert said in text, said
    assert verapdf.failures(pdf) == []


def test_a_falsified_text_gets_no_paper(veroeffentlichung):
    falsify(veroeffentlichung.fassung, "Neuer Start", "Falscher Start", with_fingerprint=True)
    with pytest.raises(VerfaelschteFassung):
        collect_programmbericht(veroeffentlichung.fassung)


def test_a_divided_vote_shows_the_answer(programmbericht):
    rat = replace(programmbericht.rat, ergebnis="mehrheitlich zugestimmt", ja=9, nein=2, enthaltung=1, antwort="Wir prüfen mehr Plätze.")
    html = compose_programm(replace(programmbericht, rat=rat))
    assert "mehrheitlich zugestimmt" in html
    assert "Wir prüfen mehr Plätze." in html
    assert "Antwort des Jobcenters" not in compose_programm(programmbericht)


def test_charts_have_words_and_their_figures_beside(programmbericht):
    with pikepdf.open(BytesIO(render(programmbericht).inhalt)) as pdf:
        alts = [str(figure.Alt) for figure in structure(pdf.Root.StructTreeRoot, "Figure")]
    assert len(alts) == 2
    assert "Aktivierung und berufliche Eingliederung 13,9 Mio. €, 96 %" in alts[0].replace("\u00a0", " ")
    assert "Europäischer Sozialfonds Plus 13,9 Mio. €, 96 %" in alts[1].replace("\u00a0", " ")


def test_the_document_tells_its_own_way(programmbericht):
    with pikepdf.open(BytesIO(render(programmbericht).inhalt)) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert "Arbeitsmarkt" in str(pdf.docinfo.Title)
        assert str(pdf.docinfo.Author) == "Jobcenter Landkreis Musterburg"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[:4] == ["Impressum", "Inhalt", "Auf einen Blick", "Der Rat des Beirats"]
        links = [str(link.Contents) for link in pdf.pages[2].Annots]
        assert links[:2] == ["Auf einen Blick", "Der Rat des Beirats"]
        scopes = {str(head.A.Scope) for head in structure(pdf.Root.StructTreeRoot, "TH")}
        assert scopes == {"/Column", "/Row"}


def test_the_page_numbers_of_the_contents_are_right(programmbericht):
    pages = text_of(render(programmbericht).inhalt).split("\f")
    contents = pages[2]
    for title in ["Auf einen Blick", "Der Rat des Beirats", "C Woher das Geld kommt"]:
        line = next(line for line in contents.splitlines() if title in " ".join(line.split()))
        assert title.split(" ", 1)[-1] in pages[int(line.split()[-1]) - 1]


def test_nothing_live_gets_onto_the_paper(veroeffentlichung):
    before = compose_programm(collect_programmbericht(veroeffentlichung.fassung))
    Massnahme.objects.update(titel="Ganz anders")
    Instrument.objects.update(klartext="Ganz anders")
    Finanzierung.objects.update(betrag_cent=1)
    programm = veroeffentlichung.fassung.programm
    programm.titel = programm.zusammenfassung = "Ganz anders"
    programm.save()
    programm.kapitel.update(text="Ganz anders")
    assert compose_programm(collect_programmbericht(veroeffentlichung.fassung)) == before


def test_equal_content_gives_equal_bytes(programmbericht):
    assert render(programmbericht) == render(programmbericht)


def test_an_unpublished_fassung_has_no_report(beschluss):
    with pytest.raises(Veroeffentlichung.DoesNotExist):
        collect_programmbericht(beschluss.fassung)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/logo.svg",
        "http://localhost:8000/static/img/wappen.svg",
        "file:///etc/passwd",
        "file:///etc/hostname.svg",
        "static:../jobcenter/settings.py",
        "static:css/portal.css",
        "static:img/gibt-es-nicht.svg",
        "bild:fremd.svg",
        "data:image/svg+xml,<svg/>",
    ],
)
def test_nothing_is_fetched_but_files_of_the_house(url):
    with pytest.raises(PdfError):
        HouseFetcher({"eigen.svg": b"<svg/>"}).fetch(url)


def test_a_missing_picture_stops_the_report():
    html = '<html lang="de"><head><title>T</title></head><body><p><img src="https://example.org/a.svg" alt="A"></p></body></html>'
    with pytest.raises(PdfError, match="example.org"):
        set_pdf(html, "", bilder={}, kennung="a", on_page=lambda page: None)


def test_it_says_how_far_it_is(programmbericht, caplog):
    steps: list[tuple[int, str]] = []
    with caplog.at_level(logging.INFO):
        render_programm(programmbericht, note=lambda percent, step: steps.append((percent, step)))
    percents = [percent for percent, _ in steps]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1] < 95) == (10, True)
    assert (45, "Seite 3 wird gesetzt") in steps or any(step == "Seite 3 wird gesetzt" for _, step in steps)
    assert not [record for record in caplog.records if record.name.startswith("weasyprint") and record.levelno >= logging.WARNING]


def test_the_title_of_a_chart_says_what_it_shows():
    assert name_finding([Anteil("Land", 100, 100)], weg="kommt aus") == "Das ganze Geld kommt aus „Land“."
    assert name_finding([Anteil("Land", 60, 60), Anteil("ESF", 40, 40)], weg="kommt aus").startswith("Mehr als die Hälfte")
    assert name_finding([Anteil("Land", 50, 50), Anteil("ESF", 50, 50)], weg="kommt aus").startswith("Der größte Teil")
    assert name_finding([], weg="kommt aus") == "Es ist kein Geld geplant."
    assert "ESF 40 €, 40 %" in describe_bars([Anteil("ESF", 4000, 40)]).replace("\u00a0", " ")


def test_law_stays_on_one_line():
    assert bind_law("§ 16 Abs. 1 SGB II, §§ 88–92 SGB III") == "§\u00a016 Abs.\u00a01\u00a0SGB\u00a0II, §§\u00a088–92\u00a0SGB\u00a0III"
