"""What the house's pack is made of: documents with their versions, and editions of all of them. They decide nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.life.models.texts import DIGEST_LENGTH, Text, contents_of


class Document(models.Model):
    """A file of the pack: a policy, or what all policies share (signals, measures, duties).

    path   its name in the pack: `policies/likeness.md`, `signals.yaml`
    name   of a policy, as its front matter has it and as grants name it; of another file its path
    title  as people cite it
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=120, db_index=True)
    title = models.CharField(max_length=300)
    is_policy = models.BooleanField(default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    # The newest version's number, so that a list needs not look for it.
    versions = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.path

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("policy", str(self.key))


class Edition(models.Model):
    """All files of the pack at once: what a bundle is built of.

    number  counts editions of this house, from 1
    digest  of the texts, the same as the bundle's
    files   by path the digest of each text
    bundle  the signed bundle, once it was built
    """

    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    files = models.JSONField()
    change = models.ForeignKey("Change", null=True, blank=True, on_delete=models.PROTECT, related_name="editions")
    bundle = models.BinaryField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"edition {self.number}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("edition", str(self.number))

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts by path; one read."""
        found = contents_of(self.files.values())
        return {path: found[digest] for path, digest in self.files.items()}


class Version(models.Model):
    """A document as it stood in an edition that was released, or was taken over from elsewhere.

    number   counts the versions of the document, from 1
    label    what its front matter says: `1.2.0`
    edition  the first edition that has it
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=40, blank=True)
    text = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    change = models.ForeignKey("Change", null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    # What changed, for the public, in the words of whoever changed it.
    note = models.CharField(max_length=600, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "number"], name="a_document_counts_its_versions")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class Release(models.Model):
    """What was told to the channel: which edition decides, decides a share, or looks on; each is one row for ever.

    kind      `begin` took over what decided; `roll-back` lets a former edition decide again; `withdraw` ends a part
    part      what the edition does by it
    share     of items, above 0 and 1 at the most
    sequence  the channel's number once it was published
    fault     why it could not be published, or empty
    """

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=12)
    part = models.CharField(max_length=8)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="releases")
    change = models.ForeignKey("Change", null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    share = models.FloatField(default=1.0)
    reason = models.CharField(max_length=600, blank=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        # What decides is asked for by every page of the room.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["part", "-published_at", "-number"], name="a_release_by_time")
        ]

    def __str__(self) -> str:
        return f"release {self.number}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("release", str(self.number))

    @property
    def share_in_words(self) -> str:
        """Of how many items: `10 %`."""
        return f"{self.share * 100:.6g} %"
