"""Every command and query of the program is refused to whom the table here does not name. A new one needs its line.

ada leads policy, bo is legal and leads operations, cy audits, dee administers, eli is an expert from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import get_resolver

from assay.governance.office.actor import SYSTEM, Actor, Held, Scope, Way
from assay.governance.office.operations import CALLS, OPERATIONS, NotAllowed
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.actors import NOBODY
from assay.governance.people.queries.matrix import WORDS, rows_of
from tests.conftest import Golden

ROOT = Path(__file__).parents[3]

PEOPLE = {
    "ada": (Role.POLICY_LEAD,),
    "bo": (Role.LEGAL, Role.OPERATIONS_LEAD),
    "cy": (Role.AUDITOR,),
    "dee": (Role.ADMINISTRATOR,),
    "eli": (Role.EXTERNAL_EXPERT,),
}
# Whoever is signed in, for what is their own; the rooms' own tests show that it is refused for what is not.
EVERYBODY = "ada bo cy dee eli"
INSIDE = "ada bo cy dee"
CASES = {
    "bundles.compare": INSIDE,
    "bundles.list": INSIDE,
    "bundles.note-decider": "system",
    "bundles.read-policy": INSIDE,
    "bundles.see": INSIDE,
    "calendar.addresses": EVERYBODY,
    "calendar.make-address": EVERYBODY,
    "calendar.revoke-address": EVERYBODY,
    "calendar.see": EVERYBODY,
    "decisions.count-newer": INSIDE,
    "decisions.count-today": INSIDE,
    "decisions.decide-again": INSIDE,
    "decisions.export": "ada bo cy",
    "decisions.item-history": INSIDE,
    "decisions.list": INSIDE,
    "decisions.read-record": INSIDE,
    "decisions.see": INSIDE,
    "home.see": EVERYBODY,
    "ledger.changes": EVERYBODY,
    "ledger.entries": INSIDE,
    "ledger.entry": INSIDE,
    "ledger.export": INSIDE,
    "ledger.heads": INSIDE,
    "ledger.key": INSIDE,
    "ledger.prove": INSIDE,
    "ledger.prove-consistency": INSIDE,
    "ledger.rows": INSIDE,
    "ledger.sign-head": "cy dee system",
    "ledger.subscribers": INSIDE,
    "ledger.try-again": "dee",
    "notices.choose-ways": EVERYBODY,
    "notices.count": EVERYBODY,
    "notices.list": EVERYBODY,
    "notices.ways": EVERYBODY,
    "people.accept-invitation": EVERYBODY,
    "people.add-factor": EVERYBODY,
    "people.approve": "ada bo dee",
    "people.approve-recovery": "dee",
    "people.ask-recovery": "system",
    "people.change-password": EVERYBODY,
    "people.change-person": "dee",
    "people.change-profile": EVERYBODY,
    "people.close-account": "dee",
    "people.create-first-administrator": "system",
    "people.decline": "ada bo dee",
    "people.decline-recovery": "dee",
    "people.delegate": EVERYBODY,
    "people.end-absence": EVERYBODY,
    "people.end-delegation": EVERYBODY,
    "people.end-sessions": EVERYBODY,
    "people.export": "cy dee",
    "people.grant-role": "dee",
    "people.invite": "dee",
    "people.invite-again": "dee",
    "people.join": "system",
    "people.list": INSIDE,
    "people.list-approvals": EVERYBODY,
    "people.list-settled": EVERYBODY,
    "people.lock-sign-in": "system",
    "people.propose-in-emergency": "ada bo dee",
    "people.propose-role": "dee",
    "people.read-for-export": "cy dee",
    "people.record-absence": EVERYBODY,
    "people.recover": EVERYBODY,
    "people.remove-factor": EVERYBODY,
    "people.reopen-account": "dee",
    "people.revoke-role": "dee",
    "people.search": INSIDE,
    "people.see-approval": EVERYBODY,
    "people.see-matrix": INSIDE,
    "people.see-person": EVERYBODY,
    "people.see-recoveries": "dee",
    "people.sign-in": EVERYBODY,
    "people.sign-out-everywhere": "dee",
    "people.withdraw": EVERYBODY,
    "policies.accept-missing": "bo",
    "policies.accept-suggestion": "ada",
    "policies.add-source": "ada",
    "policies.advance": "ada system",
    "policies.answer-condition": "ada bo",
    "policies.answer-question": "ada",
    "policies.answer-remark": INSIDE,
    "policies.answer-view": "ada",
    "policies.ask-question": INSIDE,
    "policies.ask-work": "ada bo",
    "policies.assess-impact": "ada bo",
    "policies.assign-item": "ada bo",
    "policies.be-consulted": "eli",
    "policies.begin": "ada dee",
    "policies.begin-features": "ada",
    "policies.build-bundle": "ada bo",
    "policies.call-review": "ada system",
    "policies.cancel-work": "ada bo",
    "policies.change-checklist": "ada",
    "policies.choose-wording": "ada",
    "policies.close-consultation": "ada",
    "policies.close-remark": INSIDE,
    "policies.compare-versions": INSIDE,
    "policies.confirm-assessment": "ada bo",
    "policies.confirm-review": "ada",
    "policies.confirm-ruling": "ada",
    "policies.declare-interest": EVERYBODY,
    "policies.decline-invitation": EVERYBODY,
    "policies.decline-suggestion": "ada",
    "policies.describe-change": "ada",
    "policies.drop-language": "ada",
    "policies.end-pilot": "ada bo",
    "policies.export-changes": INSIDE,
    "policies.export-features": INSIDE,
    "policies.export-questions": INSIDE,
    "policies.export-releases": INSIDE,
    "policies.export-strings": INSIDE,
    "policies.extend-consultation": "ada",
    "policies.find-precedents": INSIDE,
    "policies.finish-work": "system",
    "policies.give-view": EVERYBODY,
    "policies.import-draft": "ada",
    "policies.import-features": "ada",
    "policies.import-strings": "ada",
    "policies.invite-expert": "ada",
    "policies.judge-condition": "ada bo",
    "policies.launch": "ada bo",
    "policies.lift-veto": "bo",
    "policies.list-changes": INSIDE,
    "policies.list-conditions": INSIDE,
    "policies.list-consultations": INSIDE,
    "policies.list-editions": INSIDE,
    "policies.list-features": INSIDE,
    "policies.list-library": INSIDE,
    "policies.list-new": INSIDE,
    "policies.list-own-consultations": EVERYBODY,
    "policies.list-questions": INSIDE,
    "policies.list-releases": INSIDE,
    "policies.list-versions": INSIDE,
    "policies.list-waiting-items": INSIDE,
    "policies.list-wanted-signatures": INSIDE,
    "policies.make-remark": INSIDE,
    "policies.mark-item": "ada bo",
    "policies.name-owner": "ada",
    "policies.note-published": "system",
    "policies.open-change": "ada",
    "policies.open-consultation": "ada",
    "policies.preview-consultation": "ada",
    "policies.propose-sign-off-matrix": "ada bo",
    "policies.publish-again": "ada bo",
    "policies.read": INSIDE,
    "policies.read-document": INSIDE,
    "policies.read-draft": INSIDE,
    "policies.read-edition": INSIDE,
    "policies.read-own-consultation": EVERYBODY,
    "policies.read-questions": INSIDE,
    "policies.rebase": "ada",
    "policies.remind-invited": "ada",
    "policies.remove-source": "ada",
    "policies.reopen-remark": INSIDE,
    "policies.restore-revision": "ada",
    "policies.retire-feature": "ada",
    "policies.roll-back": "ada bo",
    "policies.save-draft": "ada",
    "policies.save-feature": "ada",
    "policies.search-questions": INSIDE,
    "policies.second-assessment": "ada bo",
    "policies.see-as-of": INSIDE,
    "policies.see-board": INSIDE,
    "policies.see-change": INSIDE,
    "policies.see-checklist": INSIDE,
    "policies.see-checklist-template": INSIDE,
    "policies.see-consultation": INSIDE,
    "policies.see-draft": INSIDE,
    "policies.see-edition": INSIDE,
    "policies.see-feature": INSIDE,
    "policies.see-impact": INSIDE,
    "policies.see-launch": INSIDE,
    "policies.see-overview": INSIDE,
    "policies.see-own-steps": INSIDE,
    "policies.see-policy-as-of": INSIDE,
    "policies.see-question": INSIDE,
    "policies.see-readiness-map": INSIDE,
    "policies.see-releases": INSIDE,
    "policies.see-row": INSIDE,
    "policies.see-run": INSIDE,
    "policies.see-sign-off": INSIDE,
    "policies.see-sign-off-matrix": INSIDE,
    "policies.see-translations": INSIDE,
    "policies.see-version": INSIDE,
    "policies.send-back": "ada",
    "policies.set-veto": "bo",
    "policies.sign": "ada bo",
    "policies.start-pilot": "ada bo",
    "policies.stop-launch": "ada bo",
    "policies.sum-up-consultation": "ada",
    "policies.supersede-question": "ada",
    "policies.waive": "ada",
    "policies.withdraw-acceptance": "bo",
    "policies.withdraw-change": "ada",
    "policies.withdraw-invitation": "ada",
    "policies.withdraw-question": INSIDE,
    "policies.withdraw-signature": "ada bo",
    "search.find": EVERYBODY,
    "tokens.list": EVERYBODY,
    "tokens.make": EVERYBODY,
    "tokens.revoke": EVERYBODY,
    "views.delete": EVERYBODY,
    "views.list": EVERYBODY,
    "views.rename": EVERYBODY,
    "views.save": EVERYBODY,
    "views.see": EVERYBODY,
    "views.share": EVERYBODY,
}


@pytest.fixture(scope="module", autouse=True)
def _every_room() -> None:
    # Reading the addresses imports the pages of every room, and with them what they call.
    assert get_resolver().url_patterns


def actor(name: str, scope: Scope | None = None, way: Way = "page", operations: frozenset[str] | None = None) -> Actor:
    held = tuple(Held(role, scope or Scope()) for role in PEOPLE[name])
    return Actor(Reference("person", name), held, way, operations)


def is_refused(name: str, by: Actor) -> bool:
    """Whether the check itself stops it: what gets past it stumbles over an argument that it does not have."""
    with pytest.raises((NotAllowed, TypeError)) as raised:
        CALLS[name](by=by, at=datetime(2026, 12, 15, tzinfo=UTC), no_such_argument=None)
    return raised.type is NotAllowed


def wrong() -> Iterator[str]:
    for name, allowed in CASES.items():
        for who in PEOPLE:
            if is_refused(name, actor(who)) is (who in allowed.split()):
                yield f"{name}: {who} {'is refused' if who in allowed.split() else 'gets in'}"
        if is_refused(name, SYSTEM) is ("system" in allowed.split()):
            yield f"{name}: automatic work"


def test_every_operation_has_its_case_and_no_case_is_left_over() -> None:
    assert sorted(CASES) == sorted(OPERATIONS) == sorted(CALLS)


@pytest.mark.django_db
def test_each_is_refused_to_everybody_whom_its_case_does_not_name() -> None:
    assert list(wrong()) == []


@pytest.mark.django_db
def test_whoever_is_signed_out_may_nothing_at_all() -> None:
    assert [name for name in CASES if not is_refused(name, NOBODY)] == []


@pytest.mark.django_db
def test_a_token_may_only_what_it_was_made_for() -> None:
    token = actor("dee", way="token", operations=frozenset({"people.list"}))
    assert [name for name in CASES if not is_refused(name, token)] == ["people.list"]


def documented() -> dict[str, str]:
    """What the documentation says still opens to a limited role, and what limits it."""
    text = (ROOT / "docs/operate/people.md").read_text(encoding="utf-8").partition("## How far a grant reaches")[2]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", text.partition("\n## ")[0], re.MULTILINE))


def opened(scope: Scope) -> list[str]:
    """What a role opens that its holder could not open anyway."""
    by_role = sorted(name for name, operation in OPERATIONS.items() if not operation.own and operation.roles)
    limited = actor("ada", scope)
    return [name for name in by_role if not is_refused(name, limited)]


@pytest.mark.django_db
def test_a_limited_role_opens_what_the_documentation_says_and_nothing_else() -> None:
    said = documented()
    assert opened(Scope(markets=frozenset({"DE"}))) == sorted(said)
    alone = [name for name, limit in sorted(said.items()) if limit == "rooms alone"]
    assert opened(Scope(policies=frozenset({"likeness"}))) == alone
    assert set(said.values()) == {"rooms alone", "rooms and markets"}
    in_room = opened(Scope(rooms=frozenset({"decisions"})))
    assert in_room == [name for name in opened(Scope()) if name.startswith("decisions.")]
    assert opened(Scope(frozenset({"ledger"}), markets=frozenset({"DE"}))) == []


def test_the_matrix_is_as_it_was_read_last(golden: Golden) -> None:
    """Every change of who may do what is read in the difference of this text."""
    lines = ["operation".ljust(36) + " ".join(role.value for role in Role)]
    for row in rows_of():
        cells = [(WORDS[cell] if cell else "-").replace(" ", "-").ljust(len(role.value)) for role, cell in row.cells]
        lines.append(f"{row.name:<36}{' '.join(cells)}{' system' if row.system else ''}".rstrip())
        lines.append(f"    may {row.words}{f' (limited role: {row.limit})' if row.limit else ''}")
    golden("people/matrix.txt", "\n".join(lines) + "\n")
