"""What must hold to leave drafting: a sound change, settled remarks, a public note. It mends nothing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.drafting.checking.live import check
from assay.governance.policies.drafting.models import Remark
from assay.governance.policies.drafting.queries.drafts import asides_of
from assay.governance.policies.life.gates import Finding, holds, lacks, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage


@requirement("drafting.changed", leaving=Stage.DRAFTING, words="The draft says something else than what is in force.")
def changed(change: Change, at: datetime) -> Finding:
    """How many files differ."""
    held = {} if change.base is None else change.base.files
    files = [row for row in change.files.all() if row.text_id != held.get(row.path)]
    if not files:
        return lacks("the draft is the same as the edition in force", _url(change), change.draft_digest)
    return holds(f"{_counted(len(files), 'file')} changed", _url(change), change.draft_digest)


@requirement(
    "drafting.check",
    leaving=Stage.DRAFTING,
    words="The check finds no error, and every example passes.",
    stays=True,
)
def checked(change: Change, at: datetime) -> Finding:
    """Check the whole pack as the change would leave it, examples run."""
    found = check(change.draft_files())
    errors = len(found.errors)
    warnings = len(found.problems) - errors
    examples = sum(len(policy.examples) for policy in found.pack.policies)
    if errors:
        return lacks(f"the check found {_counted(errors, 'error')}", _url(change), change.draft_digest)
    words = f"no error, and {_counted(examples, 'example')} pass"
    words += f"; {_counted(warnings, 'warning')}" if warnings else ""
    return holds(words, _url(change), change.draft_digest)


@requirement(
    "drafting.remarks",
    leaving=Stage.DRAFTING,
    words="No remark on the draft is open, and no two wordings wait for a choice.",
)
def remarks(change: Change, at: datetime) -> Finding:
    """How many remarks are open, and how many wordings are undecided."""
    count = Remark.objects.filter(change=change, state="open").count()
    clashes = sum(len(each.clashes) for each in asides_of(change))
    found = [f"{_counted(count, 'remark')} open"] if count else []
    found += [f"{_counted(clashes, 'wording')} to choose"] if clashes else []
    return lacks(" and ".join(found), _url(change)) if found else holds("nothing is open", _url(change))


@requirement(
    "drafting.note", leaving=Stage.DRAFTING, words="What is told to the public of the change is written.", stays=True
)
def noted(change: Change, at: datetime) -> Finding:
    """Whether there is a note."""
    url = reverse("changes:describe", args=[change.number])
    if not change.note.strip():
        return lacks("nothing is written yet; a sentence or two are enough", url)
    # Whoever reads what holds need not be able to describe it.
    return holds("it is written", reverse("changes:change", args=[change.number]) + "#why")


def _url(change: Change) -> str:
    return reverse("drafting:draft", args=[change.number])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
