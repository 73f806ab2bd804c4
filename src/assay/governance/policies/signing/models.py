"""The tables of sign-off: the matrix by its versions, signatures, conditions, vetoes. They hold no rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.life.models import Change, Edition, contents_of
from assay.governance.policies.life.models.texts import DIGEST_LENGTH

PERSON = settings.AUTH_USER_MODEL
WORDS_LONGEST = 2_000


class SignOffMatrix(models.Model):
    """Who signs changes off, from one moment on. The newest holds; where there is none, the one that comes with us.

    number   counts them, from 1
    content  as `rules.matrix.written` has it
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    reason = models.CharField(max_length=600, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    proposal = models.UUIDField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"matrix {self.number}"


class SignedDraft(models.Model):
    """A draft that somebody signed, so that what changed since can be shown.

    files  by path the digest of each text that the change put in place; None where it removed the file
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="signed_drafts")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    base = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "digest"], name="a_signed_draft_once")
        ]

    def __str__(self) -> str:
        return f"draft of {self.change_id}"

    @property
    def texts(self) -> Mapping[str, str]:
        """The whole pack as it was signed."""
        files = dict(self.base.texts) if self.base is not None else {}
        found = contents_of(digest for digest in self.files.values() if digest is not None)
        for path, digest in self.files.items():
            if digest is None:
                files.pop(path, None)
            else:
                files[path] = found[digest]
        return files


class Signature(models.Model):
    """What somebody said of a draft, for one role: a signature, one on conditions, or a dissent. It stays for ever.

    stands_for  whose role it was, where it was not their own
    hands       themselves and whoever they stood in for, as references
    digest      of the draft; of another draft it counts no more
    said        digest of what was said of the change: why, where, what the public is told; likewise
    evidence    what they were shown: name, words, digest
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    function = models.CharField(max_length=20)
    stands_for = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    hands = models.JSONField(default=list)
    verdict = models.CharField(max_length=20)
    words = models.TextField(max_length=WORDS_LONGEST, blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    said = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")
    evidence = models.JSONField(default=list)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["change", "person", "digest", "said"],
                condition=models.Q(withdrawn_at=None),
                name="one_word_a_person_and_draft",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} as {self.role}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("signature", str(self.key))


class Condition(models.Model):
    """Something that a signer wants before their signature is whole.

    due     `sign-off`, before the change leaves sign-off; `launch`, before a bundle is built; `date`, by `due_on`
    who     sees to it
    met     what they say of it, and where it can be seen; confirmed by whoever set it, or another of that function
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="conditions")
    words = models.CharField(max_length=600)
    due = models.CharField(max_length=8)
    due_on = models.DateField(null=True, blank=True)
    who = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    met_words = models.CharField(max_length=600, blank=True)
    met_link = models.CharField(max_length=600, blank=True)
    # Why somebody did not take it for met, the last time they looked.
    denied_words = models.CharField(max_length=600, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"condition {self.key}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("condition", str(self.key))


class Veto(models.Model):
    """Legal stopped a change. It holds whatever becomes of the draft, until legal lifts it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="vetoes")
    words = models.TextField(max_length=WORDS_LONGEST)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_words = models.TextField(max_length=WORDS_LONGEST, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change"], condition=models.Q(lifted_at=None), name="one_veto_at_a_time")
        ]

    def __str__(self) -> str:
        return f"veto on {self.change_id}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("veto", str(self.key))
