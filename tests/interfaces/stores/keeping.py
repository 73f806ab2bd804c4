"""A process that keeps entries and says which were kept, to be killed at any moment. It holds no test."""

from __future__ import annotations

import sys
from pathlib import Path

from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings
from tests.interfaces.stores.making import some_entries


def main(folder: str, first: str, durability: str) -> None:
    settings = StoreSettings(folder=Path(folder), durability=durability, segment_bytes=60_000, parquet=False)  # type: ignore[arg-type]
    keeper = open_store(settings)
    assert isinstance(keeper, Keeper), keeper
    print("open", flush=True)
    for number in range(int(first), int(first) + 1_000_000, 7):
        keeper.keep_now(some_entries(7, number))
        # An answer: by now it must be there, whatever happens to this process.
        print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
