import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from jobcenter.common.kommentare import (
    LONGEST,
    add_kommentar,
    commentable_models,
    count_open,
    list_kommentare,
    reopen_kommentar,
    resolve_kommentar,
)
from jobcenter.common.models import Kommentar, Zustellung
from jobcenter.common.transitions import TransitionError
from jobcenter.post.models import Versand
from jobcenter.presse.actions import create_pressemitteilung
from massnahmen.models import Kapitel, Massnahme
from massnahmen.tasks import tell_of_kommentar
from tests.conftest import write_kapitel

SECRET = "Geheimer-Hinweis-4711"


@pytest.fixture
def massnahme(position) -> Massnahme:
    return position.massnahme


@pytest.fixture
def kapitel(programm) -> Kapitel:
    return programm.kapitel.get(nummer=5)


def test_three_kinds_of_things_can_be_commented_on():
    assert set(commentable_models()) == {"massnahmen.massnahme", "massnahmen.kapitel", "presse.pressemitteilung"}


def test_a_comment_is_written_ticked_off_and_taken_up_again(massnahme, leitung, planung):
    kommentar = add_kommentar(objekt=massnahme, text="  Reichen 12 Plätze?\r\n", feld="plaetze", by=leitung)
    assert (kommentar.text, kommentar.von, kommentar.objekt) == ("Reichen 12 Plätze?", leitung, massnahme)
    done = resolve_kommentar(kommentar=kommentar, by=planung)
    assert done.erledigt_von == planung
    assert resolve_kommentar(kommentar=kommentar, by=leitung).erledigt_von == planung  # twice is once
    assert reopen_kommentar(kommentar=kommentar, by=leitung).erledigt_am is None


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u00a0", "x" * (LONGEST + 1)])
def test_an_empty_or_endless_comment_is_refused(massnahme, leitung, text):
    with pytest.raises(TransitionError):
        add_kommentar(objekt=massnahme, text=text, by=leitung)
    assert not Kommentar.objects.exists()


def test_only_on_fields_that_there_are(massnahme, kapitel, leitung):
    for objekt, feld in ((massnahme, "version"), (kapitel, "text")):
        with pytest.raises(TransitionError, match="gibt es hier nicht"):
            add_kommentar(objekt=objekt, text="x", feld=feld, by=leitung)


def test_not_by_members_of_the_beirat_nor_strangers_nor_the_service(massnahme, kapitel, presse, leitung, mitglied, fremd, system):
    mitteilung = create_pressemitteilung(titel="T", vorspann="V", text="X", by=presse)
    for objekt in (massnahme, kapitel, mitteilung):
        kommentar = add_kommentar(objekt=objekt, text="x", by=leitung)
        for other in (mitglied.konto, fremd, system):
            with pytest.raises(PermissionDenied):
                add_kommentar(objekt=objekt, text="x", by=other)
            with pytest.raises(PermissionDenied):
                resolve_kommentar(kommentar=kommentar, by=other)
            with pytest.raises(PermissionDenied):
                reopen_kommentar(kommentar=kommentar, by=other)
            assert list_kommentare(objekt, other) is None


def test_open_ones_by_field_in_the_order_of_the_form_and_resolved_ones_last(massnahme, leitung):
    for feld, text in [("kosten", "K1"), ("", "G1"), ("titel", "T1"), ("kosten", "K2"), ("", "fertig")]:
        add_kommentar(objekt=massnahme, text=text, feld=feld, by=leitung)
    resolve_kommentar(kommentar=Kommentar.objects.get(text="fertig"), by=leitung)
    found = list_kommentare(massnahme, leitung)
    assert [(g.wort, [k.text for k in g.kommentare]) for g in found.offene] == [("", ["G1"]), ("Titel", ["T1"]), ("Kosten", ["K1", "K2"])]
    assert [k.text for k in found.erledigte] == ["fertig"]
    assert found.anzahl_offen == 4
    assert count_open(Massnahme, [massnahme.pk]) == {massnahme.pk: 4}


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_comments_cost_one_query(massnahme, leitung, django_assert_num_queries, anzahl):
    for n in range(anzahl):
        add_kommentar(objekt=massnahme, text=f"Nr. {n}", by=leitung)
    with django_assert_num_queries(1):
        [k.von.name for g in list_kommentare(massnahme, leitung).offene for k in g.kommentare]


def test_two_objects_with_the_same_number_share_nothing(programm, massnahme, leitung):
    kapitel = programm.kapitel.first()
    Kapitel.objects.filter(pk=kapitel.pk).update(id=massnahme.pk)
    kapitel = Kapitel.objects.get(pk=massnahme.pk)
    add_kommentar(objekt=massnahme, text="Zur Maßnahme", by=leitung)
    assert list_kommentare(kapitel, leitung).anzahl_offen == 0


def test_the_last_author_and_those_before_are_told_but_not_the_writer(kapitel, planung, leitung, presse, controlling):
    write_kapitel(kapitel=kapitel, version=1, text="Neu", by=planung)
    add_kommentar(objekt=kapitel, text="Eins", by=controlling)
    add_kommentar(objekt=kapitel, text="Zwei", by=presse)
    controlling.rollen = []  # left the house since
    controlling.save()
    Versand.objects.all().delete()
    kommentar = add_kommentar(objekt=kapitel, text=SECRET, by=leitung)
    assert Zustellung.objects.filter(ereignis__name="common.kommentar_geschrieben", ereignis__objekt_id=kommentar.pk).count() == 2
    tell_of_kommentar(kommentar.pk)
    tell_of_kommentar(kommentar.pk)  # an event may come twice
    assert {versand.an for versand in Versand.objects.all()} == {planung, presse}
    versand = Versand.objects.get(an=planung)
    assert SECRET not in versand.text + versand.betreff
    assert reverse("common:kommentar-anlegen", args=["massnahmen.kapitel", kapitel.pk]) in versand.text


def test_press_mails_name_neither_title_nor_text(presse, leitung):
    from jobcenter.presse.tasks import tell_of_kommentar as tell

    mitteilung = create_pressemitteilung(titel=SECRET, vorspann="V", text="X", by=presse)
    kommentar = add_kommentar(objekt=mitteilung, text=SECRET, by=leitung)
    tell(kommentar.pk)
    tell_of_kommentar(kommentar.pk)  # the other room leaves it alone
    versand = Versand.objects.get()
    assert versand.an == presse
    assert SECRET not in versand.text + versand.betreff


def test_comments_reach_neither_fassung_nor_public_addresses(client, position, kapitel, leitung, mitglied, signed_in, make_public_from):
    """Written on everything before it is frozen, released and published."""
    add_kommentar(objekt=position.massnahme, text=SECRET, by=leitung)
    add_kommentar(objekt=kapitel, text=SECRET, by=leitung)
    veroeffentlichung, mitteilung = make_public_from(position)
    add_kommentar(objekt=mitteilung, text=SECRET, by=leitung)
    assert SECRET not in veroeffentlichung.fassung.inhalt
    jahr = veroeffentlichung.fassung.programm.jahr
    public = [
        "/",
        "/presse/",
        "/presse/feed/atom/",
        mitteilung.get_absolute_url(),
        "/massnahmen/",
        "/arbeitsmarktprogramm/",
        f"/arbeitsmarktprogramm/{jahr}/",
        f"/arbeitsmarktprogramm/{jahr}/massnahmen.csv",
        "/api/v1/massnahmen/",
    ]
    member = signed_in(mitglied.konto)
    for address in public:
        for browser in (client, member):
            response = browser.get(address)
            assert response.status_code == 200, address
            assert SECRET not in response.content.decode(), address
    closed = [
        reverse("massnahmen:massnahme-verlauf", args=[jahr, position.massnahme_id]),
        reverse("massnahmen:kapitel-verlauf", args=[jahr, 5]),
        reverse("presse:pressemitteilung-verlauf", args=[mitteilung.pk]),
    ]
    for address in closed:
        assert client.get(address).status_code == 302
        assert member.get(address).status_code == 403
    for art, pk in (("massnahmen.massnahme", position.massnahme_id), ("massnahmen.kapitel", kapitel.pk)):
        assert member.get(reverse("common:kommentar-anlegen", args=[art, pk])).status_code == 404


@pytest.fixture
def make_public_from(vorsitz, leitung, presse, presse2, submit, decide):
    """Take a draft the whole way, and release a press release beside it."""
    from jobcenter.presse.actions import release_pressemitteilung, request_release
    from massnahmen.actions import begin_abstimmung, publish_programm, record_beratung
    from massnahmen.enums import Beratungsergebnis

    def make(position):
        fassung = submit(position.programm)
        begin_abstimmung(fassung=fassung, by=vorsitz.konto)
        counts = {"ja": 3, "nein": 0, "enthaltung": 0}
        beratung = record_beratung(
            fassung=fassung, ergebnis=Beratungsergebnis.ZUGESTIMMT, beschluss="Beschluss 01/2026", by=vorsitz.konto, **counts
        )
        decide(fassung)
        entwurf = create_pressemitteilung(titel="T", vorspann="V", text="X", by=presse)
        gebeten = request_release(pressemitteilung=entwurf, version=1, by=presse)
        return publish_programm(beratung=beratung, by=leitung), release_pressemitteilung(pressemitteilung=gebeten, version=1, by=presse2)

    return make
