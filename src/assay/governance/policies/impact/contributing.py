"""What impact adds to names, notices and the pages of a change. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from uuid import UUID

from django.urls import reverse

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.ledger.subscribers import Happened
from assay.governance.office.references import Reference
from assay.governance.people.notices.kinds import Kind
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.rules.work import ACTIVE, Work
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.tabs import Tab, register_tab

_KINDS = (
    Kind(
        "work-finished",
        "What you asked for is done",
        "Read what the check, the proof, the comparison or the rehearsal found.",
        "changes:board",
        leads=True,
    ),
)


def register() -> None:
    """Make the part known; called once when Django is ready."""
    import_module("assay.governance.policies.impact.commands")
    import_module("assay.governance.policies.impact.requirements")
    register_tab(Tab("impact", "Impact", "impact:impact", 50, badge))
    register_notices(_KINDS, {"policies.work-finished": _tell})
    name_things("run", _names, url=_place)


def badge(change: Change) -> str:
    """How many pieces of work are under way."""
    active = change.runs.filter(state__in=ACTIVE).count()
    return f"{active} under way" if active else ""


def _tell(happened: Happened) -> Iterable[tuple[str, Reference]]:
    """Whoever asked for it; somebody's own wish that was known already is shown at once and told to nobody."""
    # Of a later version of the program the event may have other fields.
    named = getattr(happened.event, "run", None)
    run = _runs([named.key]).get(named.key) if isinstance(named, Reference) else None
    if run is not None and run.asked_by is not None:
        yield "work-finished", run.asked_by.reference


def _names(keys: Collection[str]) -> Mapping[str, str]:
    # A run holds whole reports, and the ledger's lists name many runs: only what a name needs is read.
    wanted = Run.objects.filter(key__in=[key for key in keys if _is_key(key)])
    found = wanted.values_list("key", "kind", "change__number")
    return {str(key): f"the {Work(kind).heading.lower()} of change {number}" for key, kind, number in found}


def _place(key: str) -> str | None:
    run = _runs([key]).get(key)
    return None if run is None else reverse("impact:run", args=[run.change.number, run.key])


def _runs(keys: Collection[str]) -> dict[str, Run]:
    found = Run.objects.filter(key__in=[key for key in keys if _is_key(key)]).select_related("change", "asked_by")
    return {str(run.key): run for run in found.defer("files", "drawings")}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
