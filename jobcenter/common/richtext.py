"""Text with a little structure: paragraphs, two ranks of headings, lists, emphasis, links, quotations.

`sanitise` is asked when a text is saved and again whenever one is shown or printed, so that no way into the database matters.
"""

import re
from html import escape, unescape

import nh3

TAGS = {"p", "br", "h3", "h4", "strong", "em", "ul", "ol", "li", "a", "blockquote"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
_DROPPED_WITH_CONTENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "xml"}
# What word processors write for the same thing.
_SAME = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "div": "p"}
_OTHER_NAME = re.compile(rf"<(/?)({'|'.join(_SAME)})(?=[\s>/])", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|h3|h4|li|strong|em|blockquote|ul|ol|a)(?: [^<>]*)?>(?:\s|&nbsp;|\u00a0|<br>)*</\1>")
_ELSEWHERE = re.compile(r"[\s\x00-\x20]*[\\/][\s\x00-\x20]*[\\/]")
_BULLET, _NUMBER = re.compile(r"\s*[-*•–]\s+"), re.compile(r"\s*\d{1,3}[.)]\s+")


def sanitise(html: str) -> str:
    """Only what is named above; everything else loses its marks and keeps its words. The same again changes nothing."""
    known = _OTHER_NAME.sub(lambda match: f"<{match[1]}{_SAME[match[2].lower()]}", html)
    clean = nh3.clean(
        known,
        tags=TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    while (emptier := _EMPTY.sub("", clean)) != clean:
        clean = emptier
    return clean.strip()


def to_plain(html: str) -> str:
    """As somebody would type it: a blank line between paragraphs, "- " and "1. " before items. Emphasis and links are lost."""
    text = re.sub(r"\s*\n\s*", " ", sanitise(html))
    text = re.sub(r"<ol>(.*?)</ol>", _numbered, text, flags=re.DOTALL)
    text = re.sub(r"<li>(?:<p>)?", "- ", text)
    text = re.sub(r"(?:</p>)?</li>|<br>", "\n", text)
    text = re.sub(r"</(?:p|h3|h4|ul|ol|blockquote)>", "\n\n", text)
    text = unescape(re.sub(r"<[^<>]*>", "", text))
    lines = (line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def from_plain(text: str) -> str:
    """What was typed without an editor, as paragraphs and lists."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(_to_block(block.split("\n")) for block in blocks if block.strip())


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """An address without scheme stays inside the portal: //other.example and its disguises do not."""
    return None if _ELSEWHERE.match(value) else value


def _numbered(match: re.Match[str]) -> str:
    items = re.findall(r"<li>(?:<p>)?(.*?)(?:</p>)?</li>", match[1], re.DOTALL)
    return "".join(f"{number}. {item}<br>" for number, item in enumerate(items, start=1)) + "</p>"


def _to_block(lines: list[str]) -> str:
    for sign, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if all(sign.match(line) for line in lines):
            items = "".join(f"<li><p>{escape(sign.sub('', line, count=1).strip(), quote=False)}</p></li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    return f"<p>{'<br>'.join(escape(line.strip(), quote=False) for line in lines)}</p>"
