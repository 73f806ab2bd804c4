"""A draft as one request opens it: the change, the file, what this person may do. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from assay.engine.language.checker import Checked
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.drafting.checking.live import check
from assay.governance.policies.drafting.queries.drafts import DraftFacts, draft_of
from assay.governance.policies.drafting.rules.writing import LONGEST_TEXT, plain
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change
from assay.governance.policies.life.targets import target_of


@dataclass(frozen=True, slots=True)
class Opened:
    """One file of a draft, opened.

    text   as it stands, or as somebody is typing it
    files  the whole pack with that text in place
    """

    change: Change
    draft: DraftFacts
    text: str
    files: Mapping[str, str]
    may_write: bool
    may_remark: bool

    @property
    def checked(self) -> Checked:
        """Everything that can be said against it."""
        return check(self.files)

    @property
    def is_policy(self) -> bool:
        """Whether the file is a policy, of which there are pages to see."""
        return self.draft.path.endswith(".md")

    def url(self, beside: str = "") -> str:
        """The address of the page with this file open."""
        asked = {"file": self.draft.path} | ({"beside": beside} if beside else {})
        return f"{reverse('drafting:draft', args=[self.change.number])}?{urlencode(asked)}"


def opened(request: StaffRequest, number: int) -> Opened:
    """The draft of an address; what is being typed comes with a post, and is not kept by this."""
    change = found_change(request, number)
    given = request.POST if request.method == "POST" else request.GET
    draft = draft_of(change=change, path=given.get("file") or change.path, by=request.actor, at=request.at)
    if draft is None:
        raise Http404
    typed = given.get("text") if request.method == "POST" else None
    text = draft.text if typed is None else plain(typed)[:LONGEST_TEXT]
    target = target_of({"change": change})
    return Opened(
        change,
        draft,
        text,
        {**change.draft_files(), draft.path: text},
        change.is_editable and may(request.actor, "policies.save-draft", target),
        not change.at_stage.is_over and may(request.actor, "policies.make-remark", target),
    )
