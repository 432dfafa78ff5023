from pathlib import Path

import pytest

from jobcenter.common.instanz import InstanzError, load_instanz

ORIGINAL = Path(__file__).resolve().parents[2] / "jobcenter.toml"


@pytest.fixture
def toml(tmp_path):
    """jobcenter.toml with some text replaced."""

    def write(old: str, new: str) -> Path:
        text = ORIGINAL.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "jobcenter.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


def test_the_committed_file_is_valid():
    assert load_instanz(ORIGINAL).jobcenter.traegernummer == "99001"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('land = "HE"', 'land = "XX"', "ist kein Land"),
        ('land = "HE"', "", "In [jobcenter] fehlt „land“"),
        ("fiktiv = true", 'fiktiv = "ja"', "ist nicht vom Typ bool"),
        ("quorum = 0.5", "quorum = 1.5", "quorum muss größer als 0"),
        ("[kontakt]", "[kontakte]", "Der Abschnitt [kontakt] fehlt"),
        ('land = "HE"', 'land = "HE"\nneme = "x"', "kennt „neme“ nicht"),
        ('"{nummer:03d}/{jahr}"', '"{nr}"', "nummernformat"),
        ("[jobcenter]", "[jobcenter", "ist nicht lesbar"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(toml, old, new, sentence):
    with pytest.raises(InstanzError, match=".") as error:
        load_instanz(toml(old, new))
    assert sentence in str(error.value)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(InstanzError, match="fehlt"):
        load_instanz(tmp_path / "jobcenter.toml")
