"""Static files, from where they stand in the source, under addresses with their digest. It serves nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from assay.interfaces.web.site.static_names import DigestNames


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, told of every file once at the start: by its plain name, and by the name with its digest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase], **options: Any) -> None:
        super().__init__(get_response, **options)
        self.allow_all_origins = False
        names = staticfiles_storage
        if not isinstance(names, DigestNames):
            raise TypeError("static files are named by their digest")
        for name, path in sorted(names.files().items()):
            for address in {self.static_prefix + name, names.url(name)}:
                self.add_file_to_dictionary(address, str(path))

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether an address has the digest in it, so that what it gives never changes."""
        return DigestNames.has_digest(url)
