"""Fills the ports of governance when the site starts, from the settings it was given. It asks nobody."""

from __future__ import annotations

from assay.governance.policies.ports import Looked, Terms, install
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.shadow import counted_here
from assay.interfaces.web.ports.channel import HouseChannel
from assay.interfaces.web.ports.in_force import texts_in_force
from assay.interfaces.web.ports.settings import PolicySettings
from assay.interfaces.web.ports.workshop.bench import Bench
from assay.interfaces.web.site.given import told

_MOST_DIFFERENCES = 20


def install_ports() -> None:
    """Called once when Django is ready; what is looked at is looked at anew with every call of a port."""
    policies = told(PolicySettings)
    install(
        channel=HouseChannel(policies, told(BundleSettings)),
        workshop=Bench(policies.history, seconds=policies.work_seconds),
        in_force=texts_in_force,
        terms=_terms,
        looked=_looked,
    )


def _terms() -> Terms:
    policies = told(PolicySettings)
    return Terms(policies.shadow_hours, policies.review_months)


def _looked() -> Looked | None:
    """What the service in this process counted; None where it runs elsewhere, or nothing looked on yet."""
    counts = counted_here()
    if counts is None or counts.bundle is None:
        return None
    differences = tuple(
        (one.kind, one.name, one.market, one.before, one.after, one.items)
        for one in counts.differences[:_MOST_DIFFERENCES]
    )
    return Looked(counts.bundle, counts.items, counts.differing, sum(counts.failures.values()), differences)
