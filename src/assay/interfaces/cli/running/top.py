"""`assay top`: what a running service decides, how fast, and what is wrong, as it happens. It changes nothing there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.running.watching.address import ADDRESS, Unanswered
from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from assay.interfaces.cli.running.watching.figures import Frame, Reading


def top(
    url: Annotated[str, typer.Argument(help="The service's address.")] = ADDRESS,
    every: Annotated[float, typer.Option("--every", help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Show one frame and end.")] = False,
    in_json: Annotated[bool, typer.Option("--json", help="Print one frame as a JSON object and end.")] = False,
) -> None:
    """Show what a running service decides, as it happens. Set ASSAY_TOKEN to a token with the scope `read`."""
    if not 0.1 <= every <= 3600:
        wrong_use("`--every` is from 0.1 seconds to an hour")
    frames = _frames(url, every)
    try:
        if in_json:
            _print_json(next(frames))
        elif once:
            _console().print(_shown(next(frames), url))
        else:
            _live(frames, url)
    except Unanswered as error:
        typer.echo(f"assay: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        # This is how one leaves it.
        raise typer.Exit(0) from None


def _frames(url: str, every: float) -> Iterator[Frame]:
    from assay.interfaces.cli.running.watching.asking import ask, open_connection
    from assay.interfaces.cli.running.watching.figures import frame_of

    with open_connection(url) as client:
        before, began = _read(ask(client, "GET", "/metrics").text), time.monotonic()
        while True:
            time.sleep(every)
            after, now = _read(ask(client, "GET", "/metrics").text), time.monotonic()
            yield frame_of(before, after, now - began)
            before, began = after, now


def _read(text: str) -> Reading:
    from assay.interfaces.cli.running.watching.figures import read_metrics

    try:
        return read_metrics(text)
    except (ValueError, KeyError, IndexError) as error:
        raise Unanswered(f"this is no service's answer: {printable(str(error))[:200]}") from None


def _live(frames: Iterator[Frame], url: str) -> None:
    from rich.live import Live
    from rich.text import Text

    with Live(Text(f"Looking at {printable(url)} …"), console=_console(), screen=True, auto_refresh=False) as live:
        for frame in frames:
            live.update(_shown(frame, url), refresh=True)


def _shown(frame: Frame, url: str) -> RenderableType:
    from assay.interfaces.cli.running.watching.shown import shown

    return shown(frame, url)


def _console() -> Console:
    from rich.console import Console

    return Console()


def _print_json(frame: Frame) -> None:
    import msgspec

    typer.echo(msgspec.json.encode(frame).decode())
