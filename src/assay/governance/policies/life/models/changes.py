"""A change of a policy, the steps it took, what was read for it, and what was put aside. They hold no rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.engine.kernel.digest import canonical_json, digest_of_files, sha256_of
from assay.governance.office.references import Reference
from assay.governance.policies.life.models.documents import Document, Edition
from assay.governance.policies.life.models.texts import DIGEST_LENGTH, Text
from assay.governance.policies.life.stages import EDITABLE, Stage

PERSON = settings.AUTH_USER_MODEL
# What each way is called in a history.
_SAID = {
    "forward": "From {leaves} to {enters}",
    "back": "Sent back from {leaves} to {enters}",
    "withdraw": "Given up in {leaves}",
    "review": "Called for review",
    "confirm": "Confirmed: it stays in force",
    "replaced": "Retired",
}
SOURCE_KINDS = {
    "research": "Research",
    "peer": "Another platform's rule",
    "precedent": "Precedent or ruling",
    "law": "Law or code",
    "case": "Case or incident",
    "data": "Data of our own",
}


class Change(models.Model):
    """One change of one policy, from the idea until the policy is retired.

    number    as people cite it: change 12
    why       what is wrong today, and for whom
    path      of the policy's file, also where it is not there yet
    document  the policy, once there is one
    base      the edition that the draft starts from
    owner     answers for it; nobody signs off their own
    risk      `high` where somebody's rights are at stake: more people must sign
    draft_digest  of the whole pack as the change would leave it; evidence and signatures name it
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    why = models.TextField()
    path = models.CharField(max_length=200, db_index=True)
    policy = models.CharField(max_length=120)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    base = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, default=Stage.IDEA.value, db_index=True)
    stage_since = models.DateTimeField()
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    risk = models.CharField(max_length=8, default="ordinary")
    # What is told to the public of it: one or two sentences.
    note = models.CharField(max_length=600, blank=True)
    markets = models.JSONField(default=list)
    harms = models.JSONField(default=list)
    draft_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    # What retired it, where that was another change of the same policy.
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces")
    # How many requirements of its stage held when the clerk last looked, of how many; for lists, never for a decision.
    gate_met = models.PositiveSmallIntegerField(default=0)
    gate_of = models.PositiveSmallIntegerField(default=0)
    gate_at = models.DateTimeField(null=True, blank=True)
    wanted_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["policy", "number"], name="changes_of_a_policy"),
            models.Index(fields=["stage", "review_on"], name="changes_by_review"),
        ]

    def __str__(self) -> str:
        return f"change {self.number}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("change", str(self.number))

    @property
    def at_stage(self) -> Stage:
        """Where it stands."""
        return Stage(self.stage)

    @property
    def is_editable(self) -> bool:
        """Whether its text may still be edited."""
        return self.at_stage in EDITABLE

    @property
    def hands(self) -> frozenset[Reference]:
        """Everybody whose own work it is: who opened it, who answers for it, and everybody who wrote in it."""
        keys = {each.key for each in (self.author, self.owner) if each is not None}
        keys |= set(self.revisions.exclude(by=None).values_list("by__key", flat=True).distinct())
        keys |= set(self.helpers.values_list("person__key", flat=True))
        return frozenset(Reference("person", str(key)) for key in keys)

    @property
    def said_digest(self) -> str:
        """Of what is said of it beside its text: who signs, signs for that too."""
        said = [self.title, self.why, self.note, sorted(self.harms), sorted(self.markets)]
        return sha256_of(canonical_json(said))

    def changed_files(self) -> Mapping[str, str | None]:
        """By path, the texts that it would put in place of those of its base; None removes one."""
        rows = self.files.select_related("text")
        return {row.path: None if row.text is None else row.text.content for row in rows}

    def draft_files(self) -> Mapping[str, str]:
        """The whole pack as the change would leave it."""
        files = dict(self.base.texts) if self.base is not None else {}
        for path, text in self.changed_files().items():
            if text is None:
                files.pop(path, None)
            else:
                files[path] = text
        return files

    def digest_now(self) -> str:
        """The content address of the whole pack as the change would leave it."""
        return digest_of_files(self.draft_files())


class Hand(models.Model):
    """Somebody whose own work a change is too: who acted in it, for whom they did, and who once answered for it."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="helpers")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "person"], name="a_helper_once")
        ]

    def __str__(self) -> str:
        return f"hand in {self.change_id}"


class DraftFile(models.Model):
    """A file that a change would put in place, as it stands now.

    revision  the number of its newest revision; whoever saves says which one they started from
    text      None where the change removes the file
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=0)
    text = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "path"], name="a_draft_has_a_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.path} of {self.change_id}"


class Revision(models.Model):
    """A file of a draft as somebody left it. It stays for ever, also where it did not become the draft.

    number  counts the revisions of the file in the change, from 1
    started_from  the revision that its writer saw, 0 for the base
    kind    `saved`; `merged` with what another wrote meanwhile; `aside`, kept beside since both wrote the same lines;
            `imported`; `rebased` onto a newer edition
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="revisions")
    path = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    started_from = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, default="saved")
    text = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["path", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "path", "number"], name="a_file_counts_its_revisions")
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.number} of {self.change_id}"


class Step(models.Model):
    """A change went from one stage to another.

    way       see `stages.Way`
    words     why, of those who sent it back, gave it up or looked at it again
    evidence  how it stood with each requirement: name, words found, digest, waived or not
    digest    of the draft at that moment
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="steps")
    way = models.CharField(max_length=8)
    leaves = models.CharField(max_length=16)
    enters = models.CharField(max_length=16)
    words = models.CharField(max_length=1_000, blank=True)
    evidence = models.JSONField(default=list)
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.leaves} to {self.enters}"

    @property
    def said(self) -> str:
        """What happened, as people read it."""
        leaves, enters = Stage(self.leaves).words, Stage(self.enters).words
        return _SAID[self.way].format(leaves=leaves.lower(), enters=enters.lower())


class StageOwner(models.Model):
    """Whose step one stage of a change is, where somebody was named for it."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="stage_owners")
    stage = models.CharField(max_length=16)
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "stage"], name="a_stage_has_one_owner")
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.change_id}"


class Waiver(models.Model):
    """Somebody put a requirement aside for this very draft, with a reason; for a later draft it counts no more."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="waivers")
    requirement = models.CharField(max_length=80)
    words = models.CharField(max_length=600)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "requirement", "digest"], name="waived_once")
        ]

    def __str__(self) -> str:
        return f"{self.requirement} of {self.change_id}"


class Source(models.Model):
    """Something that was read for a change.

    kind  a key of SOURCE_KINDS
    link  where it stands; nobody fetches it
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    link = models.CharField(max_length=600, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_words(self) -> str:
        """What kind of source it is, as people read it."""
        return SOURCE_KINDS.get(self.kind, self.kind)
