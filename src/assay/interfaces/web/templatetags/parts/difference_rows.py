"""The rows of a difference as HTML; everything that somebody wrote is escaped. A template would take thrice as long."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assay.interfaces.web.look.differences import Line

_SIGNS = {"gone": '−<span class="hidden">gone</span>', "come": '+<span class="hidden">new</span>', "same": ""}


def rows_of(lines: Iterable[Line], old: Container[int] = (), new: Container[int] = ()) -> SafeString:
    """A table row for each line, and one for each stretch that is left out; of `old` and `new`, what is program."""
    return mark_safe(  # noqa: S308
        "".join(
            _left_out(line) if line.kind == "left-out" else _row(line, line.before in old or line.after in new)
            for line in lines
        )
    )


def _left_out(line: Line) -> str:
    words = f"{line.skipped} equal line{'' if line.skipped == 1 else 's'}"
    return f'<tr class="left-out"><td colspan="4">{words}</td></tr>'


def _row(line: Line, is_program: bool) -> str:
    mark = {"gone": "del", "come": "ins"}.get(line.kind, "")
    text = "".join(
        f"<{mark}>{escape(piece.text)}</{mark}>" if piece.changed and mark else escape(piece.text)
        for piece in line.pieces
    )
    return (
        f'<tr class="{line.kind}"><td class="at">{line.before or ""}</td><td class="at">{line.after or ""}</td>'
        f'<td class="sign">{_SIGNS[line.kind]}</td><td class="text{" program" if is_program else ""}">{text}</td></tr>'
    )
