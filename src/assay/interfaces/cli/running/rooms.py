"""The rooms that have settings, by the command that uses them. It reads nothing."""

from __future__ import annotations

from assay.interfaces.settings.listing import Room


def service_rooms() -> tuple[Room, ...]:
    """The tables of the decision service."""
    from assay.interfaces.deciding.counting.settings import TelemetrySettings
    from assay.interfaces.deciding.live.settings import BundleSettings
    from assay.interfaces.deciding.rails.settings import RailSettings
    from assay.interfaces.service.guard.settings import GuardSettings
    from assay.interfaces.service.scanned.settings import ScanSettings
    from assay.interfaces.service.settings import ServiceSettings
    from assay.interfaces.stores.settings import StoreSettings
    from assay.interfaces.web.ports.settings import PolicySettings
    from assay.interfaces.web.settings import WorkbenchSettings

    return (
        Room("service", ServiceSettings),
        Room("guard", GuardSettings),
        Room("bundles", BundleSettings),
        Room("store", StoreSettings),
        Room("rails", RailSettings),
        Room("scan", ScanSettings),
        Room("telemetry", TelemetrySettings),
        Room("workbench", WorkbenchSettings),
        Room("policies", PolicySettings),
    )


def workbench_rooms() -> tuple[Room, ...]:
    """The tables that commands on the workbench read."""
    from assay.interfaces.deciding.live.settings import BundleSettings
    from assay.interfaces.service.settings import ServiceSettings
    from assay.interfaces.stores.settings import StoreSettings
    from assay.interfaces.web.ports.settings import PolicySettings
    from assay.interfaces.web.settings import WorkbenchSettings

    return (
        Room("workbench", WorkbenchSettings),
        Room("policies", PolicySettings),
        Room("service", ServiceSettings),
        Room("bundles", BundleSettings),
        Room("store", StoreSettings),
    )


def consumer_rooms() -> tuple[Room, ...]:
    """The tables of a stream's consumer."""
    from assay.interfaces.deciding.counting.settings import TelemetrySettings
    from assay.interfaces.deciding.live.settings import BundleSettings
    from assay.interfaces.deciding.rails.settings import RailSettings
    from assay.interfaces.stores.settings import StoreSettings
    from assay.interfaces.stream.settings import StreamSettings

    return (
        Room("stream", StreamSettings),
        Room("bundles", BundleSettings),
        Room("store", StoreSettings),
        Room("rails", RailSettings),
        Room("telemetry", TelemetrySettings),
    )


def all_rooms() -> tuple[Room, ...]:
    """Every table that a settings file may have, each once."""
    service = service_rooms()
    known = {room.table for room in service}
    return (*service, *(room for room in consumer_rooms() if room.table not in known))
