"""Sound files to make wrong, by the reader that reads them: the scanners' own examples, labelled ones, a folder's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from assay.detection.labels.refused import CannotLabel
from assay.detection.labels.wish import Wish
from assay.detection.labels.write import write_label
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.scanner import Settings

MAXIMUM_SEED = 256 * 1024
READER = "metadata"
WISHES = (
    Wish(label="2", propagator="001191610133596325171T22588", content_id="Q-1", source_type="trainedAlgorithmicMedia"),
    Wish(label="2", propagator="001191610133596325171T22588", content_id="Q-1"),
)


def seeds_by_container(folder: Path | None = None) -> dict[str, list[bytes]]:
    """Seeds for every container that the reader's examples know, in the order of their names."""
    found: dict[str, list[bytes]] = {}
    for content in (*_examples(), *_of_folder(folder)):
        container = Media.from_bytes(content, name="seed").container.name
        found.setdefault(container, []).append(content)
    return {name: [*contents, *_labelled(contents)] for name, contents in sorted(found.items())}


def _examples() -> Iterator[bytes]:
    for example in load_scanner(READER, Settings()).examples():
        if example.content:
            yield example.content


def _of_folder(folder: Path | None) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")) if folder is not None else ():
        if path.is_file() and 0 < path.stat().st_size <= MAXIMUM_SEED:
            yield path.read_bytes()


def _labelled(contents: list[bytes]) -> Iterator[bytes]:
    """The same files as our own writer labels them, where it can."""
    with TemporaryDirectory() as folder:
        for number, content in enumerate(contents):
            plain, out = Path(folder, f"{number}.plain"), Path(folder, f"{number}.out")
            plain.write_bytes(content)
            for wish in WISHES:
                try:
                    yield write_label(plain, out=out, wish=wish).out.read_bytes()
                except CannotLabel:
                    continue
                break
