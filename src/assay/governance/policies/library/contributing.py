"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations


def register() -> None:
    """Make the part known; called once when Django is ready."""
