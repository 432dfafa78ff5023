import socket

import pytest

from jobcenter.post.actions import write_versand
from jobcenter.post.models import Versand


@pytest.fixture
def versand(leitung, planung) -> Versand:
    """A mail to Petra Plan, laid ready."""
    return write_versand(an=planung, anlass="probe:1", betreff="Probe", text="Ein Text mit ß & „Zeichen“.", by=leitung)


@pytest.fixture
def no_mail_server(settings):
    """Mails go by SMTP to a port on which nobody listens; gives the settings, to let one come back."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    settings.VERSAND_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings
