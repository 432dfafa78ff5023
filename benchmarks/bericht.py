"""The report on the demo's published programme: what the portal adds to bare WeasyPrint on the same HTML."""

import resource
import statistics
import time
from collections.abc import Callable

from benchmarks.bars import Bar

ROUNDS = 3


def measure() -> list[Bar]:
    from jobcenter.berichte.pdf import render_programm
    from jobcenter.berichte.queries import collect_programmbericht
    from massnahmen.models import Fassung

    bericht = collect_programmbericht(Fassung.objects.veroeffentlicht().get())
    bare = _bare_weasyprint(bericht)
    bare(), render_programm(bericht, note=lambda *_: None)  # fonts, hyphenation and imports are warm
    ratios = []
    for _ in range(ROUNDS):
        whole = _seconds(lambda: render_programm(collect_programmbericht(bericht.fassung), note=lambda *_: None))
        ratios.append(whole / _seconds(bare))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Bar("report: data + charts + PDF/UA ÷ bare WeasyPrint, same HTML", statistics.median(ratios), "×", at_most=1.25),
        Bar("report: peak memory of the process that renders", peak, "MiB", at_most=350),
    ]


def _bare_weasyprint(bericht) -> Callable[[], object]:
    """The same HTML, style sheet and pictures, without tags, progress and our own finishing."""
    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from jobcenter.berichte.pdf.diagramm import draw_bars
    from jobcenter.berichte.pdf.programm import compose_programm
    from jobcenter.berichte.pdf.satz import HouseFetcher

    html, css = compose_programm(bericht), render_to_string("berichte/programm_pdf.css")
    fetcher = HouseFetcher({"gruppen.svg": draw_bars(bericht.nach_gruppe), "quellen.svg": draw_bars(bericht.nach_quelle)})

    def write() -> object:
        fonts = FontConfiguration()
        style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        return HTML(string=html, base_url="static:", url_fetcher=fetcher).write_pdf(stylesheets=[style], font_config=fonts)

    return write


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
