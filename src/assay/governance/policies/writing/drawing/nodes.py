"""Markdown as a tree of plain values, for a typesetter that is given data and no code. Raw HTML in it is text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Node: TypeAlias = dict[str, object]
_BLOCKS = {"bullet_list": "list", "ordered_list": "numbers", "blockquote": "quote"}
_MARKS = {"strong": "strong", "em": "emph"}


def blocks_of(markdown: str) -> list[Node]:
    """Paragraphs, lists, quotations and code."""
    return list(_blocks(SyntaxTreeNode(_markdown().parse(markdown)).children))


def line_of(markdown: str) -> list[Node]:
    """What stands in one line."""
    return list(_inline(SyntaxTreeNode(_markdown().parseInline(markdown)).children))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        if node.type in {"paragraph", "heading"}:
            inside = list(_inline(node.children))
            # A heading inside prose is bold: the document's own headings alone are its outline.
            yield {"is": "paragraph", "of": [{"is": "strong", "of": inside}] if node.type == "heading" else inside}
        elif node.type in {"bullet_list", "ordered_list"}:
            yield {"is": _BLOCKS[node.type], "of": [list(_blocks(item.children)) for item in node.children]}
        elif node.type == "blockquote":
            yield {"is": "quote", "of": list(_blocks(node.children))}
        elif node.type in {"fence", "code_block", "html_block"}:
            yield {"is": "code-block", "text": node.content}


def _inline(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        if node.type == "inline":
            yield from _inline(node.children)
        elif node.type in _MARKS:
            yield {"is": _MARKS[node.type], "of": list(_inline(node.children))}
        elif node.type == "link":
            yield {"is": "link", "to": str(node.attrs.get("href", "")), "of": list(_inline(node.children))}
        elif node.type == "code_inline":
            yield {"is": "code", "text": node.content}
        elif node.type == "hardbreak":
            yield {"is": "break"}
        elif node.type == "softbreak":
            yield {"is": "text", "text": " "}
        else:
            yield {"is": "text", "text": node.content}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")
