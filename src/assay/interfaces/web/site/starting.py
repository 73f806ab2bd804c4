"""Starts Django in this process, with the settings that the program read. It makes no table and serves nothing."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.reading import Settings
from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.databases import NoSuchDatabase, database_of
from assay.interfaces.web.site.given import give
from assay.interfaces.web.site.keys import UnusableKey, read_or_make_key

# Their lines repeat addresses and hosts as they were sent; ours say what was answered, and of a fault its place.
_TELLING = ("django.request", "django.security")
MODULE = "assay.interfaces.web.site.settings"


def start_django(settings: Settings, *, address: str = "", hosts: tuple[str, ...] = ()) -> list[Fault]:
    """Load Django and every room; or all that keeps them from being loaded.

    address  where this process listens, such as `http://127.0.0.1:8600`
    hosts    other names by which it may be called, where no public address is set
    """
    workbench = settings.of(WorkbenchSettings)
    faults = []
    try:
        database_of(workbench.database_url)
    except NoSuchDatabase as refused:
        faults.append(Fault("no-database", str(refused), "workbench.database"))
    try:
        read_or_make_key(workbench.key_file)
    except UnusableKey as refused:
        faults.append(Fault("unusable-key", str(refused), "workbench.key_file"))
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        words = f"the key cannot be kept in `{workbench.key_file}`: {why}"
        faults.append(Fault("unusable-key", words, "workbench.key_file"))
    if faults:
        return faults
    give(settings, address=address, hosts=hosts)
    os.environ["DJANGO_SETTINGS_MODULE"] = MODULE
    import django

    django.setup()
    for name in _TELLING:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return []


def wsgi_application() -> Callable[..., Any]:
    """The site as a WSGI application, with every address looked up once, so that no first reader waits for it."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    application: Callable[..., Any] = WSGIHandler()
    _ = get_resolver().url_patterns
    return application
