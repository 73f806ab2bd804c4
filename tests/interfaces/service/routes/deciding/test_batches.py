"""Batches: a line for a line, in order, whatever is wrong with some; the records are those of single requests."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.records.lines import LONGEST_LINE
from assay.interfaces.service.routes.deciding.lines import Line, Lines
from assay.interfaces.service.settings import ServiceSettings
from tests.interfaces.service.fakes import LINES, MADE, Bench, bench, loaded, small_pack
from tests.interfaces.service.routes.deciding.test_decisions import MINIMAL, assert_problem

BATCH = "/v1/decisions:batch"


def items(number: int) -> list[dict[str, Any]]:
    return [{**MADE, "id": f"upload-{place}"} for place in range(number)]


def as_lines(content: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in content)


def answered(service: Bench, body: bytes, query: str = "", **headers: str) -> list[Any]:
    answer = service.ask("POST", BATCH + query, content=body, headers={**LINES, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


def test_every_line_is_answered_by_the_record_that_a_single_request_gets() -> None:
    service = bench()
    answer = service.ask("POST", BATCH, content=as_lines(items(10)), headers=LINES)
    single = bench()
    records = [single.ask("POST", "/v1/decisions", json=item).content for item in items(10)]
    assert answer.content == b"".join(record + b"\n" for record in records)
    assert service.keeper.records == records


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1000])
def test_chunks_of_any_size_give_the_same_answers(chunk: int) -> None:
    service = bench(ServiceSettings(batch_chunk=chunk))
    found = answered(service, as_lines(items(20)))
    assert [record["item"] for record in found] == [f"upload-{place}" for place in range(20)]
    assert max(service.keeper.batches) <= chunk


def test_a_bad_line_costs_itself_only_and_its_problem_says_where_it_is() -> None:
    service = bench()
    lines = [json.dumps(MADE).encode(), b"{", b"", b'{"id":"x","signals":{"no":1,"nor":2}}', json.dumps(MADE).encode()]
    found = answered(service, b"\n".join(lines))
    assert [each.get("line") for each in found] == [None, 2, 4, None]
    assert found[1] == {
        "id": None,
        "line": 2,
        "problem": {"slug": "broken-json", "reason": "the line ends in the middle of JSON", "field": None},
    }
    assert found[2]["id"] == "x"
    assert found[2]["problem"]["slug"] == "unknown-signal"
    assert [each["field"] for each in found[2]["problem"]["also"]] == ["nor"]
    assert len(service.keeper.entries) == 2
    assert service.meter.rejects == ["broken-json", "unknown-signal"]


def test_blank_lines_and_ends_of_windows_are_passed_over() -> None:
    body = b"\xef\xbb\xbf\r\n" + as_lines(items(2)).replace(b"\n", b"\r\n") + b" \r\n\r\n"
    assert [record["item"] for record in answered(bench(), body)] == ["upload-0", "upload-1"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"  "])
def test_an_empty_batch_is_answered_by_nothing(body: bytes) -> None:
    assert answered(bench(), body) == []


def test_the_query_says_how_lines_are_decided_that_do_not_say_it_themselves() -> None:
    lines = as_lines([MADE, {**MADE, "as_of": "2026-01-02", "markets": ["FR", "BR"]}])
    first, second = answered(bench(), lines, "?markets=DE&as_of=2026-12-01T10:00:00Z")
    assert (first["as_of"], second["as_of"]) == ("2026-12-01T10:00:00Z", "2026-01-02T00:00:00Z")
    assert len(first["outcomes"]) == 1


@pytest.mark.parametrize("query", ["?markets=Atlantis", "?markets=", "?as_of=soon", "?markets=BR&markets=DE"])
def test_a_query_that_makes_no_sense_is_refused_before_anything_is_decided(query: str) -> None:
    service = bench()
    assert_problem(service.ask("POST", BATCH + query, content=as_lines(items(3)), headers=LINES), 400, "bad-parameter")
    assert not service.keeper.entries


def test_markets_that_nothing_names_are_those_of_the_settings() -> None:
    service = bench(ServiceSettings(default_markets=("DE",)))
    assert [len(record["outcomes"]) for record in answered(service, as_lines([MADE, {**MADE, "markets": ["DE"]}]))] == [
        1,
        1,
    ]
    assert (
        service.ask("POST", "/v1/decisions", json=dict(MADE)).json()["outcomes"]
        == answered(service, as_lines([MADE]))[0]["outcomes"]
    )


def test_short_lines_say_the_same_and_whole_records_are_kept() -> None:
    service = bench()
    answer = service.ask("POST", BATCH, content=as_lines(items(3)), headers={**LINES, **MINIMAL})
    assert answer.headers["preference-applied"] == "return=minimal"
    assert [set(json.loads(line)) for line in answer.content.splitlines()] == [
        {"as_of", "bundle", "item", "outcomes"}
    ] * 3
    assert all(b'"reasons"' in record for record in service.keeper.records)


def test_the_answer_names_every_bundle_that_decides_in_it() -> None:
    staged = loaded(small_pack("1.1.0"))
    lineup = Lineup(loaded(), staged=staged, staged_share=0.5)
    answer = bench(lineup=lineup).ask("POST", BATCH, content=as_lines(items(40)), headers=LINES)
    named = answer.headers["assay-bundle"].split(", ")
    assert named == [lineup.current.digest, staged.digest]
    assert {json.loads(line)["bundle"] for line in answer.content.splitlines()} == set(named)


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/jsonl"])
def test_lines_of_json_are_taken_by_either_name(kind: str) -> None:
    answer = bench().ask("POST", BATCH, content=as_lines(items(1)), headers={"content-type": kind})
    assert answer.status_code == 200


def test_a_line_that_is_too_long_costs_itself_only() -> None:
    body = as_lines(items(1)) + b'{"id":"' + b"x" * LONGEST_LINE + b'"}\n' + as_lines(items(1))
    found = answered(bench(), body)
    assert [each.get("problem", {}).get("slug") for each in found] == [None, "line-too-long", None]


# ------------------------------------------------------------------- lines

SMALL = st.lists(st.sampled_from((b"a", b"bb", b"", b" ", b"\r", b"{}\r", b"x" * 5)), max_size=12)


def all_lines(pieces: list[bytes]) -> list[Line]:
    lines = Lines()
    found = [line for piece in pieces for line in lines.feed(piece)]
    return found + lines.finish()


@given(SMALL, st.lists(st.integers(0, 60), max_size=8), st.booleans())
def test_lines_are_the_same_wherever_the_body_is_cut(content: list[bytes], cuts: list[int], ended: bool) -> None:
    body = b"\n".join(content) + (b"\n" if ended else b"")
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = [body[start:end] for start, end in pairwise(edges)]
    expected = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line and not line.isspace()]
    assert all_lines(pieces) == expected


@pytest.mark.parametrize("size", [LONGEST_LINE, LONGEST_LINE + 1, 3 * LONGEST_LINE])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("piece", [1 << 16, 1 << 24])
def test_a_line_is_bounded_however_it_comes(size: int, end: bytes, piece: int) -> None:
    body = b"first\n" + b"x" * size + end
    lines = Lines()
    found: list[Line] = []
    for start in range(0, len(body), piece):
        found += lines.feed(body[start : start + piece])
        assert lines.held <= LONGEST_LINE + 1 + piece, "what is too long is not held"
    found += lines.finish()
    assert found[0] == (1, b"first")
    assert len(found) == 2
    assert isinstance(found[1][1], Fault) is (size > LONGEST_LINE)
