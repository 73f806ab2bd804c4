"""XMP packets: the properties that speak of the file itself. It never expands an entity or follows a reference."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_FIELDS, Field, Malformed
from assay.detection.scanners.metadata.readers.shared.hardened import parse_xml

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MAXIMUM_DEPTH = 64
MAXIMUM_TEXT = 64 * 1024

# A property counts only directly below rdf:RDF/rdf:Description. Deeper ones describe ingredients, history or
# faces in the picture, and an ingredient's source type is not the file's.
_RDF, _DESCRIPTION = f"{RDF} RDF", f"{RDF} Description"
_WRAPPERS = frozenset({"adobe:ns:meta/ xmpmeta", "adobe:ns:meta/ xapmeta"})
_CONTAINERS = frozenset({f"{RDF} {name}" for name in ("Bag", "Seq", "Alt", "li")})


def xmp_fields(packet: bytes) -> Iterator[Field]:
    """The packet's own properties as `{namespace}name`; raises Malformed where it is no well-formed XML."""
    reader = _PacketReader()
    packet = packet.strip(b"\x00 \r\n\t")
    parse_xml(packet, start=reader.start, end=reader.end, text=reader.text)
    yield from reader.fields


class _PacketReader:
    def __init__(self) -> None:
        self.fields: list[Field] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._text_length = 0
        self._property: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= MAXIMUM_DEPTH:
            raise Malformed("an XMP packet is nested too deeply")
        if self._describes_the_file() and name == _DESCRIPTION:
            for key, value in attributes.items():
                if not key.startswith(RDF):
                    self._add(key, value)
        elif self._path and self._path[-1] == _DESCRIPTION and self._describes_the_file(below=1):
            self._property, self._text, self._text_length = name, [], 0
            if resource := attributes.get(f"{RDF} resource"):
                self._add(name, resource)
        elif self._property is not None and name not in _CONTAINERS:
            # A structure, not a text: what stands inside is not this property's value.
            self._property = None
        self._path.append(name)

    def _describes_the_file(self, below: int = 0) -> bool:
        path = self._path[: len(self._path) - below]
        return bool(path) and path[-1] == _RDF and (len(path) == 1 or path[-2] in _WRAPPERS)

    def text(self, text: str) -> None:
        if self._property is not None and self._text_length < MAXIMUM_TEXT:
            self._text.append(text)
            self._text_length += len(text)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._property == name and self._path and self._path[-1] == _DESCRIPTION:
            self._add(name, "".join(self._text).strip())
            self._property = None

    def _add(self, key: str, value: str) -> None:
        if len(self.fields) >= MAXIMUM_FIELDS:
            raise Malformed("an XMP packet has too many properties")
        namespace, _, name = key.rpartition(" ")
        if value:
            self.fields.append(Field("xmp", f"{{{namespace}}}{name}", value[:MAXIMUM_TEXT]))
