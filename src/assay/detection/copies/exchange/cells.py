"""Cells of CSV that no spreadsheet takes for a formula, and back. It changes nothing else in them."""

from __future__ import annotations

import re

# Spreadsheets take a cell that begins so for a formula; some skip blanks before it, or know the wide forms.
_FORMULA = re.compile(r"'*[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def harmless(text: str) -> str:
    """A text with a quote before it where a spreadsheet would compute it; `given` takes the quote away again."""
    return f"'{text}" if _FORMULA.match(text) else text


def given(cell: str) -> str:
    """The text of a cell that was made harmless; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
