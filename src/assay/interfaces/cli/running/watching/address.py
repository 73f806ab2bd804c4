"""Where a service is looked for, and what is said when it does not answer. It opens no connection."""

from __future__ import annotations

ADDRESS = "http://127.0.0.1:8600"
TOKEN = "ASSAY_TOKEN"  # noqa: S105 (the name of a variable, not what stands in it)


class Unanswered(Exception):
    """The service gave no usable answer; carries the words for the person at the terminal."""
