"""Walks the structure of a model in the ONNX format before a runtime loads it. It computes nothing with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MOST_PARTS = 2_000_000
MOST_DEPTH = 40
_MAXIMUM_VARINT_BYTES = 10
# A runtime takes the lower bits of a larger number, which would so be another field than the one looked at here.
_MAXIMUM_NUMBER = (1 << 29) - 1
# Operators of the standard and those that the runtime itself brings; any other would need foreign code.
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"})

# Which fields of which message hold which messages, by the numbers of onnx.proto3.
_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_DOMAIN_OF_NODE, _EXTERNAL_DATA, _DATA_LOCATION = 7, 13, 14


class StrangeModel(ValueError):
    """A model that is not run, with the reason."""


class _Field(NamedTuple):
    number: int
    wire: int
    value: int
    content: memoryview


def check_model(content: bytes) -> None:
    """Refuses what is no ONNX model, keeps weights in other files, or needs operators that the runtime does not bring.

    raises   StrangeModel
    source   onnx.proto3 of ONNX, and the encoding of protocol buffers
    """
    parts = 0
    waiting: list[tuple[str, memoryview, int]] = [("model", memoryview(content), 0)]
    graphs = 0
    while waiting:
        kind, message, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise StrangeModel("its graphs lie too deep within each other")
        for field in _fields(message):
            parts += 1
            if parts > MOST_PARTS:
                raise StrangeModel("it has too many parts")
            _check_field(kind, field)
            inside = _INSIDE[kind].get(field.number)
            if inside is not None and field.wire == 2:
                graphs += inside == "graph"
                waiting.append((inside, field.content, depth + 1))
    if not graphs:
        raise StrangeModel("it is no model in the ONNX format")


def _check_field(kind: str, field: _Field) -> None:
    if kind == "tensor" and (field.number == _EXTERNAL_DATA or (field.number == _DATA_LOCATION and field.value)):
        # Such a name could be any file of this machine.
        raise StrangeModel("it keeps weights in other files; save it as one file")
    if kind == "node" and field.number == _DOMAIN_OF_NODE and field.wire == 2:
        domain = bytes(field.content[:100]).decode("utf-8", "replace")
        if domain not in DOMAINS:
            raise StrangeModel(f"it needs operators of `{domain}`, which the runtime does not bring")


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        value, content = 0, message[:0]
        if wire == 0:
            value, at = _varint(message, at)
        elif wire == 2:
            length, at = _varint(message, at)
            content, at = message[at : at + length], at + length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise StrangeModel("it is no model in the ONNX format")
        if at > len(message) or not 0 < number <= _MAXIMUM_NUMBER:
            raise StrangeModel("it breaks off, or is no model in the ONNX format")
        yield _Field(number, wire, value, content)


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_MAXIMUM_VARINT_BYTES):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at
    raise StrangeModel("it breaks off, or is no model in the ONNX format")
