"""The tables of readiness: checklists and marks, features of the product, what was accepted. They hold no rule."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assay.governance.office.references import Reference
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.models.texts import DIGEST_LENGTH

PERSON = settings.AUTH_USER_MODEL
WORDS_LONGEST = 1_000


class Checklist(models.Model):
    """The launch checklist from one moment on. The newest holds; where there is none, the one that comes with us.

    content  as `rules.items.written` has it
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"checklist {self.number}"


class Mark(models.Model):
    """What somebody said of an item for one draft. It stays; the newest for a draft counts.

    digest  of the draft; for another one it is asked again
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="marks")
    item = models.CharField(max_length=60)
    state = models.CharField(max_length=16)
    words = models.CharField(max_length=WORDS_LONGEST, blank=True)
    link = models.CharField(max_length=600, blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["change", "item", "-id"], name="marks_of_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.state}"


class Duty(models.Model):
    """Whose an item of one change is, and until when."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="duties")
    item = models.CharField(max_length=60)
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "item"], name="an_item_has_one_owner")
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.change_id}"


class Feature(models.Model):
    """Something that the product can do, and that rules turn on or impose.

    provides  names of the vocabulary: signals, surfaces, measures; `needs` has them in one text, to be searched
    owner     answers for it; `team` where it is no single person
    worst     the worst of its states, so that a list can be narrowed to it
    versions  the newest version's number
    """

    name = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, db_index=True)
    provides = models.JSONField(default=list)
    needs = models.TextField(default=" ")
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=WORDS_LONGEST, blank=True)
    link = models.CharField(max_length=600, blank=True)
    worst = models.CharField(max_length=8, db_index=True)
    versions = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("feature", self.name)


def shown_state(market: str, state: str) -> tuple[str, str]:
    """The kind of badge that a state has, and its words."""
    where = "everywhere" if market == "*" else f"in {market}"
    return {"ready": "good", "missing": "bad"}.get(state, "warning"), f"{state.capitalize()} {where}"


class FeatureState(models.Model):
    """What a feature is like in a market, a group of markets, or `*`, everywhere that no other row names."""

    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="states")
    market = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=8)
    ready_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["market"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["feature", "market"], name="one_state_a_market")
        ]

    def __str__(self) -> str:
        return f"{self.state} in {self.market}"

    @property
    def shown(self) -> tuple[str, str]:
        """The kind of badge that it has, and its words."""
        return shown_state(self.market, self.state)


class FeatureVersion(models.Model):
    """What was said of a feature from one moment on."""

    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["feature", "number"], name="a_feature_counts_its_versions")
        ]

    def __str__(self) -> str:
        return f"{self.feature_id} {self.number}"


class Acceptance(models.Model):
    """Operations or product took it upon them that a draft is launched without something that it needs.

    markets  codes; empty is every one
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="acceptances")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    markets = models.JSONField(default=list)
    words = models.CharField(max_length=WORDS_LONGEST)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.change_id}"

    @property
    def reference(self) -> Reference:
        """Its name in the ledger."""
        return Reference("acceptance", str(self.key))
