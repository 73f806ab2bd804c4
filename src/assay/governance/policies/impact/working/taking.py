"""A run is taken by one worker at a time, held by a lease, and given back. It does no work."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.rules.work import ACTIVE, LEASE, State


def is_free(now: datetime) -> Q:
    """Runs that wait, and runs whose worker has not said for too long that it goes on."""
    return Q(state=State.WAITING.value) | Q(state=State.RUNNING.value, leased_until__lt=now)


def take(now: datetime) -> tuple[Run, UUID] | None:
    """The run that waits longest, held from now on, with the token that says so; None where none waits."""
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        run = Run.objects.select_for_update(skip_locked=skips).filter(is_free(now)).order_by("pk").first()
        if run is None:
            return None
        token = uuid.uuid4()
        run.state, run.token, run.leased_until = State.RUNNING.value, token, now + LEASE
        run.attempts, run.started_at, run.done, run.total, run.words = run.attempts + 1, now, 0, 0, "starting"
        run.save(update_fields=["state", "token", "leased_until", "attempts", "started_at", "done", "total", "words"])
        return run, token


def keep(run: Run, token: UUID, done: int, total: int, words: str, now: datetime) -> bool:
    """Say that it goes on, and how far it is. False where it is held no more: it was stopped, or another has it."""
    mine = Run.objects.filter(pk=run.pk, token=token, state=State.RUNNING.value)
    return bool(mine.update(done=done, total=total, words=words[:120], leased_until=now + LEASE))


def give_back(run: Run, token: UUID, *, counts: bool) -> None:
    """Let the next one take it at once; `counts` says whether this was one of its attempts."""
    Run.objects.filter(pk=run.pk, token=token, state__in=ACTIVE).update(
        state=State.WAITING.value, token=None, leased_until=None, attempts=run.attempts - (not counts)
    )
