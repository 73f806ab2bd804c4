"""What must hold to leave the first stages, and that a draft stands on what is in force. It mends nothing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.gates import Finding, holds, lacks, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage

_MARKS = ("<<<<<<< ", ">>>>>>> ")
_MOST_NAMED = 3


@requirement("life.owner", leaving=Stage.IDEA, words="Somebody answers for the change.")
def owner(change: Change, at: datetime) -> Finding:
    """Whether there is somebody with an open account."""
    url = reverse("changes:people", args=[change.number])
    if change.owner is None:
        return lacks("nobody does", url)
    if not change.owner.is_active:
        return lacks(f"{change.owner.name} has left", url)
    return holds(f"{change.owner.name} does", url)


@requirement("life.scope", leaving=Stage.SCOPING, words="It is said why it is needed, which harm it meets and where.")
def scope(change: Change, at: datetime) -> Finding:
    """Whether the change is described."""
    url = reverse("changes:describe", args=[change.number])
    if not change.why.strip():
        return lacks("the reason is missing", url)
    if not change.harms:
        return lacks("no harm is named", url)
    where = "everywhere" if not change.markets else few(change.markets)
    # Whoever reads what holds need not be able to describe it.
    return holds(f"{few(change.harms)}, {where}", reverse("changes:change", args=[change.number]) + "#why")


@requirement(
    "life.sources", leaving=Stage.RESEARCH, words="What was read is listed: research, peers' rules, precedents.",
    waivable=True,
)  # fmt: skip
def sources(change: Change, at: datetime) -> Finding:
    """Whether at least one source is there."""
    url = reverse("changes:sources", args=[change.number])
    count = change.sources.count()
    return holds(f"{count} source{'' if count == 1 else 's'}", url) if count else lacks("no source yet", url)


@requirement("life.base", leaving=Stage.SIGN_OFF, words="The draft stands on the edition in force.", stays=True)
def base(change: Change, at: datetime) -> Finding:
    """Whether no other change came in force since it began, and nothing is left of a clash with one."""
    url = reverse("changes:rebase", args=[change.number])
    now = in_force()
    if now is None or change.base is None:
        return lacks("no edition is in force", url)
    if now.pk != change.base_id and now.change_id != change.pk:
        words = f"edition {now.number} is in force, and the draft began with edition {change.base.number}"
        return lacks(words, url, now.digest)
    unsettled = [path for path, text in change.changed_files().items() if text and is_marked(text)]
    if unsettled:
        return lacks(f"{few(unsettled)} shows two wordings of the same lines", url, now.digest)
    return holds(f"edition {change.base.number}", url, now.digest)


def is_marked(text: str) -> bool:
    """Whether a text still shows two wordings of the same lines."""
    return any(line.startswith(_MARKS) for line in text.splitlines())


def few(names: list[str]) -> str:
    """The first of some names, and how many more."""
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
