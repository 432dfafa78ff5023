"""What was given up, with a plain reason; what waits and how long."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.dienste import TAKT
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis, Regeldienst, Zustellung
from jobcenter.portal.queries import explain, list_aufgaben
from jobcenter.post.models import Versand
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("portal:auftrag-liste")
REFUSED = "ConnectionRefusedError: [Errno 111] Connection refused"


@pytest.fixture
def given_up(planung):
    """A mail and a delivery that were given up: given_up() → (versand, zustellung)."""

    def make(alter: timedelta = timedelta(), fehler: str = REFUSED) -> tuple[Versand, Zustellung]:
        am = clock.now() - alter
        fields = {"status": Auftragsstatus.GESCHEITERT, "angelegt_am": am, "fehler": fehler}
        mail = Versand.objects.create(an=planung, adresse=planung.email, betreff="Einladung", text="a", versuch=10, **fields)
        event = Ereignis.objects.create(name="beirat.geschehen", objekt_id=7)
        return mail, Zustellung.objects.create(ereignis=event, abonnent="jobcenter.presse.tasks.draft_release", versuch=20, **fields)

    return make


def test_every_kind_of_job_stands_there_with_its_reason(given_up, veroeffentlichung, system, signed_in, administration):
    mail, _ = given_up(timedelta(hours=1))
    sentence = "Der Speicher für Dateien ist voll. Bitte sagen Sie der Technik Bescheid."
    bericht = Bericht.objects.create(
        art="programm",
        fassung=veroeffentlichung.fassung,
        angefordert_von=system,
        status=Auftragsstatus.GESCHEITERT,
        fehler=sentence,
        versuch=5,
    )
    page = Page(signed_in(administration).get(URL).content)
    first, *rest = [e.text for e in page.classed("auftrag")]
    assert "Arbeitsmarktprogramm 2027, Fassung 1" in first, "newest first"
    assert sentence in first
    assert "Technische Meldung" not in first
    by_mail = next(text for text in rest if "E-Mail" in text)
    assert "Einladung an Petra Plan" in by_mail
    assert "Der Mailserver nimmt keine Verbindung an." in by_mail
    assert "10\u00a0Versuche" in by_mail
    assert REFUSED in by_mail
    assert "„beirat.geschehen“ 7 an „draft_release“" in next(text for text in rest if "Folge eines Ereignisses" in text)
    assert reverse("post:versand-detail", args=[mail.pk]) in page.links()
    assert reverse("berichte:bericht-detail", args=[bericht.pk]) in page.links()


def test_boxes_lead_to_the_question_before_anything_happens(given_up, signed_in, administration):
    mail, zustellung = given_up()
    page = Page(signed_in(administration).get(URL).content)
    form = page.by_id("auswahl-form")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", reverse("portal:auftrag-wiederholen"))
    boxes = [e for e in page.all("input") if e.attrs.get("name") == "auswahl"]
    assert {box.attrs["value"] for box in boxes} == {f"versand-{mail.pk}", f"zustellung-{zustellung.pk}"}
    assert {box.attrs["form"] for box in boxes} == {"auswahl-form"}
    for box in boxes:
        assert page.one("label", for_=box.attrs["id"]).text.strip()
    assert f"{reverse('portal:auftrag-wiederholen')}?auswahl=versand-{mail.pk}" in page.links()


@pytest.mark.parametrize("who", ["planung", "leitung", "fremd", "mitglied"])
def test_the_machine_room_is_for_administration(request, who, given_up, signed_in, client):
    person = request.getfixturevalue(who)
    assert signed_in(getattr(person, "konto", person)).get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_nothing_given_up_says_so(signed_in, administration):
    assert "Nichts ist gescheitert" in signed_in(administration).get(URL).content.decode()


def test_it_says_what_waits_and_how_long(planung, signed_in, administration):
    since = clock.now() - timedelta(hours=3)
    waits = {"an": planung, "adresse": planung.email, "betreff": "x", "text": "x"}
    Versand.objects.create(**waits, angelegt_am=since)
    Versand.objects.create(**waits)
    Versand.objects.create(**waits, sammelbar=True, angelegt_am=since - timedelta(days=1))
    Versand.objects.create(**waits, status=Auftragsstatus.IN_ARBEIT, lease_bis=clock.now() + timedelta(minutes=1))
    response = signed_in(administration).get(URL)
    (mails,) = (one for one in response.context["stand"].warteschlangen if one.art == "E-Mail")
    assert (mails.wartend, mails.aelteste, mails.in_arbeit, mails.gescheitert) == (2, since, 1, 0)
    assert "1\u00a0Nachricht wartet auf die Sammelmail" in response.content.decode().replace("&nbsp;", "\u00a0")


def test_the_part_that_refreshes_itself_carries_no_boxes(given_up, signed_in, administration):
    given_up()
    browser = signed_in(administration)
    whole = browser.get(URL).content.decode()
    assert f'hx-get="{URL}" hx-trigger="every 10s"' in whole
    part = browser.get(URL, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.content.decode()
    assert "auswahl" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_a_beat_that_is_silent_is_said(signed_in, administration):
    browser = signed_in(administration)
    assert "Der Taktgeber meldet sich nicht" in browser.get(URL).content.decode()
    Regeldienst.objects.create(name=TAKT, zuletzt_am=clock.now())
    assert "Der Taktgeber meldet sich nicht" not in browser.get(URL).content.decode()


def test_it_is_a_task_of_administration_and_of_nobody_else(given_up, administration, leitung):
    assert list_aufgaben(administration) == []
    given_up(timedelta(days=2))
    given_up()
    [aufgabe] = list_aufgaben(administration)
    assert (aufgabe.titel, aufgabe.url) == ("4 Aufträge sind gescheitert", URL)
    assert clock.now() - aufgabe.seit > timedelta(days=1)
    assert list_aufgaben(leitung) == []


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, given_up, signed_in, administration, django_assert_num_queries):
    for _ in range(rows):
        given_up()
    browser = signed_in(administration)
    # session, account; state: last beat, six kinds, digest; given up: six kinds
    with django_assert_num_queries(16):
        assert len(Page(browser.get(URL).content).classed("auftrag")) == 2 * rows


@pytest.mark.parametrize(
    ("fehler", "sentence"),
    [
        (REFUSED, "Der Mailserver nimmt keine Verbindung an. Wahrscheinlich läuft dort gerade nichts."),
        ("TimeoutError: timed out", "Der Mailserver hat nicht rechtzeitig geantwortet."),
        ("gaierror: [Errno -2] Name or service not known", "Der Name des Mailservers ist im Netz nicht zu finden."),
        (
            "SMTPAuthenticationError: (535, b'5.7.8 Error')",
            "Der Mailserver weist die Anmeldung ab. Name oder Passwort in EMAIL_URL stimmen nicht.",
        ),
        (
            "SMTPRecipientsRefused: {'a@b.de': (550, b'No such user')}",
            "Der Mailserver nimmt diese Adresse nicht an. Prüfen Sie die Adresse im Konto.",
        ),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "Der Mailserver hat die Verbindung abgebrochen."),
        (
            "SSLCertVerificationError: certificate verify failed",
            "Die verschlüsselte Verbindung kam nicht zustande. Prüfen Sie das Zertifikat des Mailservers.",
        ),
        ("OSError: [Errno 28] No space left on device: '/var'", "Der Speicher ist voll. Schaffen Sie Platz, dann geht es weiter."),
        (
            "PermissionError: [Errno 13] Permission denied",
            "Das Portal darf an dieser Stelle nicht schreiben. Prüfen Sie die Rechte des Datenordners.",
        ),
        ("KeyError: 7", "Es gab einen Fehler, den das Portal nicht kennt. Die Einzelheiten helfen der Technik weiter."),
        ("Der Hintergrunddienst wurde beendet.", "Der Hintergrunddienst wurde beendet."),
    ],
)
def test_technical_errors_become_sentences(fehler, sentence):
    assert explain(fehler, mail=True) == sentence


def test_other_sides_than_the_mail_server_are_not_called_so():
    assert explain(REFUSED, mail=False).startswith("Die Gegenstelle nimmt keine Verbindung an.")
