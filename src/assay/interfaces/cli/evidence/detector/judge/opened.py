"""What the commands on a language model's judge open first: judge, pack, prompts, token, files. It asks nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.terminal import printable, sound_pack, wrong_use

if TYPE_CHECKING:
    from assay.detection.language_model.asking import Asker
    from assay.detection.language_model.judge import Judge
    from assay.detection.language_model.measured.accuracy import Accuracy
    from assay.detection.language_model.prompt import Prompt
    from assay.engine.language.pack.pack import Pack
    from assay.interfaces.records.reading import Reject
    from assay.interfaces.records.rejects import Rejects


@dataclass(frozen=True, slots=True)
class Opened:
    """A judge on a pack, ready to be asked; `given` is how it was named."""

    given: Path
    file: Path
    judge: Judge
    pack: Pack
    prompts: Mapping[str, Prompt]

    @property
    def accuracy_file(self) -> Path:
        """Where what was measured of it stands."""
        return self.file.parent / self.judge.accuracy


def open_judge(given: Path, pack: Path) -> Opened:
    """The judge in a file or folder, on a pack; ends with 2 where there is none, with 1 where it cannot be used."""
    from assay.detection.language_model.judge import judge_file, load_judge
    from assay.interfaces.judging.prompts import prompts_of

    file = judge_file(given)
    if not file.is_file():
        wrong_use(f"there is no judge `{file}`; a judge is a file such as `judge.toml`")
    judge = load_judge(file)
    if isinstance(judge, list):
        refused(file, judge)
    read = sound_pack(pack)
    prompts = prompts_of(judge, read)
    if isinstance(prompts, list):
        refused(file, prompts)
    return Opened(given, file, judge, read, prompts)


def refused(file: Path, faults: Iterable[Fault]) -> NoReturn:
    """Show what is wrong with a file, and end with 1."""
    for fault in faults:
        print(printable(f"{file}: {fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(1)


def measured_of(opened: Opened) -> Accuracy | None:
    """What was measured of the judge; ends with 1 where the file cannot be read."""
    from assay.detection.language_model.measured.written import load_accuracy

    accuracy = load_accuracy(opened.accuracy_file)
    if isinstance(accuracy, Fault):
        refused(opened.accuracy_file, [accuracy])
    return accuracy


@contextmanager
def asker_of(judge: Judge, cache: Path | None) -> Iterator[Asker]:
    """What asks, with the token from the surroundings; says where items go before any of them does."""
    from assay.detection.language_model.asking import Asker
    from assay.detection.language_model.endpoint import Endpoint
    from assay.detection.language_model.kept import KeptReplies, UnusableCache

    token = _token(judge)
    try:
        kept = KeptReplies(cache) if cache is not None else None
    except UnusableCache as unusable:
        wrong_use(str(unusable))
    where = "this machine" if judge.stays_here else f"`{judge.host}`"
    print(printable(f"what items hold is sent to {where}, for the model `{judge.model}`"), file=sys.stderr)
    endpoint = Endpoint(judge, token)
    try:
        yield Asker(judge, endpoint, kept)
    finally:
        endpoint.close()
        if kept is not None:
            kept.close()


def _token(judge: Judge) -> str | None:
    if judge.token_env is None:
        return None
    token = os.environ.get(judge.token_env, "")
    if not token:
        wrong_use(f"the variable `{judge.token_env}` is not set; it holds the token for `{judge.host}`")
    if not token.isascii() or not token.isprintable() or " " in token:
        wrong_use(f"what the variable `{judge.token_env}` holds is no token: a token is one word")
    return token


def check_files(given: str, written: Iterable[Path | None], folders: Iterable[Path | None]) -> None:
    """End with 2 where the input is not there, two files are one, or a folder is none."""
    if given != "-" and not Path(given).is_file():
        wrong_use(f"there is no file `{given}`; items come as JSON Lines, or `-` for standard input")
    for folder in folders:
        if folder is not None and not folder.is_dir():
            wrong_use(f"there is no folder `{folder}`")
    taken = [Path(given).resolve()] if given != "-" else []
    for path in written:
        if path is not None and path.resolve() in taken:
            wrong_use(f"`{path}` is read or written already; choose another name")
        taken += [path.resolve()] if path is not None else []


def show_reject(reject: Reject, given: str, refusals: Rejects, *, printed: bool) -> None:
    """Count a reject; the first few are shown where no file keeps them."""
    from assay.interfaces.records.rejects import SHOWN

    refusals.add(reject)
    if printed and len(refusals) <= SHOWN:
        fault, place = reject.faults[0], reject.place
        where = f"{'standard input' if given == '-' else given}:{place.number}"
        field = f"`{fault.field}`: " if fault.field and f"`{fault.field}`" not in fault.words else ""
        named = f" (id `{reject.id}`)" if reject.id is not None else ""
        print(printable(f"{where}: {fault.slug}: {field}{fault.words}{named}"), file=sys.stderr)
