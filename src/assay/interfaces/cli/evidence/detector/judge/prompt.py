"""`assay detector prompt`: what a language model's judge is told, word for word. It sends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.interfaces.cli.evidence.detector.judge.opened import open_judge
from assay.interfaces.cli.terminal import print_title, wrong_use


def prompt(
    judge: Annotated[Path, typer.Argument(help="The judge: a folder with a `judge.toml`, or the file.")],
    pack: Annotated[Path, typer.Option(help="The pack's folder.")],
    signal: Annotated[str | None, typer.Option(help="Only this signal's prompt.")] = None,
) -> None:
    """Print what a judge is told of a pack's questions. A digest pins each prompt."""
    opened = open_judge(judge, pack)
    if signal is not None and signal not in opened.prompts:
        wrong_use(f"the judge may not be asked `{signal}`: it may be asked {', '.join(sorted(opened.prompts))}")
    for name in sorted(opened.prompts) if signal is None else [signal]:
        found = opened.prompts[name]
        print_title(name)
        print(f"{found.digest}\n\n{found.system}\n")
