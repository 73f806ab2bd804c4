"""What is to stand in a file: the label's text and the XMP properties, handed to every writer. It opens no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.detection.labels.implicit import KEY, NAMESPACE, Label, label_text, parse_label
from assay.detection.labels.packet import Name, edited, new_packet, values_of
from assay.detection.labels.refused import CannotLabel

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
LABEL: Name = (NAMESPACE, KEY)


class Marking:
    """The same writers run twice: once to learn which labels stand in the file, then with the label that is to stand.

    keys        the label's keys, or None while the labels there are only collected
    properties  IPTC properties to set in XMP
    """

    __slots__ = ("_keys", "_properties", "_said", "labels", "places")

    def __init__(self, keys: Mapping[str, str] | None = None, properties: Mapping[Name, str] | None = None) -> None:
        self._keys = keys
        self._properties = dict(properties or {})
        self._said = False
        self.labels: list[Label] = []
        self.places: list[str] = []

    @property
    def has_label(self) -> bool:
        return self._keys is not None

    @property
    def has_properties(self) -> bool:
        return bool(self._properties)

    def text(self, found: str | None, place: str, *, wrapped: bool | None = None) -> str | None:
        """What shall stand where `found` stands now, or None where nothing stood and nothing is to be added.

        wrapped  the form, or None: as it stood, or bare
        """
        label = parse_label(found) if found is not None else None
        if found is not None and label is None:
            raise CannotLabel(
                "malformed-label",
                f"the file has an `AIGC` field in {place} that is no label",
                "take that field out first, or find out who wrote it",
            )
        if label is not None:
            self.labels.append(label)
        if self._keys is None:
            return found
        if place not in self.places:
            self.places.append(place)
        if wrapped is None:
            wrapped = found is not None and found.lstrip(" \r\n\t\x00").startswith(f'{{"{KEY}"')
        return label_text(self._keys, wrapped=wrapped)

    def one_of(self, found: Sequence[str], place: str, *, wrapped: bool | None = None) -> str | None:
        """What shall stand once where several labels may stand now; the form is that of the first."""
        renewed = [self.text(each, place, wrapped=None) for each in found] or [self.text(None, place, wrapped=wrapped)]
        return renewed[0]

    def packet(self, found: bytes | None, place: str, *, with_label: bool) -> bytes | None:
        """The XMP packet that shall stand where `found` stands now, or None where none is needed.

        with_label  whether this is where the container keeps its label; elsewhere one is only kept up to date
        """
        names = frozenset({LABEL, *self._properties})
        before = values_of(found, names) if found is not None else {}
        texts = before.get(LABEL, [])
        properties: dict[Name, str] = {}
        if texts or (with_label and not self._said):
            text = self.one_of(texts, place)
            if text is not None:
                properties[LABEL] = text
        # Several packets in one file say it once: the first.
        properties |= {} if self._said else self._properties
        if self._properties and not self._said and place not in self.places:
            self.places.append(place)
        self._said = True
        if found is None:
            return new_packet(properties) if properties else None
        changed = any(before.get(name, []) != ([value] if value else []) for name, value in properties.items())
        return edited(found, properties, names) if changed or before.keys() - properties.keys() else found
