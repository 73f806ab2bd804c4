"""Mails into a folder, one file each, where no server is named. A mail that comes again takes its own place."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NO_NAME = re.compile(r"[^A-Za-z0-9.@-]")


class FolderBackend(BaseEmailBackend):
    """Writes `<Message-ID>.eml`, whole or not at all, readable for the service alone: links in it work."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each; raises OSError where the folder refuses."""
        folder = Path(str(getattr(settings, "EMAIL_FILE_PATH", None) or "mail"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            name = _NO_NAME.sub("", str(content["Message-ID"]).strip("<>"))[:120].strip(".") or "mail"
            _write(folder / f"{name}.eml", content.as_bytes())
        return len(email_messages)


def _write(path: Path, content: bytes) -> None:
    number, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    placed = False
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(aside).replace(path)
        placed = True
    finally:
        if not placed:
            Path(aside).unlink(missing_ok=True)
