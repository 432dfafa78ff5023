"""A page as a list of its elements: enough to ask where a link leads and what describes a field."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    text: str = ""
    inside: tuple[str, ...] = field(default=())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, inside=tuple(parent.tag for parent in self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


class Page:
    def __init__(self, html: str | bytes) -> None:
        reader = _Reader()
        reader.feed(html.decode() if isinstance(html, bytes) else html)
        self.elements = reader.elements

    def all(self, tag: str, **attrs: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [e for e in self.elements if e.tag == tag and all(e.attrs.get(n) == v for n, v in wanted.items())]

    def one(self, tag: str, **attrs: str) -> Element:
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} × <{tag} {attrs}>"
        return found[0]

    def by_id(self, id: str) -> Element:
        found = [e for e in self.elements if e.attrs.get("id") == id]
        assert len(found) == 1, f"{len(found)} × #{id}"
        return found[0]

    def classed(self, name: str) -> list[Element]:
        return [e for e in self.elements if name in e.attrs.get("class", "").split()]

    @property
    def title(self) -> str:
        return next(e.text for e in self.elements if e.tag == "title").strip()

    def links(self) -> set[str]:
        return {e.attrs["href"] for e in self.all("a") if "href" in e.attrs}
