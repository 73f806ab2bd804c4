"""Assay's own scanners, as a process of its pool runs them on one file."""

from __future__ import annotations

from pathlib import Path

from assay.detection.judgement import Judgement
from benchmarks.evidencing.answer import Answer, Tool

# What a file says of itself and what is signed: the question that the other tools answer as well.
ALIKE = ("c2pa", "declared", "metadata")


def build(trust: Path | None) -> Tool:
    """Digest, container, scanners and judgement, in this process, which is what the pool's processes do."""
    from importlib.metadata import version

    from assay.detection.judgement import judge
    from assay.detection.result import ScanResult
    from assay.detection.scanner import Settings
    from assay.detection.worker import Duty, begin, scan_one

    begin(Duty(ALIKE, Settings(trust), megabytes=2048))

    def ask(path: str) -> object:
        result = scan_one(Path(path))
        return result, judge(result.evidence)

    def read(given: object) -> Answer:
        assert isinstance(given, tuple)
        result, judged = given
        assert isinstance(result, ScanResult)
        error = next((fault.slug for fault in result.faults if fault.slug in _FAILED), "")
        return _read(judged, error)

    return Tool(f"assay {version('assay')}", f"digest, {', '.join(ALIKE)}", ask, read)


def build_credentials(trust: Path | None) -> Tool:
    """The C2PA scanner alone and no digest of the file, which is what the others that know only C2PA are asked."""
    from importlib.metadata import version

    from assay.detection.container import sniff
    from assay.detection.judgement import judge
    from assay.detection.media import Media
    from assay.detection.registry import load_scanner
    from assay.detection.scanner import ScanFailed, Settings

    scanner = load_scanner("c2pa", Settings(trust))

    def ask(path: str) -> object:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            container = sniff(stream, size)
        try:
            return judge(scanner.scan(Media(path, size, "", container, path=Path(path))))
        except ScanFailed as failed:
            return judge(failed.evidence)

    return Tool(f"assay {version('assay')}", "credentials only", ask, _read)


def _read(given: object, error: str = "") -> Answer:
    assert isinstance(given, Judgement)
    certain = given.synthetic_status in ("confirmed", "declared")
    extents = {"generated": "yes", "altered": "partial", "assisted": "partial", "none": ""}
    return Answer(
        ai=extents.get(given.ai_extent or "", "yes") if certain else "",
        human=given.ai_extent == "none",
        broken=given.integrity.value == "broken",
        proved=given.synthetic_status == "confirmed",
        error=error,
    )


# A malformed file is an answer; a scanner that fell over is none.
_FAILED = frozenset({"scanner-failed", "scanner-crashed", "scanner-timed-out", "out-of-memory", "scanner-unavailable"})
