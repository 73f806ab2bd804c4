"""Bundles made ready to decide: texts to deciders, warmed on the pack's own examples. It verifies no signature."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.kernel.values import Value
from assay.engine.language.examples import case_of, rule_of
from assay.engine.language.meaning import Case
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Hold, Loaded
from assay.interfaces.packs.texts import Texts, check_texts

LONGEST_REASON = 300
_EXAMPLES_A_STEP = 10
_MOST_WARMING = 50


def make_loaded(texts: Texts, *, signer: str | None, sequence: int | None) -> Loaded | Fault:
    """A bundle made ready and warmed; its texts are sound already, as a trial has shown, or are checked here."""
    with _collecting_in_steps() as step:
        report = check_texts(texts, examples=False)
        if not report.sound:
            return unsound(report.problems)
        step()
        decider = Decider(report.checked.pack)
        loaded = Loaded(decider.pack, decider, RecordWriter(decider), signer, sequence)
        warm(loaded, step)
        return loaded


def make_held(base: Loaded, files: Mapping[str, str], holds: tuple[Hold, ...]) -> Loaded | Fault:
    """A bundle with brakes on, made from the texts that the brakes left of it."""
    found = make_loaded(Texts("brakes", "", files), signer=base.signer, sequence=base.sequence)
    if isinstance(found, Fault):
        return found
    return Loaded(found.pack, found.decider, found.writer, base.signer, base.sequence, base.digest, holds)


@contextmanager
def _collecting_in_steps() -> Iterator[Callable[[], object]]:
    """Load without Python's collector going over everything again and again, for which every thread has to wait.

    A pack is some 80,000 objects, nearly all of them here to stay. Left alone, the collector goes over all packs in
    memory for up to a tenth of a second, in a load and ever after. So it looks at the new objects alone, a few at a
    time, and then leaves them out; what a dropped bundle leaves behind is collected after some swaps.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(0)
    finally:
        gc.collect(0)
        gc.freeze()
        if was_on:
            gc.enable()


def unsound(problems: tuple[Diagnostic, ...]) -> Fault:
    """The first thing that keeps a pack from deciding, as one line, with how many there are."""
    errors = [problem for problem in problems if problem.severity == "error"]
    first = errors[0]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Fault("unsound-bundle", f"{first.span}: {first.slug}: {first.words}"[:LONGEST_REASON] + more)


def example_items(pack: Pack) -> Iterator[tuple[Item, Case]]:
    """The pack's own examples as items, each with the case that it is."""
    for policy in pack.policies:
        for example in policy.examples:
            case = case_of(example, pack)
            yield item_of(case, pack, example.title), case


def item_of(case: Case, pack: Pack, title: str) -> Item:
    """A case as an item; what a market-scoped signal says there, it says everywhere."""
    by_market: dict[str, Mapping[str, Value]] = {}
    for signal in pack.vocabulary.signals:
        given = case.signals.get(signal.name)
        if signal.by_market and given is not None:
            by_market[signal.name] = {EVERYWHERE: given}
    values = tuple(None if one.by_market else case.signals.get(one.name) for one in pack.vocabulary.signals)
    return Item(case.item or title[:200] or "example", values, by_market, (), case.subject)


def warm(bundle: Loaded, step: Callable[[], object]) -> None:
    """Decide some of the pack's examples at the present, so that the first request finds what most need remembered.

    step  called now and then
    """
    pack = bundle.pack
    examples = [example for policy in pack.policies for example in policy.examples]
    as_of = time.time_ns() // 1_000
    # Spread over all policies; after these the next ones teach little that requests will ask for.
    for number, example in enumerate(examples[:: len(examples) // _MOST_WARMING + 1]):
        if number % _EXAMPLES_A_STEP == 0:
            step()
        rule = rule_of(example, pack)
        case = Case(example.given, "", as_of, None, rule.subject if rule is not None else "item")
        bundle.writer.parts(bundle.decider.decide(item_of(case, pack, example.title), as_of))
