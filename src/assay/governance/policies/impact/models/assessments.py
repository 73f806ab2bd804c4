"""What people assess of a change, and who read it again. They hold no rule."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.policies.life.models import Change
from assay.governance.policies.life.models.texts import DIGEST_LENGTH


class Assessment(models.Model):
    """One assessment of one draft. A later one of the same kind takes its place; both stay.

    kind     `rights`, `equity`, `cost` or `exposure`
    content  as its rules read it
    outcome  one line that sums up; `level` how grave, from `low` to `high`, or empty where it has no such scale
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="assessments")
    kind = models.CharField(max_length=10)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    content = models.JSONField()
    outcome = models.CharField(max_length=300)
    level = models.CharField(max_length=14, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Everybody whose hand it was, as references: none of them can be its second reader.
    hands = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["change", "kind"], name="assessments_of_a_change")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.change_id}"


class Reading(models.Model):
    """Somebody read an assessment again.

    kind    `holds`: it still holds for a later draft; `second`: another pair of eyes agrees with it
    digest  of the draft that they had before them
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    words = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "kind", "digest", "by"], name="an_assessment_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.assessment_id}"
