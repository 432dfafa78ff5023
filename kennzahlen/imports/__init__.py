"""Files that come in."""

from kennzahlen.imports.jobcenter import JOBCENTER_2026, Jobcenterdatei, parse_jobcenter
from kennzahlen.imports.kennzahlen import load_kennzahlen
from kennzahlen.imports.zuordnungen import Zuordnungsdatei, parse_zuordnungen

__all__ = ["JOBCENTER_2026", "Jobcenterdatei", "Zuordnungsdatei", "load_kennzahlen", "parse_jobcenter", "parse_zuordnungen"]
