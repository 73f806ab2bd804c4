"""A role that somebody was given: how far it reaches, from when until when, and how it came about. It holds no text."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay.governance.office.actor import Held, Scope
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.models.person import Person

WAYS = ("granted", "alone", "approved", "emergency", "first")


class Grant(models.Model):
    """One role of one person.

    rooms, policies, markets  how far it reaches; an empty list is everywhere
    way        by one administrator, by the only one there was, by two, in an emergency, or the very first
    proposal   what was approved, where it needed that
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32)
    rooms = models.JSONField(default=list)
    policies = models.JSONField(default=list)
    markets = models.JSONField(default=list)
    starts = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField(null=True)
    way = models.CharField(max_length=16, default="granted")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    proposal = models.ForeignKey("people.Proposal", on_delete=models.PROTECT, null=True, related_name="grants")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="grant_role_is_known"),
            models.CheckConstraint(condition=Q(way__in=WAYS), name="grant_way_is_known"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=models.F("starts")), name="grant_ends_after_its_start"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "role"], name="grant_by_person"),
            models.Index(fields=["role", "person"], name="grant_by_role"),
            models.Index(fields=["ends"], name="grant_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("grant", str(self.key))

    @property
    def scope(self) -> Scope:
        """How far it reaches."""
        return Scope(frozenset(self.rooms), frozenset(self.policies), frozenset(self.markets))

    @property
    def held(self) -> Held:
        """As an actor holds it."""
        return Held(Role(self.role), self.scope, self.ends)


def in_force(at: datetime, path: str = "") -> Q:
    """Grants that hold at an instant; `path` leads to them from another table, such as `grants__`."""
    return Q(
        Q(**{f"{path}ends": None}) | Q(**{f"{path}ends__gt": at}),
        **{f"{path}starts__lte": at, f"{path}revoked_at": None},
    )
