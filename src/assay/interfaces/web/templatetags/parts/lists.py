"""What stands around rows: pages, filters, sorting, tabs, timelines, differences. They ask no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assay.interfaces.web.look.differences import AROUND, difference, program_lines
from assay.interfaces.web.look.figures import counted, grouped
from assay.interfaces.web.templatetags.parts.difference_rows import rows_of

register = template.Library()


@register.inclusion_tag("look/parts/pager.html", takes_context=True)
def pager(
    context: Context, listing: Any, earlier: str = "Newer", later: str = "Older", parameter: str = "after"
) -> dict[str, object]:
    """The way to the pages around this one; the filters in the address stay."""
    asked = _asked(context)
    return {
        "previous": _with(asked, **{parameter: listing.previous}) if listing.previous else "",
        "next": _with(asked, **{parameter: listing.next}) if listing.next else "",
        "note": getattr(listing, "note", ""),
        "first": _with(asked, **{parameter: None}) if asked.get(parameter) else "",
        "earlier": earlier,
        "later": later,
        "count": len(listing.rows),
    }


@register.simple_tag(takes_context=True)
def sortable(context: Context, title: str, key: str, parameter: str = "order", first: str = "") -> SafeString:
    """A heading that sorts by its column; pressed again it turns round. `first` is the order without any asked for."""
    asked = _asked(context)
    order = asked.get(parameter) or first
    falling = order == f"-{key}"
    current = {key: "ascending", f"-{key}": "descending"}.get(order, "none")
    target = _with(asked, **{parameter: key if falling else f"-{key}", "after": None})
    sign = {"ascending": "\N{UPWARDS ARROW}", "descending": "\N{DOWNWARDS ARROW}", "none": "\N{UP DOWN ARROW}"}[current]
    said = "" if current == "none" else f"sorted {current}"
    return format_html(
        '<a class="sorts {}" href="{}">{}<span aria-hidden="true"> {}</span><span class="hidden"> {}</span></a>',
        current,
        target,
        title,
        sign,
        said,
    )


@register.inclusion_tag("look/parts/chips.html", takes_context=True)
def chips(context: Context, filters: Mapping[str, str], every: str = "") -> dict[str, object]:
    """Filters in force, each with a way to take it off: from a name in the address to its words."""
    asked = _asked(context)
    found = [
        {"words": words, "value": asked.get(name, ""), "off": _with(asked, **{name: None, "after": None})}
        for name, words in filters.items()
        if asked.get(name)
    ]
    return {"chips": found, "every": every or "?"}


@register.inclusion_tag("look/parts/tabs.html")
def tabs(tabs: Iterable[Any], label: str = "Parts of this page") -> dict[str, object]:
    """Faces of one thing, each with an address of its own: title, url, current and, where it helps, a count."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("look/parts/saved.html", takes_context=True)
def saved(context: Context, views: Iterable[Any], url: str = "") -> dict[str, object]:
    """Saved views of a list: title, url, current; and the way to keep this one."""
    return {"views": list(views), "url": url, "request": context.get("request")}


@register.inclusion_tag("look/parts/timeline.html", takes_context=True)
def timeline(context: Context, moments: Iterable[Any]) -> dict[str, object]:
    """What happened, in order: at, words and, where there are, who, detail, state and url."""
    return {"moments": moments, "request": context.get("request")}


@register.inclusion_tag("look/parts/differences.html")
def differences(before: str, after: str, around: int = AROUND, label: str = "What changed") -> dict[str, object]:
    """Two texts in one, by lines and within them by words; a label that is a file's name tells what all of it is."""
    lines = difference(str(before), str(after), around=around)
    old, new = (
        range(1, len(text) + 2) if str(label).endswith(".yaml") else program_lines(text)
        for text in (str(before), str(after))
    )
    gone = sum(line.kind == "gone" for line in lines)
    come = sum(line.kind == "come" for line in lines)
    return {
        "rows": rows_of(lines, old, new),
        "label": label,
        "summary": f"{counted(gone, 'line')} gone, {counted(come, 'line')} new" if gone or come else "",
    }


@register.inclusion_tag("look/parts/skeleton.html")
def skeleton(rows: int = 3) -> dict[str, object]:
    """The place of rows that are on their way, so that nothing jumps when they come."""
    return {"rows": range(int(rows))}


@register.simple_tag
def progress(done: int, total: int, words: str = "") -> SafeString:
    """How far something is, with its count."""
    said = f"{grouped(done)} of {grouped(total)}" + (f" {words}" if words else "")
    return format_html(
        '<span class="progress"><progress value="{}" max="{}" aria-label="{}"></progress><span>{}</span></span>',
        min(done, total),
        max(total, 1),
        said,
        said,
    )


def _asked(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


def _with(asked: QueryDict, **changed: str | None) -> str:
    changed_copy = asked.copy()
    for name, value in changed.items():
        if value is None:
            changed_copy.pop(name, None)
        else:
            changed_copy[name] = value
    return f"?{changed_copy.urlencode()}"
