"""Runs a model in the ONNX format over one picture, on one core and without foreign code. It trusts no answer of it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assay.detection.detectors.asking.preparing import prepared
from assay.detection.detectors.asking.structure import StrangeModel, check_model
from assay.detection.detectors.configured import Configured, Head, OnnxModel
from assay.detection.detectors.folder import UnusableDetectors, content_of
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FEATURES = 1_000_000
_KINDS = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}
_ONLY_FATAL = 4


@dataclass(frozen=True, slots=True)
class Session:
    """A loaded model, with its linear head where it has one.

    takes   the name and the kind of number of its input
    """

    how: OnnxModel
    runtime: Any
    takes: tuple[str, Any]
    gives: str
    weights: NDArray[np.float64] | None
    bias: float

    def score(self, picture: Image) -> float:
        """What the model says of a picture in RGB; raises ScanFailed where it fails, or says no number."""
        name, kind = self.takes
        values = prepared(picture, self.how.input).astype(kind)
        try:
            (answer,) = self.runtime.run([self.gives], {name: values})
        except Exception as error:
            # The runtime's own errors share no base below this one, and cost no other detector its score.
            raise ScanFailed("detector-failed", f"the model cannot be run: {_first_line(error)}") from error
        try:
            numbers = np.asarray(answer, dtype=np.float64).reshape(-1)
        except (ValueError, TypeError) as error:
            raise ScanFailed("strange-answer", "the model's answer is no array of numbers") from error
        return self._number(numbers)

    def _number(self, numbers: NDArray[np.float64]) -> float:
        output = self.how.output
        if not 0 < len(numbers) <= MOST_FEATURES or not np.isfinite(numbers).all():
            raise ScanFailed("strange-answer", "the model's answer holds something that is no number")
        if self.weights is not None and output.head is not None:
            value = self._behind(output.head, numbers)
        elif output.index >= len(numbers):
            words = f"the model gives {len(numbers)} numbers, and number {output.index} is to be the score"
            raise ScanFailed("strange-answer", words)
        elif output.activation == "softmax":
            risen = np.exp(numbers - numbers.max())
            return float(risen[output.index] / risen.sum())
        else:
            value = float(numbers[output.index])
        return _sigmoid(value) if output.activation == "sigmoid" else value

    def _behind(self, head: Head, numbers: NDArray[np.float64]) -> float:
        if self.weights is None or len(numbers) != len(self.weights):
            expected = 0 if self.weights is None else len(self.weights)
            words = f"the model gives {len(numbers)} numbers, and its head has {expected} weights"
            raise ScanFailed("strange-answer", words)
        if head.unit_length:
            numbers = numbers / max(float(np.linalg.norm(numbers)), 1e-12)
        return float(numbers @ self.weights) + self.bias


def load(detector: Configured, how: OnnxModel) -> Session:
    """The model, ready to run; raises UnusableDetectors where it is not what was pinned, or cannot be run safely."""
    import onnxruntime

    content = content_of(detector, how.source)
    try:
        check_model(content)
    except StrangeModel as strange:
        raise UnusableDetectors(f"{detector.name}: `{how.source.file}` is not run: {strange}") from strange
    options = onnxruntime.SessionOptions()
    # The pool's processes share the machine's cores between them already.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    levels = onnxruntime.GraphOptimizationLevel
    # The same scores on every version of the runtime: a calibration is worth nothing without that.
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if how.optimise == "all" else levels.ORT_ENABLE_BASIC
    options.log_severity_level = _ONLY_FATAL
    # The other format that the runtime reads by itself was not looked through.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    try:
        # From the very bytes that were checked, or the file could change in between.
        runtime = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The runtime's own errors share no base below this one; the caller tells them as the detector's.
        raise UnusableDetectors(f"{detector.name}: `{how.source.file}` cannot be run: {_first_line(error)}") from error
    takes, gives = _ends(detector, how, runtime)
    weights, bias = (None, 0.0) if how.output.head is None else _head(detector, how.output.head)
    return Session(how, runtime, takes, gives, weights, bias)


def _ends(detector: Configured, how: OnnxModel, runtime: Any) -> tuple[tuple[str, Any], str]:
    inputs = {each.name: each for each in runtime.get_inputs()}
    outputs = [each.name for each in runtime.get_outputs()]
    name = how.input.name or next(iter(inputs), "")
    gives = how.output.name or next(iter(outputs), "")
    for wanted, known in ((name, list(inputs)), (gives, outputs)):
        if wanted not in known:
            words = f"the model has no `{wanted[:60]}`; it has {', '.join(known[:10])}"
            raise UnusableDetectors(f"{detector.name}: {words}")
    kind = _KINDS.get(inputs[name].type)
    if kind is None or len(inputs) != 1:
        words = "the model takes something else than one array of floating-point numbers"
        raise UnusableDetectors(f"{detector.name}: {words}")
    return (name, kind), gives


def _head(detector: Configured, head: Head) -> tuple[NDArray[np.float64], float]:
    words = f"{detector.name}: `{head.source.file}` holds no list of numbers `{head.weights}` and number `{head.bias}`"
    try:
        raw = json.loads(content_of(detector, head.source))
        weights = np.asarray(raw[head.weights], dtype=np.float64)
        bias = float(raw.get(head.bias, 0.0))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, UnusableDetectors):
            raise
        raise UnusableDetectors(words) from error
    sound = weights.ndim == 1 and 0 < len(weights) <= MOST_FEATURES and np.isfinite(weights).all()
    if not sound or not math.isfinite(bias) or not weights.any():
        raise UnusableDetectors(words)
    return weights, bias


def _sigmoid(value: float) -> float:
    # In this form neither end overflows.
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
