"""Translations as they are kept, each under the words it is of. They hold no rule."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.policies.life.models.texts import DIGEST_LENGTH


class Translation(models.Model):
    """One string in one language.

    catalogue  a policy's id, `shared-vocabulary` or `shared-page`
    context    where the string stood when it was translated
    digest     of the source's words; where they have changed since, the translation is stale
    """

    catalogue = models.CharField(max_length=120)
    language = models.CharField(max_length=20)
    context = models.CharField(max_length=300)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    source = models.TextField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["catalogue", "language", "context", "digest"], name="a_string_is_translated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.catalogue} {self.language} {self.context}"
