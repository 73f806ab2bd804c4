"""What sign-in keeps: one-time links, requests for recovery, and counts of attempts. No secret is kept in the clear."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models


class Link(models.Model):
    """A link that opens one thing once.

    digest   SHA-256 of the secret in it, which only its receiver has
    purpose  `invitation` sets the first password or passkey, `recovery` removes second factors
    ended    when it was used, or withdrawn by a newer one
    """

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=[("invitation", "invitation"), ("recovery", "recovery")])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "purpose"], name="link_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} link {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be used."""
        return self.ended_at is None and at < self.expires_at


class Recovery(models.Model):
    """Somebody has lost their second factor and asks to begin anew; an administrator who is not they says yes or no."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="recoveries_decided"
    )
    approved = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(decided_at__isnull=True), name="one_open_recovery_a_person"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["decided_at", "asked_at"], name="recoveries_open")
        ]

    def __str__(self) -> str:
        return f"recovery {self.pk}"


class Counted(models.Model):
    """The table of Django's database cache, in which attempts are counted; made here so that migrating makes it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "workbench_cache"

    def __str__(self) -> str:
        return self.cache_key
