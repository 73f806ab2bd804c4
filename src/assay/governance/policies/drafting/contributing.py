"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.urls import reverse
from django.utils.http import urlencode

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.ledger.subscribers import Happened
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Told
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.people.queries.naming import key_of
from assay.governance.policies.drafting.models import Remark
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.tabs import Tab, register_tab

_MENTIONED = Kind(
    "remark-mentions-you",
    "A remark on a draft names you",
    "Read it beside the text, and answer it there.",
    "changes:board",
    Way.AT_ONCE,
    leads=True,
)
_ANSWERED = Kind(
    "remark-answered",
    "Your remark on a draft was answered or closed",
    "Read the answer; there is nothing to do unless you want to go on.",
    "changes:board",
    Way.DAILY,
    leads=True,
)


def register() -> None:
    """Make the part known; called once when Django is ready."""
    from assay.governance.policies.drafting import commands, requirements  # noqa: F401
    from assay.governance.policies.drafting.queries import drafts  # noqa: F401

    register_tab(Tab("draft", "Draft", "drafting:draft", 20, _badge))
    name_things("draft-file", _files, url=_file_url)
    name_things("remark", _remarks, url=_remark_url)
    register_notices(
        (_MENTIONED, _ANSWERED),
        {
            "policies.remark-made": _mentioned,
            "policies.remark-answered": _answered,
            "policies.remark-closed": _closed,
            "policies.suggestion-accepted": _closed,
        },
    )


def _badge(change: Change) -> str:
    count = Remark.objects.filter(change=change, state="open").count()
    return f"{count:,} open" if count else ""


def _files(keys: Collection[str]) -> Mapping[str, str]:
    return {key: key.partition("/")[2] for key in keys}


def _file_url(key: str) -> str | None:
    number, _, path = key.partition("/")
    if not number.isdigit():
        return None
    return f"{reverse('drafting:draft', args=[int(number)])}?{urlencode({'file': path})}"


def _remarks(keys: Collection[str]) -> Mapping[str, str]:
    return dict.fromkeys(keys, "a remark")


def _remark_url(key: str) -> str | None:
    found = key_of(key)
    remark = None if found is None else Remark.objects.filter(key=found).select_related("change").first()
    if remark is None:
        return None
    asked = urlencode({"file": remark.path, "beside": "remarks"})
    return f"{reverse('drafting:draft', args=[remark.change.number])}?{asked}"


def _mentioned(happened: Happened) -> Iterable[Told]:
    named = getattr(happened.event, "mentioned", ())
    return [(_MENTIONED.slug, who) for who in named if who != happened.actor]


def _answered(happened: Happened) -> Iterable[Told]:
    told = list(_mentioned(happened))
    named = {who for _, who in told}
    return [*told, *(one for one in _closed(happened) if one[1] not in named)]


def _closed(happened: Happened) -> Iterable[Told]:
    """Whoever made the remark, where another acted on it."""
    reference = getattr(happened.event, "remark", None)
    found = key_of(reference.key) if reference is not None else None
    remark = None if found is None else Remark.objects.filter(key=found).select_related("by").first()
    if remark is None or remark.by is None or remark.by.reference == happened.actor:
        return []
    return [(_ANSWERED.slug, remark.by.reference)]
