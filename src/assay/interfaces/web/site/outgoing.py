"""How mails leave, as Django's settings. It sends none."""

from __future__ import annotations

from typing import Any

from assay.interfaces.web.settings import MailSettings


def mail_settings(mail: MailSettings) -> dict[str, Any]:
    """Django's settings for a server, or for a folder where none is named."""
    shared: dict[str, Any] = {
        "DEFAULT_FROM_EMAIL": mail.sender,
        "SERVER_EMAIL": mail.sender,
        "EMAIL_SUBJECT_PREFIX": "",
        "EMAIL_TIMEOUT": mail.timeout,
        "EMAIL_USE_LOCALTIME": False,
    }
    if not mail.server:
        backend = "assay.governance.people.notices.mail.folder.FolderBackend"
        return {**shared, "EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(mail.folder)}
    return {
        **shared,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": mail.server,
        "EMAIL_PORT": mail.port,
        "EMAIL_HOST_USER": mail.user,
        "EMAIL_HOST_PASSWORD": mail.password,
        "EMAIL_USE_TLS": mail.security == "starttls",
        "EMAIL_USE_SSL": mail.security == "tls",
    }
