"""HTML and one print style sheet become a PDF that everybody can read (PDF/UA-1). Fetches nothing but files of the house."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

import pydyf
from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml"}
PageListener = Callable[[int], None]
LAYOUT = "Step 5 - Creating layout - Page "

logging.getLogger("fontTools").setLevel(logging.WARNING)


class PdfError(Exception):
    """The report cannot be set as it is."""


@dataclass(frozen=True)
class Pdf:
    inhalt: bytes
    seiten: int


def set_pdf(html: str, css: str, *, bilder: Mapping[str, bytes], kennung: str, on_page: PageListener) -> Pdf:
    """Set a document. `bild:name` means one of `bilder`, `static:path` a font or picture of the house, everything else is refused.

    Equal input gives equal bytes: `kennung` becomes the identifier of the file, dates come from the HTML's own meta.
    `on_page` hears the number of each page that is being laid out.
    """
    fetcher = HouseFetcher(bilder)
    fonts = FontConfiguration()
    try:
        with _pages_reported_to(on_page):
            style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
            source = HTML(string=html, base_url="static:", url_fetcher=fetcher)
            document = source.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
            finish = partial(_finish, source.etree_element)
            inhalt = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=kennung.encode(), finisher=finish)
    except FatalURLFetchingError as error:  # a BaseException, which would pass every "except Exception"
        raise PdfError(str(error)) from error
    return Pdf(inhalt, len(document.pages))


class HouseFetcher(URLFetcher):
    """Gives out the pictures of this report and the static fonts and pictures of the house. Knows no network and no file system."""

    def __init__(self, bilder: Mapping[str, bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self._bilder = bilder

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        kind = TYPES.get(PurePosixPath(name).suffix)
        if scheme == "bild" and kind and name in self._bilder:
            return URLFetcherResponse(url, self._bilder[name], {"Content-Type": kind})
        if scheme == "static" and kind and (path := finders.find(name.lstrip("/"))):
            with open(path, "rb") as file:
                return URLFetcherResponse(url, file.read(), {"Content-Type": kind})
        raise PdfError(f"Not a file of the house: {url[:200]}")


def _finish(source: Element, document: Document, pdf: pydyf.PDF) -> None:
    """What WeasyPrint leaves out: the direction of header cells, and links that say where they lead."""
    titles = {element.attrib["id"]: " ".join("".join(element.itertext()).split()) for element in source.iter() if "id" in element.attrib}
    dictionaries = [element for element in pdf.objects if isinstance(element, pydyf.Dictionary)]
    for element in dictionaries:
        if element.get("S") == "/TH":
            section = _parent(pdf, _parent(pdf, element))
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"
        if element.get("Subtype") == "/Link":
            target = element["Contents"].string
            element["Contents"] = pydyf.String(titles.get(target, target))


def _parent(pdf: pydyf.PDF, element: pydyf.Dictionary) -> pydyf.Dictionary:
    return pdf.objects[int(element["P"].split()[0])]


@contextmanager
def _pages_reported_to(listener: PageListener) -> Iterator[None]:
    """The listener hears only what this thread sets."""

    class Reporter(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            if record.thread == thread and message.startswith(LAYOUT) and message[len(LAYOUT) :].isdigit():
                listener(int(message[len(LAYOUT) :]))

    thread = threading.get_ident()
    reporter = Reporter()
    # It tells its progress to a logger only; a line per page is for the reader of the progress bar, not for the log.
    # Said anew each time: whoever configures logging meanwhile resets the loggers below those that are named there.
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.propagate = False
    PROGRESS_LOGGER.addHandler(reporter)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(reporter)
