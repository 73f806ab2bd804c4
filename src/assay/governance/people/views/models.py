"""A saved view as it is kept. It belongs to a person, and goes when their account's row goes."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.people.views.rules import LONGEST_NAME, LONGEST_QUERY


class SavedView(models.Model):
    """Filters of a list under a name.

    page   the list, by the name under which its room registered it
    query  what follows the `?` in its address
    roles  those whose people see it as well; empty is the owner alone
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)
    roles = models.JSONField(default=list)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_named_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["page", "name"], name="saved_views_of_page")]

    def __str__(self) -> str:
        return f"saved view {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("view", str(self.key))
