"""The keys of the workbench and what each does, as the help shows them. The script that obeys them is `assay.js`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that are pressed one after the other, or together where joined by `+`, and what happens."""

    keys: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that belong together."""

    title: str
    keys: tuple[Key, ...]


GROUPS = (
    Group(
        "Anywhere",
        (
            Key(("?",), "Show these keys"),
            Key(("/",), "Search"),
            Key(("Ctrl+K",), "Go anywhere, do anything"),
            Key(("Esc",), "Close what is open"),
        ),
    ),
    Group(
        "In a list",
        (
            Key(("j",), "Next row"),
            Key(("k",), "Row before"),
            Key(("Enter",), "Open the row"),
            Key(("x",), "Tick the row, where rows can be ticked"),
            Key(("[",), "Page before"),
            Key(("]",), "Next page"),
        ),
    ),
    Group(
        "On one thing",
        (
            Key(("e",), "Edit"),
            Key(("c",), "Copy its id"),
            Key(("t",), "Show the table behind a chart"),
        ),
    ),
)
