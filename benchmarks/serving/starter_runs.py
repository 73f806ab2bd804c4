"""The starter pack served: each way of asking, records synced and written, and what an empty endpoint takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material.starter import FOLDER, starter_pack
from benchmarks.material.table import count, table
from benchmarks.serving.process import Load
from benchmarks.serving.runs import MINIMAL, Bodies, Endpoint, Size, assay, floor, wrk
from benchmarks.serving.uploads import starter_uploads, write_bodies

# What a platform asks for: the market of the upload, the few it runs in, or all that the pack tells apart.
MARKETS: Mapping[str, tuple[str, ...]] = {"one": ("BR",), "five": ("BR", "DE", "GB", "IN", "US"), "all": ()}
DURABILITIES = ("synced", "written")
ANSWERS = ("full", "minimal")
_WRK_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Served:
    """What was measured with records kept to one degree; `kept` is the bytes that a record takes in a segment."""

    singles: Mapping[str, Load]
    batches: Mapping[tuple[str, str], Load]
    kept: Mapping[str, float]
    half: Load
    start: float
    megabytes: tuple[float, float]
    wrk: tuple[float, float] | None

    @property
    def spread(self) -> float:
        """How many times the median the 99th percentile is, at half load."""
        return self.half.seen.p99 / self.half.seen.p50

    @property
    def loads(self) -> list[Load]:
        """Everything that was sent."""
        return [*self.singles.values(), *self.batches.values(), self.half]


@dataclass(frozen=True, slots=True)
class Found:
    """All of it; `floors` are an empty endpoint behind the same guard, the same at half load, and alone."""

    by_durability: Mapping[str, Served]
    floors: tuple[Load, Load, Load]
    mean_body: float

    @property
    def cost(self) -> float:
        """CPU time of a decision that is kept, over that of parsing the body and answering as many bytes."""
        return self.floors[0].per_cpu_second / self.by_durability["synced"].singles["one"].per_cpu_second

    @property
    def answered_well(self) -> float:
        """The share of requests and items that were answered as they should be."""
        loads = [load for served in self.by_durability.values() for load in served.loads]
        return sum(load.fine for load in loads) / len(loads)


def measure(folder: Path, size: Size) -> Found:
    """Serve the starter pack, records synced first, then written; then the empty endpoint."""
    folder.mkdir(parents=True)
    served, mean = {}, 0.0
    for number, durability in enumerate(DURABILITIES):
        bodies = _bodies(folder, size, seed=number + 1)
        mean = bodies["one"].mean
        with assay(folder / durability, FOLDER, durability) as endpoint:
            served[durability] = _served(endpoint, folder / durability, bodies, size)
    answer = served["synced"].singles["one"]
    bodies = {"one": _written(folder, "floor", ("BR",), 2 * (size.warm + size.singles) + size.timed, 9)}
    return Found(served, _floors(folder, bodies["one"], size, _mean_answer(answer)), mean)


def _bodies(folder: Path, size: Size, seed: int) -> dict[str, Bodies]:
    """Bodies that name their markets, and bodies for batches, whose address names them. No two are alike."""
    one = size.warm + size.singles + size.timed + 20_000
    made = {
        name: _written(folder, f"{name}-{seed}", markets, one if name == "one" else size.singles, seed * 10 + place)
        for place, (name, markets) in enumerate(MARKETS.items())
    }
    number = len(MARKETS) * len(ANSWERS) * size.items + size.warm
    return {**made, "batch": _written(folder, f"batch-{seed}", (), number, seed * 10 + 9)}


def _written(folder: Path, name: str, markets: tuple[str, ...], number: int, seed: int) -> Bodies:
    path = folder / f"{name}.ndjson"
    return Bodies(path, number, write_bodies(path, starter_uploads(starter_pack(), number, seed, markets)))


def _served(endpoint: Endpoint, folder: Path, bodies: Mapping[str, Bodies], size: Size) -> Served:
    before = endpoint.server.megabytes()
    endpoint.singles(bodies["one"], size.warm)
    singles = {name: endpoint.singles(bodies[name], size.singles) for name in MARKETS}
    fastest = singles["one"].seen
    half = endpoint.singles(bodies["one"], size.timed, rate=fastest.answered / fastest.seconds / 2)
    endpoint.batch(bodies["batch"], size.warm)
    batches, kept = {}, {}
    for name, markets in MARKETS.items():
        query = f"?markets={','.join(markets)}" if markets else ""
        for answer in ANSWERS:
            before_it = _segments(folder)
            load = batches[name, answer] = endpoint.batch(
                bodies["batch"], size.items, query, MINIMAL if answer == "minimal" else {}
            )
            kept[name] = (_segments(folder) - before_it) / load.seen.answered
    other = wrk(endpoint, folder, bodies["one"], _WRK_SECONDS)
    memory = (before, endpoint.server.megabytes())
    return Served(singles, batches, kept, half, endpoint.server.seconds_to_start, memory, other)


def _segments(folder: Path) -> int:
    """Bytes in segments."""
    return sum(path.stat().st_size for path in (folder / "records").glob("*.segment"))


def _floors(folder: Path, bodies: Bodies, size: Size, answer: int) -> tuple[Load, Load, Load]:
    with floor(folder, answer, folder / "floor-tokens.json") as endpoint:
        endpoint.singles(bodies, size.warm)
        guarded = endpoint.singles(bodies, size.singles)
        rate = guarded.seen.answered / guarded.seen.seconds / 2
        half = endpoint.singles(bodies, size.timed, rate=rate)
    with floor(folder, answer, None) as endpoint:
        endpoint.singles(bodies, size.warm)
        return guarded, half, endpoint.singles(bodies, size.singles)


def _mean_answer(load: Load) -> int:
    return round(load.seen.bytes_in / load.seen.answered)


# ---------------------------------------------------------------------- shown


def show(found: Found) -> str:
    """The tables, and what each figure is of."""
    head = ("asked for", "answer, bytes", *(f"{name}: a CPU-s" for name in DURABILITIES))
    rows = [
        (f"single, {name} market{'s' if name != 'one' else ''}, full record", *_row(found, "singles", name))
        for name in MARKETS
    ]
    rows += [
        (
            f"batch, {name} market{'s' if name != 'one' else ''}, {_ANSWERED[answer]}",
            *_row(found, "batches", (name, answer)),
        )
        for name in MARKETS
        for answer in ANSWERS
    ]
    synced = found.by_durability["synced"]
    guarded, half, bare = found.floors
    lines = [
        f"\nThe starter pack over HTTP: bodies of {found.mean_body:,.0f} bytes as uploads have them, every one new;",
        "one worker; each record kept in full before its answer, in segment files: synced to disk, or written to the",
        "system. The bars are judged on one market, full record, synced.\n",
        table(head, rows),
        "",
        *(_latency(name, served) for name, served in found.by_durability.items()),
        "An endpoint that only parses the same bodies and answers as many bytes:",
        f"{count(guarded.per_cpu_second)} a CPU-s behind the same guard, {count(bare.per_cpu_second)} alone.",
        f"At half load it takes {_times(half)}, which is what the machine adds to all of the above.",
        f"A decision that is kept costs {found.cost:.2f} times the former.",
        f"A record is kept in {count(synced.kept['one'])} bytes for one market, for all {count(synced.kept['all'])}.",
        f"The service answers {synced.start:.1f} s after its start, with nothing yet in its state folder.",
    ]
    return "\n".join(lines)


_ANSWERED = {"full": "full record", "minimal": "return=minimal"}


def _row(found: Found, kind: str, key: object) -> tuple[str, ...]:
    loads = [getattr(found.by_durability[name], kind)[key] for name in DURABILITIES]
    return (count(_mean_answer(loads[0])), *(count(load.per_cpu_second) for load in loads))


def _latency(name: str, served: Served) -> str:
    before, after = served.megabytes
    said = "wrk is not installed"
    if served.wrk is not None:
        said = f"wrk: {count(served.wrk[0])} a CPU-s, {count(served.wrk[1])} a second"
    return (
        f"{name}: at half load {_times(served.half)}; {said};\n"
        f"  memory {before:.0f} MB at the start, {after:.0f} MB at the end"
    )


def _times(load: Load) -> str:
    seen = load.seen
    return f"p50 {seen.p50 * 1e3:.2f} ms, p99 {seen.p99 * 1e3:.2f} ms, longest {seen.worst * 1e3:.1f} ms"
