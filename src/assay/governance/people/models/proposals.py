"""What waits for a second pair of eyes, and who looked. An approval is for one digest and no other."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.governance.office.references import Reference
from assay.governance.people.models.person import Person

STATES = ("waiting", "approved", "declined", "withdrawn", "lapsed")


class Proposal(models.Model):
    """Something that takes effect once others have approved it.

    kind      the name of a registered kind, such as `people.grant-role`
    subject   what it is about, as a reference; `gets` is the person who would gain by it, if anybody
    content   what would be done, as plain JSON; the digest is made from it
    reason    for those who approve; never in the ledger
    hands     whoever the author acted for, as references: they cannot approve either
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=140)
    gets = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="proposals_for")
    content = models.JSONField(default=dict)
    reason = models.TextField(max_length=600, blank=True, default="")
    digest = models.CharField(max_length=71)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="proposals")
    hands = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(max_length=16, default="waiting")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="proposal_state_is_known"),
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=Q(state="waiting"), name="proposal_waits_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "ends"], name="proposal_by_end"),
            models.Index(fields=["made_at", "id"], name="proposal_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("proposal", str(self.key))

    @property
    def is_as_proposed(self) -> bool:
        """Whether what would be done is still what the digest says."""
        return self.digest == digest_of(self.kind, self.subject, self.content, self.reason)


class Approval(models.Model):
    """What one person said of a proposal.

    function  the part of the house that they spoke for
    hands     themselves and whoever they stood in for, as references
    digest    of what they saw
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approvals")
    function = models.CharField(max_length=32)
    hands = models.JSONField(default=list)
    digest = models.CharField(max_length=71)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "person"], name="approval_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.digest[:15]}"


def digest_of(kind: str, subject: str, content: object, reason: str) -> str:
    """The digest that an approval is bound to."""
    return sha256_of(canonical_json({"kind": kind, "subject": subject, "content": content, "reason": reason}))
