"""The bus: entries are handed to whoever subscribed, after they were committed, once in effect and in order.

A handler writes in the transaction that also moves its offset: both are there or neither. It speaks to nobody outside
(it puts what is to be sent into a table), since what was sent before a kill would be sent again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction

from assay.engine.kernel.instants import EPOCH, SECOND, instant_of
from assay.governance.ledger.events import read_event
from assay.governance.ledger.models import Entry, Head, Offset
from assay.governance.office.references import Reference

BATCH = 100
# Of a subscriber to some kinds, so many times more entries are passed over in one batch.
_STRIDE = 20
# After a failure: 2, 4, 8 … seconds, an hour at most.
_FIRST_WAIT, _LONGEST_WAIT = 2 * SECOND, 3600 * SECOND
_log = structlog.get_logger(__name__)
bell = threading.Event()


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry as a handler gets it.

    event  of its declared class; an UnknownEvent where this version cannot make it
    """

    number: int
    at: datetime
    actor: Reference
    way: str
    kind: str
    subject: Reference
    event: Any


Handler = Callable[[Happened], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who is told.

    kinds    what of; none named is everything
    history  whether from the first entry on, or from the moment when it was first there
    """

    name: str
    kinds: frozenset[str]
    history: bool
    handler: Handler


SUBSCRIBERS: dict[str, Subscriber] = {}


def subscriber(name: str, *, kinds: tuple[str, ...] = (), history: bool = True) -> Callable[[Handler], Handler]:
    """Declare a handler. Its name stays for good: under it the store knows how far it is."""

    def declared(handler: Handler) -> Handler:
        held = SUBSCRIBERS.get(name)
        if held is not None and held.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"two subscribers are named `{name}`")
        SUBSCRIBERS[name] = Subscriber(name, frozenset(kinds), history, handler)
        return handler

    return declared


def wait(seconds: float) -> bool:
    """Wait until this process has committed an entry, or for some seconds. True where it was woken."""
    woken = bell.wait(seconds)
    bell.clear()
    return woken


def deliver(at: datetime) -> int:
    """Hand every subscriber one batch of what is new. Returns how many entries that were; call again until it is 0.

    Several processes may do so at once: each subscriber is held by one of them at a time.
    """
    size = Head.objects.values_list("size", flat=True).first() or 0
    offsets = {offset.subscriber: offset for offset in Offset.objects.all()}
    instant = instant_of(at)
    moved = 0
    for each in list(SUBSCRIBERS.values()):
        offset = offsets.get(each.name) or _begin(each, size)
        # Asked before anything is held: a bus with nothing to carry takes no lock.
        if offset.next_number < size and offset.retry_at <= instant:
            moved += _carry(each, instant)
    return moved


def failing(least: int = 3) -> list[Offset]:
    """Subscribers of this version that failed so often in a row: somebody should look at them."""
    return list(Offset.objects.filter(failures__gte=least, subscriber__in=list(SUBSCRIBERS)).order_by("subscriber"))


def _begin(each: Subscriber, size: int) -> Offset:
    return Offset.objects.get_or_create(subscriber=each.name, defaults={"next_number": 0 if each.history else size})[0]


def _carry(each: Subscriber, instant: int) -> int:
    """One batch for one subscriber."""
    try:
        with transaction.atomic():
            held = _hold(each.name)
            if held is None or held.retry_at > instant:
                return 0
            return _handle_batch(each, held, instant)
    except IntegrityError as error:
        # Some stores find only at the end that what a handler wrote does not hold together. The batch is undone with
        # how far it was, and the next one has a single entry, so that the one that fails is found.
        with transaction.atomic():
            held = _hold(each.name)
            if held is not None:
                _note_failure(held, error, instant)
        return 0


def _hold(name: str) -> Offset | None:
    """The offset, held until the transaction ends; None where another process has it."""
    skips = connection.features.has_select_for_update_skip_locked
    return Offset.objects.select_for_update(skip_locked=skips).filter(pk=name).first()


def _handle_batch(each: Subscriber, offset: Offset, instant: int) -> int:
    first = offset.next_number
    most = BATCH if not offset.failures else 1
    # Numbers are given in the order of commits, so none below the size can come later.
    end = min(Head.objects.values_list("size", flat=True).get(), first + most * (_STRIDE if each.kinds else 1))
    wanted = Entry.objects.filter(number__gte=first, number__lt=end).order_by("number")
    if each.kinds:
        wanted = wanted.filter(kind__in=each.kinds)
    found = list(wanted[:most])
    reached = end if len(found) < most else found[-1].number + 1
    for entry in found:
        try:
            # A savepoint: what a failing handler began is undone, and what was handled before it stays.
            with transaction.atomic():
                each.handler(happened_of(entry))
        except Exception as error:  # noqa: BLE001 (one subscriber of many: counted, shown on its page, tried again)
            offset.next_number = entry.number
            _note_failure(offset, error, instant, first=entry.number != first)
            return entry.number - first
    offset.next_number, offset.moved_at = reached, instant
    offset.failures, offset.failed_with, offset.retry_at = 0, "", 0
    offset.save()
    return reached - first


def _note_failure(offset: Offset, error: Exception, instant: int, *, first: bool = False) -> None:
    """Count a failure and set when it is tried again; `first` where this entry had not failed before."""
    offset.failures = 1 if first else offset.failures + 1
    # The words of an error may quote whatever it met; its kind cannot.
    offset.failed_with = type(error).__name__[:100]
    offset.retry_at = instant + min(_FIRST_WAIT << min(offset.failures - 1, 12), _LONGEST_WAIT)
    offset.save()
    _log.warning(
        "subscriber_failed", subscriber=offset.subscriber, entry=offset.next_number, error=offset.failed_with,
        failures=offset.failures,
    )  # fmt: skip


def happened_of(entry: Entry) -> Happened:
    """An entry as handlers get it."""
    content = json.loads(entry.content)
    return Happened(
        number=entry.number,
        at=EPOCH + timedelta(microseconds=entry.at),
        actor=entry.by,
        way=entry.way,
        kind=entry.kind,
        subject=entry.about,
        event=read_event(entry.kind, content),
    )
