"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from importlib import import_module

from django.urls import reverse

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Place, Task, contribute
from assay.governance.office.operations import may
from assay.governance.policies.life.models import Change, Release
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.tabs import Tab, register_tab
from assay.governance.policies.life.targets import ROOM

_PLACE = Place("Releases", "releasing:releases", "r", "policies.see-releases", "send", 22)
# A release that could not be published is somebody's task once it was tried so often.
_TRIED = 3
_MOST = 50


def register() -> None:
    """Make the part known; called once when Django is ready."""
    for name in ("commands", "queries", "requirements"):
        import_module(f"assay.governance.policies.releasing.{name}")
    contribute("policies-releasing", tasks=tasks, place=_PLACE)
    register_tab(Tab("launch", "Pilot and launch", "releasing:change", 80, _badge))
    name_things("edition", _named("edition"), url=lambda key: _url("releasing:edition", key))
    name_things("release", _named("release"), url=lambda key: reverse("releasing:releases"))


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Bundles to build, pilots to begin, and releases that the channel does not take."""
    if not may(by, "policies.roll-back"):
        return
    for release in Release.objects.filter(published_at=None, delivery__tries__gte=_TRIED).order_by("number")[:_MOST]:
        words = f"Release {release.number} does not reach the channel: see why"
        yield Task(ROOM, words, reverse("releasing:releases"), release.made_at)
    piloting = Change.objects.filter(stage=Stage.PILOT.value, releases=None).order_by("number")[:_MOST]
    for change in piloting:
        url = reverse("releasing:change", args=[change.number])
        yield Task(ROOM, f"Build change {change.number} and let it look on", url, change.stage_since, None)


def _badge(change: Change) -> str:
    """How far it is: nothing before its pilot."""
    if change.at_stage not in (Stage.PILOT, Stage.LAUNCH):
        return ""
    release = change.releases.exclude(kind="withdraw").order_by("-number").first()
    if release is None or change.at_stage is Stage.PILOT:
        return "" if release is None else "looks on"
    return f"{release.share * 100:.4g} %" if release.part != "shadow" else ""


def _named(kind: str) -> Callable[[Collection[str]], Mapping[str, str]]:
    def names(keys: Collection[str]) -> Mapping[str, str]:
        return {key: f"{kind} {key}" for key in keys}

    return names


def _url(name: str, key: str) -> str | None:
    return reverse(name, args=[int(key)]) if key.isdigit() else None
