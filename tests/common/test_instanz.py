from datetime import date
from pathlib import Path

import pytest

from jobcenter.common.instanz import InstanzError, load_instanz

ORIGINAL = Path(__file__).resolve().parents[2] / "jobcenter.toml"


@pytest.fixture
def toml(tmp_path):
    """jobcenter.toml with some text replaced: toml(old, new, old, new, …)."""

    def write(*pairs: str) -> Path:
        text = ORIGINAL.read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / "jobcenter.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def real(toml):
    """The same file as a real Jobcenter would have it, with one more thing replaced."""
    return lambda *pairs: toml("fiktiv = true", "fiktiv = false", ".example", ".de", *pairs)


def test_the_committed_file_is_valid():
    assert load_instanz(ORIGINAL).jobcenter.traegernummer == "99001"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('land = "HE"', 'land = "XX"', "ist kein Land"),
        ('land = "HE"', "", "In [jobcenter] fehlt „land“"),
        ("fiktiv = true", 'fiktiv = "ja"', "[jobcenter] fiktiv = „ja“ ist falsch. Erwartet wird true oder false."),
        ("quorum = 0.5", "quorum = 1.5", "quorum muss größer als 0"),
        ("[kontakt]", "[kontakte]", "Der Abschnitt [kontakt] fehlt"),
        ('land = "HE"', 'land = "HE"\nneme = "x"', "kennt „neme“ nicht"),
        ('"{nummer:03d}/{jahr}"', '"{nr}"', "nummernformat"),
        ("[jobcenter]", "[jobcenter", "ist nicht lesbar"),
        ("stand = 2026-11-22               # day", 'stand = "22.11.2026" #', "Erwartet wird ein Datum ohne Anführungszeichen"),
        ("barrieremeldungen_monate = 12", "barrieremeldungen_monate = 0", "[datenschutz] barrieremeldungen_monate muss mindestens 1 sein."),
        (
            'ergebnis = "teilweise"',
            'ergebnis = "fast"',
            "[barrierefreiheit] ergebnis = „fast“ gibt es nicht. Erlaubt sind: nicht, teilweise",
        ),
        ('methode = "selbstbewertung"', 'methode = "Augenmaß"', "[barrierefreiheit] methode = „Augenmaß“ gibt es nicht."),
        ('ergebnis = "teilweise"', 'ergebnis = "vollstaendig"', "passt nicht dazu, dass ein Mangel eingetragen ist"),
        ('art = "unvereinbar"', 'art = "ausgenommen"', "braucht mindestens einen Abschnitt [[barrierefreiheit.mangel]]"),
        ("bis = 2027-06-30", "", "In [[barrierefreiheit.mangel]] Nr. 1 fehlt „bis“"),
        ("bis = 2027-06-30", 'bis = "bald"', "[[barrierefreiheit.mangel]] Nr. 1 bis = „bald“ ist falsch."),
        ("[[barrierefreiheit.mangel]]", "[barrierefreiheit.mangel]", "ist nicht lesbar"),
        ('"mailto:sicherheit@', '"sicherheit@', "[sicherheit] kontakt muss mit „mailto:“ oder „https://“ beginnen."),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(toml, old, new, sentence):
    with pytest.raises(InstanzError, match=".") as error:
        load_instanz(toml(old, new))
    assert sentence in str(error.value)


def test_one_mangel_is_a_list_as_well(tmp_path):
    text = ORIGINAL.read_text(encoding="utf-8")
    before, first, *_ = text.split("[[barrierefreiheit.mangel]]")
    path = tmp_path / "jobcenter.toml"
    path.write_text(before + "[barrierefreiheit.mangel]" + first + text[text.index("[sicherheit]") :], encoding="utf-8")
    with pytest.raises(InstanzError) as error:
        load_instanz(path)
    assert "Schreiben Sie für jeden Eintrag einen Abschnitt [[barrierefreiheit.mangel]]." in str(error.value)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(InstanzError, match="fehlt"):
        load_instanz(tmp_path / "jobcenter.toml")


def test_a_real_jobcenter_starts_with_real_values(real):
    assert load_instanz(real()).kontakt.mail == "jobcenter@musterburg.de"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"Dr. Hanna Reuter"', '"TODO"', "In [verantwortlich] name steht noch der Platzhalter „TODO“."),
        ('"Dr. Hanna Reuter"', '"Erika Mustermann"', "In [verantwortlich] name steht noch der Platzhalter „Mustermann“."),
        ('"Am Marktplatz 1"', '"Musterstraße 1"', "In [kontakt] strasse steht noch der Platzhalter „Musterstraße“."),
        ('"09999 100-160"', '"xxx"', "In [datenschutz] telefon steht noch der Platzhalter „xxx“."),
        ('"Redaktion des Portals"', '"<Name>"', "In [barrierefreiheit] geprueft_von steht noch der Platzhalter „<Name>“."),
        ('"Redaktion des Portals"', '"  "', "[barrierefreiheit] geprueft_von ist leer."),
        ("Die Videos sind noch nicht gedreht.", "todo", "In [[barrierefreiheit.mangel]] Nr. 1 warum steht noch der Platzhalter „todo“."),
        ("datenschutz@musterburg.de", "datenschutz@musterburg.example", "In [datenschutz] mail steht noch der Platzhalter „.example“."),
    ],
)
def test_a_placeholder_stops_the_start_of_a_real_jobcenter(real, toml, old, new, sentence):
    with pytest.raises(InstanzError) as error:
        load_instanz(real(old, new))
    assert sentence in str(error.value)
    if "example" not in new:
        load_instanz(toml(old, new))  # a demo may keep it


@pytest.mark.parametrize("name", ["Todorow", "Dr. Exxxner-Todt", "Christa Mustert", "Gemusterte Straße 3"])
def test_people_and_streets_that_look_like_placeholders_are_none(real, name):
    load_instanz(real('"Dr. Hanna Reuter"', f'"{name}"'))


def test_what_is_optional_may_be_missing_or_empty(real):
    assert load_instanz(real()).impressum.umsatzsteuer_id == ""
    assert load_instanz(real("# umsatzsteuer_id", "umsatzsteuer_id", '"DE…"', '""')).impressum.umsatzsteuer_id == ""


def test_the_key_of_the_kreis_and_the_address_of_govdata_are_checked(toml):
    with_key = toml("# ags", "ags", '"…"                      # five', '"06999"                  # five')
    assert load_instanz(with_key).jobcenter.ags == "06999"
    with pytest.raises(InstanzError, match="fünf Ziffern des Kreises"):
        load_instanz(toml("# ags", "ags"))
    with pytest.raises(InstanzError, match="contributor_id muss eine Adresse sein"):
        load_instanz(toml("# contributor_id", "contributor_id"))


def test_a_portal_without_any_mangel(toml):
    text = ORIGINAL.read_text(encoding="utf-8")
    maengel = text[text.index("[[barrierefreiheit.mangel]]") : text.index("[sicherheit]")]
    assert load_instanz(toml(maengel, "", '"teilweise"', '"vollstaendig"')).barrierefreiheit.mangel == ()


@pytest.mark.parametrize(("stand", "due"), [("2026-11-22", date(2027, 11, 22)), ("2028-02-29", date(2029, 3, 1))])
def test_the_statement_is_due_after_a_year_and_security_txt_a_day_before(toml, stand, due):
    instanz = load_instanz(toml("stand = 2026-11-22", f"stand = {stand}"))
    assert instanz.barrierefreiheit.faellig_am == due
    assert (due - instanz.sicherheit.gueltig_bis).days == 1
