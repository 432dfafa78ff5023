import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from jobcenter.konten.actions import invite_user
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from tests.conftest import PASSWORT


@pytest.fixture
def administration2(person) -> User:
    return person("Berta Zweitadmin", Rolle.ADMINISTRATION)


@pytest.fixture
def pflicht(settings) -> None:
    """As in a real instance: every account needs a second factor."""
    settings.MFA_PFLICHT = True


@pytest.fixture
def with_factor() -> Callable[[User], User]:
    def give(user: User) -> User:
        totp.TOTP.activate(user, totp.generate_totp_secret())
        return user

    return give


@pytest.fixture
def eingeladen(administration) -> User:
    return invite_user(name="Nina Neu", email="Nina.Neu@musterburg.example", rollen=[Rolle.PLANUNG], gueltig_bis=None, by=administration)


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Through the real door, in a browser of its own: sign_in(planung, agent="…")."""

    def enter(user: User, password: str = PASSWORT, agent: str = "") -> Client:
        browser = Client(headers={"user-agent": agent} if agent else None)
        browser.post(reverse("account_login"), {"login": user.email, "password": password})
        return browser

    return enter


@pytest.fixture
def is_inside() -> Callable[[Client], bool]:
    return lambda browser: browser.get(reverse("portal:aufgaben")).status_code == 200


def link_in(message: EmailMessage) -> str:
    """The path of the first link of a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body).group(1)


@pytest.fixture
def last_link(deliver_mail) -> Callable[[], str]:
    return lambda: link_in(deliver_mail()[-1])
