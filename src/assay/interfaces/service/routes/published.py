"""`/v1/schema` and `/v1/openapi.json`: what a caller may send and gets. They never speak of a bundle not in use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.language.pack.pack import Pack
from assay.interfaces.service.exchange import Answer
from assay.interfaces.service.openapi.document import openapi_document
from assay.interfaces.service.openapi.vocabulary import schemas_of
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem
from assay.interfaces.service.routes.plain import Asking

_MOST_REMEMBERED = 4
# By the digest of the pack; a bundle is in use for hours.
_SCHEMAS: dict[str, bytes] = {}


async def show_schema(parts: Parts, asking: Asking) -> Answer | Problem:
    """JSON Schemas of an item and a decision of the bundle in use."""
    bundle = parts.live.lineup.current
    return await _unless_known(asking, bundle.digest, lambda: _schema(bundle.pack))


async def show_openapi(parts: Parts, asking: Asking) -> Answer | Problem:
    """The OpenAPI document."""
    return await _unless_known(asking, await asyncio.to_thread(_openapi_digest), _openapi)


async def _unless_known(asking: Asking, digest: str, content: Callable[[], bytes]) -> Answer:
    """The content with its tag, or only that the caller has it already."""
    tag = f'"{digest}"'.encode("ascii")
    known = [one.strip().removeprefix(b"W/") for one in asking.headers.get(b"if-none-match", b"").split(b",")]
    headers = ((b"etag", tag),)
    if tag in known or b"*" in known:
        return Answer(304, b"", headers)
    # Made anew it takes some ten milliseconds, for which requests are not to wait.
    return Answer(200, await asyncio.to_thread(content), headers)


def _schema(pack: Pack) -> bytes:
    found = _SCHEMAS.get(pack.digest)
    if found is None:
        if len(_SCHEMAS) >= _MOST_REMEMBERED:
            _SCHEMAS.clear()
        found = _SCHEMAS[pack.digest] = canonical_json({"bundle": pack.digest, **schemas_of(pack)})
    return found


@cache
def _openapi() -> bytes:
    return canonical_json(openapi_document())


@cache
def _openapi_digest() -> str:
    return sha256_of(_openapi())
