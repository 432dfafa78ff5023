"""Figures that texts quote: which value each of them means, and whether it still says so."""

from kennzahlen.queries.zitate.kandidaten import Kandidat, find_kandidat, find_messwert, suggest
from kennzahlen.queries.zitate.pruefung import Befund, check_zitat, check_zitate
from kennzahlen.queries.zitate.textbefund import Textbefund, Textzahl, Zitatzeile, check_text, explain_together, list_zitate
from kennzahlen.queries.zitate.texte import Textart, find_textart, find_textobjekt, register_text

__all__ = [
    "Befund",
    "Kandidat",
    "Textart",
    "Textbefund",
    "Textzahl",
    "Zitatzeile",
    "check_text",
    "check_zitat",
    "check_zitate",
    "explain_together",
    "find_kandidat",
    "find_messwert",
    "find_textart",
    "find_textobjekt",
    "list_zitate",
    "register_text",
    "suggest",
]
