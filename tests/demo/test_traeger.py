"""What the demo says of providers: certificates in every state, so that reminders and tasks have something to say."""

from datetime import timedelta

from jobcenter.konten.models import User
from jobcenter.portal.queries import list_aufgaben
from massnahmen.models import Traeger, Traegerkontakt
from massnahmen.queries import ending_zulassungen, first_day_without_zulassung


def test_one_certificate_ends_in_20_days_and_one_in_80(demo):
    found = {frist.nummer: frist.tage for frist in ending_zulassungen(demo.heute)}
    assert found == {"FBB 17/21": 20, "BB-M-2025-31": 64, "BB-W-2027-009": 80}
    planung = User.objects.get(email="planung@musterburg.example")
    due = [aufgabe.titel for aufgabe in list_aufgaben(planung) if aufgabe.verb == "Nach der Verlängerung fragen"]
    assert len(due) == 3


def test_a_renewed_certificate_covers_on(demo):
    lernwerkstatt = Traeger.objects.get(name="Lernwerkstatt Oberau e. V.")
    assert lernwerkstatt.zulassungen.count() == 2
    assert first_day_without_zulassung(lernwerkstatt, 1, demo.heute - timedelta(days=400), demo.heute + timedelta(days=400)) is None


def test_invented_people_are_reached_nowhere(demo):
    mails = Traegerkontakt.objects.values_list("mail", flat=True)
    assert len(mails) > 5
    assert all(mail.endswith(".example") for mail in mails)
