"""The scores of a run as a Parquet file, which calibration and anybody's own analysis read. It measures nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from assay.detection.measuring.scoring import Scores

TABLE = "scores.parquet"


def write_scores(scores: Scores, path: Path) -> None:
    """One row a labelled file, also of those without a score; the same run always gives the same bytes.

    raises  OSError where the folder cannot be written
    """
    import pyarrow as pa
    from pyarrow import parquet

    rows = scores.scored
    table = pa.table(
        {
            "item": pa.array([each.sha256 for each in rows], pa.string()),
            "file": pa.array([each.item.path.name for each in rows], pa.string()),
            "label": pa.array([int(each.item.is_ai) for each in rows], pa.int8()),
            "group": pa.array([each.item.group or each.sha256 for each in rows], pa.string()),
            "family": pa.array([each.item.family for each in rows], pa.string()),
            "corruption": pa.array([each.item.corruption for each in rows], pa.string()),
            "bucket": pa.array([each.bucket for each in rows], pa.string()),
            "weight": pa.array([each.item.weight for each in rows], pa.float64()),
            "score": pa.array([each.score for each in rows], pa.float64()),
            "fault": pa.array([each.fault for each in rows], pa.string()),
        }
    )
    metadata = {
        "assay.detector": scores.detector.name,
        "assay.detector_digest": scores.detector.digest,
        "assay.data_digest": scores.data_digest,
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        parquet.write_table(table.replace_schema_metadata(metadata), name, compression="zstd")
        Path(name).chmod(0o644)
        # A reader finds the old file or the new one, whole.
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
