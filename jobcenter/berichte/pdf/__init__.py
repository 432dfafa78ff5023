"""The programme on paper: dataclass → HTML → PDF/UA-1. Only the worker loads this package (and with it WeasyPrint)."""

from jobcenter.berichte.pdf.programm import render_programm
from jobcenter.berichte.pdf.satz import Pdf, PdfError

__all__ = ["Pdf", "PdfError", "render_programm"]
