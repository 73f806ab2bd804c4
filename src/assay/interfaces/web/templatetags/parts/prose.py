"""People's Markdown as HTML: blocks, or one line. Raw HTML stays text, and nothing is fetched or run."""

from __future__ import annotations

from functools import cache, lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Pages show the same paragraphs again and again; each is a few kilobytes at the most.
REMEMBERED = 2_048
register = template.Library()


@register.filter
def prose(words: object) -> SafeString:
    """Blocks of Markdown: paragraphs, lists, quotations."""
    return _blocks(str(words))


@register.filter
def prose_line(words: object) -> SafeString:
    """One line of Markdown, such as a heading or a question's help."""
    return _line(str(words))


@lru_cache(REMEMBERED)
def _blocks(words: str) -> SafeString:
    return mark_safe(str(_markdown().render(words)))  # noqa: S308  # Its raw HTML is off, and everything is escaped.


@lru_cache(REMEMBERED)
def _line(words: str) -> SafeString:
    return mark_safe(str(_markdown().renderInline(words)))  # noqa: S308  # As above.


@cache
def _markdown() -> MarkdownIt:
    # A picture would be fetched from wherever somebody's text says.
    return MarkdownIt("commonmark", {"html": False}).disable("image")
