"""What was measured of a judge, as the file that is kept beside it. What it says is counted again when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assay.detection.language_model.measured.accuracy import Accuracy, Confusion, Flips, Tally
from assay.engine.kernel.errors import Fault

LAYOUT = 1
LARGEST_FILE = 8 * 1024 * 1024
_MOST_TALLIES = 10_000
_LONGEST = 500


class _Strange(Exception):
    """The file has not its form; the text names the place."""


def accuracy_text(accuracy: Accuracy) -> str:
    """The file's text; reading it gives the same again."""
    written = {
        "layout": LAYOUT,
        "judge": accuracy.judge,
        "model": accuracy.model,
        "pack": accuracy.pack,
        "measured_on": accuracy.measured_on,
        "questions": [_tally_mapping(each) for each in accuracy.tallies],
    }
    return json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _tally_mapping(tally: Tally) -> dict[str, object]:
    flips = {"flipped": tally.flipped, "obeyed": tally.obeyed, "repeated": tally.repeated}
    return {
        "signal": tally.signal,
        "language": tally.language,
        "prompt": tally.prompt,
        "served": list(tally.served),
        "plain": tally.plain,
        "planted": tally.planted,
        **{name: {"flipped": each.flipped, "trials": each.trials} for name, each in flips.items()},
    }


def load_accuracy(path: Path) -> Accuracy | Fault | None:
    """What was measured; None where there is no such file."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Fault("unreadable-file", f"`{path}` cannot be opened: {(error.strerror or 'no reason given').lower()}")
    if len(content) > LARGEST_FILE:
        return Fault("file-too-large", f"`{path}` is larger than {LARGEST_FILE >> 20} MiB, and no measure is")
    try:
        return _accuracy(json.loads(content))
    except (ValueError, RecursionError):
        return Fault("broken-json", f"`{path}` is no JSON; measure again")
    except _Strange as strange:
        return Fault("malformed-accuracy", f"`{path}` has not its form at {strange}; measure again")


def _accuracy(given: object) -> Accuracy:
    whole = _mapping(given, "the top")
    if whole.get("layout") != LAYOUT:
        raise _Strange("`layout`")
    questions = whole.get("questions")
    if not isinstance(questions, Sequence) or isinstance(questions, str) or len(questions) > _MOST_TALLIES:
        raise _Strange("`questions`")
    tallies = tuple(_tally(each) for each in questions)
    if len({(each.signal, each.language) for each in tallies}) < len(tallies):
        raise _Strange("`questions`, of which one comes twice")
    names = ("judge", "model", "pack", "measured_on")
    judge, model, pack, measured_on = (_text(whole, name) for name in names)
    return Accuracy(judge, model, pack, measured_on, tallies)


def _tally(given: object) -> Tally:
    one = _mapping(given, "`questions`")
    served = one.get("served")
    if not isinstance(served, Sequence) or isinstance(served, str) or not all(isinstance(each, str) for each in served):
        raise _Strange("`served`")
    return Tally(
        _text(one, "signal"),
        _text(one, "language"),
        _text(one, "prompt"),
        tuple(served),
        _confusion(one, "plain"),
        _confusion(one, "planted"),
        _flips(one, "flipped"),
        _flips(one, "obeyed"),
        _flips(one, "repeated"),
    )


def _confusion(one: Mapping[str, object], name: str) -> Confusion:
    rows = _mapping(one.get(name), f"`{name}`")
    found: dict[str, dict[str, int]] = {}
    for truth, row in rows.items():
        counts = _mapping(row, f"`{name}`")
        found[str(truth)] = {str(answer): _count(number, name) for answer, number in counts.items()}
    return found


def _flips(one: Mapping[str, object], name: str) -> Flips:
    pair = _mapping(one.get(name), f"`{name}`")
    found = Flips(_count(pair.get("flipped"), name), _count(pair.get("trials"), name))
    if found.flipped > found.trials:
        raise _Strange(f"`{name}`")
    return found


def _mapping(given: object, place: str) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise _Strange(place)
    return given


def _text(one: Mapping[str, object], name: str) -> str:
    given = one.get(name)
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise _Strange(f"`{name}`")
    return given


def _count(given: object, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 10**12:
        raise _Strange(f"`{name}`")
    return given
