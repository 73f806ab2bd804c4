"""Who may do what: every operation of the program against every role, from what the operations say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, Operation, Reach, query
from assay.governance.office.roles import INSIDE, Role

Cell: TypeAlias = Literal["may", "own", ""]
# What a role that is limited to some markets or policies opens of what the role may do.
LIMITS: Mapping[Reach, str] = {"target": "", "room": "whole, whatever the limit", "market": "for its markets"}
# What a cell says: by their role, or only for what is their own.
WORDS: Mapping[Cell, str] = {"may": "may", "own": "own only", "": "no"}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One operation with a cell for each role, in the order of the roles.

    limit  what it is to a role that is limited to some markets or policies, in words; empty where nothing of it is
    """

    name: str
    kind: str
    words: str
    room: str
    cells: tuple[tuple[Role, Cell], ...]
    system: bool
    limit: str = ""

    @property
    def everybody(self) -> bool:
        """Whether it is the same for every role: each for what is their own."""
        return all(cell == "own" for _, cell in self.cells)

    @property
    def nobody(self) -> bool:
        """Whether no role opens it."""
        return all(cell == "" for _, cell in self.cells)


@query("people.see-matrix", words="see who may do what", roles=INSIDE, reach="room")
def matrix(*, room: str, by: Actor, at: datetime) -> list[MatrixRow]:
    """Every operation of one room, or of all where none is named."""
    return rows_of(room)


def rows_of(room: str = "") -> list[MatrixRow]:
    """The same without asking who reads: what may be done is no secret, and a test keeps it as a text."""
    found = sorted(OPERATIONS.values(), key=lambda each: (each.room, each.kind, each.name))
    return [_row(each) for each in found if room in ("", each.room)]


def matrix_rooms() -> list[str]:
    """Every room that has an operation."""
    return sorted({each.room for each in OPERATIONS.values()})


def _row(operation: Operation) -> MatrixRow:
    cells = tuple((role, _cell(operation, role)) for role in Role)
    return MatrixRow(
        operation.name, operation.kind, operation.words, operation.room, cells, operation.system, _limit(operation)
    )


def _limit(operation: Operation) -> str:
    return LIMITS[operation.reach] if operation.roles and not operation.own else ""


def _cell(operation: Operation, role: Role) -> Cell:
    if role in operation.roles:
        return "may"
    return "own" if operation.own else ""
