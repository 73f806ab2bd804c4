"""Changes as a list and as a board, narrowed, and what waits for somebody first. It shows no text of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from assay.governance.office.actor import Actor, Target
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import OPERATIONS, query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.models import Change, Hand, StageOwner
from assay.governance.policies.life.stages import BEFORE_FORCE, DECIDES, Stage
from assay.governance.policies.life.targets import LEADS, ROOM

MOST_IN_COLUMN, MOST_MINE = 6, 12
# The columns of the board: what is done together stands together.
PHASES: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("Shape it", (Stage.IDEA, Stage.SCOPING, Stage.RESEARCH)),
    ("Write it", (Stage.DRAFTING, Stage.CONSULTATION)),
    ("Prove and sign it", (Stage.IMPACT, Stage.SIGN_OFF)),
    ("Launch it", (Stage.READINESS, Stage.PILOT, Stage.LAUNCH)),
    ("In force", (Stage.IN_FORCE, Stage.REVIEW_DUE)),
)
SHOWN = {"open": "Under way", "force": "In force", "over": "Over", "all": "All of them"}
_PHASE = Case(
    *(When(stage__in=[each.value for each in stages], then=Value(place)) for place, (_, stages) in enumerate(PHASES)),
    default=Value(len(PHASES)),
)
# Nothing for what is under way, so that there the longest wait comes first.
_LATEST = Case(
    When(stage=Stage.REVIEW_DUE.value, then=Value(2**31 - 1)),
    When(stage=Stage.IN_FORCE.value, then=F("number")),
    default=Value(0),
    output_field=IntegerField(),
)
_OPEN = tuple(each.value for each in (*BEFORE_FORCE, Stage.REVIEW_DUE))
_COLUMNS = (
    "key", "number", "kind", "title", "policy", "stage", "stage_since", "owner_id", "author_id", "risk",
    "wanted_on", "review_on", "gate_met", "gate_of", "gate_at", "changed_at", "owner__name", "owner__key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to.

    shown  one of SHOWN; empty is what is under way, or all of a stage that was asked for
    mine   what one has a hand in
    """

    stage: str = ""
    policy: str = ""
    owner: str = ""
    risk: str = ""
    kind: str = ""
    shown: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One change in a list.

    whose  who takes the next step, or the role that does
    due    when that step is due, or None
    mine   whether it is the reader's step
    url    of its page
    """

    change: Change
    whose: str
    due: date | None
    mine: bool
    url: str

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.change.at_stage

    @property
    def is_ready(self) -> bool:
        """Whether nothing kept it from going on when it was last looked at."""
        return self.change.gate_at is not None and self.change.gate_met == self.change.gate_of

    @property
    def is_high(self) -> bool:
        """Whether somebody's rights are at stake."""
        return self.change.risk == "high"


@dataclass(frozen=True, slots=True)
class Column:
    """What is being done together: what stands there longest, and of what is in force what came last.

    count  how many there are, also those beyond what is shown
    """

    words: str
    stages: tuple[Stage, ...]
    rows: tuple[Row, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@query("policies.list-changes", words="see the list of changes", roles=INSIDE, reach="room")
def list_changes(
    *, filters: Filters, after: str | None = None, most: int = 50, by: Actor, at: datetime
) -> Listing[Row]:
    """A page of changes, the newest first."""
    found = listed(_narrowed(filters, by), order="-number", after=after, most=most)
    return Listing(_rows(found.rows, by), found.next, found.previous, found.note)


@query("policies.export-changes", words="take the list of changes along", roles=INSIDE, reach="room")
def rows_for_export(*, filters: Filters, by: Actor, at: datetime) -> Iterator[Row]:
    """Every change that the filters ask for, the newest first."""
    found = _narrowed(filters, by).iterator(chunk_size=500)
    place = reverse("changes:board")
    return (_row(change, by, place) for change in found)


@query("policies.see-board", words="see the board of changes", roles=INSIDE, reach="room")
def board(*, filters: Filters, by: Actor, at: datetime) -> tuple[Column, ...]:
    """What is under way by phase, and of what is in force what is due and what came last."""
    # The columns say what is shown: in force stands beside what is under way.
    wanted = _narrowed(replace(filters, shown="all"), by)
    counts = dict(wanted.order_by().values_list("stage").annotate(count=Count("pk")))
    # Of every column its first, in one read: due reviews before what is merely in force, which comes newest first.
    place = Window(RowNumber(), partition_by=[_PHASE], order_by=[_LATEST.desc(), F("stage_since").asc(), F("pk").asc()])
    shown = wanted.filter(stage__in=[each.value for _, stages in PHASES for each in stages])
    rows = _rows(list(shown.annotate(place=place).filter(place__lte=MOST_IN_COLUMN).order_by("place")), by)
    return tuple(
        Column(
            words,
            stages,
            tuple(row for row in rows if row.stage in stages),
            sum(counts.get(each.value, 0) for each in stages),
        )
        for words, stages in PHASES
    )


@query("policies.see-own-steps", words="see which changes wait for them", roles=INSIDE, reach="room")
def mine_to_move(*, by: Actor, at: datetime) -> list[Row]:
    """Changes whose next step is one's own, what waited longest first; of those that may go on, whoever takes them."""
    if by.who.kind != "person":
        return []
    me = UUID(by.who.key)
    named = StageOwner.objects.filter(change=OuterRef("pk"), stage=OuterRef("stage"))
    mine = Exists(named.filter(person__key=me)) | Q(owner__key=me) & ~Exists(named)
    if by.roles & LEADS:
        mine |= Q(gate_at__isnull=False, gate_met=F("gate_of"))
    wanted = _shown(by).filter(mine, stage__in=_OPEN).order_by("stage_since", "pk")
    rows = _rows(list(wanted[: 2 * MOST_MINE]), by)
    return [row for row in rows if (_takes(row, by) if row.is_ready else row.mine)][:MOST_MINE]


def _takes(row: Row, by: Actor) -> bool:
    """Whether somebody may take it on; of a review, whether they are to answer it."""
    if row.stage is Stage.REVIEW_DUE:
        return row.mine
    return OPERATIONS["policies.advance"].may(by, Target(ROOM, policy=row.change.policy))


def _shown(by: Actor) -> QuerySet[Change]:
    """What somebody may see, with what a line needs, in two reads."""
    owners = StageOwner.objects.select_related("person")
    seen = Change.objects.select_related("owner").only(*_COLUMNS)
    seen = seen.prefetch_related(Prefetch("stage_owners", queryset=owners))
    policies = _policies_of(by)
    return seen if policies is None else seen.filter(policy__in=policies)


def _policies_of(by: Actor) -> frozenset[str] | None:
    """The policies whose changes somebody may read; None is every one."""
    see = OPERATIONS["policies.see-change"]
    if see.may(by, Target(ROOM)):
        return None
    named = frozenset().union(*(held.scope.policies for held in by.held))
    return frozenset(name for name in named if see.may(by, Target(ROOM, policy=name)))


def _narrowed(filters: Filters, by: Actor) -> QuerySet[Change]:
    wanted = _shown(by)
    if filters.stage:
        wanted = wanted.filter(stage=filters.stage)
    elif filters.shown != "all":
        wanted = wanted.filter(stage__in=_stages_shown(filters.shown))
    for name in ("policy", "risk", "kind"):
        if getattr(filters, name):
            wanted = wanted.filter(**{name: getattr(filters, name)})
    if filters.owner:
        wanted = wanted.filter(owner__key=filters.owner)
    if filters.mine and by.who.kind == "person":
        me = UUID(by.who.key)
        helped = Hand.objects.filter(change=OuterRef("pk"), person__key=me)
        named = StageOwner.objects.filter(change=OuterRef("pk"), person__key=me)
        wanted = wanted.filter(Q(owner__key=me) | Q(author__key=me) | Exists(helped) | Exists(named))
    return wanted


def _stages_shown(shown: str) -> tuple[str, ...]:
    if shown == "force":
        return tuple(each.value for each in DECIDES)
    if shown == "over":
        return Stage.RETIRED.value, Stage.WITHDRAWN.value
    return _OPEN


def _rows(changes: Iterable[Change], by: Actor) -> list[Row]:
    # Asked for once, since a list has many lines.
    place = reverse("changes:board")
    return [_row(change, by, place) for change in changes]


def _row(change: Change, by: Actor, place: str) -> Row:
    url = f"{place}{change.number}/"
    named = next((each for each in change.stage_owners.all() if each.stage == change.stage), None)
    if named is not None:
        return Row(change, named.person.name, named.due_on, str(named.person.key) == by.who.key, url)
    owner = change.owner
    if owner is None or change.at_stage.is_over:
        return Row(change, "" if change.at_stage.is_over else "nobody yet", None, mine=False, url=url)
    return Row(change, owner.name, None, str(owner.key) == by.who.key, url)
