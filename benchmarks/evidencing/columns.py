"""The columns of the comparison: which files each is about, and when an answer counts. It weighs no column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.evidencing.answer import Answer
from benchmarks.evidencing.runs import Run
from benchmarks.evidencing.sample import Labelled


@dataclass(frozen=True, slots=True)
class Column:
    """How many of the files that it is `about` are `counted`; `wanted` says whether many of them are good."""

    title: str
    wanted: bool
    about: Callable[[Labelled], bool]
    counted: Callable[[Labelled, Answer], bool]

    def of(self, run: Run, files: Sequence[Labelled]) -> tuple[int, int]:
        """Files that count, and files in all."""
        chosen = [file for file in files if self.about(file)]
        return sum(self.counted(file, run.answers.get(file.path, Answer())) for file in chosen), len(chosen)


def _says_ai(_: Labelled, answer: Answer) -> bool:
    return bool(answer.ai)


def _broken(_: Labelled, answer: Answer) -> bool:
    return answer.broken


def _of_ai(group: str) -> Callable[[Labelled], bool]:
    return lambda file: file.group == group and file.ai in ("yes", "partial")


def _innocent(file: Labelled) -> bool:
    # What was made by AI and lost every mark is no innocent file, though nobody can know.
    return file.ai == "no" and file.group != "stripped"


def _wanted(title: str, about: Callable[[Labelled], bool], counted: Callable[[Labelled, Answer], bool]) -> Column:
    return Column(title, wanted=True, about=about, counted=counted)


def _unwanted(title: str, about: Callable[[Labelled], bool], counted: Callable[[Labelled, Answer], bool]) -> Column:
    return Column(title, wanted=False, about=about, counted=counted)


COLUMNS = (
    _wanted("AI, signed, real", _of_ai("c2pa-real"), _says_ai),
    _wanted("AI, unsigned, real", _of_ai("real-generator"), _says_ai),
    _wanted("AI, made metadata", _of_ai("synthetic-meta"), _says_ai),
    _unwanted("false AI", _innocent, _says_ai),
    _wanted("part told apart", lambda file: file.ai == "partial", lambda _, answer: answer.ai == "partial"),
    _wanted("broken seen", lambda file: file.integrity == "broken", _broken),
    _unwanted("ok called broken", lambda file: file.integrity in ("ok", "unsigned", "none", "remote"), _broken),
    _unwanted("expired called broken", lambda file: file.integrity == "expired", _broken),
    _unwanted("attack believed", lambda file: file.group == "attack", lambda _, answer: answer.proved),
    _unwanted("stripped called human", lambda file: file.group == "stripped", lambda _, answer: answer.human),
    _unwanted("errors", lambda _: True, lambda _, answer: bool(answer.error)),
)
