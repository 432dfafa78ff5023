"""When a change is allowed: one table of states per noun, one error with a sentence."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices

State = TypeVar("State", bound=TextChoices)


class TransitionError(Exception):
    """The change is not possible now. Its text is a German sentence for the person who tried; answered with 409."""


def check_transition(table: Mapping[State, frozenset[State]], current: str, target: State, *, noun: str) -> None:
    """Raise TransitionError unless the table allows current → target.

    `noun` starts the sentence, with its article: "Das Arbeitsmarktprogramm 2027".
    """
    state = type(target)(current)
    if target not in table.get(state, frozenset()):
        raise TransitionError(f"{noun} ist im Stand „{state.label}“ und kann nicht in den Stand „{target.label}“ wechseln.")
