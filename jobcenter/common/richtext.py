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
_NESTING = re.compile(r"<(/?)(?:ul|ol|blockquote)\b[^<>]*>?", re.IGNORECASE)
DEEPEST = 50
_TAG = re.compile(r'(<(/?)([a-z0-9]+)(?:\s(?:"[^"]*"|[^"<>])*)?>)')
_BLANK = re.compile(r"(?:\s|&nbsp;|\u00a0)*")
_ELSEWHERE = re.compile(r"[\s\x00-\x20]*[\\/][\s\x00-\x20]*[\\/]")
_BULLET, _NUMBER = re.compile(r"\s*[-*•–]\s+"), re.compile(r"\s*\d{1,3}[.)]\s+")


def sanitise(html: str) -> str:
    """Only what is named above; everything else loses its marks and keeps its words. The same again changes nothing."""
    known = _OTHER_NAME.sub(lambda match: f"<{match[1]}{_SAME[match[2].lower()]}", html)
    if _deepest(known) > DEEPEST:
        known = _NESTING.sub(" ", known)
    clean = nh3.clean(
        known,
        tags=TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return _drop_empty(clean).strip()


def _deepest(html: str) -> int:
    """How deep lists and quotations stand in each other: beyond a few nobody wrote them, and the parser's work grows with the square."""
    depth = deepest = 0
    for tag in _NESTING.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest


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


def _drop_empty(html: str) -> str:
    """Without elements in which nothing is to be read. One pass, however deep they are nested."""
    kept: list[str] = []
    opened: list[int] = []  # where in `kept` each open element begins
    filled = -1  # the last place in `kept` at which something is to be read
    parts = _TAG.split(html)  # text, tag, slash, name, text, tag, slash, name, …, text
    for index in range(0, len(parts), 4):
        text = parts[index]
        if not _BLANK.fullmatch(text):
            filled = len(kept)
        kept.append(text)
        if index + 1 == len(parts):
            break
        tag, slash, name = parts[index + 1 : index + 4]
        if name == "br":
            kept.append(tag)
        elif not slash:
            opened.append(len(kept))
            kept.append(tag)
        elif opened and filled < (begin := opened.pop()):
            del kept[begin:]
        else:
            kept.append(tag)
    return "".join(kept)


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
