"""Items with their content, and with true answers where they are labelled, from JSON Lines. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from assay.detection.language_model.content import Content
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.question import key_of
from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import quotable
from assay.engine.language.pack.pack import Pack
from assay.interfaces.records.reading import Place, Record, Reject, readable_id
from assay.interfaces.records.seen import SeenIds

_PARTS = ("text", "language", "image")
_LONGEST_LANGUAGE = 35


@dataclass(frozen=True, slots=True)
class Line:
    """One item.

    content  what a judge may be shown; None where it can be shown nothing, and `unshown` says why
    truth    for labelled items: the true answer by signal, as a key
    """

    place: Place
    item: Item
    content: Content | None
    unshown: Fault | None = None
    truth: Mapping[str, str] = field(default_factory=dict)


Reading: TypeAlias = Line | Reject


def read_lines(
    records: Iterable[Record], pack: Pack, judge: Judge, pictures: Path | None, *, labelled: bool = False
) -> Iterator[Reading]:
    """Every record as a line or as a reject, in order.

    pictures  the folder below which items' pictures are
    labelled  whether each carries its `truth`
    """
    seen = SeenIds()
    for record in records:
        found = _line(record, pack, judge, pictures, labelled=labelled)
        if isinstance(found, Line) and not seen.add(f"{found.item.subject}\x00{found.item.id}"):
            found = Reject(record.place, found.item.id, (Fault("duplicate-id", "an earlier record has this id", "id"),))
        yield found


def _line(record: Record, pack: Pack, judge: Judge, pictures: Path | None, *, labelled: bool) -> Reading:
    if record.faults:
        return Reject(record.place, record.id, record.faults)
    given = record.content
    if not isinstance(given, Mapping):
        return Reject(record.place, None, (Fault("not-a-record", "a record is a JSON object"),))
    own = ("content", "truth") if labelled else ("content",)
    item = read_item({name: each for name, each in given.items() if name not in own}, pack.vocabulary, pack.markets)
    faults = item if isinstance(item, list) else []
    truth = _truth(given.get("truth"), pack, faults) if labelled else {}
    content = _content(given.get("content"), judge, pictures, faults)
    if faults or isinstance(item, list):
        return Reject(record.place, readable_id(given), tuple(faults))
    if isinstance(content, Fault):
        return Line(record.place, item, None, content, truth)
    return Line(record.place, item, content, None, truth)


def _truth(given: object, pack: Pack, faults: list[Fault]) -> Mapping[str, str]:
    if not isinstance(given, Mapping) or not given:
        faults.append(Fault("no-truth", '`truth` holds the true answers, as in `{"satire": "none"}`', "truth"))
        return {}
    found = {}
    for name, value in given.items():
        signal = pack.vocabulary.by_name.get(name) if isinstance(name, str) else None
        if signal is None:
            faults.append(Fault("unknown-signal", f"no signal is named `{quotable(str(name)[:60])}`", "truth"))
        elif value is not None:
            read = signal.read(value)
            if isinstance(read, Fault):
                faults.append(read)
            else:
                found[name] = key_of(read)
    return found


def _content(given: object, judge: Judge, pictures: Path | None, faults: list[Fault]) -> Content | Fault:
    """What can be shown, or why nothing can; what is malformed goes to `faults`."""
    nothing = Fault("no-content", 'the item carries no `content` such as `{"text": "…", "language": "en"}`', "content")
    if given is None:
        return nothing
    if not isinstance(given, Mapping):
        faults.append(Fault("wrong-type", "`content` is an object with `text`, `language`, `image`", "content"))
        return nothing
    faults += [
        Fault("unknown-field", f"`content` has no field `{quotable(str(key)[:60])}`", "content")
        for key in given
        if key not in _PARTS
    ]
    text, language, image = (given.get(name) for name in _PARTS)
    for name, each in zip(_PARTS, (text, language, image), strict=True):
        if each is not None and not isinstance(each, str):
            faults.append(Fault("wrong-type", f"`{name}` is text", "content"))
    if faults:
        return nothing
    return _shown(str(text or ""), str(language or ""), image, judge, pictures)


def _shown(text: str, language: str, image: object, judge: Judge, pictures: Path | None) -> Content | Fault:
    if not language or len(language) > _LONGEST_LANGUAGE:
        return Fault("no-language", "the item does not say its `language`, by which answers are measured", "language")
    if language not in judge.languages:
        return Fault("other-language", f"`{language}` is none of the judge's `languages`", "language")
    if len(text) > judge.longest_text:
        words = f"the text is longer than {judge.longest_text} characters; `longest_text` allows more"
        return Fault("text-too-long", words, "text")
    picture = b""
    if image is not None:
        found = _picture(str(image), judge, pictures)
        if isinstance(found, Fault):
            return found
        picture = found
    if not text.strip() and not picture:
        return Fault("no-content", "the item has neither text nor picture", "content")
    content = Content(text, language, picture)
    if picture and content.picture_type is None:
        return Fault("unreadable-picture", "the picture is no JPEG, PNG, WebP or GIF", "image")
    return content


def _picture(name: str, judge: Judge, pictures: Path | None) -> bytes | Fault:
    """A picture's bytes, from below the folder of pictures only; nothing is decoded."""
    if not judge.images:
        # Asked about the text alone, a judge would be wrong about items whose picture says it.
        return Fault("pictures-not-sent", "the item has a picture, and the judge has not `images = true`", "image")
    if pictures is None:
        return Fault("pictures-not-sent", "the item has a picture; `--images DIR` says where pictures are", "image")
    missing = Fault("no-picture", "there is no such picture in the folder of pictures", "image")
    try:
        path = (pictures.resolve() / name).resolve()
        # A link, or two dots, could lead to any file of this machine, and it would be sent away.
        if not path.is_relative_to(pictures.resolve()) or not path.is_file():
            return missing
        with path.open("rb") as stream:
            content = stream.read(judge.largest_image + 1)
    except (OSError, RuntimeError, ValueError):
        # A name that no file can have, links in a circle, or a file that may not be read.
        return missing
    if len(content) > judge.largest_image:
        words = f"the picture is larger than {judge.largest_image:,} bytes; `largest_image` allows more"
        return Fault("picture-too-large", words, "image")
    return content
