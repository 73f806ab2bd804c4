"""The tags of the look: every page shows a meaning by the same one. They look nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assay.interfaces.web.look import badges, figures, moments, wording
from assay.interfaces.web.look.signs import sign
from assay.interfaces.web.templatetags.parts import frames, lists, prose, shell

# A page shows the same few badges again and again. What is remembered is told apart by type as well (`typed`), or a
# text that was escaped already would stand in for one that still has to be.
REMEMBERED = 4_096
register = template.Library()
for part in (frames, lists, prose, shell):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """A sign of the sheet; with words where it stands alone, silent where a word stands beside it."""
    return sign(name, words)


@register.simple_tag
def truth(value: object, words: str = "") -> SafeString:
    """A truth value: certain, open or not imposed."""
    return _truth(badges.truth_of(value), words)


@lru_cache(REMEMBERED, typed=True)
def _truth(known: str, words: str) -> SafeString:
    manner = badges.TRUTHS[known]
    said = format_html('<span class="hidden">{}: </span>{}', manner.words, words) if words else manner.words
    return _badge(f"truth {manner.style}", manner.icon, said)


@register.simple_tag
def measure(
    name: str, state: object = "true", title: str = "", where: str = "", titles: Mapping[str, str] | None = None
) -> SafeString:
    """A measure with its truth value: sign and hue say what it does, the form how sure it is; `where` it holds.

    titles  what the pack calls its measures, by their names, where `title` does not say it
    """
    known = title or (titles.get(str(name), "") if titles else "")
    return _measure(str(name), badges.truth_of(state), known, where)


@lru_cache(REMEMBERED, typed=True)
def _measure(name: str, known: str, title: str, where: str) -> SafeString:
    style, what, words = badges.measure_manner(name)
    manner = badges.TRUTHS[known]
    said: object = title or words[:1].upper() + words[1:]
    if where:
        said = format_html('{} <span class="where">{}</span>', said, where)
    if known == "true":
        return _badge(f"measure {style}", what, said)
    return _badge(
        f"measure {manner.style}", manner.icon, format_html('{}<span class="hidden">: {}</span>', said, manner.words)
    )


@register.simple_tag
def severity(value: object) -> SafeString:
    """How bad a harm is, S0 to S4, as five steps."""
    return _severity(badges.severity_of(value))


@lru_cache(badges.SEVERITIES)
def _severity(step: int) -> SafeString:
    steps = format_html(
        '<svg class="steps" width="24" height="12" viewBox="0 0 24 12" aria-hidden="true">{}</svg>', _steps(step)
    )
    return format_html(
        '<span class="severity s{}">{}<span class="hidden">severity </span>S{}<span class="hidden"> of 4</span></span>',
        step,
        steps,
        step,
    )


@register.simple_tag
def state(kind: str, words: str = "") -> SafeString:
    """The state of a thing: good, warning, bad or neutral, always with its word."""
    return _state(str(kind), words)


@lru_cache(REMEMBERED, typed=True)
def _state(kind: str, words: str) -> SafeString:
    manner = badges.STATES[kind]
    return _badge(f"state {manner.style}", manner.icon, words or manner.words)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, due: bool = False) -> SafeString:
    """An instant as it stands now: `in 1 h 42 min (14:05 UTC)`. One that is `due` is said to be near or past."""
    # A template that goes through nothing finds an empty text, which is no time either.
    if not at:
        return format_html('<span class="muted">{}</span>', "no time set")
    now = getattr(context.get("request"), "at", None) or timezone.now()
    said = moments.told(at, now, due=due)
    return format_html(
        '<time class="moment {}" datetime="{}">{}{} <span class="place">({})</span></time>',
        said.urgency,
        said.machine,
        sign("clock") if said.urgency else "",
        said.distance,
        said.place,
    )


@register.simple_tag
def day(at: date | datetime | None) -> SafeString:
    """A day in full: `6 December 2026`."""
    if not at:
        return format_html('<span class="muted">{}</span>', "no day set")
    here = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return format_html('<time class="day" datetime="{}">{}</time>', here.isoformat(), moments.written(here))


@register.simple_tag
def number(
    value: Any, unit: str = "", n: int | None = None, low: Any = None, high: Any = None, large: bool = False
) -> SafeString:
    """A number with its unit and, where it is an estimate, its interval and the sample behind it."""
    told = figures.figure(value, unit, n, low, high)
    if told.value is None:
        return format_html('<span class="figure unknown">{}</span>', "not known")
    # A large number is wide: there its unit may go on the next line.
    apart = "" if told.close else " " if large else "\N{NO-BREAK SPACE}"
    shown = format_html('<span class="value">{}</span>', told.value)
    if told.unit:
        shown = format_html('{}<span class="unit">{}{}</span>', shown, apart, told.unit)
    if told.interval:
        shown = format_html('{} <span class="interval">{}</span>', shown, told.interval)
    if told.sample:
        shown = format_html(
            '{} <span class="sample">n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{}</span>', shown, told.sample
        )
    return format_html('<span class="figure{}">{}</span>', " large" if large else "", shown)


@register.simple_tag
def copyable(text: object, words: str = "", *, whole: bool = False) -> SafeString:
    """An id or a digest, cut by the eye and not in the page unless `whole`, with a button that copies all of it."""
    copied = str(text)
    said = words or f"Copy {copied[:24]}"
    return format_html(
        '<span class="copyable{}"><code>{}</code><button type="button" class="quiet" data-copy="{}" hidden>'
        '{}<span class="hidden">{}</span></button></span>',
        " whole" if whole else "",
        copied,
        copied,
        sign("copy"),
        said,
    )


@register.filter
def code(words: object) -> SafeString:
    """Words of ours in which `what people wrote` is set as code."""
    return wording.with_code(words if isinstance(words, SafeString) else str(words))


@register.filter
def say(words: object) -> SafeString:
    """A fault's words as a line of a page."""
    return wording.sentence(str(words))


def _badge(style: str, what: str, said: object) -> SafeString:
    return format_html('<span class="badge {}">{}<span>{}</span></span>', style, sign(what), said)


def _steps(step: int) -> SafeString:
    bars = [
        format_html(
            '<rect x="{}" y="{}" width="4" height="{}" rx="1" class="{}"></rect>',
            place * 5,
            8 - place * 2,
            4 + place * 2,
            "on" if place <= step else "off",
        )
        for place in range(badges.SEVERITIES)
    ]
    return format_html("{}" * len(bars), *bars)
