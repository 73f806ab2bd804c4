"""Words of addresses as what they name. An address with another word leads nowhere."""

from __future__ import annotations

from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.work import Work


class WorkConverter:
    """One kind of work."""

    regex = "|".join(Work)

    def to_python(self, value: str) -> Work:
        """From the address."""
        return Work(value)

    def to_url(self, value: str) -> str:
        """Into an address."""
        return Work(value).value


class AboutConverter:
    """One assessment."""

    regex = "|".join(About)

    def to_python(self, value: str) -> About:
        """From the address."""
        return About(value)

    def to_url(self, value: str) -> str:
        """Into an address."""
        return About(value).value
