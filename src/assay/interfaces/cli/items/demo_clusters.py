"""The part of `assay demo` that groups near-duplicates among its media and writes the page about them."""

from __future__ import annotations

from pathlib import Path

from assay.interfaces.cli.terminal import Waiting, counted

CLUSTERS = "clusters.html"
_SHOWN = 20


def show_clusters(folder: Path) -> str:
    """Group the demonstration's media, write the page, and say in words what was found."""
    from assay.detection.copies.clusters.circumstances import read_circumstances
    from assay.detection.copies.clusters.closeness import Closeness
    from assay.detection.copies.clusters.items import of_media
    from assay.detection.copies.kinds import HashKind
    from assay.detection.run import media_paths
    from assay.interfaces.copying.page.clusters_page import render_clusters
    from assay.interfaces.copying.report import report_of
    from assay.interfaces.demo.known import UPLOADS

    media = folder / "media"
    paths = list(media_paths(media))
    with Waiting("comparing", len(paths)) as waiting:
        gathered = of_media(media, paths, HashKind.PDQ, workers=2, progress=waiting.reached)
    with (folder / UPLOADS).open("rb") as stream:
        known = read_circumstances(stream)
    report = report_of("the demonstration", gathered, Closeness(HashKind.PDQ, 31.0), known)
    (folder / CLUSTERS).write_text(render_clusters(report, limit=_SHOWN, pictures={}), encoding="utf-8")
    grouped = sum(len(each.members) for each in report.clusters)
    return f"{counted(len(report.clusters), 'group')} of near-duplicates with {grouped} files"
