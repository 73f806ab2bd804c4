"""Signs of the icon sheet as markup. Whether a sign is in the sheet is a matter of tests."""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(1_024, typed=True)
def sign(name: str, words: str = "") -> SafeString:
    """A sign; with words where it stands alone, silent where a word stands beside it.

    It is remembered by type as well, or words that were escaped already would stand in for some that were not.
    """
    sheet = static("web/icons.svg")
    if words:
        drawn = '<svg class="icon" width="16" height="16" role="img" aria-label="{}"><use href="{}#{}"></use></svg>'
        return format_html(drawn, words, sheet, name)
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true"><use href="{}#{}"></use></svg>', sheet, name
    )
