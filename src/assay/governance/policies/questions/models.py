"""Known questions as they are kept, with every ruling and step. They hold no rule of how one leads to another."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference

PERSON = settings.AUTH_USER_MODEL


class KnownQuestion(models.Model):
    """A question that the policy left open, and what was ruled.

    number    as people cite it: known question 12
    policy    by its name; rule and example of it, or empty
    markets   where it holds; an empty list is everywhere
    item, decision  where it came from, or empty
    state     `open`, `ruled`, `superseded`, `withdrawn`; a ruling past its last day is expired without a job
    expires_on  the last day on which the ruling holds
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    policy = models.CharField(max_length=120)
    rule = models.CharField(max_length=120, blank=True)
    example = models.CharField(max_length=200, blank=True)
    markets = models.JSONField(default=list)
    question = models.TextField()
    context = models.TextField(blank=True)
    item = models.CharField(max_length=600, blank=True)
    decision = models.CharField(max_length=100, blank=True)
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    ruling = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    ruled_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="supersedes"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["policy", "state"], name="known_questions_of_policy"),
            models.Index(fields=["state", "expires_on"], name="known_questions_expiring"),
        ]

    def __str__(self) -> str:
        return f"known question {self.number}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("known-question", str(self.number))

    def standing(self, day: date) -> str:
        """How it stands on a day: its state, or `expired`."""
        expired = self.state == "ruled" and self.expires_on is not None and self.expires_on < day
        return "expired" if expired else self.state


class QuestionStep(models.Model):
    """Something that was done with a question; all of them are its history.

    kind  `asked`, `ruled`, `confirmed`, `superseded`, `withdrawn`
    words of the ruling, or why
    """

    question = models.ForeignKey(KnownQuestion, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10)
    words = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    expires_on = models.DateField(null=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}, question {self.question_id}"
