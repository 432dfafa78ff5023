import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.canonical import canonical_json, fingerprint

text_without_nul = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
contents = st.recursive(
    st.none() | st.booleans() | st.integers() | text_without_nul,
    lambda inner: st.lists(inner) | st.dictionaries(text_without_nul, inner),
    max_leaves=15,
)


@given(contents)
def test_the_spelling_is_read_back_and_spelled_the_same(content):
    text = canonical_json(content)
    assert json.loads(text) == content
    assert canonical_json(json.loads(text)) == text


def test_order_of_keys_does_not_matter():
    assert canonical_json({"b": 1, "a": [{"d": 1, "c": "ä"}]}) == '{"a":[{"c":"ä","d":1}],"b":1}'


@pytest.mark.parametrize("content", [1.5, {"euro": 1.0}, [{"a": [0.1]}]])
def test_floats_are_refused(content):
    with pytest.raises(TypeError, match="cents"):
        canonical_json(content)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "Maßnahme „Über“ 😀", '{"a":"\\u2028"}'])
def test_postgresql_computes_the_same_fingerprint(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sha256(convert_to(%s, 'UTF8')), 'hex')", [text])
        assert cursor.fetchone()[0] == fingerprint(text)
