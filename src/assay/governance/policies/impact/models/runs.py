"""A run: one kind of work on one draft, asked for by a person, done by the clerk. It holds no rule."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.impact.rules.work import ACTIVE, State, Work
from assay.governance.policies.life.models import Change, Edition, Text
from assay.governance.policies.life.models.texts import DIGEST_LENGTH


class Run(models.Model):
    """One kind of work on one draft.

    digest    of the draft that it is about
    base      the edition that it is compared with; None where the work compares nothing, or nothing is in force
    files     of the draft, by path the digest of each text: it is done for exactly these, whatever is edited meanwhile
    as_of     the day from which on
    token     of whoever works on it; another may take it once the lease is over
    passed    whether it speaks for the change; None where it says nothing for or against
    outcome   one line that sums up, or why it failed
    report    the JSON for programs; `shown` what pages show of it; `page` a report of one file for people
    drawings  by the chart's name and the scheme, the digest of a drawing
    figures   the few that gates, lists and assessments need
    same_as   the run whose outcome this one took over, since its texts were the same
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    base = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=dict)
    as_of = models.DateField()
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=State.WAITING.value, db_index=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    words = models.CharField(max_length=120, blank=True)
    token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(null=True)
    outcome = models.CharField(max_length=600, blank=True)
    fault = models.CharField(max_length=60, blank=True)
    report = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    drawings = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    seconds = models.FloatField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["change", "kind", "digest"], name="runs_of_a_draft"),
            models.Index(fields=["kind", "state", "ended_at"], name="runs_that_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.change_id}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("run", str(self.key))

    @property
    def work(self) -> Work:
        """Its kind."""
        return Work(self.kind)

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    @property
    def is_done(self) -> bool:
        """Whether there is an outcome."""
        return self.state == State.DONE
