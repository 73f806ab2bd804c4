"""The room begins with what is in force, and changes of it are opened. They write no text but the first."""

from __future__ import annotations

import re
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.policies.life.commands.first_text import first_text
from assay.governance.policies.life.commands.wishes import NO_TEXT, RISKS, faults_of_name, faults_of_words, is_text
from assay.governance.policies.life.drafts import add_hands, person_of, put
from assay.governance.policies.life.editions import (
    CURRENT,
    hold_room,
    in_force,
    is_policy,
    make_edition,
    next_number,
    write_versions,
)
from assay.governance.policies.life.events import Begun, ChangeOpened
from assay.governance.policies.life.models import Change, Document, Edition, Release
from assay.governance.policies.life.stages import KINDS, Kind, Stage
from assay.governance.policies.life.targets import MAKERS, target_of_name
from assay.governance.policies.ports import PORTS

_HARM = re.compile(r"^harm:[ \t]*([a-z0-9-]+)[ \t]*$", re.MULTILINE)
BEGINNERS = frozenset({Role.POLICY_LEAD, Role.ADMINISTRATOR})
NOT_BEGUN = Fault("not-begun", "the room holds no policies yet; take over those in force first", "policy")


@command("policies.begin", words="begin with the policies in force", roles=BEGINNERS)
def begin(*, by: Actor, at: datetime) -> Edition | list[Fault]:
    """Take over what decides now as the first edition, with its documents and their first versions."""
    if Edition.objects.exists():
        return [Fault("begun-already", "the room has begun; open a change to alter what is in force")]
    found = None if PORTS.in_force is None else PORTS.in_force()
    if found is None:
        words = "no pack is in force yet; let one decide first, with `assay channel publish` or `assay demo`"
        return [Fault("nothing-in-force", words)]
    edition = make_edition(found.files, change=None, by=by, at=at)
    edition.bundle = found.bundle
    edition.save(update_fields=["bundle"])
    made = write_versions(edition, at=at)
    Release.objects.create(
        number=next_number(Release),
        kind="begin",
        part=CURRENT,
        edition=edition,
        made_at=at,
        made_by=edition.made_by,
        published_at=at,
    )
    append(Begun(len(made), Digest(edition.digest)), subject=edition.reference, by=by, at=at)
    return edition


@command("policies.open-change", words="open a change of a policy", roles=MAKERS, target=target_of_name)
def open_change(
    *,
    kind: str,
    title: str,
    why: str,
    policy: str = "",
    name: str = "",
    risk: str = "ordinary",
    by: Actor,
    at: datetime,
) -> Change | list[Fault]:
    """Begin an idea: a new policy, or one that amends or retires what is in force.

    policy  the name of what is amended or retired
    name    of a new policy
    """
    if not is_text(f"{policy}{name}"):
        return [NO_TEXT]
    hold_room()
    base = in_force()
    if base is None:
        return [NOT_BEGUN]
    known = _kind_of(kind)
    document = None if known == "new" else Document.objects.filter(name=policy, path__in=list(base.files)).first()
    faults = [*faults_of_words(title, why), *_faults_of_choice(known, risk, policy, name, document, base)]
    if faults or known is None:
        return faults
    path, called = (f"policies/{name}.md", name) if document is None else (document.path, document.name)
    change = Change(kind=known, title=title.strip(), why=why.strip(), risk=risk, path=path, policy=called)
    change.document, change.base = document, base
    _begin(change, base, by=by, at=at)
    append(ChangeOpened(known, base.reference), subject=change.reference, by=by, at=at)
    return change


def _begin(change: Change, base: Edition, *, by: Actor, at: datetime) -> None:
    change.number = next_number(Change)
    change.owner = change.author = person_of(by)
    change.made_at = change.changed_at = change.stage_since = at
    change.draft_digest = base.digest
    change.save()
    add_hands(change, by)
    _first_draft(change, base, by=by, at=at)


def _first_draft(change: Change, base: Edition, *, by: Actor, at: datetime) -> None:
    texts = base.texts
    if change.kind == "new":
        put(change, change.path, first_text(change.policy, change.title, texts), by=by, at=at)
        return
    change.harms = sorted(set(_HARM.findall(texts[change.path])))[:20]
    change.save(update_fields=["harms"])
    if change.kind == "retire":
        put(change, change.path, None, by=by, at=at)


def _kind_of(kind: str) -> Kind | None:
    return next((each for each in KINDS if each == kind), None)


def _faults_of_choice(
    kind: Kind | None, risk: str, policy: str, name: str, document: Document | None, base: Edition
) -> list[Fault]:
    faults = [] if risk in RISKS else [Fault("no-risk", "choose `ordinary` or `high`", "risk")]
    if kind is None:
        return [*faults, Fault("no-kind", f"choose one of {', '.join(f'`{each}`' for each in KINDS)}", "kind")]
    return [*faults, *(_faults_of_new(name, base) if kind == "new" else _faults_of_old(kind, policy, document))]


def _faults_of_new(name: str, base: Edition) -> list[Fault]:
    faults = faults_of_name(name)
    if faults:
        return faults
    path = f"policies/{name}.md"
    if path in base.files or Document.objects.filter(name=name, retired_at=None).exists():
        return [Fault("name-taken", f"a policy `{name}` is in force; amend it, or choose another name", "name")]
    open_ones = Change.objects.filter(path=path).exclude(stage__in=[Stage.RETIRED.value, Stage.WITHDRAWN.value])
    other = open_ones.first()
    if other is not None:
        words = f"change `{other.number}` makes a policy `{name}` already; work there, or choose another name"
        return [Fault("name-taken", words, "name")]
    return []


def _faults_of_old(kind: Kind, policy: str, document: Document | None) -> list[Fault]:
    if document is None:
        return [Fault("no-policy", f"no policy `{policy[:60]}` is in force; choose one of those that are", "policy")]
    if kind == "retire" and not is_policy(document.path):
        words = f"`{document.path}` is shared by all policies and cannot be retired; amend it instead"
        return [Fault("not-a-policy", words, "policy")]
    return []
