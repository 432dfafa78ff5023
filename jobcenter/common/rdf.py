"""A small graph in the two formats that catalogues read: Turtle and JSON-LD. Strings with a language, dates, numbers, addresses."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.encoding import iri_to_uri

XSD = "http://www.w3.org/2001/XMLSchema#"
LANGUAGE = "de"

Aussagen = Sequence[tuple[str, Any]]  # property by its short name, and a value


@dataclass(frozen=True)
class Adresse:
    """A node by its address, or by its short name ("dcat:Dataset")."""

    iri: str


@dataclass(frozen=True)
class Text:
    """A text of no language: a number of a register, a code."""

    text: str


@dataclass(frozen=True)
class Knoten:
    """One thing and what is said of it, its kinds first."""

    adresse: str
    arten: Sequence[str]
    aussagen: Aussagen


def to_turtle(knoten: Iterable[Knoten], prefixes: Mapping[str, str]) -> str:
    lines = [f"@prefix {short}: <{long}> ." for short, long in {**prefixes, "xsd": XSD}.items()]
    for one in knoten:
        said = [f"a {', '.join(one.arten)}", *(f"{name} {_as_turtle(value, prefixes)}" for name, value in one.aussagen)]
        lines += ["", f"{_iri(one.adresse)}", "    " + " ;\n    ".join(said) + " ."]
    return "\n".join(lines) + "\n"


def to_jsonld(knoten: Iterable[Knoten], prefixes: Mapping[str, str]) -> str:
    graph = []
    for one in knoten:
        node: dict[str, Any] = {"@id": iri_to_uri(one.adresse), "@type": list(one.arten)}
        for name, value in one.aussagen:
            node.setdefault(name, []).append(_as_jsonld(value))
        graph.append(node)
    return json.dumps({"@context": {**prefixes, "xsd": XSD}, "@graph": graph}, ensure_ascii=False, indent=1)


def _as_turtle(value: Any, prefixes: Mapping[str, str]) -> str:
    match value:
        case Adresse(iri):
            short, colon, _ = iri.partition(":")
            return iri if colon and short in prefixes else _iri(iri)
        case Text(text):
            return _quoted(text)
        case date():
            return f'"{value.isoformat()}"^^xsd:date'
    return f"{_quoted(value)}@{LANGUAGE}"


def _as_jsonld(value: Any) -> dict[str, str]:
    match value:
        case Adresse(iri):
            return {"@id": iri_to_uri(iri)}
        case Text(text):
            return {"@value": text}
        case date():
            return {"@value": value.isoformat(), "@type": "xsd:date"}
    return {"@value": value, "@language": LANGUAGE}


def _iri(iri: str) -> str:
    """Characters that end an address in Turtle are written as a URL writes them."""
    return "<" + re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda hit: f"%{ord(hit[0]):02X}", iri_to_uri(iri)) + ">"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
