"""Who is responsible, accountable, consulted and informed for a change, and who must sign. It knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.office.roles import FUNCTION_OF, INSIDE, Function, Role

Risk: TypeAlias = Literal["ordinary", "high"]
RISKS: tuple[Risk, ...] = ("ordinary", "high")
# Whoever audits, administers, reviews or writes does not sign for a part of the house.
SIGNERS = frozenset(
    {
        Role.POLICY_LEAD, Role.OPERATIONS_LEAD, Role.LEGAL, Role.PUBLIC_POLICY, Role.COMMUNICATIONS, Role.PRODUCT,
        Role.DATA, Role.EXECUTIVE,
    }
)  # fmt: skip
ROLES: tuple[Role, ...] = tuple(role for role in Role if role in INSIDE)
# However a house sets its matrix, so many people of so many functions sign: never one of them alone.
LEAST_PEOPLE = LEAST_FUNCTIONS = 2


class Letter(StrEnum):
    """The part that a role has in a change."""

    ACCOUNTABLE = "accountable"
    RESPONSIBLE = "responsible"
    CONSULTED = "consulted"
    INFORMED = "informed"
    NONE = "none"

    @property
    def short(self) -> str:
        """As tables have it."""
        return "" if self is Letter.NONE else self.value[0].upper()


@dataclass(frozen=True, slots=True)
class Line:
    """One role in the matrix. Whoever is accountable must sign."""

    role: Role
    letter: Letter = Letter.NONE
    marked: bool = False

    @property
    def must_sign(self) -> bool:
        """Whether a change waits for this role."""
        return self.marked or self.letter is Letter.ACCOUNTABLE

    @property
    def may_sign(self) -> bool:
        """Whether this role's word is taken at all: of those who take part, not of those who are only told."""
        return self.role in SIGNERS and self.letter not in (Letter.NONE, Letter.INFORMED)


Matrix: TypeAlias = Mapping[Risk, tuple[Line, ...]]


def lines_for(matrix: Matrix, risk: str) -> tuple[Line, ...]:
    """The lines of a risk; of one that nobody knows, the stricter ones."""
    return matrix["ordinary" if risk == "ordinary" else "high"]


def faults_of(matrix: Matrix) -> list[Fault]:
    """Everything that keeps a matrix from being one that a house can sign by."""
    faults: list[Fault] = []
    for risk in RISKS:
        faults += _faults_of_risk(risk, matrix[risk])
    ordinary = {line.role for line in matrix["ordinary"] if line.must_sign}
    high = {line.role for line in matrix["high"] if line.must_sign}
    if lost := sorted(role.words for role in ordinary - high):
        words = f"`{', '.join(lost)}` must sign ordinary changes, and so must sign those of high risk too"
        faults.append(Fault("high-asks-less", words, "high"))
    return faults


def _faults_of_risk(risk: Risk, lines: tuple[Line, ...]) -> Iterator[Fault]:
    said = "ordinary changes" if risk == "ordinary" else "changes of high risk"
    accountable = [line for line in lines if line.letter is Letter.ACCOUNTABLE]
    if len(accountable) != 1:
        yield Fault("one-accountable", f"for {said} `{len(accountable)}` roles are accountable; choose one", risk)
    for line in lines:
        if line.must_sign and line.role not in SIGNERS:
            words = f"`{line.role.words}` signs for no part of the house; for {said} choose another role"
            yield Fault("cannot-sign", words, risk)
        elif line.must_sign and not line.may_sign:
            words = f"`{line.role.words}` must sign {said}, and so is consulted at the least"
            yield Fault("signs-and-is-not-asked", words, risk)
    must = {line.role for line in lines if line.must_sign and line.role in SIGNERS}
    if len({FUNCTION_OF[role] for role in must}) < LEAST_FUNCTIONS:
        yield Fault("one-function", f"for {said} two roles of two functions must sign; mark another one", risk)


def read(content: object) -> Matrix | Fault:
    """A matrix from plain JSON, or why it is none; roles that are left out have no part."""
    if not isinstance(content, dict):
        return Fault("no-matrix", "a matrix has lines for `ordinary` and for `high`")
    made: dict[Risk, tuple[Line, ...]] = {}
    for risk in RISKS:
        given = content.get(risk)
        if not isinstance(given, dict):
            return Fault("no-matrix", f"the matrix says nothing of `{risk}`", risk)
        lines = []
        for role in ROLES:
            letter, marked = (*given.get(role.value, ("none", False)), False)[:2]
            if letter not in tuple(Letter) or not isinstance(marked, bool):
                return Fault("no-letter", f"`{str(letter)[:30]}` is no part that a role can have", risk)
            lines.append(Line(role, Letter(letter), marked))
        made[risk] = tuple(lines)
    return made


def written(matrix: Matrix) -> dict[str, object]:
    """As plain JSON; `read` of it gives the matrix again."""
    return {risk: {line.role.value: [line.letter.value, line.marked] for line in matrix[risk]} for risk in RISKS}


def said(lines: tuple[Line, ...]) -> str:
    """Who must sign, in words."""
    return ", ".join(line.role.words for line in lines if line.must_sign)


def functions_of(lines: tuple[Line, ...]) -> frozenset[Function]:
    """The parts of the house that must sign."""
    return frozenset(FUNCTION_OF[line.role] for line in lines if line.must_sign)


def _lines(accountable: Role, responsible: set[Role], must: set[Role], informed: set[Role]) -> tuple[Line, ...]:
    found = []
    for role in ROLES:
        letter = Letter.CONSULTED if role in SIGNERS else Letter.NONE
        if role is accountable:
            letter = Letter.ACCOUNTABLE
        elif role in responsible:
            letter = Letter.RESPONSIBLE
        elif role in informed:
            letter = Letter.INFORMED
        found.append(Line(role, letter, role in must))
    return tuple(found)


# What a house signs by until it says otherwise.
DEFAULT: Matrix = {
    "ordinary": _lines(
        Role.POLICY_LEAD, {Role.ANALYST}, {Role.POLICY_LEAD, Role.LEGAL},
        {Role.REVIEWER, Role.AUDITOR, Role.COMMUNICATIONS},
    ),
    "high": _lines(
        Role.EXECUTIVE, {Role.ANALYST, Role.POLICY_LEAD}, set(SIGNERS), {Role.REVIEWER, Role.AUDITOR}
    ),
}  # fmt: skip
