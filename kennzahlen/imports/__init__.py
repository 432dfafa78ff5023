"""Files that come in."""

from kennzahlen.imports.jobcenter import JOBCENTER_2026, Jobcenterdatei, parse_jobcenter
from kennzahlen.imports.kennzahlen import load_kennzahlen

__all__ = ["JOBCENTER_2026", "Jobcenterdatei", "load_kennzahlen", "parse_jobcenter"]
