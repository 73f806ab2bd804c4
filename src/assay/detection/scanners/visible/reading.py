"""Where text stands in a picture and what a line of it says, by RapidOCR's own models. It never downloads one."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.detection.scanners.visible.layout import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Found at this size, a label of two hundredths of the picture's side is twenty pixels high, which is enough.
LONGEST_SIDE = 1024
FINDS, READS = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
# Around a line, in shares of its height: the reader was trained on lines with some air.
_AIR = 0.15


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says and how sure the reader is, in [0, 1]."""

    text: str
    confidence: float


def models() -> Path | None:
    """The folder of models inside the installed package, or None where the package is not installed."""
    found = find_spec("rapidocr") if find_spec("onnxruntime") else None
    return Path(found.origin).parent / "models" if found and found.origin else None


@dataclass(frozen=True, slots=True)
class Reader:
    """RapidOCR, loaded when the first picture comes; further readers for scripts that its own model does not know."""

    folder: Path
    further: tuple[Path, ...] = ()
    _engines: list[Any] = field(default_factory=list, compare=False)

    def boxes(self, picture: NDArray[np.uint8]) -> list[Box]:
        """The pieces of text in a picture."""
        found = self._loaded()[0](picture[:, :, ::-1], use_det=True, use_cls=False, use_rec=False)
        quads = [] if found is None or found.boxes is None else found.boxes
        return [_upright(quad) for quad in quads]

    def read(self, picture: NDArray[np.uint8], line: Box) -> list[Line]:
        """What each reader makes of a line; the package's own first."""
        air = _AIR * line.height
        top, left = max(0, int(line.top - air)), max(0, int(line.left - air))
        piece = picture[top : int(line.bottom + air) + 1, left : int(line.right + air) + 1, ::-1]
        said = []
        for engine in self._loaded():
            found = engine(piece, use_det=False, use_cls=False, use_rec=True)
            if found is not None and found.txts:
                said.append(Line(str(found.txts[0]), float(found.scores[0])))
        return said

    def _loaded(self) -> list[Any]:
        if not self._engines:
            from rapidocr import RapidOCR

            with warnings.catch_warnings():
                # What its dependencies have to say about each other is no business of whoever scans.
                warnings.simplefilter("ignore")
                readers = (self.folder / READS, *self.further)
                self._engines.extend(RapidOCR(params=_parameters(self.folder / FINDS, each)) for each in readers)
        return self._engines


def _upright(quad: Sequence[Sequence[float]]) -> Box:
    across, down = [float(point[0]) for point in quad], [float(point[1]) for point in quad]
    return Box(min(across), min(down), max(across), max(down))


def _parameters(finds: Path, reads: Path) -> dict[str, object]:
    # A model that is named by its path is loaded from there, and the code that could fetch one is never reached.
    return {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.max_side_len": LONGEST_SIDE,
        "Det.limit_type": "max",
        "Det.limit_side_len": LONGEST_SIDE,
        "Det.model_path": str(finds),
        "Rec.model_path": str(reads),
        # The pool's processes share the machine's cores between them already.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
