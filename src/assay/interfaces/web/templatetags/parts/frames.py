"""Frames around content: cards, dialogs, charts, fields, faults, empty places. They hold what they are given."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, PasswordInput, RadioSelect
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from assay.interfaces.web.look import wording

register = template.Library()


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: str = "", icon: str = "", level: int = 2) -> SafeString:
    """Things that belong together, under a title."""
    return _framed("card", content, title=title, icon=icon, level=level)


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """A question over the page. A button with `data-opens` names it; without scripts it stands in the page."""
    return _framed("dialog", content, id=id, title=title)


@register.simple_block_tag(end_name="enddisclosure")
def disclosure(content: str, title: str, open: bool = False) -> SafeString:  # noqa: A002
    """What most people need not read, one press away."""
    return format_html(
        "<details{}><summary>{}</summary>{}</details>", mark_safe(" open") if open else "", title, content
    )


@register.simple_block_tag(end_name="endcaptured")
def captured(content: str) -> SafeString:
    """A part of a page that stands in two places of it."""
    return mark_safe(str(content).strip())  # noqa: S308  # It was rendered by the template engine, which escaped it.


@register.inclusion_tag("look/parts/empty.html")
def empty(title: str, words: str, url: str = "", action: str = "", icon: str = "") -> dict[str, object]:
    """A place that holds nothing yet, and the next step."""
    return {"title": title, "words": words, "url": url, "action": action, "icon": icon}


@register.inclusion_tag("look/parts/chart.html", takes_context=True)
def chart(context: Context, chart: object) -> dict[str, object]:
    """A drawing whose title is its message, and the table behind it."""
    request = context.get("request")
    kept = request.COOKIES.get("scheme") if request is not None else None
    return {"chart": chart, "scheme": kept if kept in {"light", "dark"} else ""}


@register.inclusion_tag("look/parts/faults.html", takes_context=True)
def faults(context: Context, faults: object = None, form: object = None) -> dict[str, object]:
    """Everything that stopped what was asked, each with a way to its field; what is typed stays, but for passwords."""
    asked = form if form is not None else context.get("form")
    fields = getattr(asked, "fields", {}).values()
    return {
        "shown": wording.shown_faults(faults, asked),
        "secret": any(isinstance(field.widget, PasswordInput) for field in fields),
    }


@register.inclusion_tag("look/parts/field.html", takes_context=True)
def field(context: Context, field: BoundField, faults: object = None) -> dict[str, object]:
    """A field of a form with its label, its hint and what was wrong with it, each joined to it for screen readers."""
    found = faults if faults is not None else context.get("faults")
    errors = [wording.sentence(words) for words in wording.errors_of(field.errors)]
    errors += [words for words in wording.faults_of_field(found, field.name) if words not in errors]
    base = field.id_for_label or field.auto_id
    told = [f"{base}_hint"] * bool(field.help_text) + [f"{base}_error"] * bool(errors)
    widget = field.field.widget
    attributes: dict[str, Any] = {"aria-describedby": " ".join(told)} if told else {}
    if errors:
        attributes["aria-invalid"] = "true"
    several = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "field": field,
        "base": base,
        "drawn": field if several else field.as_widget(attrs=attributes),
        "errors": errors,
        "several": several,
        "told": " ".join(told),
        "ticked": isinstance(widget, CheckboxInput),
        "hidden": field.is_hidden,
    }


def _framed(part: str, content: str, **given: object) -> SafeString:
    return mark_safe(render_to_string(f"look/parts/{part}.html", {"content": content, **given}))  # noqa: S308
