"""Whether a change may be built as a bundle, and the bundle: asked anew each time, of the very texts. It ships nothing.

This is the one way to a bundle: page, API and command line call the same command, which calls this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.engine.kernel.digest import digest_of_files
from assay.engine.kernel.errors import Fault
from assay.engine.language.checker import check_pack
from assay.governance.policies.impact.queries import proved_of
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.gates import faults_of, standing, that_stay
from assay.governance.policies.life.models import Change, Edition
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.ports import PORTS, Channel, Proved
from assay.governance.policies.releasing.texts import normal_text

BUILT_AT = frozenset({Stage.PILOT, Stage.LAUNCH})
_MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Signed:
    """Texts with their signature, and what was proved of them."""

    files: Mapping[str, str]
    bundle: bytes
    proved: Proved


def why_not_ship(change: Change, at: datetime) -> list[Fault]:
    """All that keeps a change from being built, from looking on and from deciding: whatever stays is asked again."""
    faults = []
    if change.at_stage not in BUILT_AT:
        words = (
            f"change {change.number} stands at `{change.at_stage.words}`; a bundle is made of one in pilot or launch"
        )
        faults.append(Fault("not-there-yet", words))
    if change.base_id is not None and (now := in_force()) is not None and not _stands_on(change, now):
        words = f"another edition is in force than change {change.number} starts from; bring it up to date"
        faults.append(Fault("base-moved", words))
    return faults + faults_of(standing(change, that_stay(), at))


def signed_draft(change: Change, at: datetime) -> Signed | list[Fault]:
    """The draft as a signed bundle, its very texts checked and their examples run."""
    files = dict(change.draft_files())
    faults = [*why_not_ship(change, at), *_problems(change, files)]
    proved = proved_of(change)
    if proved is None:
        words = f"no proof of this very draft of change {change.number} has passed; run it on the page `Impact`"
        faults.append(Fault("not-proved", words))
    channel = channel_or_fault()
    if isinstance(channel, Fault):
        faults.append(channel)
    if faults or proved is None or isinstance(channel, Fault):
        return faults
    bundle = channel.sign(files, proved, at)
    return [bundle] if isinstance(bundle, Fault) else Signed(files, bundle, proved)


def channel_or_fault() -> Channel | Fault:
    """The channel of this house."""
    if PORTS.channel is None:
        return Fault("no-channel", "this program has no channel; start it by `assay serve` or `assay policies`")
    return PORTS.channel


def _problems(change: Change, files: Mapping[str, str]) -> list[Fault]:
    """Errors of the texts, and examples that come out otherwise; also that they are the texts that were signed off."""
    if digest_of_files(files) != change.draft_digest:
        return [Fault("other-texts", f"the texts of change {change.number} are not those that its evidence is about")]
    odd = next((path for path, text in files.items() if normal_text(text) != text), None)
    if odd is not None:
        words = f"`{odd}` has line ends of another kind, or a mark before its text; save it again"
        return [Fault("odd-text", words)]
    errors = [each for each in check_pack(files).problems if each.severity == "error"]
    return [Fault(each.slug, f"{each.span}: {each.words}") for each in errors[:_MOST_PROBLEMS]]


def _stands_on(change: Change, now: Edition) -> bool:
    """Whether a draft starts from the texts in force; once its own edition decides, it stands on itself."""
    return now.digest in (change.draft_digest, "" if change.base is None else change.base.digest)
