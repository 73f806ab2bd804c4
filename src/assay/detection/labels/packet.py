"""An XMP packet with properties set in it. Every other byte of it stays, and no entity is ever expanded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from assay.detection.labels.refused import malformed

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MAXIMUM_PACKET = 16 * 1024 * 1024
MAXIMUM_DEPTH = 64
IS_FINAL = True
# Room for other programs that edit in place, as the specification of XMP asks.
PADDING = b"\n".join([b" " * 99] * 10) + b"\n"
_PREFIXES = {
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
}
_WRAPPERS = frozenset({"adobe:ns:meta/ xmpmeta", "adobe:ns:meta/ xapmeta"})
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")

_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a packet can be edited: the ranges of the properties to be replaced, and where new ones go.

    closing  the start of `</rdf:RDF>`, or None where the element has no content; then `opening` is its own range
    """

    values: tuple[tuple[Name, str], ...]
    ranges: tuple[tuple[int, int], ...]
    closing: int | None
    opening: tuple[int, int]
    tag: str


def new_packet(properties: Mapping[Name, str]) -> bytes:
    """A packet with these properties and nothing else, with room for edits."""
    body = _description(properties, "rdf")
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="' + RDF.encode() + b'">' + body + b"</rdf:RDF></x:xmpmeta>\n" + PADDING
    ) + b'<?xpacket end="w"?>'


def edited(packet: bytes, properties: Mapping[Name, str], names: frozenset[Name]) -> bytes:
    """The packet with the properties set, wherever they stood before, and every other one of `names` taken out."""
    packet = as_utf8(packet)
    standing = _standing(packet, names)
    # Changes are made from behind, so that the places before them keep their numbers.
    changes = [(start, end, b"") for start, end in standing.ranges]
    if properties:
        prefix = standing.tag.rpartition(":")[0] or "rdf"
        declared = not standing.tag.rpartition(":")[0]
        body = _description(properties, prefix, declare=declared)
        if standing.closing is not None:
            changes.append((standing.closing, standing.closing, body))
        else:
            start, end = standing.opening
            closed = packet[start:end].rstrip()[:-2].rstrip() + b">" + body + b"</" + standing.tag.encode() + b">"
            changes.append((start, end, closed))
    for start, end, content in sorted(changes, reverse=True):
        packet = packet[:start] + content + packet[end:]
    return packet


def values_of(packet: bytes, names: frozenset[Name]) -> dict[Name, list[str]]:
    """The values that the named properties have now."""
    found: dict[Name, list[str]] = {}
    for name, value in _standing(as_utf8(packet), names).values:
        found.setdefault(name, []).append(value)
    return found


def without_padding(packet: bytes) -> bytes:
    """The packet without the blanks before its end, for a place that is too narrow for both."""
    end = packet.rfind(b"<?xpacket end")
    return packet[:end].rstrip() + packet[end:] if end > 0 else packet.rstrip()


def as_utf8(packet: bytes) -> bytes:
    """The same packet in UTF-8, without the zero bytes that some writers put behind it."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if packet.startswith(mark):
            try:
                text = packet[2:].decode(encoding)
            except UnicodeDecodeError as error:
                raise malformed("an XMP packet is not in the encoding that it names") from error
            return re.sub(r'encoding="[^"]*"', 'encoding="UTF-8"', text, count=1).strip("\x00").encode()
    return packet.strip(b"\x00")


def _description(properties: Mapping[Name, str], prefix: str, *, declare: bool = False) -> bytes:
    prefix = "rdf" if declare else prefix
    spaces = {namespace: _PREFIXES[namespace] for namespace, _ in properties}
    names = "".join(f' xmlns:{short}="{namespace}"' for namespace, short in spaces.items())
    own = f' xmlns:rdf="{RDF}"' if declare else ""
    body = "".join(
        f"<{spaces[namespace]}:{name}>{escape(value)}</{spaces[namespace]}:{name}>"
        for (namespace, name), value in properties.items()
    )
    return f'<{prefix}:Description{own} {prefix}:about=""{names}>{body}</{prefix}:Description>'.encode()


def _standing(packet: bytes, names: frozenset[Name]) -> Standing:
    if len(packet) > MAXIMUM_PACKET:
        raise malformed("an XMP packet is larger than any true one")
    walk = _Walk(packet, names)
    parser = expat.ParserCreate(namespace_separator=" ")
    # The prefix is told too, since an attribute is taken out by the name it has in the text.
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    walk.parser = parser
    try:
        parser.Parse(packet, IS_FINAL)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise malformed("an XMP packet in the file cannot be read") from error
    if walk.root is None:
        raise malformed("an XMP packet in the file has no rdf:RDF")
    return Standing(tuple(walk.values), tuple(walk.ranges), walk.closing, walk.root[1], walk.root[0])


def _refuse(*_: object) -> int:
    raise malformed("an XMP packet in the file declares entities or a document type")


class _Walk:
    """Keeps the places of the file's own properties; deeper ones speak of ingredients and are left alone."""

    def __init__(self, packet: bytes, names: frozenset[Name]) -> None:
        self.parser: Any = None
        self.values: list[tuple[Name, str]] = []
        self.ranges: list[tuple[int, int]] = []
        self.root: tuple[str, tuple[int, int]] | None = None
        self.closing: int | None = None
        self._packet, self._names = packet, names
        self._path: list[str] = []
        self._root_depth = 0
        self._open: tuple[int, Name, int] | None = None
        self._text: list[str] = []

    def start(self, raw: str, attributes: list[str]) -> None:
        if len(self._path) >= MAXIMUM_DEPTH:
            raise malformed("an XMP packet in the file is nested too deeply")
        name, prefix = _parted(raw)
        at = self.parser.CurrentByteIndex
        depth = len(self._path)
        if name == f"{RDF} RDF" and self.root is None and (not depth or self._path[-1] in _WRAPPERS):
            tag = f"{prefix}:RDF" if prefix else "RDF"
            self.root, self._root_depth = (tag, (at, self._end_of_tag(at))), depth
        elif name == f"{RDF} Description" and self._is_below_root(depth):
            self._attributes(at, attributes)
        elif depth and self._path[-1] == f"{RDF} Description" and self._is_below_root(depth - 1) and not self._open:
            space, _, local = name.rpartition(" ")
            if (space, local) in self._names:
                self._open, self._text = (at, (space, local), depth), []
                self._resource(attributes)
        self._path.append(name)

    def _resource(self, attributes: list[str]) -> None:
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            if _parted(key)[0] == f"{RDF} resource":
                self._text.append(value)

    def _is_below_root(self, depth: int) -> bool:
        path = self._path[:depth]
        return bool(path) and path[-1] == f"{RDF} RDF" and (len(path) == 1 or path[-2] in _WRAPPERS)

    def _attributes(self, at: int, attributes: list[str]) -> None:
        wanted: dict[bytes, tuple[Name, str]] = {}
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            name, prefix = _parted(key)
            space, _, local = name.rpartition(" ")
            if (space, local) in self._names and prefix:
                wanted[f"{prefix}:{local}".encode()] = ((space, local), value)
        end = self._end_of_tag(at)
        for found in _ATTRIBUTE.finditer(self._packet, at, end):
            if found[1] in wanted:
                self.values.append(wanted[found[1]])
                self.ranges.append((found.start(), found.end()))

    def text(self, text: str) -> None:
        if self._open:
            self._text.append(text)

    def end(self, raw: str) -> None:
        self._path.pop()
        at = self.parser.CurrentByteIndex
        if self._open and len(self._path) == self._open[2]:
            start, name, _depth = self._open
            tag = self._end_of_tag(start)
            # An element without content has one tag; at its end the parser stands behind it already.
            end = tag if self._packet[tag - 2 : tag] == b"/>" else self._end_of_tag(at)
            self.values.append((name, "".join(self._text).strip()))
            self.ranges.append((start, end))
            self._open = None
        elif self.root and self.closing is None and len(self._path) == self._root_depth:
            _start, end = self.root[1]
            self.closing = None if self._packet[end - 2 : end] == b"/>" else at

    def _end_of_tag(self, at: int) -> int:
        tag = _TAG.match(self._packet, at)
        if tag is None:
            raise malformed("an XMP packet in the file has a tag without an end")
        return tag.end()


def _parted(raw: str) -> tuple[str, str]:
    """An expat name as `namespace local`, and its prefix."""
    parts = raw.split(" ")
    return " ".join(parts[:2]), parts[2] if len(parts) > 2 else ""
