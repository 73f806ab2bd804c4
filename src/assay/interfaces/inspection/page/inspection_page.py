"""Renders one file's inspection as one HTML page. Of the file itself it shows only the picture it is given."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from assay.detection.inspection import Section
from assay.interfaces.inspection.inspected import Inspected
from assay.interfaces.inspection.rooms import Room, is_listing, rooms_of, rows_in, unchecked
from assay.interfaces.inspection.words import (
    COUNTS,
    STANDPOINTS,
    judged_words,
    moment,
    size_words,
    speaker_words,
    value_words,
)
from assay.interfaces.look.page import anchor_of, environment_of, footer_of, style_of

PACKAGE = "assay.interfaces.inspection.page"
_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One label with all that is said under it; `ordered` where the order of it tells something."""

    label: str
    texts: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section for the page: `failed` stands out, `passed` is folded away.

    folded  how many rows it has where they are a listing and no finding, and are folded away; else 0
    """

    title: str
    state: str
    level: int
    said: tuple[Said, ...]
    failed: tuple[str, ...]
    passed: tuple[str, ...]
    note: str
    folded: int
    children: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room with its anchor."""

    anchor: str
    title: str
    sections: tuple[SectionView, ...]


def render_inspection(inspected: Inspected, *, picture: str | None = None) -> str:
    """The whole page.

    picture  a data address of a small picture that was asked for, or None
    """
    names = {reader.name for reader in inspected.readers}
    template = environment_of(PACKAGE).get_template("inspection.html")
    return template.render(
        inspected=inspected,
        verdict=inspected.verdict,
        standpoint=STANDPOINTS[inspected.verdict.standpoint],
        at=moment(inspected.at),
        size=size_words(inspected.size),
        judgement=inspected.judgement,
        judged=judged_words(inspected.judgement),
        counts=COUNTS,
        rooms=tuple(map(_room, rooms_of(inspected))),
        unchecked=tuple((what, what in names, _ticked(why)) for what, why in unchecked(inspected)),
        assertions=tuple(
            (one.signal, value_words(one.value), speaker_words(one, inspected.judgement), one.source)
            for one in inspected.assertions
        ),
        picture=picture,
        style=style_of(PACKAGE),
        footer=footer_of(f"{inspected.name} · {(inspected.result.sha256 or '')[:16]} · {moment(inspected.at)}"),
    )


def view_of(section: Section, level: int) -> SectionView:
    """A section and all below it; `level` is that of its heading."""
    said: list[Said] = []
    failed, passed = [], []
    for label, text in section.rows:
        if label == "failed":
            failed.append(text)
        elif label == "passed":
            passed.append(text)
        else:
            _put(said, label, text)
    return SectionView(
        title=section.title,
        state=section.state,
        level=level,
        said=tuple(said),
        failed=tuple(failed),
        passed=tuple(passed),
        note=section.note,
        folded=rows_in(section) if is_listing(section) else 0,
        children=tuple(view_of(child, min(level + 1, _DEEPEST_HEADING)) for child in section.children),
    )


def _ticked(text: str) -> Markup:
    """Words with what stands between backticks as code; everything is escaped, since a part may be a stranger's."""
    whole = text[:1].upper() + text[1:]
    parts = whole.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 and place < len(parts) - 1 else part
        for place, part in enumerate(parts)
    )


def _put(said: list[Said], label: str, text: str) -> None:
    ordered = label.startswith("step ")
    name = "steps" if ordered else label
    if said and said[-1].label == name:
        said[-1] = Said(name, (*said[-1].texts, text), ordered)
    else:
        said.append(Said(name, (text,), ordered))


def _room(room: Room) -> RoomView:
    return RoomView(anchor_of("room", room.title), room.title, tuple(view_of(each, 3) for each in room.sections))
