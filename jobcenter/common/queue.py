"""Background work: a row in PostgreSQL is the job, a Celery message only the nudge."""

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def enqueue(name: str, **ids: int) -> None:
    """Send the named task after commit, with ids only.

    A wrong name raises KeyError here and now. When the broker is away the message is dropped and said in the log:
    beat finds the row that is due.
    """
    task = current_app.tasks[name]

    def send() -> None:
        try:
            task.apply_async(kwargs=ids, retry=False)
        except Exception as error:  # kombu, redis and socket errors have no common base
            log.warning("Queue not reachable, beat will pick up %s %s: %s", name, ids, error)

    transaction.on_commit(send, robust=True)
