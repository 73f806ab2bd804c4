"""The operations that programs can reach: what the page of tokens lets people choose from. It permits nothing."""

from __future__ import annotations

from collections.abc import Iterable

OFFERED: set[str] = set()


def offer(names: Iterable[str]) -> None:
    """Called by the API for what its routers call; a token could hold others, which nothing would ever ask for."""
    OFFERED.update(names)
