"""What the workbench's lists cost when there is much of everything, and how fast its ledger is.

.venv/bin/python benchmarks/web.py [--quick] [--entries N] [--records N] [--people N]

A million ledger entries, a million kept decisions, 5,000 people, 300 policies with 10,000 versions and 2,000 changes,
and 10,000 known questions (with --quick a tenth of each, but all policies). Every list, by the worst filters too, and
every difference between two versions must take at most 15 ms of CPU and 12 queries, and a page that asks every room
(home, calendar, search) at most 30 ms and 36; the ledger must take 500 entries a second, each in a commit of its own
on SQLite, and verify 50,000 a second of CPU; in a browser, the problems of a text must stand beside it within 300 ms
of a pause in typing. Beside each page stands what it costs beside a page with nothing on it. Exits 1 where anything is
short.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.opening.pages import Cost

ROOT = Path(__file__).resolve().parent.parent
MOST_MILLISECONDS, MOST_QUERIES = 15.0, 12
MOST_MILLISECONDS_GATHERED, MOST_QUERIES_GATHERED = 30.0, 36
ENTRIES, RECORDS, PEOPLE = 1_000_000, 1_000_000, 5_000


def main(arguments: list[str]) -> int:
    """Fill, measure, print, judge."""
    options = _options(arguments)
    share = 10 if options.quick else 1
    from benchmarks.material.measure import machine

    print(machine())
    with tempfile.TemporaryDirectory(prefix="assay-web-") as place:
        places = _filled(Path(place), options, share)
        costs = _costs(places)
        short = _show(costs)
        short += _ledger(Path(place))
        short += _editor()
    slowest = max(costs, key=lambda cost: cost.milliseconds)
    print(
        f"web: {len(costs) - 1} lists, the slowest {slowest.milliseconds:.1f} ms of CPU ({slowest.address}), "
        f"most queries {max(cost.queries for cost in costs)}" + (f": {len(short)} SHORT" if short else ": all held")
    )
    return 1 if short else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/web.py", description="What the workbench's lists cost.")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="how many ledger entries")
    parser.add_argument("--records", type=int, default=RECORDS, help="how many kept decisions")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many people")
    return parser.parse_args(arguments)


def _filled(folder: Path, options: argparse.Namespace, share: int) -> dict[str, str]:
    """A workbench with the demonstration's story, and much more beside it. Returns what addresses name of it."""
    from assay.interfaces.demo.workbench.make import fill, prepare
    from assay.interfaces.web.ports.workshop.nearby import Nearby
    from benchmarks.opening.filling import STARTER, fill_index, fill_ledger, fill_people, some_records
    from benchmarks.opening.policies import CHANGES, POLICIES, VERSIONS, fill_policies
    from benchmarks.opening.questions import QUESTIONS, fill_questions
    from benchmarks.opening.starting import start

    entries, records, people = (each // share for each in (options.entries, options.records, options.people))
    versions, changes = VERSIONS // share, CHANGES // share
    began = time.monotonic()
    prepared = prepare(folder, STARTER, some_records(20), datetime.now(UTC))
    start(prepared.settings)
    filled = fill(prepared, Nearby(prepared.history))
    fill_people(people)
    store, kept = prepared.folder / "workbench.sqlite3", prepared.folder / "records"
    policy = fill_policies(POLICIES, versions, changes)
    fill_questions(QUESTIONS // share)
    before = _room(store)
    fill_ledger(entries)
    fill_index(kept, records)
    print(
        f"{entries:,} ledger entries, {records:,} kept decisions, {people:,} people, {POLICIES} policies with "
        f"{versions:,} versions, {changes:,} changes and {QUESTIONS // share:,} known questions, "
        f"made in {time.monotonic() - began:.0f} s"
    )
    print(
        f"room on disk: {(_room(store) - before) / entries:.0f} bytes an entry in SQLite, "
        f"{_room(kept / 'index.sqlite') / records:.0f} a decision in the index beside the records"
    )
    return {"person": str(filled.people["Gus"].reference), "policy": policy}


def _room(store: Path) -> int:
    """Bytes of an SQLite file, with what has not been put into its place yet."""
    return sum(each.stat().st_size for each in store.parent.glob(f"{store.name}*"))


def _costs(places: dict[str, str]) -> list[Cost]:
    """The cost of an empty page, and of every list."""
    from django.test import Client
    from django.test.utils import override_settings

    from assay.governance.office.listing import cursor
    from assay.governance.people.models import Person
    from benchmarks.opening.filling import OFTEN
    from benchmarks.opening.pages import ADDRESSES, EMPTY, costs_of

    # Both long lists are by number, so that one place fits them.
    places |= {"often": OFTEN, "deep": cursor("next", (500,))}
    with override_settings(ROOT_URLCONF="benchmarks.opening.pages"):
        # An administrator sees every list, and has everything in them to look after.
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        client.force_login(Person.objects.get(name="Dee Sample"))
        return costs_of(client, [address.format(**places) for address in (EMPTY, *ADDRESSES)])


def _show(costs: list[Cost]) -> list[str]:
    from benchmarks.material.table import table

    empty, *lists = costs
    short = [cost.address for cost in lists if cost.status != 200]
    short += [cost.address for cost in lists if not _holds(cost)]
    rows = [
        (
            cost.address,
            f"{cost.milliseconds:.1f}",
            f"{cost.milliseconds / empty.milliseconds:.1f}",
            str(cost.queries),
            "NO" if cost.address in short else "yes",
        )
        for cost in costs
    ]
    print(table(("page", "ms of CPU", "times an empty page", "queries", "held"), rows))
    for cost in lists:
        if cost.status != 200:
            print(f"  {cost.address} answered {cost.status}")
    return short


def _holds(cost: Cost) -> bool:
    from benchmarks.opening.pages import GATHERED

    if cost.address in GATHERED:
        return cost.milliseconds <= MOST_MILLISECONDS_GATHERED and cost.queries <= MOST_QUERIES_GATHERED
    return cost.milliseconds <= MOST_MILLISECONDS and cost.queries <= MOST_QUERIES


def _ledger(folder: Path) -> list[str]:
    """The ledger's own figures, each that is short by name."""
    from benchmarks.material.ledger import APPENDS, LEDGER_HEAD, ledger_rows, measure_ledger
    from benchmarks.material.table import table

    figures = measure_ledger(APPENDS, folder)
    print(table(LEDGER_HEAD, ledger_rows(figures)))
    return [each.name for each in figures if not each.holds]


def _editor() -> list[str]:
    """How soon problems are shown in a real browser, its name where that is too late."""
    from benchmarks.editing.measuring import LIMIT_MILLISECONDS, latency

    found = latency()
    print(found.words)
    return ["the editor"] if found.slow > LIMIT_MILLISECONDS else []


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
