"""Events let an earlier room be heard by later ones without knowing them.

A room publishes by name inside its action; later rooms subscribe in their tasks.py. Every subscriber handles every
event once: a row per subscriber, tried again by beat until it succeeds.
"""

from collections import defaultdict
from collections.abc import Callable

from django.db import transaction

from jobcenter.common import jobs
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis, Zustellung
from jobcenter.common.queue import enqueue

Subscriber = Callable[[int], None]
_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)


def subscribe(event: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function `(objekt_id) -> None` for an event; it must be harmless when it is called again."""

    def register(function: Subscriber) -> Subscriber:
        _subscribers[event][f"{function.__module__}.{function.__name__}"] = function
        return function

    return register


def publish(event: str, objekt_id: int) -> None:
    """Write the event and one delivery per subscriber. Call it inside the transaction of the change."""
    row = Ereignis.objects.create(name=event, objekt_id=objekt_id)
    for subscriber in _subscribers[event]:
        zustellung = Zustellung.objects.create(ereignis=row, abonnent=subscriber)
        enqueue("common.deliver", zustellung_id=zustellung.pk)


def deliver(zustellung_id: int) -> None:
    """Hand one event to one subscriber; the subscriber's changes and the tick in the row are one transaction.

    Does nothing when the delivery is done or not due: messages that piled up are one attempt and not as many as they are.
    """
    try:
        with transaction.atomic():
            due = Zustellung.objects.due().select_for_update(of=("self",), skip_locked=True).select_related("ereignis")
            row = due.filter(pk=zustellung_id).first()
            if row is None:
                return
            row.versuch += 1
            _subscribers[row.ereignis.name][row.abonnent](row.ereignis.objekt_id)
            jobs.finish(row)
    except Exception as error:
        _postpone(zustellung_id, error)
        raise


def retry(zustellung: Zustellung) -> Zustellung:
    """Begin the next attempts at a delivery that was given up. Part of an action, which asks who may."""
    current = jobs.retry(zustellung)
    enqueue("common.deliver", zustellung_id=current.pk)
    return current


def _postpone(zustellung_id: int, error: Exception) -> None:
    with transaction.atomic():
        row = Zustellung.objects.select_for_update(of=("self",)).get(pk=zustellung_id)
        if row.status == Auftragsstatus.WARTET:  # else another worker has handled it meanwhile
            row.versuch += 1
            jobs.fail(row, f"{type(error).__name__}: {error}")
