"""What is around every page: rooms, crumbs, colours, keys. It shows nobody a room that they may not enter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import PLACES, Place
from assay.governance.office.operations import OPERATIONS
from assay.interfaces.web.look.keys import GROUPS, Group, Key
from assay.interfaces.web.look.schemes import SCHEMES, scheme_of

# There are as many rails as there are sets of roles, times rooms.
FEW = 512
register = template.Library()


@register.simple_tag(takes_context=True)
def scheme(context: Context) -> str:
    """`light` or `dark` where somebody chose one, else nothing: the system's."""
    request = context.get("request")
    return "" if request is None else scheme_of(request)


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> SafeString:
    """The rooms that this person may enter, the one they are in marked."""
    path = getattr(context.get("request"), "path", "")
    found = _open_to(context)
    # Of two that fit, the longer address is the one that somebody is in: every address begins as home's does.
    fitting = ((len(each), url) for place, url in found for each in (url, *place.also) if _within(path, each))
    _, inside = max(fitting, default=(0, ""))
    return _rooms(found, inside)


@lru_cache(FEW)
def _rooms(found: tuple[tuple[Place, str], ...], inside: str) -> SafeString:
    rooms = [{"place": place, "url": url, "current": url == inside} for place, url in found]
    return render_to_string("look/parts/rooms.html", {"rooms": rooms})


@register.simple_tag
def crumb(title: str, url: str = "") -> SafeString:
    """One step of the way to this page."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, title)
    return format_html('<li aria-current="page">{}</li>', title)


@register.inclusion_tag("look/parts/schemes.html", takes_context=True)
def schemes(context: Context) -> dict[str, object]:
    """The choice of light, dark or the system's; kept by the server in a cookie."""
    request = context.get("request")
    return {
        "schemes": SCHEMES,
        "chosen": scheme(context),
        "back": request.get_full_path() if request is not None else "/",
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def keys(context: Context) -> SafeString:
    """Every key and what it does; the rooms are those that this person may enter."""
    return _keys(tuple(Key(("g", place.key), place.title) for place, _ in _open_to(context)))


@lru_cache(FEW)
def _keys(going: tuple[Key, ...]) -> SafeString:
    return render_to_string("look/parts/keys.html", {"groups": (*GROUPS, Group("Go to", going)) if going else GROUPS})


def _open_to(context: Context) -> tuple[tuple[Place, str], ...]:
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None:
        return ()
    # The rail, the help and the narrow menu ask for the same.
    known = vars(request).get("rooms_of_the_look")
    if known is None:
        known = vars(request)["rooms_of_the_look"] = tuple(_entered(actor))
    return cast("tuple[tuple[Place, str], ...]", known)


def _entered(actor: Actor) -> Iterator[tuple[Place, str]]:
    for place in sorted(PLACES.values(), key=lambda each: (each.order, each.title)):
        operation = OPERATIONS.get(place.operation)
        if operation is None or not operation.may(actor):
            continue
        try:
            yield place, reverse(place.url_name)
        except NoReverseMatch:
            # A room that is built in but has no address on this site is not offered.
            continue


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
