"""What an operator sets for scans by the service. It opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How files are scanned that come to `/v1/scan`."""

    workers: int = setting("How many processes scan; 0 answers no scan at all.", 2, unit="processes")
    waiting: int = setting("How many files may wait for a process; what comes then is told to come again.", 16)
    seconds: float = setting("How long one scanner may take over one file.", 20.0, unit="seconds")
    megabytes: int = setting("How much memory one process may address.", 2_048, unit="megabytes")
    media: Path | None = setting(
        "Folder below which `reference` names a file; without it only the bytes of a file are scanned.", None
    )
    trust: Path | None = setting("Folder of trust lists; without it no signer counts as trusted.", None)
    weights: Path | None = setting("Folder of weights and keys for scanners that need some.", None)
    banks: Path | None = setting("Folder of banks of known items; without it nothing is known as a copy.", None)
    detectors: Path | None = setting("Folder of configured detectors; without it none is asked.", None)
    folder: Path | None = setting(
        "Folder in which a private one is made for the files being scanned; the system's own for such where empty.",
        None,
    )

    def faults(self) -> list[Fault]:
        """What is out of range, and which folders are not there."""
        found = []
        if self.workers < 0 or self.waiting < 0:
            found.append(Fault("out-of-range", "`workers` and `waiting` are 0 or more", "workers"))
        if self.seconds <= 0:
            found.append(Fault("out-of-range", "`seconds` is more than 0", "seconds"))
        if self.megabytes < 256:
            found.append(Fault("out-of-range", "`megabytes` is at least 256", "megabytes"))
        for name in ("media", "trust", "weights", "banks", "detectors", "folder"):
            folder = getattr(self, name)
            if folder is not None and not folder.is_dir():
                found.append(Fault("no-folder", f"there is no folder `{folder}`", name))
        return found
