"""What is measured of a service: single requests, latencies at half load, batches, memory. It prints nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.serving.load import Order
from benchmarks.serving.process import LOAD_CORE, Load, Server, free_port, headers, running, send

JSON, LINES = "application/json", "application/x-ndjson"
CONNECTIONS, BATCHES_AT_ONCE = 16, 2
MINIMAL = {"Prefer": "return=minimal"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is sent.

    warm     requests and items before the clock, which fill what a running service has filled
    singles  single requests, as fast as they are answered
    timed    single requests at half of that rate
    items    of a batch, for each way of asking
    """

    warm: int
    singles: int
    timed: int
    items: int


QUICK, WHOLE = Size(3_000, 4_000, 3_000, 6_000), Size(20_000, 15_000, 15_000, 20_000)


@dataclass(slots=True)
class Bodies:
    """A file of bodies, each of which is sent once."""

    path: Path
    count: int
    mean: float
    taken: int = 0

    def take(self, number: int) -> int:
        """The place of the first of some bodies that nobody was sent."""
        if self.taken + number > self.count:
            raise ValueError(f"{self.path.name} has {self.count:,} bodies, and more are asked for")
        self.taken += number
        return self.taken - number


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how single requests and batches are sent to a server."""

    server: Server
    headers: dict[str, str] = field(default_factory=dict)

    def singles(self, bodies: Bodies, number: int, *, rate: float | None = None) -> Load:
        """Single requests over connections that are kept."""
        order = Order(
            self.server.port,
            "/v1/decisions",
            {**self.headers, "Content-Type": JSON},
            str(bodies.path),
            number,
            CONNECTIONS,
            rate=rate,
            core=LOAD_CORE,
            skip=bodies.take(number),
        )
        return send(self.server, order)

    def batch(self, bodies: Bodies, number: int, query: str = "", more: dict[str, str] | None = None) -> Load:
        """Batches beside one another."""
        order = Order(
            self.server.port,
            f"/v1/decisions:batch{query}",
            {**self.headers, "Content-Type": LINES, **(more or {})},
            str(bodies.path),
            number,
            BATCHES_AT_ONCE,
            batch=True,
            core=LOAD_CORE,
            skip=bodies.take(number),
        )
        return send(self.server, order)


@contextmanager
def assay(folder: Path, pack: Path, durability: str) -> Iterator[Endpoint]:
    """`assay serve` with a pack, its records in segment files, and limits that no benchmark reaches."""
    from assay.interfaces.service.guard.book import Made, make_token

    folder.mkdir(parents=True)
    port = free_port()
    made = make_token(folder / "tokens.json", "load", ("decide", "read"))
    assert isinstance(made, Made), made
    (folder / "assay.toml").write_text(_SETTINGS.format(folder=folder, pack=pack, port=port, durability=durability))
    command = ["-m", "assay.interfaces.cli.app", "serve", "--no-workbench", "--config", str(folder / "assay.toml")]
    with running(command, port, "/readyz", folder / "log") as server:
        yield Endpoint(server, headers(made.credential))


_SETTINGS = """[service]
port = {port}
[guard]
tokens = "{folder}/tokens.json"
requests_per_second = 1e9
requests_burst = 1_000_000_000
items_per_second = 1e9
items_burst = 1_000_000_000
[bundles]
source = "{pack}"
allow_unsigned = true
state = "{folder}/state"
[store]
folder = "{folder}/records"
durability = "{durability}"
parquet = false
"""


@contextmanager
def floor(folder: Path, size: int, tokens: Path | None) -> Iterator[Endpoint]:
    """What only parses and answers; behind the same guard where it is given the tokens."""
    from assay.interfaces.service.guard.book import Made, make_token

    given: dict[str, str] = {}
    arguments = ["-m", "benchmarks.serving.floor", str(port := free_port()), str(size)]
    if tokens is not None:
        made = make_token(tokens, "load", ("decide",))
        assert isinstance(made, Made), made
        given = headers(made.credential)
        arguments.append(str(tokens))
    with running(arguments, port, "/", folder / "floor.log") as server:
        yield Endpoint(server, given)


@contextmanager
def peer(folder: Path, package: str, way: int) -> Iterator[Endpoint]:
    """Another engine behind Starlette."""
    port = free_port()
    arguments = ["-m", "benchmarks.serving.peer_app", package, str(way), str(port)]
    with running(arguments, port, "/", folder / "peer.log") as server:
        yield Endpoint(server)


def wrk(endpoint: Endpoint, folder: Path, bodies: Bodies, seconds: int) -> tuple[float, float] | None:
    """Requests for a CPU second and for a second, as wrk sends them; None where it is not installed."""
    program = shutil.which("wrk")
    if program is None:
        return None
    number = 20_000
    script = folder / "bodies.lua"
    sent = {**endpoint.headers, "Content-Type": JSON}
    lines = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in sent.items())
    script.write_text(_LUA.format(headers=lines, path=bodies.path, skip=bodies.take(number), number=number))
    url = f"http://127.0.0.1:{endpoint.server.port}/v1/decisions"
    before = endpoint.server.cpu_seconds()
    ended = subprocess.run(
        ["taskset", "-c", str(LOAD_CORE), program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url],
        capture_output=True,
        text=True,
        check=True,
    )
    cpu = endpoint.server.cpu_seconds() - before
    answered = int(next(line for line in ended.stdout.splitlines() if "requests in" in line).split()[0])
    assert "Non-2xx" not in ended.stdout, ended.stdout
    return answered / cpu, answered / seconds


_LUA = """wrk.method = "POST"
{headers}
local bodies = {{}}
local place = 0
for line in io.lines("{path}") do
  place = place + 1
  if place > {skip} then bodies[#bodies + 1] = line end
  if #bodies >= {number} then break end
end
local sent = 0
request = function()
  sent = sent + 1
  -- Where they are used up, the first comes again under another id.
  local body = bodies[(sent - 1) % #bodies + 1]
  if sent > #bodies then body = body:gsub('"id":"', '"id":"' .. sent .. '-', 1) end
  return wrk.format(nil, nil, nil, body)
end
"""
