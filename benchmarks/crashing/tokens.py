"""The token by which a load gets in. It stands in the service's own folder, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from assay.interfaces.service.guard.book import make_token


def token_in(folder: Path) -> str:
    """Make a token in a service's folder."""
    made = make_token(folder / "tokens.json", "load", ("decide", "read", "operate", "scan"))
    if isinstance(made, list):
        raise RuntimeError(made[0].words)  # noqa: TRY004 (a fault of the machine, not of a call)
    return made.credential
