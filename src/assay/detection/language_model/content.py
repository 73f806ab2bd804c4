"""What a model is shown of an item: its text and picture as data, never as words to it. It reads no picture."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import unicodedata
from dataclasses import dataclass, field

from assay.detection.container import sniff
from assay.engine.kernel.digest import canonical_json, sha256_of

# Pictures that the endpoints know, by the name of their container.
PICTURES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
# Unicode's control, format, private and unassigned characters, and ends of lines: what no reader sees.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
# Joiners that Persian, Hindi and many an emoji are written with.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Content:
    """One item's content.

    text      as uploaded; empty where there is none
    language  as the item says, such as `en`
    picture   the file's bytes as they are, empty where there is none
    """

    text: str
    language: str
    picture: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        """The content address of all of it."""
        return sha256_of(canonical_json([self.text, self.language, hashlib.sha256(self.picture).hexdigest()]))

    @property
    def picture_type(self) -> str | None:
        """What the picture's first bytes say it is, as endpoints name it; None where they do not know such a file."""
        return PICTURES.get(sniff(io.BytesIO(self.picture), len(self.picture)).name)


def as_data(text: str) -> str:
    """A text as one JSON string in which nothing can end what stands around it; reading it gives the text again.

    Angle brackets and whatever is not seen are written as escapes: marks that turn text around, tags, ends of lines.
    """
    return "".join(_escaped(each) for each in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    if character.isascii() or character in _JOINERS:
        return f"\\u{ord(character):04x}" if character in "<>\x7f" else character
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return json.dumps(character)[1:-1]


def picture_address(content: Content) -> str:
    """The picture as an address that holds it."""
    return f"data:{content.picture_type};base64,{base64.b64encode(content.picture).decode('ascii')}"
