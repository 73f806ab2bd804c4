"""Remarks on drafts, words kept beside, and who has a draft open. They hold no rule."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.life.models import Change, Revision, Text

PERSON = settings.AUTH_USER_MODEL


class Aside(models.Model):
    """A revision whose words clash with those of somebody who was first; it stays until somebody decides.

    clashes  what both wrote, as it was when it was saved: what stood before, what was first, what is kept beside
    decided  numbers of the clashes that somebody decided on, and what was chosen
    outcome  `taken` where something of it stands in the text now, `left` where nothing does, empty while it is open
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="aside")
    clashes = models.JSONField(default=list)
    decided = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, blank=True, db_index=True)
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"beside {self.revision_id}"


class Remark(models.Model):
    """What somebody said of some lines, or would write instead of them.

    seen       the text that they saw; the lines are counted in it, from 1
    suggested  the lines they would write; empty text suggests to leave the lines out
    state      `open`, `settled`, `accepted`, `declined`
    reason     why a suggestion was declined
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="remarks")
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    seen = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    suggested = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="open", db_index=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["change", "state"], name="remarks_of_a_change")]

    def __str__(self) -> str:
        return f"remark {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("remark", str(self.key))


class Reply(models.Model):
    """An answer to a remark."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="replies")
    words = models.TextField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"reply to {self.remark_id}"


class Presence(models.Model):
    """Somebody has a draft open; forgotten soon after they were last heard of."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    line = models.PositiveIntegerField(default=1)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "person"], name="present_once_a_draft")
        ]

    def __str__(self) -> str:
        return f"present in {self.change_id}"
