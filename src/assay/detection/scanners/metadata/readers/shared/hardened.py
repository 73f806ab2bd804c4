"""XML from strangers: elements, attributes, text. It never accepts a document type, an entity or a reference."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from assay.detection.scanners.metadata.bounded import MAXIMUM_PACKET, Malformed

_IS_FINAL = True


def parse_xml(
    content: bytes,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Calls back for each element as `namespace name`; raises Malformed where the content is no plain XML."""
    if len(content) > MAXIMUM_PACKET:
        raise Malformed("an XML text is larger than any true one")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, _IS_FINAL)
    except expat.ExpatError as error:
        raise Malformed(f"an XML text cannot be read: {expat.errors.messages[error.code]}") from error
    except (ValueError, LookupError) as error:
        raise Malformed("an XML text has an unknown encoding") from error


def _refuse(*_: object) -> int:
    raise Malformed("an XML text declares entities or a document type")
