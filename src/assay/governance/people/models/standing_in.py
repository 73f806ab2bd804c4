"""Who stands in for whom: a delegation of chosen roles, or an absence with a stand-in for all. It gives no role."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay.governance.office.references import Reference
from assay.governance.people.models.person import Person


class Delegation(models.Model):
    """One person acts with roles of another, for a time, and everybody can see for whom."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_given")
    taker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_taken")
    roles = models.JSONField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="delegation_ends_after_its_start"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_to_somebody_else"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["taker", "ends"], name="delegation_by_taker"),
            models.Index(fields=["giver", "ends"], name="delegation_by_giver"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("delegation", str(self.key))


class Absence(models.Model):
    """Somebody is away; where a stand-in is named, they act with every role that the absent one holds."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="stands_in")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="absence_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("person")), name="absence_with_somebody_else"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["stand_in", "ends"], name="absence_by_stand_in"),
            models.Index(fields=["person", "ends"], name="absence_by_person"),
        ]

    def __str__(self) -> str:
        return f"absence {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("absence", str(self.key))


def under_way(at: datetime) -> Q:
    """Delegations and absences that run at an instant."""
    return Q(starts__lte=at, ends__gt=at, ended_at=None)
