"""The command `assay`: its commands, and what happens to a fault of ours. It never shows a traceback unasked."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from assay.interfaces.cli.evidence import credential, inspect, label, scanners, trust
from assay.interfaces.cli.evidence.bank.group import bank
from assay.interfaces.cli.evidence.detector.group import detector
from assay.interfaces.cli.governing import ledger, workbench
from assay.interfaces.cli.governing.policies import group as governed
from assay.interfaces.cli.items import ask, decide, demo, replay, scan
from assay.interfaces.cli.policy import check, explain, fmt, test, tree
from assay.interfaces.cli.proving import ci, diff, gap, prove
from assay.interfaces.cli.rehearsing import backtest, compiling, drift, history
from assay.interfaces.cli.running import brake, bundle, records, serve, token, top
from assay.interfaces.cli.running.streams import consume, dead, publish

app = typer.Typer(
    name="assay",
    help="A policy on AI-generated content, written once: the public rule, the guidance and the program that decides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check.check)
app.command("fmt")(fmt.fmt)
app.command("test")(test.test)
app.command("explain")(explain.explain)
app.command("prove")(prove.prove)
app.command("diff")(diff.diff)
app.command("gap")(gap.gap)
app.command("ci")(ci.ci)
app.add_typer(bundle.bundle, name="bundle")
app.add_typer(history.history, name="history")
app.command("backtest")(backtest.backtest)
app.command("drift")(drift.drift)
app.command("compile")(compiling.compile_pack)
app.command("ask")(ask.ask)
app.command("tree")(tree.tree)
app.command("scan")(scan.scan)
app.command("scanners")(scanners.scanners)
app.command("inspect")(inspect.inspect)
app.add_typer(trust.trust, name="trust")
app.add_typer(credential.credential, name="credential")
app.add_typer(label.label, name="label")
app.add_typer(bank, name="bank")
app.add_typer(detector, name="detector")
app.command("decide")(decide.decide)
app.command("replay")(replay.replay)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.add_typer(workbench.workbench, name="workbench")
app.add_typer(ledger.ledger, name="ledger")
app.add_typer(governed.policies, name="policies")
app.add_typer(records.records, name="records")
app.add_typer(token.token, name="token")
app.add_typer(consume.consume, name="consume")
app.command("publish")(publish.publish)
app.add_typer(dead.dead, name="dead")
app.command("top")(top.top)
app.add_typer(brake.brake, name="brake")


def main() -> None:
    """Run the command line; a fault of ours ends with 3 and one line that says how to see more."""
    try:
        app()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            # The reader of our output has gone, as `head` does; what is left is for nobody.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None
        raise
    except Exception as error:  # noqa: BLE001 (the outer edge: recorded, and shown in full on request)
        if os.environ.get("ASSAY_TRACEBACK"):
            traceback.print_exc()
        else:
            words = f"assay failed by a fault of its own: {type(error).__name__}: {error}"
            print(f"{words}\nset ASSAY_TRACEBACK=1 to see where, and please report it", file=sys.stderr)
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
