"""What differs between the texts of two bundles. It keeps neither of them."""

from __future__ import annotations

from dataclasses import dataclass

from assay.interfaces.packs.bundles import Bundle


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that differs; one of the two is empty where it is new, or gone."""

    name: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """`new`, `gone` or `changed`."""
        if not self.before:
            return "new"
        return "gone" if not self.after else "changed"


def text_changes(before: Bundle, after: Bundle) -> tuple[TextChange, ...]:
    """Every text that is not the same in both, in the order of names."""
    old, new = before.texts.files, after.texts.files
    return tuple(
        TextChange(name, old.get(name, ""), new.get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name, "") != new.get(name, "")
    )
