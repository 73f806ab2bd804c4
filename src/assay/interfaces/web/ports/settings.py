"""What an operator may set of how policies are made and released. It opens nothing and reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """How policies are made in the workbench: what releases are signed with, where they go, what rehearsals read."""

    signing_key: Path | None = setting(
        "The file with the private key that signs bundles and releases, as `assay bundle keygen` makes one; "
        "without it nothing can be released from the workbench.",
        None,
    )
    key_passphrase: str = setting("The passphrase of that key, where it has one.", "", secret=True)
    channel: str = setting(
        "The channel into which the workbench releases: a folder or an http(s) address; empty is `bundles.source`.", ""
    )
    channel_token: str = setting("The bearer token shown to that address; empty is `bundles.token`.", "", secret=True)
    channel_name: str = setting("The name of a channel that begins with the workbench's first release.", "default")
    history: Path | None = setting(
        "The folder with past items on which a change is rehearsed, as `assay history import` makes one.", None
    )
    shadow_hours: float = setting("How long a change looks on before it may decide.", 72.0, unit="hours")
    review_months: int = setting("After how long somebody looks at a policy again.", 12, unit="months")
    work_seconds: float = setting(
        "How long one check, proof, comparison or rehearsal of a change may take.", 900.0, unit="seconds"
    )

    def faults(self) -> list[Fault]:
        """What is out of range."""
        faults = []
        if not self.shadow_hours >= 0:
            faults.append(Fault("out-of-range", "`shadow_hours` is 0 or more", "shadow_hours"))
        if not 1 <= self.review_months <= 120:
            faults.append(Fault("out-of-range", "`review_months` is from 1 to 120", "review_months"))
        if not self.work_seconds > 0:
            faults.append(Fault("out-of-range", "`work_seconds` must be more than 0", "work_seconds"))
        return faults
