"""The bank that tests of banks write to and read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.detection.copies.bank.bank import Bank
from tests.detection.copies.bank.made import SETTINGS


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    with Bank.create(tmp_path / "fakes", SETTINGS) as bank:
        yield bank
