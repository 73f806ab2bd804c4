"""A token as it is kept: everything but its secret."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference


class Token(models.Model):
    """What a program shows to act for somebody.

    key         by which it is looked up; stands in the token and in the ledger
    digest      SHA-256 of its secret
    operations  the only ones that it may, by name
    """

    key = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    operations = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-made_at"], name="tokens_of_person")]

    def __str__(self) -> str:
        return f"token {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("token", self.key)

    def holds(self, at: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and at < self.ends_at
