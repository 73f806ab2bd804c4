"""What every page that stands alone in a file needs: its environment, its style. It never lets text become markup."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

_HERE = "assay.interfaces.look"


def environment_of(package: str) -> Environment:
    """Templates of a package: everything is escaped, and a name that is not there is a fault."""
    environment = Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["inline"] = inline_of
    return environment


@cache
def style_of(package: str) -> Markup:
    """The stylesheet that all pages share, and after it the package's own."""
    return Markup(_source(_HERE, "base.css") + "\n" + _source(package, "style.css"))  # noqa: S704


def anchor_of(kind: str, name: str) -> str:
    """An address within the page, the same for the same name."""
    return f"{kind}-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def prose_of(markdown: str) -> Markup:
    """A policy's prose as HTML. Raw HTML in it is shown as text, and a link can lead to no script."""
    return Markup(_markdown().render(markdown))  # noqa: S704


def inline_of(markdown: str) -> Markup:
    """One line of Markdown, such as a question's help with its `values`, as HTML without raw HTML."""
    return Markup(_markdown().renderInline(markdown))  # noqa: S704


def footer_of(text: str) -> Markup:
    """What every printed page carries; it stands inside a CSS string, where escaping for HTML would not protect."""
    return Markup(re.sub(r"[^\w .,:·-]", "", text))  # noqa: S704


def _source(package: str, name: str) -> str:
    return PackageLoader(package).get_source(Environment(autoescape=True), name)[0]


@cache
def _markdown() -> MarkdownIt:
    # A picture would be fetched from wherever somebody's text says.
    return MarkdownIt("commonmark", {"html": False}).disable("image")
