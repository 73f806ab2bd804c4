"""What a trial's process does: a bundle is read, checked, compiled, and decides its own examples. It changes nothing.

It is run as `python -m`, takes one JSON object from standard input and prints one; nothing else leaves it.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import RecordWriter, Replayer
from assay.engine.kernel.errors import Fault
from assay.engine.language.examples import case_of
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.live.making import item_of, unsound
from assay.interfaces.packs.texts import Texts, check_texts

_SECONDS_A_CLAIM = 10.0


def try_bundle(files: Mapping[str, str], prove_from: int | None) -> Fault | None:
    """What keeps a bundle from being put in use, or None.

    prove_from  the instant from which on it is proved; None leaves the prover out
    """
    report = check_texts(Texts("bundle", "", files))
    if not report.sound:
        return unsound(report.problems)
    pack = report.checked.pack
    fault = next(_examples_decided(pack), None)
    return fault if fault is not None or prove_from is None else _unproved(pack, prove_from)


def _examples_decided(pack: Pack) -> Iterator[Fault]:
    """Where the compiled program says something else of an example than the reference meaning, or its record is off."""
    decider = Decider(pack)
    writer, replayer = RecordWriter(decider), Replayer(decider)
    rolled_out = any(rule.rollout < 1.0 for rule in pack.rules)
    for policy in pack.policies:
        for example in policy.examples:
            case = case_of(example, pack)
            decision = decider.decide(item_of(case, pack, example.title), case.as_of)
            record = writer.write(decision)
            if replayer.replay(record) != record:
                yield Fault("bundle-misbehaves", f"the record of “{example.title[:80]}” does not replay to itself")
            # The reference leaves a rollout open where no id is given; an item always has one, and its share decides.
            if case.item is None and rolled_out:
                continue
            for named, truth in example.expect:
                found = decision.truth(named.name, case.market).value
                # What Kleene's tables leave open may still be settled, because every answer decides it alike.
                if found != truth != "unknown":
                    words = f"“{example.title[:80]}”: `{named.name}` is decided {found} and should be {truth}"
                    yield Fault("bundle-misbehaves", words)


def _unproved(pack: Pack, as_of: int) -> Fault | None:
    from assay.engine.analysis.proof.prove import prove

    proof = prove(pack, as_of, seconds=_SECONDS_A_CLAIM)
    if proof.sound:
        return None
    first = proof.findings[0]
    return Fault("unprovable-bundle", f"{first.span}: {first.kind.value}: {first.words}"[:300])


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> int:
    """Try the bundle on standard input, within the limits that come with it."""
    given = json.loads(sys.stdin.buffer.read())
    _limit(resource.RLIMIT_AS, given["memory"])
    _limit(resource.RLIMIT_CPU, given["seconds"])
    _limit(resource.RLIMIT_CORE, 0)
    try:
        fault = try_bundle(given["files"], given["prove_from"])
    except MemoryError:
        fault = Fault("trial-out-of-memory", f"the bundle takes more than {given['memory']:,} bytes to try")
    except RecursionError:
        fault = Fault("bundle-misbehaves", "the bundle nests deeper than can be read")
    print(json.dumps(None if fault is None else [fault.slug, fault.words]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
