"""Names of static files with the digest of their content, so that a browser keeps them for ever. It copies no file."""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

_DIGITS = 16
_NAMED = re.compile(rf"\.[0-9a-f]{{{_DIGITS}}}\.[A-Za-z0-9]+\Z")


class DigestNames(StaticFilesStorage):
    """Where `{% static %}` finds addresses: `web/assay.css` becomes `/static/web/assay.0123456789abcdef.css`."""

    def __init__(self) -> None:
        super().__init__(location="", base_url=None)
        self._names: dict[str, str] = {}

    @cached_property
    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for finder in finders.get_finders():
            for name, storage in finder.list(None):
                # The first app wins, as Django's own finders have it.
                found.setdefault(PurePosixPath(name).as_posix(), Path(storage.path(name)))
        return found

    def files(self) -> dict[str, Path]:
        """Every static file of every app, by its plain name."""
        return self._paths

    def url(self, name: str | None) -> str:
        """The address of a file, with its digest.

        raises  ValueError where there is no such file
        """
        plain = name or ""
        if plain not in self._names:
            path = self._paths.get(plain)
            if path is None:
                raise ValueError(f"there is no static file {plain}")
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]
            whole = PurePosixPath(plain)
            self._names[plain] = str(whole.with_name(f"{whole.stem}.{digest}{whole.suffix}"))
        return super().url(self._names[plain])

    @staticmethod
    def has_digest(address: str) -> bool:
        """Whether an address is one that `url` gave."""
        return _NAMED.search(address) is not None
