"""Every call that the service takes, as both clients make it. It sends nothing."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

import httpx

from assay.client.answers import batch_lines, brief_of, decision_of, line_problem, read_json
from assay.client.encoding import Chunk, Instant, ItemLike, Unsendable, asked_of, instant_text, line_of
from assay.client.exchange import Call, PartlyKept, new_key
from assay.client.results import Brief, Bundles, Decision, Health, LineProblem, Questions, Scan

Kind = TypeVar("Kind", Decision, Brief)
Line: TypeAlias = Kind | LineProblem
NOT_KEPT = "records-not-kept"
_JSON = {"content-type": "application/json"}
_LINES = {"content-type": "application/x-ndjson", "accept": "application/x-ndjson"}
_MINIMAL = {"prefer": "return=minimal"}
_HEALTHY = frozenset((200, 503))


def deciding(item: ItemLike, markets: Sequence[str] | None, as_of: Instant | None, key: str | None) -> Call[Decision]:
    """One item, answered by its record."""
    return _single("/v1/decisions", item, asked_of(markets, as_of), {**_JSON, **_key(key)}, decision_of)


def deciding_briefly(
    item: ItemLike, markets: Sequence[str] | None, as_of: Instant | None, key: str | None
) -> Call[Brief]:
    """One item, answered by what is done now."""
    return _single("/v1/decisions", item, asked_of(markets, as_of), {**_JSON, **_MINIMAL, **_key(key)}, brief_of)


def _single(
    path: str,
    item: ItemLike,
    asked: Mapping[str, object],
    headers: Mapping[str, str],
    made: Callable[[bytes], Kind],
) -> Call[Kind]:
    return Call("POST", path, lambda response: made(response.content), line_of(item, asked), headers)


def deciding_chunk(
    chunk: Chunk, markets: Sequence[str] | None, as_of: Instant | None
) -> Call[list[Decision | LineProblem]]:
    """Part of a batch, answered by records."""
    return _chunk(chunk, markets, as_of, {}, decision_of)


def deciding_chunk_briefly(
    chunk: Chunk, markets: Sequence[str] | None, as_of: Instant | None
) -> Call[list[Brief | LineProblem]]:
    """Part of a batch, answered by what is done now."""
    return _chunk(chunk, markets, as_of, _MINIMAL, brief_of)


def _chunk(
    chunk: Chunk,
    markets: Sequence[str] | None,
    as_of: Instant | None,
    headers: Mapping[str, str],
    made: Callable[[bytes], Kind],
) -> Call[list[Kind | LineProblem]]:
    query: dict[str, str] = {}
    if markets is not None:
        query["markets"] = ",".join(markets)
    if as_of is not None:
        query["as_of"] = instant_text(as_of)
    asked_of(markets, as_of)
    read = partial(_read_chunk, chunk, made)
    return Call("POST", "/v1/decisions:batch", read, chunk.content, {**_LINES, **headers, **_key(None)}, query)


def _read_chunk(chunk: Chunk, made: Callable[[bytes], Kind], response: httpx.Response) -> list[Kind | LineProblem]:
    """The results of a chunk in order, with those of its items that were not sent in their places."""
    answered = iter(zip(chunk.places, batch_lines(response, chunk), strict=True))
    results: list[Kind | LineProblem] = []
    for line in chunk.lines:
        if isinstance(line, LineProblem):
            results.append(line)
            continue
        number, answer = next(answered)
        results.append(line_problem(answer, number) or made(answer))
    if any(isinstance(result, LineProblem) and result.slug == NOT_KEPT for result in results):
        # With the same key, what was kept is answered as before, and only the rest is decided again.
        raise PartlyKept(results)
    return results


def asking(item: ItemLike, markets: Sequence[str] | None, as_of: Instant | None) -> Call[Questions]:
    """What is open of an item, and what to ask."""
    line = line_of(item, asked_of(markets, as_of))
    return Call("POST", "/v1/questions", _questions, line, {**_JSON, **_key(None)})


def _questions(response: httpx.Response) -> Questions:
    return read_json(response.content, Questions)


def scanning(file: Path | bytes, name: str | None, deep: bool) -> Call[Scan]:
    """A file; of its name only the ending goes with it, since a name may be about somebody."""
    named = name or (file.name if isinstance(file, Path) else "")
    ending = Path(named).suffix.lower()
    kind = mimetypes.guess_type(f"file{ending}")[0] or "application/octet-stream"
    query = {"name": f"file{ending}"} if ending else {}
    if deep:
        query["deep"] = "yes"
    return Call("POST", "/v1/scan", _scan, file, {"content-type": kind, **_key(None)}, query)


def scanning_reference(digest: str, reference: str, declared: Mapping[str, object] | None, deep: bool) -> Call[Scan]:
    """A file that lies below the service's own media folder."""
    content: dict[str, object] = {"digest": digest, "reference": reference}
    if declared is not None:
        content["declared"] = declared
    query = {"deep": "yes"} if deep else {}
    return Call("POST", "/v1/scan", _scan, line_of(content), {**_JSON, **_key(None)}, query)


def _scan(response: httpx.Response) -> Scan:
    return read_json(response.content, Scan)


def looking_at_the_bundle() -> Call[Bundles]:
    """The bundles in use."""
    return Call("GET", "/v1/bundle", lambda response: read_json(response.content, Bundles))


def looking_at_health() -> Call[Health]:
    """Whether it is ready; an answer that says no is an answer too."""
    return Call("GET", "/readyz", lambda response: read_json(response.content, Health), fine=_HEALTHY)


def _key(given: str | None) -> dict[str, str]:
    if given is not None and not (
        0 < len(given) < 256 and given.isascii() and given.isprintable() and " " not in given
    ):
        raise Unsendable("an idempotency key is one word of up to 255 characters")
    return {"idempotency-key": given or new_key()}
