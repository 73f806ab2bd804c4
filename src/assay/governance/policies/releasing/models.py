"""How far it came with telling the channel of each release. It holds no rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assay.governance.policies.life.models import Release


class Delivery(models.Model):
    """A release on its way to the channel.

    tries         how often it was tried and failed
    next_at       not before then is it tried again
    held_until    some process is at it until then, unless it was killed
    overtaken_by  the roll-back before which it did not come to the channel; then it never does
    """

    release = models.OneToOneField(Release, primary_key=True, on_delete=models.CASCADE, related_name="delivery")
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    overtaken_by = models.ForeignKey(Release, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["release"]

    def __str__(self) -> str:
        return f"delivery of {self.release_id}"
