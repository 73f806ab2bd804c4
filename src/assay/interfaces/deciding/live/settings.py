"""What an operator sets of the bundles in use. It opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting


@dataclass(frozen=True, slots=True)
class BundleSettings:
    """Where bundles come from, who must have signed them, and what is tried before one decides."""

    source: str = setting(
        "Where bundles come from: a channel's folder or its http(s) address, a bundle's file, or a pack's folder.", ""
    )
    allow_unsigned: bool = setting("Whether what nobody signed may decide, for development.", default=False)
    keys: Path | None = setting("The folder of public keys that are trusted, with the list `revoked`.", None)
    signatures: int = setting("How many different trusted keys must have signed a bundle.", 1)
    channel: str = setting("The name that the channel's releases must carry; empty takes any.", "")
    state: Path | None = setting("The folder for the last good bundles and the newest release seen.", None)
    poll: float = setting("How long to wait between two looks at the source.", 10.0, unit="seconds")
    jitter: float = setting("By how much of itself a wait may be longer or shorter, so that services spread.", 0.2)
    fetch_timeout: float = setting("How long one file may take to come from an address.", 20.0, unit="seconds")
    token: str = setting("The bearer token shown to the channel's address.", "", secret=True)
    prove: Literal["signed", "always", "never"] = setting(
        "What is asked of a bundle's proof: `signed` that its signers saw it hold, `always` that it holds again here.",
        "signed",
    )
    prove_timeout: float = setting("How long a proof made here may take.", 300.0, unit="seconds")
    trial_timeout: float = setting("How long a bundle may take to be read, checked and tried.", 120.0, unit="seconds")
    trial_memory: int = setting("How much memory a trial may use.", 2_147_483_648, unit="bytes")

    def faults(self) -> list[Fault]:
        """What makes no sense, or does not go together."""
        above = {
            "signatures": self.signatures,
            "poll": self.poll,
            "fetch_timeout": self.fetch_timeout,
            "prove_timeout": self.prove_timeout,
            "trial_timeout": self.trial_timeout,
        }
        found = [Fault("out-of-range", f"`{name}` is above 0", name) for name, value in above.items() if not value > 0]
        if not 0 <= self.jitter <= 1:
            found.append(Fault("out-of-range", "`jitter` is a share from 0 to 1", "jitter"))
        if self.trial_memory < 256 * 1024 * 1024:
            found.append(Fault("out-of-range", "`trial_memory` is 268435456 bytes or more", "trial_memory"))
        if not self.source:
            words = "say what decides: `--pack FOLDER` to try a pack, or `--bundles` and `--keys` for signed bundles"
            found.append(Fault("no-source", words, "source"))
        elif self.keys is None and not self.allow_unsigned:
            words = "name the folder of trusted keys, or allow unsigned bundles for development"
            found.append(Fault("no-keys", words, "keys"))
        return found
