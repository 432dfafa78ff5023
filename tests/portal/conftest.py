import uuid
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from jobcenter.portal.actions import report_barriere
from jobcenter.portal.models import Barrieremeldung


@pytest.fixture
def instanz(settings):
    """Change jobcenter.toml for a test: instanz("jobcenter", land="BY")."""

    def change(section: str, **values: object) -> None:
        changed = replace(getattr(settings.INSTANZ, section), **values)
        settings.INSTANZ = replace(settings.INSTANZ, **{section: changed})

    return change


@pytest.fixture
def meldung(db):
    """Report a barrier: meldung("Das Menü geht nicht auf", mail="…")."""

    def make(was: str = "Das Menü geht nicht auf.", **fields: str) -> Barrieremeldung:
        return report_barriere(schluessel=uuid.uuid4(), was=was, **fields, by=AnonymousUser())

    return make
