"""The service's answers as values. It takes from them what it knows, so that a newer service may say more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import httpx
import msgspec

from assay.client.encoding import Chunk
from assay.client.exchange import CutShort
from assay.client.problems import Fault
from assay.client.results import Brief, Decision, LineProblem

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What a batch says of a line that was not decided."""

    slug: str
    reason: str = ""
    field: str | None = None
    also: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _WrongLine:
    problem: _Wrong | None = None
    id: str | None = None


_WRONG = msgspec.json.Decoder(_WrongLine)
_DECISION = msgspec.json.Decoder(Decision)


def read_json(content: bytes, kind: type[Kind]) -> Kind:
    """A JSON answer as one of our results.

    raises  CutShort where it is something else: a proxy's page, or half an answer
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError:
        raise CutShort from None


def decision_of(record: bytes) -> Decision:
    """A decision from its record."""
    try:
        return replace(_DECISION.decode(record), record=record)
    except msgspec.DecodeError:
        raise CutShort from None


def brief_of(content: bytes) -> Brief:
    """A decision from what is answered where little is asked for."""
    return read_json(content, Brief)


def batch_lines(response: httpx.Response, chunk: Chunk) -> list[bytes]:
    """The answers to the lines of a chunk.

    raises  CutShort where there are fewer or more of them than lines
    """
    lines = [line for line in response.content.split(b"\n") if line]
    if len(lines) != len(chunk.places):
        raise CutShort
    return lines


def line_problem(line: bytes, number: int) -> LineProblem | None:
    """What is wrong with a line of a batch, or None where it was decided."""
    # A record may hold these letters in a caption; only as a key of the answer itself they tell of a problem.
    if b'"problem"' not in line:
        return None
    try:
        found = _WRONG.decode(line)
    except msgspec.DecodeError:
        raise CutShort from None
    if found.problem is None:
        return None
    wrong = found.problem
    return LineProblem(number, found.id, (Fault(wrong.slug, wrong.reason, wrong.field), *wrong.also))
