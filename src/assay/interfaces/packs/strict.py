"""JSON from strangers, read strictly: one meaning or none. It never lets the last of two equal names win."""

from __future__ import annotations

import json
from typing import NoReturn

from assay.engine.kernel.errors import Fault


class _Repeated(ValueError):
    """An object names something twice."""


def read_strictly(content: bytes, what: str) -> dict[str, object] | Fault:
    """The object that some bytes are, or why they are none.

    what  how a person would cite them, for the words of a fault
    """
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
    except _Repeated as error:
        return Fault("repeated-name", f"{what} names `{error}` twice in one object, and so could be read in two ways")
    except (ValueError, RecursionError):
        return Fault("not-json", f"{what} is not JSON")
    return found if isinstance(found, dict) else Fault("not-json", f"{what} is no JSON object")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Repeated(ascii(twice[:60])[1:-1])
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
