"""Where Django hands over a mail: it becomes a row in the transaction of the moment, and the worker carries it."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from jobcenter.konten.models import User
from jobcenter.post.actions import accept_mail

VERTRAULICH = "X-Vertraulich"


class VersandBackend(BaseEmailBackend):
    """One row per recipient. A mail with the header `X-Vertraulich: ja` is forgotten once it is sent; the header stays here.

    Letters of the portal are text: attachments are refused, and of a mail in several forms the text is sent.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._accept(message) for message in email_messages)

    def _accept(self, message: EmailMessage) -> bool:
        if message.attachments:
            raise ValueError("A mail of the portal carries no attachments")
        message.message()  # BadHeaderError where somebody put a line break into a header
        recipients = dict.fromkeys(parseaddr(recipient)[1] for recipient in message.recipients())
        for address in recipients:
            accept_mail(
                adresse=address,
                betreff=str(message.subject),
                text=str(message.body),
                vertraulich=message.extra_headers.get(VERTRAULICH) == "ja",
                by=User.objects.system(),
            )
        return bool(recipients)
