import re
from pathlib import Path

import pytest
from django.conf import settings

from kennzahlen.queries.begriffe import find_begriffe, list_begriffe
from kennzahlen.queries.fragen import list_gesetzliche

URL = "/kennzahlen/begriffe/"
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "kennzahlen"


@pytest.mark.usefixtures("statistik")
def test_every_word_has_its_place(read, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = read(URL)
    anchors = re.findall(r'<article class="glossar__eintrag" id="([\w-]+)"', html)
    assert anchors == [begriff.anker for begriff in list_begriffe()]
    assert len(anchors) == len(set(anchors)) >= 20


def test_every_link_of_the_pages_leads_to_a_word():
    known = {begriff.anker for begriff in list_begriffe()}
    for template in TEMPLATES.rglob("*.html"):
        linked = set(re.findall(r"(?:woerter }}|begriffe' %})#([\w-]+)", template.read_text(encoding="utf-8")))
        assert linked <= known, template
    assert {"hochgerechnet", "endgueltig", "revidiert"} <= known  # named by Reife


@pytest.mark.usefixtures("statistik")
def test_words_name_kennzahlen_that_exist_and_each_has_one():
    codes = {kennzahl.code for kennzahl in list_gesetzliche()}
    assert {code for begriff in list_begriffe() for code in begriff.seiten} == codes
    assert all(find_begriffe([code]) for code in codes)


def test_sentences_are_short():
    for begriff in list_begriffe():
        for sentence in re.split(r"(?<=[.:?]) ", begriff.text):
            assert len(sentence.split()) <= 26, sentence
