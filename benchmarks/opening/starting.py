"""Loads Django with the settings of one workbench. It fills nothing."""

from __future__ import annotations

import logging
from pathlib import Path


def start(file: Path) -> None:
    """Load Django with the settings of a workbench."""
    import structlog

    from assay.interfaces.cli.running.rooms import service_rooms
    from assay.interfaces.settings.reading import read_settings
    from assay.interfaces.web.site.starting import start_django

    settings = read_settings(service_rooms(), file, {})
    if isinstance(settings, list):
        raise TypeError(settings[0].words)
    # What a service logs of each request goes to its standard output; here it would hide the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    faults = start_django(settings)
    if faults:
        raise TypeError(faults[0].words)
