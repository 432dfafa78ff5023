"""Drafts: what somebody typed into a form and has not saved. One private slot per person and page, unchecked, not in the history.

Every form that keeps drafts carries a Schreibmarke: a signed note of whom it was given to and on which page. It alone says
into whose slot a text goes. So a text finds its writer after the session has ended, and nobody else can put or read anything.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.db.models import F
from django.http import QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from jobcenter.common import clock
from jobcenter.common.models import Zwischenstand
from jobcenter.common.text import clean_text

FELD = "zwischenstand"  # name of the hidden field with the Schreibmarke
MOST_BYTES = 500_000
MARKE_AGE = timedelta(days=30)
PRESENT = timedelta(minutes=3)
_SALT = "jobcenter.common.zwischenstand"
_NEVER = re.compile(r"csrfmiddlewaretoken|zwischenstand|.*(passw|kennwort|geheim|_code\b).*", re.IGNORECASE)


class TooLarge(Exception):
    """More text than a slot holds; its sentence is for the writer."""

    def __init__(self) -> None:
        super().__init__("Der Text ist zu lang, um ihn zwischendurch zu sichern. Speichern Sie ihn.")


@dataclass(frozen=True)
class Schreibmarke:
    """Who was given the form, and on which page."""

    konto: Any
    seite: str


@dataclass(frozen=True)
class Schreibender:
    """Somebody else who typed on the same page a moment ago."""

    name: str
    am: datetime

    @property
    def minuten(self) -> int:
        return max(1, round((clock.now() - self.am) / timedelta(minutes=1)))


def issue_marke(konto: Any, seite: str) -> str:
    return signing.dumps([konto.pk, seite, _password_mark(konto)], salt=_SALT)


def read_marke(text: str) -> Schreibmarke | None:
    """None when it is not ours, too old, or the account is closed or has another password by now."""
    try:
        pk, seite, mark = signing.loads(text, salt=_SALT, max_age=MARKE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    konto = get_user_model().objects.filter(pk=pk, is_active=True).first()
    if konto is None or not constant_time_compare(mark, _password_mark(konto)):
        return None
    return Schreibmarke(konto, seite)


def keep(konto: Any, seite: str, data: QueryDict) -> datetime:
    """Put what a form sent into the slot, over what was there. Secrets stay out."""
    felder = {name: [_storable(value) for value in values] for name, values in data.lists() if _is_kept(name)}
    if sum(len(text.encode()) for name, values in felder.items() for text in (name, *values)) > MOST_BYTES:
        raise TooLarge
    row = Zwischenstand(konto=konto, seite=seite, felder=felder, geaendert_am=clock.now())
    # one statement, so that two tabs that save at once do not meet as an error
    Zwischenstand.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["konto", "seite"], update_fields=["felder", "geaendert_am"]
    )
    return row.geaendert_am


def rescue(data: QueryDict, seite: str) -> bool:
    """Keep the text of a form that could not be accepted, for the person it was given to. Whether it could be kept."""
    marke = read_marke(data.get(FELD, ""))
    if marke is None or marke.seite != seite:
        return False
    try:
        keep(marke.konto, seite, data)
    except TooLarge:
        return False
    return True


def find(konto: Any, seite: str) -> Zwischenstand | None:
    return Zwischenstand.objects.filter(konto=konto, seite=seite).first()


def clear(konto: Any, seite: str) -> None:
    Zwischenstand.objects.filter(konto=konto, seite=seite).delete()


def clear_below(adresse: str) -> None:
    """Forget what anybody typed on the pages below an address: what they wrote about is gone."""
    Zwischenstand.objects.filter(seite__startswith=adresse).delete()


def others_writing_below(konto: Any, adresse: str) -> list[str]:
    """Who else has something unsaved on the pages below an address; never what. Names, sorted."""
    rows = Zwischenstand.objects.filter(seite__startswith=adresse).exclude(konto=konto)
    return list(rows.order_by("konto__name").values_list("konto__name", flat=True).distinct())


def others_writing(konto: Any, seite: str) -> list[Schreibender]:
    """Who else typed here within the last minutes; never what."""
    rows = Zwischenstand.objects.filter(seite=seite, geaendert_am__gte=clock.now() - PRESENT).exclude(konto=konto)
    found = rows.order_by("-geaendert_am").values("geaendert_am", name=F("konto__name"))[:5]
    return [Schreibender(row["name"], row["geaendert_am"]) for row in found]


def as_data(stand: Zwischenstand) -> QueryDict:
    """The slot as the form would have sent it."""
    data = QueryDict(mutable=True)
    for name, values in stand.felder.items():
        data.setlist(name, values)
    return data


def _password_mark(konto: Any) -> str:
    return salted_hmac(_SALT, konto.get_session_auth_hash()).hexdigest()[:16]


def _is_kept(name: str) -> bool:
    return name == _storable(name) and not _NEVER.fullmatch(name)


def _storable(value: str) -> str:
    r"""As typed, but for what the database refuses, and with \n for \r\n."""
    return clean_text(value, lines=True)
