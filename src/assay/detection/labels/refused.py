"""Why a label was not written: a slug, words and the next step. The original stays as it is."""

from __future__ import annotations


class CannotLabel(Exception):
    """Nothing was written."""

    def __init__(self, slug: str, words: str, hint: str = "") -> None:
        super().__init__(f"{slug}: {words}")
        self.slug, self.words, self.hint = slug, words, hint

    def __reduce__(self) -> tuple[type[CannotLabel], tuple[str, str, str]]:
        # It comes back from the process that writes.
        return CannotLabel, (self.slug, self.words, self.hint)


def malformed(words: str) -> CannotLabel:
    """The refusal of a file whose structure contradicts its format: what is not understood is not rewritten."""
    return CannotLabel("malformed-file", words, "write it anew with a program that knows its format, then label that")
