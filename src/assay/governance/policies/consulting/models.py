"""Consultations as they are kept: who was asked what of which draft, what they said, and what was done. No rule."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.life.models import Change, Text
from assay.governance.policies.life.models.texts import DIGEST_LENGTH

PERSON = settings.AUTH_USER_MODEL


class Consultation(models.Model):
    """A question about a draft, to people who are asked for their view.

    number    counts the consultations of the change, from 1
    title     as those who are asked read it; the change's own title stays inside
    digest    of the whole draft as it stood
    text      of the policy as it stood; before is what was in force, where it is shown what changed
    withheld  numbers of the text's pieces that are not shown
    closed_at when somebody closed it; `closes_at` ends it without anybody
    summary   what is told to the public of it
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="consultations")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    question = models.TextField()
    background = models.TextField(blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    withheld = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    closes_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_words = models.CharField(max_length=600, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["change", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "number"], name="a_change_counts_its_consultations")
        ]

    def __str__(self) -> str:
        return f"consultation {self.number} of {self.change_id}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("consultation", str(self.key))

    def is_open(self, at: datetime) -> bool:
        """Whether views may be given and changed; no job is needed for its end."""
        return self.closed_at is None and at < self.closes_at

    def ended(self, at: datetime) -> datetime | None:
        """When it ended; None while it is open."""
        return None if self.is_open(at) else min(self.closed_at or self.closes_at, self.closes_at)


class Invitation(models.Model):
    """Somebody was asked. It says what they know, where they speak from, and what they declared.

    external   whether they came from outside of the house when they were asked
    stale_on   the first day on which their engagement is out of date: the draft is closed to them, the view is marked
    conflict   the kind of interest that they declared; empty while they have not
    named      whether they agreed to be named outside of the house
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    external = models.BooleanField()
    expertise = models.CharField(max_length=200, blank=True)
    viewpoint = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    stale_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    conflict = models.CharField(max_length=16, blank=True)
    conflict_words = models.CharField(max_length=1_000, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    named = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["consultation", "person"], name="asked_once_a_consultation")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.consultation_id}"

    def is_stale(self, day: date) -> bool:
        """Whether the engagement is out of date."""
        return self.stale_on is not None and day >= self.stale_on


class View(models.Model):
    """What somebody said: one each, changed until the consultation ends.

    part      the piece of the text that it is about; None is the whole
    revision  how often it was written
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="view")
    position = models.CharField(max_length=16)
    confidence = models.CharField(max_length=8)
    words = models.TextField()
    part = models.PositiveIntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"view {self.pk}"


class ViewRevision(models.Model):
    """A view as it was written once; it stays."""

    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    position = models.CharField(max_length=16)
    confidence = models.CharField(max_length=8)
    words = models.TextField()
    part = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["view", "number"], name="a_view_counts_its_revisions")
        ]

    def __str__(self) -> str:
        return f"{self.number} of view {self.view_id}"


class Answer(models.Model):
    """What was done with a view, and why; the newest one to its present revision counts, and all stay.

    of        the revision of the view that was answered
    revision  of the draft's policy file that has it, where something of it was adopted
    """

    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="answers")
    of = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16)
    words = models.TextField()
    revision = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.outcome}, to view {self.view_id}"
