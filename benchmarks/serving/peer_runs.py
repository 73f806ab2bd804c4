"""Other rule engines behind HTTP, with the starter pack's rules and the same uploads. It excuses nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.instants import parse_instant
from benchmarks.material.table import count, share, table
from benchmarks.serving.process import Load
from benchmarks.serving.runs import Bodies, Endpoint, Size, peer
from benchmarks.serving.starter_rules import AS_OF, MARKET, WAYS, Ask, InForce, in_their_form, rules_in_force, ways_of
from benchmarks.serving.uploads import starter_uploads, write_bodies

LACKS = {
    "zen-engine": "it knows no unknown, asks no question and keeps no record",
    "cedarpy": "it is asked twice, for true and for possible, asks no question and keeps no record",
}
_COMPARED = 1_000
_SEED = 700


@dataclass(frozen=True, slots=True)
class Line:
    """One way of driving an engine.

    alike   the share of items of which it says of every rule what Assay says: true, false or unknown
    silent  the share of items of which it says nothing at all
    """

    name: str
    how: str
    single: Load
    batch: Load
    alike: float
    silent: float


@dataclass(frozen=True, slots=True)
class Peers:
    """Everybody that is installed, and the names of those that are not."""

    rules: InForce
    lines: tuple[Line, ...]
    missing: tuple[str, ...]

    @property
    def best(self) -> Line | None:
        """The fastest in batches of those that say something of items."""
        speaking = [line for line in self.lines if line.silent < 1.0]
        return max(speaking, key=lambda line: line.batch.per_cpu_second, default=None)


def measure(folder: Path, size: Size) -> Peers:
    """Serve the rules by everybody in turn."""
    folder.mkdir(parents=True)
    rules, found, missing = rules_in_force(), [], []
    ours, theirs = _answers(rules), list(in_their_form(_uploads(rules, _COMPARED, _SEED), rules))
    for place, package in enumerate(WAYS):
        ways = ways_of(package, rules)
        if not ways:
            missing.append(package)
        for way, (how, ask) in enumerate(ways):
            with peer(folder, package, way) as endpoint:
                single, batch = _measured(endpoint, folder, rules, size, _SEED + 10 * place + way + 1)
            alike, silent = _agreement(ask, theirs, ours)
            found.append(Line(f"{package} {version(package)}", how, single, batch, alike, silent))
    return Peers(rules, tuple(found), tuple(missing))


def _uploads(rules: InForce, number: int, seed: int) -> Iterator[bytes]:
    return starter_uploads(rules.pack, number, seed, (MARKET,))


def _measured(endpoint: Endpoint, folder: Path, rules: InForce, size: Size, seed: int) -> tuple[Load, Load]:
    path, number = folder / "bodies.ndjson", 2 * size.warm + size.singles + size.items
    bodies = Bodies(path, number, write_bodies(path, in_their_form(_uploads(rules, number, seed), rules)))
    endpoint.singles(bodies, size.warm)
    single = endpoint.singles(bodies, size.singles)
    endpoint.batch(bodies, size.warm)
    return single, endpoint.batch(bodies, size.items)


def _answers(rules: InForce) -> list[list[object]]:
    """What Assay says of each of the rules, item by item."""
    decider, as_of = Decider(rules.pack), parse_instant(AS_OF) or 0
    places = [decider.program.index[rule.rule.ref] for rule in rules.rules]
    found: list[list[object]] = []
    for body in _uploads(rules, _COMPARED, _SEED):
        record = json.loads(body)
        record.pop("markets")
        item = read_item(record, decider.vocabulary, rules.pack.markets)
        assert isinstance(item, Item)
        verdict = decider.decide(item, as_of, (MARKET,)).outcomes[0].verdict
        found.append(
            [True if verdict.true >> at & 1 else None if verdict.possible >> at & 1 else False for at in places]
        )
    return found


def _agreement(ask: Ask, theirs: Sequence[bytes], ours: Sequence[Sequence[object]]) -> tuple[float, float]:
    said = [list(ask(json.dumps(json.loads(body)["signals"]))) for body in theirs]
    alike = sum(mine == other for mine, other in zip(ours, said, strict=True))
    silent = sum(all(answer is None for answer in answers) for answers in said)
    return alike / len(said), silent / len(said)


def show(found: Peers, single: Load, batch: Load) -> str:
    """The table, and what each lacks. `single` and `batch` are Assay's own, one market, full record."""
    head = ("engine", "how", "single/CPU-s", "Assay is", "batch items/CPU-s", "Assay is", "items alike", "silent of")
    mine = (count(single.per_cpu_second), "", count(batch.per_cpu_second), "", "", "")
    rows = [("Assay", "decided, kept, answered by its record", *mine)]
    rows += [
        (
            line.name,
            line.how,
            count(line.single.per_cpu_second),
            f"{single.per_cpu_second / line.single.per_cpu_second:.1f} ×",
            count(line.batch.per_cpu_second),
            f"{batch.per_cpu_second / line.batch.per_cpu_second:.1f} ×",
            share(line.alike, 1.0),
            share(line.silent, 1.0),
        )
        for line in found.lines
    ]
    holding, said, day = found.rules.of, len(found.rules.rules), AS_OF[:10]
    lines = [
        "\nThe same rules and the same uploads, each engine behind HTTP on one core: Assay as above, the others",
        f"behind Starlette on uvicorn, with the same two endpoints. {holding} rules hold in {MARKET} on {day};",
        f"the others have the {said} that they can say, with markets and calendar worked out for them beforehand.",
        "The bar is judged in batches, where HTTP does not hide the engines, against the best that says anything.\n",
        table(head, rows, words=2),
        "",
        *(f"{name}: {lacks}." for name, lacks in LACKS.items()),
        "OPA: not obtainable: its one binding on the package index asks for Python 3.14.",
        *(f"Not installed: {name}" for name in found.missing),
    ]
    return "\n".join(lines)
