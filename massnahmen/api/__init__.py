"""The interfaces for programs: what is published for everybody, what is being written for who is signed in. Read-only."""

from massnahmen.api.intern import ProgrammInternDetailApi, ProgrammInternListeApi, ProgrammMassnahmeListeApi
from massnahmen.api.offen import MassnahmeListeApi, ProgrammDetailApi, ProgrammListeApi

__all__ = [
    "MassnahmeListeApi",
    "ProgrammDetailApi",
    "ProgrammInternDetailApi",
    "ProgrammInternListeApi",
    "ProgrammListeApi",
    "ProgrammMassnahmeListeApi",
]
