import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.text import clean_text, is_blank

ANY = st.text(st.characters(), max_size=40) | st.text(
    st.sampled_from("a \t\r\n\x00\x0b\x0c\x1f\x7f\x85\u200b\u2028\ufffe\uffff\ud800"), max_size=20
)


@given(ANY, st.booleans())
def test_clean_text_can_be_stored_and_is_clean_for_good(text, lines):
    clean = clean_text(text, lines=lines)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]", clean)
    clean.encode()
    assert clean_text(clean, lines=lines) == clean
    assert clean == "" or not is_blank(clean)
    assert lines or "\n" not in clean


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_what_can_be_seen_stays_as_it_is(text):
    assert clean_text(text, lines=True) == clean_text(text, lines=False) == text


@given(st.text(st.characters(categories=["Cf", "Zs", "Cc"])))
def test_what_nobody_sees_is_empty(text):
    assert is_blank(text)
    assert clean_text(text, lines=True) == clean_text(text, lines=False) == ""


@pytest.mark.parametrize(
    ("typed", "block", "line"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd", "a b c d"),
        ("a\x0bb\x0cc\u2028d", "a\nb\nc\nd", "a b c d"),
        ("a\r\n\r\nb", "a\n\nb", "a  b"),
        ("a\tb", "a\tb", "a\tb"),
        ("A\x00l\x1fi\x7f\ufffe\uffff\ud83d", "Ali", "Ali"),
        ("\u200b\u2060 \n", "", ""),
        ("👩\u200d🔧", "👩\u200d🔧", "👩\u200d🔧"),
        ("Auf\u00adlage\u00a05", "Auf\u00adlage\u00a05", "Auf\u00adlage\u00a05"),
    ],
)
def test_text_from_the_wild(typed, block, line):
    assert clean_text(typed, lines=True) == block
    assert clean_text(typed, lines=False) == line


@pytest.mark.parametrize("text", ["0", ".", " a ", "\u200bä\u200b", "👍"])
def test_one_visible_character_is_enough(text):
    assert not is_blank(text)
