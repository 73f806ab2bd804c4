"""Makes the demonstration's media in a folder, with what people know of each file. It never scans or decides."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.interfaces.demo.known import BANKS_FOLDER, UPLOADS, fill_banks, write_uploads
from assay.interfaces.demo.recipe import Recipe, Workshop, found_workshop
from assay.interfaces.demo.shelves.copies import COPIES
from assay.interfaces.demo.shelves.credentials import CREDENTIALS
from assay.interfaces.demo.shelves.declarations import DECLARATIONS
from assay.interfaces.demo.shelves.generators import GENERATORS
from assay.interfaces.demo.shelves.plain import PLAIN
from assay.interfaces.demo.shelves.posts import POSTS

RECIPES: tuple[Recipe, ...] = (*CREDENTIALS, *DECLARATIONS, *GENERATORS, *PLAIN, *POSTS, *COPIES)
CONTEXT = "context.jsonl"
TRUST = "trust"
BANKS = BANKS_FOLDER
_SECONDS_UNTIL_EXPIRED = 3.0


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file that was made, and what it is for people.

    expect  what a scan that trusts the demonstration's authority must assert, signal by signal
    """

    path: Path
    title: str
    story: str
    expect: Mapping[str, str]


def make_media(folder: Path, *, progress: Callable[[int, int], None] | None = None) -> list[MadeFile]:
    """Make every file below `folder`: media in `media/`, the authority's certificate in `trust/`, `context.jsonl`.

    Banks of known items are made in `banks/`, and `uploads.csv` says who is made out to have uploaded what.

    progress  called after each file with how many are made and how many there will be
    """
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    workshop, started = found_workshop(), time.monotonic()
    made = []
    for number, recipe in enumerate(RECIPES, 1):
        made.append(_make(recipe, workshop, media))
        if progress is not None:
            progress(number, len(RECIPES))
    _write_trust(folder / TRUST, workshop)
    _write_context(folder / CONTEXT)
    fill_banks(folder, workshop)
    write_uploads(folder / UPLOADS, [each.path.name for each in made])
    # One signer's certificate is there to be expired, which it must be before anybody reads the file.
    time.sleep(max(0.0, started + _SECONDS_UNTIL_EXPIRED - time.monotonic()))
    return made


def _make(recipe: Recipe, workshop: Workshop, media: Path) -> MadeFile:
    content = recipe.make(workshop)
    workshop.made[recipe.name] = content
    path = media / recipe.name
    path.write_bytes(content)
    if recipe.declared:
        declaration = path.with_name(f"{recipe.name}.declared.json")
        declaration.write_text(json.dumps(dict(recipe.declared)) + "\n", encoding="utf-8")
    return MadeFile(path, recipe.title, recipe.story, recipe.expect)


def _write_trust(folder: Path, workshop: Workshop) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "demo-ca.pem").write_text(workshop.authority.pem, encoding="ascii")


def _write_context(path: Path) -> None:
    lines = [
        json.dumps(
            {
                "id": recipe.name,
                "signals": {"legal_order": dict(recipe.ordered)},
                "assertions": [known.as_json() for known in recipe.known],
            }
        )
        for recipe in RECIPES
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
