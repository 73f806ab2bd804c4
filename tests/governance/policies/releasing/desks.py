"""A house with a real channel in a folder, a change ready to be shipped, gates that are shut by hand. No test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.governance.policies import ports
from assay.governance.policies.ports import Proved, Terms
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.channel.places import FolderPlace
from assay.interfaces.packs.channel.pushing import standing
from assay.interfaces.packs.channel.release import Release as Told
from assay.interfaces.web.ports.channel import HouseChannel
from assay.interfaces.web.ports.settings import PolicySettings
from tests.governance.policies.life.houses import FILES, LIKENESS, begun, only_gates, opened
from tests.interfaces.packs.signing import a_key, found, trusted
from tests.workbench.people import SOME_MOMENT, ActorOf

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change, Edition, Release

# What is asked again whenever something is shipped, by name: each can be shut by hand.
STAYING = (
    "drafting.check", "drafting.note", "impact.check", "impact.proof", "impact.difference", "life.base",
    "readiness.checklist", "readiness.features", "signing.conditions", "signing.no-veto", "signing.signed",
)  # fmt: skip
PROVED = Proved(1_797_000_000_000_000, 12, 0, 0)


class Desk:
    """The house, its channel, and what is done with it as `ada` (leads policy) or `bo` (leads operations)."""

    def __init__(self, folder: Path, ada: Actor, bo: Actor) -> None:
        self.folder, self.ada, self.bo = folder, ada, bo
        # Before any clock of a machine that runs this: pages go by the clock.
        self.at = SOME_MOMENT.replace(year=2025)
        self.shut: set[str] = set()
        self.proved: Proved | None = PROVED
        self.settings = BundleSettings(source=str(folder / "channel"), keys=folder / "keys")
        self.channel = HouseChannel(PolicySettings(signing_key=folder / "ada.key"), self.settings)

    def later(self, **time: float) -> datetime:
        self.at += timedelta(**(time or {"seconds": 1}))
        return self.at

    def change(self, words: str = "We mark whatever is fake.", policy: str = "likeness") -> Change:
        """A change that has left readiness, its text another one than in force."""
        from assay.governance.policies.life import drafts

        change = opened(self.ada, self.later(), policy=policy)
        path = f"policies/{policy}.md"
        text = change.draft_files()[path].replace("```yaml rule", f"{words}\n\n```yaml rule", 1)
        drafts.put(change, path, text, by=self.ada, at=self.at)
        return self.stands(change, "pilot")

    def stands(self, change: Change, stage: str) -> Change:
        type(change).objects.filter(pk=change.pk).update(stage=stage)
        change.refresh_from_db()
        return change

    def built(self, change: Change) -> Edition:
        from assay.governance.policies.releasing.commands import build_bundle

        made = build_bundle(change=change, by=self.bo, at=self.later())
        assert not isinstance(made, list), made
        return made

    def shipped(self, change: Change, share: float = 1.0) -> Release:
        """Built, launched and published."""
        from assay.governance.policies.releasing.commands import launch
        from assay.governance.policies.releasing.standing import edition_of

        if edition_of(change) is None:
            self.built(change)
        self.stands(change, "launch")
        made = launch(change=change, share=share, by=self.bo, at=self.later())
        assert not isinstance(made, list), made
        self.published()
        return made

    def published(self) -> int:
        """What the clerk does within a second; then what it does when something decides everything."""
        from assay.governance.policies.life.commands import arrive_due
        from assay.governance.policies.releasing.publishing import publish_due

        count = publish_due(self.later())
        arrive_due(self.at)
        return count

    @property
    def told(self) -> Told:
        """What the channel says."""
        return found(standing(FolderPlace(self.folder / "channel"), trusted(self.folder))).release


@pytest.fixture
def desk(tmp_path: Path, ada: Person, bo: Person, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    from assay.governance.policies.life.gates import REQUIREMENTS, Finding, Requirement
    from assay.governance.policies.life.stages import Stage
    from assay.governance.policies.releasing import building

    a_key(tmp_path)
    made = Desk(tmp_path, actor_of(ada), actor_of(bo))
    monkeypatch.setattr(ports.PORTS, "channel", made.channel)
    monkeypatch.setattr(ports.PORTS, "in_force", None)
    monkeypatch.setattr(ports.PORTS, "workshop", None)
    monkeypatch.setattr(ports.PORTS, "terms", lambda: Terms(shadow_hours=2.0))
    monkeypatch.setattr(building, "proved_of", lambda change: made.proved)

    def staying(name: str) -> Requirement:
        def find(change: Change, at: datetime) -> Finding:
            return Finding(name not in made.shut, "by hand")

        return Requirement(name, Stage.READINESS, f"{name} holds.", find, stays=True)

    own = {name: each for name, each in REQUIREMENTS.items() if name.startswith("releasing.")}
    with only_gates({**{name: staying(name) for name in STAYING}, **own}):
        edition = begun(made.ada, made.later())
        bundle = found(made.channel.sign(dict(edition.texts), PROVED, made.at))
        type(edition).objects.filter(pk=edition.pk).update(bundle=bundle)
        found(made.channel.publish(bundle, "current", share=1.0, reason="", by="others", at=made.at))
        yield made


__all__ = ["FILES", "LIKENESS", "STAYING", "UTC", "Desk", "desk"]
