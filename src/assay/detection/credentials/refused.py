"""Why credentials were not attached: a slug, words and the next step. It is raised before anything is written."""

from __future__ import annotations


class CannotAttach(Exception):
    """Nothing was written: what is there stays as it is."""

    def __init__(self, slug: str, words: str, hint: str = "") -> None:
        super().__init__(f"{slug}: {words}")
        self.slug, self.words, self.hint = slug, words, hint

    def __reduce__(self) -> tuple[type[CannotAttach], tuple[str, str, str]]:
        # It comes back from the process that signs.
        return CannotAttach, (self.slug, self.words, self.hint)
