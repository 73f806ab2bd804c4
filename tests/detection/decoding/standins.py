"""Stand-ins for the packages of other makers, of the same interface. They hold no model and do as they are told."""

from __future__ import annotations

import io
import sys
import wave
from collections.abc import Callable
from contextlib import nullcontext
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assay.detection.media import Media

Answer = Callable[[], object]


def module(patch: pytest.MonkeyPatch, name: str, **members: object) -> ModuleType:
    """A module of that name that holds the members, for as long as the test lasts."""
    made = ModuleType(name)
    made.__spec__ = ModuleSpec(name, None)
    for key, value in members.items():
        setattr(made, key, value)
    patch.setitem(sys.modules, name, made)
    return made


def torch(patch: pytest.MonkeyPatch) -> None:
    """As much of torch as the adapters touch."""

    def load(path: Path, *, map_location: str, weights_only: bool) -> object:
        return path.name, map_location, weights_only

    serialization = module(patch, "torch.serialization", safe_globals=nullcontext)
    members = {"no_grad": nullcontext, "from_numpy": lambda array: array, "load": load, "serialization": serialization}
    module(patch, "torch", **members)


def audioseal(patch: pytest.MonkeyPatch, answer: Answer) -> list[tuple[object, ...]]:
    """`AudioSeal.load_detector(card, nbits=16)`, which loads what `load_model_checkpoint` gives, and its model."""
    calls: list[tuple[object, ...]] = []

    class Detector:
        def eval(self) -> Detector:
            return self

        def detect_watermark(self, samples: NDArray[np.float32]) -> object:
            calls.append(("detect", samples.shape, samples.dtype))
            return answer()

    class AudioSeal:
        @staticmethod
        def load_detector(card: str, *, nbits: int) -> Detector:
            checkpoint = loader.load_model_checkpoint("an address that nobody may ask")
            calls.append(("load", card, nbits, checkpoint))
            return Detector()

    torch(patch)
    for name in ("omegaconf", "omegaconf.base", "omegaconf.nodes"):
        module(patch, name, DictConfig=dict, ListConfig=list, ContainerMetadata=int, Metadata=int, AnyNode=int)
    sys.modules["omegaconf"].base = sys.modules["omegaconf.base"]  # type: ignore[attr-defined]
    sys.modules["omegaconf"].nodes = sys.modules["omegaconf.nodes"]  # type: ignore[attr-defined]
    loader = module(patch, "audioseal.loader", AudioSeal=AudioSeal)
    module(patch, "audioseal", loader=loader)
    return calls


def perth(patch: pytest.MonkeyPatch, answer: Answer) -> list[tuple[object, ...]]:
    """`PerthImplicitWatermarker(device=...).get_watermark(samples, sample_rate=..., round=False)`."""
    calls: list[tuple[object, ...]] = []

    class PerthImplicitWatermarker:
        def __init__(self, *, device: str) -> None:
            calls.append(("load", device))

        def get_watermark(self, samples: NDArray[np.float32], *, sample_rate: int, round: bool) -> object:  # noqa: A002
            calls.append(("detect", samples.dtype, sample_rate, round))
            return answer()

    torch(patch)
    for name in ("librosa", "torchaudio", "perth", "perth.perth_net", "perth.perth_net.perth_net_implicit"):
        module(patch, name)
    place = "perth.perth_net.perth_net_implicit.perth_watermarker"
    module(patch, place, PerthImplicitWatermarker=PerthImplicitWatermarker)
    return calls


def trustmark(patch: pytest.MonkeyPatch, answer: Answer) -> list[tuple[object, ...]]:
    """`TrustMark(...)`, which loads decoder and encoder from its own folder and fetches what it misses."""
    calls: list[tuple[object, ...]] = []

    class TrustMark:
        def __init__(self, *, verbose: bool, device: str, model_type: str, loadRemover: bool) -> None:  # noqa: N803
            self.decoder = self.load_model(f"models/trustmark_{model_type}.yaml", f"models/decoder_{model_type}.ckpt",
                                           device, 100, part="decoder")  # fmt: skip
            self.encoder = self.load_model(f"models/trustmark_{model_type}.yaml", f"models/encoder_{model_type}.ckpt",
                                           device, 100, part="encoder")  # fmt: skip

        def check_and_download(self, filename: str) -> None:
            raise AssertionError("the package would fetch something")

        def load_model(self, config_path: str, weight_path: str, device: str, secret_len: int, part: str) -> Any:
            self.check_and_download(config_path)
            self.check_and_download(weight_path)
            calls.append(("load", Path(config_path).read_text(encoding="utf-8"), Path(weight_path).name, part))
            return object()

        def decode(self, picture: Any, *, MODE: str) -> object:  # noqa: N803
            calls.append(("decode", picture.mode, picture.size, MODE))
            return answer()

    torch(patch)
    module(patch, "trustmark", TrustMark=TrustMark)
    return calls


def speech(seconds: float = 2.0, rate: int = 16_000) -> Media:
    """A tone, as a WAV file."""
    times = np.arange(int(seconds * rate)) / rate
    samples = (np.sin(times * 2 * np.pi * 220) * 8000).astype("<i2")
    stream = io.BytesIO()
    with wave.open(stream, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(samples.tobytes())
    return Media.from_bytes(stream.getvalue(), name="speech.wav")
