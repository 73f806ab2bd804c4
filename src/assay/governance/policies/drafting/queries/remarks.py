"""Remarks on a draft, at the lines where they stand now. It changes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from assay.governance.office.actor import Actor
from assay.governance.policies.drafting.models import Remark, Reply
from assay.governance.policies.drafting.rules.anchors import Anchor, follow, with_lines
from assay.governance.policies.life.merging import merge_texts
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import MAKERS, target_of

_MOST_CLOSED = 100


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """A remark as somebody sees it.

    anchor    where it stands now
    quote     the lines as they were
    fits      of an open suggestion, whether it can be accepted as the text stands
    may_close, may_write  what this person may do with it
    """

    remark: Remark
    anchor: Anchor
    quote: str
    replies: tuple[Reply, ...]
    fits: bool
    may_close: bool
    may_write: bool

    @property
    def mine(self) -> bool:
        """Whether this person may settle it without being one who writes."""
        return self.may_close and not self.may_write


def remarks_of(change: Change, path: str, text: str, by: Actor, *, closed: bool = False) -> list[RemarkFacts]:
    """The open remarks of a file, or those closed, in the order of the text."""
    rows = Remark.objects.filter(change=change, path=path).select_related("seen", "by", "closed_by")
    rows = (
        rows.exclude(state="open").order_by("-closed_at", "-pk")[:_MOST_CLOSED] if closed else rows.filter(state="open")
    )
    found = list(rows)
    replies: dict[int, list[Reply]] = {}
    for reply in Reply.objects.filter(remark__in=found).select_related("by"):
        replies.setdefault(reply.remark_id, []).append(reply)
    facts = [_facts(row, text, replies.get(row.pk, []), by) for row in found]
    return facts if closed else sorted(facts, key=lambda each: (each.anchor.first, each.remark.pk))


def open_counts(change: Change) -> Mapping[str, int]:
    """How many remarks are open, by file."""
    counts: dict[str, int] = {}
    for path in Remark.objects.filter(change=change, state="open").values_list("path", flat=True):
        counts[path] = counts.get(path, 0) + 1
    return counts


def remark_of(change: Change, key: UUID) -> Remark | None:
    """A remark of a change."""
    return Remark.objects.filter(change=change, key=key).select_related("seen", "by", "change").first()


def _facts(row: Remark, text: str, replies: list[Reply], by: Actor) -> RemarkFacts:
    seen, writes = row.seen.content, by.reaches(MAKERS, target_of({"change": row.change}))
    mine = row.by is not None and row.by.reference in by.hands
    fits = row.kind == "suggestion" and row.state == "open" and _fits(row, seen, text)
    return RemarkFacts(
        remark=row,
        anchor=follow(seen, text, Anchor(row.first, row.last)),
        quote="\n".join(seen.split("\n")[row.first - 1 : row.last]),
        replies=tuple(replies),
        fits=fits,
        may_close=mine or writes,
        may_write=writes,
    )


def _fits(row: Remark, seen: str, text: str) -> bool:
    return merge_texts(seen, text, with_lines(seen, Anchor(row.first, row.last), row.suggested)).clean
