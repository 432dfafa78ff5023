"""Text as it comes in: from a keyboard, from a word processor, from a browser's paste."""

import re
import unicodedata

_LINE_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")  # Word and PDF paste the odd ones
# no glyph and no meaning; XML, PDF or the database refuse them
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: empty, blanks, or only characters without a glyph such as U+200B."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)


def clean_text(text: str, *, lines: bool) -> str:
    r"""One kind of line break (\n; a blank unless `lines`), nothing that cannot be stored, and "" when nothing is to be seen.

    Joiners inside a text stay: names and emoji need them.
    """
    text = _UNSTORABLE.sub("", _LINE_BREAK.sub("\n" if lines else " ", text))
    return "" if is_blank(text) else text
