"""One change as its overview shows it: stages, gate, people, history. It asks every requirement and moves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.people.models import Person
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.gates import Stands, of_stage, standing, to_leave
from assay.governance.policies.life.models import Change, DraftFile, Edition, Source, StageOwner, Step, contents_of
from assay.governance.policies.life.stages import ORDER, OWNER, Stage, may_go_on, next_of
from assay.governance.policies.life.targets import target_of

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
MOST_FILES = 3
_HERE, _DONE, _TO_COME = "here", "done", "to-come"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """One stage on the rail.

    state    `done`, `here` or `to-come`
    whose    who was named for it, or answers for the change
    named    whether somebody was named for it
    usual    the role whose step it is in most houses
    late     whether its day has passed while it is not done
    reached  when the change came there last; None where it has not
    took     how long it stood there; None while it does
    """

    stage: Stage
    state: str
    whose: str
    named: bool
    usual: str
    due: date | None
    late: bool
    reached: datetime | None
    took: timedelta | None

    @property
    def lasted(self) -> str:
        """How long it stood there, in words."""
        return "" if self.took is None else lasted(self.took)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file as it was when the draft began, and as the draft has it; None where there is or will be none."""

    path: str
    before: str | None
    after: str | None

    @property
    def how(self) -> str:
        """`new`, `gone` or `changed`."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page of a change shows.

    gate    what must hold to leave this stage
    before  what was true earlier, and must still be
    base    whether another edition is in force than the one that the draft began with
    others  changes of the same policy that are under way
    changed what the draft says otherwise, the policy's own file first
    more    how many files it changes beyond these
    """

    change: Change
    stages: tuple[StageFacts, ...]
    gate: tuple[Stands, ...]
    before: tuple[Stands, ...]
    steps: tuple[Step, ...]
    sources: tuple[Source, ...]
    others: tuple[Change, ...]
    now: Edition | None
    following: Stage | None
    changed: tuple[ChangedFile, ...]
    more: int

    @property
    def here(self) -> StageFacts | None:
        """The stage at which it stands, on the rail."""
        return next((each for each in self.stages if each.state == _HERE), None)

    @property
    def asked(self) -> int:
        """How many requirements stand between it and the next stage."""
        return len(self.gate) + len(self.before)

    @property
    def met(self) -> int:
        """How many of them hold."""
        return sum(one.holds for one in (*self.gate, *self.before))

    @property
    def is_open(self) -> bool:
        """Whether it may go on."""
        return may_go_on(self.change.at_stage) and self.met == self.asked

    @property
    def is_behind(self) -> bool:
        """Whether something else came in force since the draft began."""
        ours = self.now is None or self.now.pk == self.change.base_id or self.now.change_id == self.change.pk
        return not ours and may_go_on(self.change.at_stage)


@query("policies.see-overview", words="see where a change stands", roles=INSIDE, target=target_of)
def overview_of(*, change: Change, by: Actor, at: datetime) -> Overview:
    """Where it stands, what keeps it there, and how it came so far."""
    stage = change.at_stage
    wanted = to_leave(stage) if may_go_on(stage) else ()
    stands = standing(change, wanted, at)
    own = {one.name for one in of_stage(stage)}
    steps = tuple(change.steps.select_related("by"))
    owners = {each.stage: each for each in change.stage_owners.select_related("person")}
    changed = _changed(change)
    others = Change.objects.filter(path=change.path).exclude(pk=change.pk)
    over = [Stage.RETIRED.value, Stage.WITHDRAWN.value]
    return Overview(
        change=change,
        stages=tuple(_stages(change, steps, owners, at.date())),
        gate=tuple(one for one in stands if one.requirement.name in own),
        before=tuple(one for one in stands if one.requirement.name not in own),
        steps=steps,
        sources=tuple(change.sources.select_related("by")),
        others=tuple(others.exclude(stage__in=over).order_by("-number")[:5]),
        now=in_force(),
        following=next_of(stage) if may_go_on(stage) else None,
        changed=tuple(changed[:MOST_FILES]),
        more=max(len(changed) - MOST_FILES, 0),
    )


def _changed(change: Change) -> list[ChangedFile]:
    """Files that the draft has otherwise than its base."""
    rows = [row for row in change.files.select_related("text") if _differs(change, row)]
    base = {} if change.base is None else change.base.files
    texts = contents_of(base[row.path] for row in rows if row.path in base)
    rows.sort(key=lambda row: (row.path != change.path, row.path))
    return [
        ChangedFile(row.path, texts.get(base.get(row.path, "")), None if row.text is None else row.text.content)
        for row in rows
    ]


def _differs(change: Change, row: DraftFile) -> bool:
    return (None if change.base is None else change.base.files.get(row.path)) != row.text_id


def _stages(change: Change, steps: Sequence[Step], owners: dict[str, StageOwner], today: date) -> list[StageFacts]:
    reached, left = _times(change, steps)
    stage = change.at_stage
    # A change that was given up stands where it was left.
    place = ORDER.index(Stage(steps[-1].leaves) if stage is Stage.WITHDRAWN and steps else stage)
    found = []
    for number, each in enumerate(ORDER):
        came = reached.get(each) if number <= place else None
        here = each is stage
        state = _HERE if here else _DONE if came is not None else _TO_COME
        until = None if here or came is None else left.get(each)
        named = owners.get(each.value)
        found.append(
            StageFacts(
                stage=each,
                state=state,
                whose=_whose(each, change.owner, named),
                named=named is not None,
                usual=OWNER[each].words if each in OWNER else "",
                due=None if named is None else named.due_on,
                late=named is not None and named.due_on is not None and named.due_on < today and state != _DONE,
                reached=came,
                took=None if came is None or until is None else until - came,
            )
        )
    return found


def _times(change: Change, steps: Sequence[Step]) -> tuple[dict[Stage, datetime], dict[Stage, datetime]]:
    """When it came to each stage last, and when it left it."""
    reached, left = {Stage.IDEA: change.made_at}, {}
    for each in steps:
        left[Stage(each.leaves)] = each.at
        reached[Stage(each.enters)] = each.at
    return reached, left


def _whose(stage: Stage, owner: Person | None, named: StageOwner | None) -> str:
    if named is not None:
        return named.person.name
    return "" if owner is None or stage not in OWNER else owner.name


def lasted(took: timedelta) -> str:
    """`3 days`, `5 hours`, `under an hour`."""
    if took < _HOUR:
        return "under an hour"
    count, unit = (took // _DAY, "day") if took >= 2 * _DAY else (took // _HOUR, "hour")
    return f"{count} {unit}" + ("" if count == 1 else "s")
