"""Tables as plain text: words to the left, figures to the right. It rounds nothing."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """Rows under a head; the first `words` columns are set to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join((line(head), "  ".join("─" * width for width in widths), *map(line, rows)))


def count(number: float) -> str:
    """A large number with its thousands apart, or a small one with a decimal."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def share(part: float, whole: float) -> str:
    """A share in percent; a part that is missing or spare is never rounded away."""
    if not whole:
        return "-"
    percent = 100 * part / whole
    text = f"{percent:.1f} %"
    if part != whole and text == "100.0 %":
        return "<100 %"
    return ">0 %" if part and text == "0.0 %" else text
