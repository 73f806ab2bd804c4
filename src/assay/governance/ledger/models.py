"""The ledger's tables. Entries, nodes and signed heads are only ever added: the database itself refuses more.

A class here holds no rule; entries are made by `commands.append` alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q, Value

from assay.engine.kernel.instants import DAY, EPOCH
from assay.governance.ledger.rules import Record
from assay.governance.office.references import Reference

# A reference is at most a kind of some letters, a colon, and a key of 100 characters.
REFERENCE_LENGTH = 160


class Entry(models.Model):
    """One thing that happened. Its number is its place from 0 on, without gaps."""

    number = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField(help_text="Microseconds since the epoch.")
    actor = models.CharField(max_length=REFERENCE_LENGTH)
    way = models.CharField(max_length=12)
    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=REFERENCE_LENGTH)
    content = models.TextField(help_text="Canonical JSON of the event's fields.")
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    # The database works the day out itself, so that a list of one day needs no column that could say another.
    day = models.GeneratedField(expression=F("at") / Value(DAY), output_field=models.BigIntegerField(), db_persist=True)

    class Meta:
        """Each index ends with the number, so that a list by any filter is read page by page in order."""

        indexes = (
            models.Index(fields=["kind", "number"], name="ledger_entry_kind"),
            models.Index(fields=["actor", "number"], name="ledger_entry_actor"),
            models.Index(fields=["subject", "number"], name="ledger_entry_subject"),
            models.Index(fields=["day", "number"], name="ledger_entry_day"),
        )

    def __str__(self) -> str:
        return f"entry {self.number}"

    @property
    def moment(self) -> datetime:
        """When it happened."""
        return EPOCH + timedelta(microseconds=self.at)

    @property
    def about(self) -> Reference:
        """What it is about."""
        return Reference.read(self.subject)

    @property
    def by(self) -> Reference:
        """Who acted."""
        return Reference.read(self.actor)

    @property
    def record(self) -> Record:
        """What is hashed."""
        return Record(
            self.number, self.at, self.actor, self.way, self.kind, self.subject, self.content, bytes(self.previous)
        )


class Node(models.Model):
    """A whole subtree of two entries or more; the leaves are the entries' own hashes.

    place  where it stands when a tree is read from left to right: see `place_of`
    """

    place = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"node {self.place}"


class Head(models.Model):
    """How far the ledger is: one row, which every writer holds until its transaction ends."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    last = models.BinaryField(max_length=32)
    frontier = models.BinaryField(help_text="Hashes of the whole subtrees, the largest first.")

    class Meta:
        """There is one ledger."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="ledger_head_is_one"),)

    def __str__(self) -> str:
        return f"{self.size} entries"


class TreeHead(models.Model):
    """What was signed: that the first `size` entries are those with this root."""

    number = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.BigIntegerField(help_text="Microseconds since the epoch.")
    key_id = models.CharField(max_length=32)
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"signed head of {self.size} entries"

    @property
    def moment(self) -> datetime:
        """When it was signed."""
        return EPOCH + timedelta(microseconds=self.at)


class Offset(models.Model):
    """How far one subscriber is.

    next_number  the entry that it handles next
    failures     how often that one has failed in a row
    failed_with  the kind of the last failure; never its words, which could quote anything
    retry_at     when it is tried again, in microseconds since the epoch
    """

    subscriber = models.CharField(max_length=100, primary_key=True)
    next_number = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failed_with = models.CharField(max_length=100, blank=True, default="")
    retry_at = models.BigIntegerField(default=0)
    moved_at = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subscriber} at {self.next_number}"

    @property
    def retried_at(self) -> datetime | None:
        """When it is tried again; None where nothing failed."""
        return EPOCH + timedelta(microseconds=self.retry_at) if self.retry_at else None

    @property
    def last_moved(self) -> datetime | None:
        """When it last came further; None where it never did."""
        return EPOCH + timedelta(microseconds=self.moved_at) if self.moved_at else None


def place_of(level: int, index: int) -> int:
    """Where a subtree stands among all, read from left to right: a leaf `i` at `2 i`, its parent between its leaves."""
    return ((2 * index + 1) << level) - 1
