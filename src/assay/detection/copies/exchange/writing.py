"""Writes hashes in the forms in which they are exchanged, so that reading them gives the same again. It reads none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import BinaryIO

from assay.detection.copies.exchange.cells import harmless
from assay.detection.copies.exchange.given import Given
from assay.detection.copies.kinds import HashKind

COLUMNS = ("signal_type", "hash", "quality", "tags", "note", "source", "added_at")
_NAMES_OF_THREAT_EXCHANGE = {
    HashKind.SHA256: "HASH_SHA256",
    HashKind.PDQ: "HASH_PDQ",
    HashKind.VPDQ: "HASH_VPDQ",
    HashKind.CHROMAPRINT: "CHROMAPRINT",
    HashKind.TLSH: "HASH_TEXT_TLSH",
    HashKind.MINHASH: "MINHASH",
}


class Form(StrEnum):
    """`list` keeps hash and quality only; the others keep all."""

    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    LIST = "list"


def write_hashes(hashes: Iterable[Given], form: Form, stream: BinaryIO) -> int:
    """Write them in their order; returns how many there were."""
    write = {Form.CSV: _as_csv, Form.JSON: _as_json, Form.JSON_LINES: _as_lines, Form.LIST: _as_list}[form]
    return write(hashes, stream)


def _as_csv(hashes: Iterable[Given], stream: BinaryIO) -> int:
    stream.write((",".join(COLUMNS) + "\n").encode())
    written = 0
    for each in hashes:
        line = io.StringIO()
        quality = "" if each.quality is None else each.quality
        told = (_tags(each.labels), each.note, each.source, each.added_at)
        row = (each.kind.value, each.value, quality, *map(harmless, told))
        csv.writer(line, lineterminator="\n").writerow(row)
        stream.write(line.getvalue().encode())
        written += 1
    return written


def _tags(labels: tuple[str, ...]) -> str:
    """Labels between `;`; as a list in JSON where one of them holds what would split it."""
    plain = all(not set(";|,") & set(label) and not label.startswith("[") for label in labels)
    return ";".join(labels) if plain else json.dumps(labels, ensure_ascii=False)


def _as_json(hashes: Iterable[Given], stream: BinaryIO) -> int:
    """As ThreatExchange answers: `data` with `type`, `indicator` and `tags`."""
    stream.write(b'{"data": [')
    number = 0
    for number, each in enumerate(hashes, 1):
        record = {"type": _NAMES_OF_THREAT_EXCHANGE[each.kind], "indicator": each.value, **_beside(each)}
        stream.write((b"\n" if number == 1 else b",\n") + json.dumps(record, ensure_ascii=False).encode())
    stream.write(b"\n]}\n")
    return number


def _as_lines(hashes: Iterable[Given], stream: BinaryIO) -> int:
    written = 0
    for each in hashes:
        record = {"signal_type": each.kind.value, "hash": each.value, **_beside(each)}
        stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        written += 1
    return written


def _as_list(hashes: Iterable[Given], stream: BinaryIO) -> int:
    written = 0
    for each in hashes:
        # A vPDQ value has commas of its own, which a quoted cell keeps together.
        value = '"' + each.value.replace('"', '""') + '"' if "," in each.value else each.value
        stream.write(f"{value}{'' if each.quality is None else f',{each.quality}'}\n".encode())
        written += 1
    return written


def _beside(each: Given) -> dict[str, object]:
    told: dict[str, object] = {}
    if each.quality is not None:
        told["quality"] = each.quality
    if each.labels:
        told["tags"] = list(each.labels)
    for name in ("note", "source", "added_at"):
        if getattr(each, name):
            told[name] = getattr(each, name)
    return told
