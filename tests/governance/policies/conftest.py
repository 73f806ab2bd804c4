"""What every test of the room of policies stands on: ports as they were, whatever the test before put into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from assay.governance.policies.ports import PORTS


@pytest.fixture(autouse=True)
def ports_as_they_were() -> Iterator[None]:
    """The ports belong to the process: what one test puts in would stand for all that come after it."""
    held = {each.name: getattr(PORTS, each.name) for each in fields(PORTS)}
    yield
    for name, value in held.items():
        setattr(PORTS, name, value)
