"""What may happen: kinds of events, each a class whose fields cannot hold free text. It writes nothing.

A field may be `bool`, `int`, a `Literal` of words, a `StrEnum`, `Digest`, `Reference`, `datetime`, one of these or
None, or a tuple or frozenset of these. So no name, address or sentence of a person can come into the ledger.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from assay.engine.kernel.digest import canonical_json
from assay.governance.ledger.meaning.fields import Digest, Form, form_of
from assay.governance.ledger.rules import KIND
from assay.governance.office.references import Reference

__all__ = [
    "KINDS", "Digest", "Kind", "NotAnEvent", "UnknownEvent", "content_of", "event", "kind_of", "read_event",
    "said_fields", "sentence",
]  # fmt: skip

EventClass = TypeVar("EventClass", bound=type[Any])
_PLACE = re.compile(r"\{([a-z_]+)\}")


class NotAnEvent(TypeError):
    """A class was declared, or an object recorded, that the ledger could not keep: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event.

    name   `room.what-happened`, such as `people.person-invited`
    words  what somebody did, with places for fields and for `{subject}`: `invited {subject} as {role}`
    """

    name: str
    words: str
    made_as: type[Any]
    fields: Mapping[str, Form]

    @property
    def room(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    @property
    def title(self) -> str:
        """The kind as people read it in a list: `Person invited`."""
        return self.name.partition(".")[2].replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event of a kind, or in a form, that this version of the program does not know: of a later or a removed one."""

    kind: str
    content: Mapping[str, object]


KINDS: dict[str, Kind] = {}
_KIND_OF: dict[type[Any], Kind] = {}


def event(name: str, *, words: str) -> Callable[[EventClass], EventClass]:
    """Declare a frozen dataclass as a kind of event; written above `@dataclass`.

    raises  NotAnEvent where a field could hold free text, or the words name a field that there is not
    """
    if not re.fullmatch(KIND, name):
        raise NotAnEvent(f"`{name}` is no kind of event; write `room.what-happened`")

    def declared(made_as: EventClass) -> EventClass:
        fields = _fields_of(name, made_as)
        missing = set(_PLACE.findall(words)) - {"subject", *fields}
        if missing or "{" in _PLACE.sub("", words):
            raise NotAnEvent(f"the words of `{name}` name {sorted(missing)}, which it does not have")
        held = KINDS.get(name)
        if held is not None and held.made_as.__qualname__ != made_as.__qualname__:
            raise NotAnEvent(f"two kinds of events are named `{name}`")
        KINDS[name] = _KIND_OF[made_as] = Kind(name, words, made_as, fields)
        return made_as

    return declared


def kind_of(happened: object) -> Kind:
    """The kind of an event; raises NotAnEvent where its class was never declared."""
    found = _KIND_OF.get(type(happened))
    if found is None:
        raise NotAnEvent(f"`{type(happened).__name__}` was not declared by @event")
    return found


def content_of(happened: object) -> str:
    """The canonical JSON of an event's fields; raises NotAnEvent where one holds what its type does not allow."""
    kind = kind_of(happened)
    content: dict[str, object] = {}
    for name, form in kind.fields.items():
        try:
            content[name] = form.write(getattr(happened, name))
        except (TypeError, ValueError) as error:
            # The value itself is not shown: it may be exactly what must not be written down anywhere.
            raise NotAnEvent(f"`{kind.name}` cannot keep what its field `{name}` holds") from error
    return canonical_json(content).decode()


def read_event(kind: str, content: Mapping[str, object]) -> Any:
    """The event that was recorded, or an UnknownEvent where this version cannot make it."""
    known = KINDS.get(kind)
    if known is None or not set(content) <= set(known.fields):
        return UnknownEvent(kind, content)
    try:
        return known.made_as(**{name: known.fields[name].read(value) for name, value in content.items()})
    except (TypeError, ValueError):
        return UnknownEvent(kind, content)


def sentence(kind: str, content: Mapping[str, object], subject: str, names: Callable[[Reference], str] = str) -> str:
    """What somebody did, in words: `invited Bo as legal`.

    names  what people call a thing; without it, things are called by their references
    """
    about = names(Reference.read(subject))
    happened = read_event(kind, content)
    if isinstance(happened, UnknownEvent):
        return f"recorded “{kind.partition('.')[2].replace('-', ' ')}” on {about}"
    known = KINDS[kind]
    said = {name: form.say(getattr(happened, name), names) for name, form in known.fields.items()}
    said["subject"] = about
    return _PLACE.sub(lambda place: said[place.group(1)], known.words)


def said_fields(
    kind: str, content: Mapping[str, object], names: Callable[[Reference], str] = str
) -> list[tuple[str, str]]:
    """Every field in words, for a page that shows one entry; of an unknown kind, as it stands."""
    happened = read_event(kind, content)
    if isinstance(happened, UnknownEvent):
        return [(name.replace("_", " "), canonical_json(value).decode()) for name, value in sorted(content.items())]
    return [
        (name.replace("_", " "), form.say(getattr(happened, name), names)) for name, form in KINDS[kind].fields.items()
    ]


def _fields_of(name: str, made_as: type[Any]) -> dict[str, Form]:
    parameters = getattr(made_as, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        raise NotAnEvent(f"`{name}` is declared on `{made_as.__name__}`, which is no frozen dataclass")
    hints = get_type_hints(made_as)
    fields: dict[str, Form] = {}
    for field in dataclasses.fields(made_as):
        form = form_of(hints[field.name])
        if form is None:
            raise NotAnEvent(f"the field `{field.name}` of `{name}` could hold free text; give it a narrower type")
        if field.name == "subject":
            raise NotAnEvent(f"`{name}` has a field `subject`, which every entry has beside its event")
        fields[field.name] = form
    return fields
