"""Every address of the site with something in its places. It opens none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

NOBODY_S = UUID(int=0)
# By the converter's name: the API has one of its own for the same thing.
_FILLED: dict[str, object] = {
    "IntConverter": 7,
    "UUIDConverter": NOBODY_S,
    "UUIDStrConverter": NOBODY_S,
    "SlugConverter": "sso",
    "WorkConverter": "proof",
    "AboutConverter": "rights",
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address.

    name   with its namespace
    open   whether somebody who is not signed in is answered by the page itself
    """

    name: str
    path: str
    pattern: URLPattern

    @property
    def open(self) -> bool:
        view = self.pattern.callback
        return not getattr(view, "login_required", True)


def every_address() -> list[Address]:
    """All that have a name, in the order in which Django looks at them."""
    return list(_walk(get_resolver().url_patterns, "", {}))


def _walk(patterns: Iterable[URLPattern | URLResolver], space: str, outer: dict[str, object]) -> Iterator[Address]:
    for each in patterns:
        places = {**outer, **_places(each)}
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, inner, places)
        elif each.name is not None:
            name = f"{space}{each.name}"
            yield Address(name, reverse(name, kwargs=places), each)


def _places(each: URLPattern | URLResolver) -> dict[str, object]:
    if isinstance(each.pattern, RoutePattern):
        found = each.pattern.converters.items()
        return {name: _FILLED.get(type(converter).__name__, "x") for name, converter in found}
    return dict.fromkeys(each.pattern.regex.groupindex, "x1")
