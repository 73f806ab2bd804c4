"""The client stands alone: whoever only talks to a service loads nothing of what decides."""

from __future__ import annotations

import subprocess
import sys


def test_the_client_loads_nothing_else_of_assay() -> None:
    code = (
        "import sys, assay.client\n"
        "ours = [name for name in sys.modules if name.startswith('assay.')]\n"
        "print([name for name in ours if not name.startswith('assay.client')])\n"
        "print(sorted({'numpy', 'z3', 'pyarrow', 'starlette', 'typer', 'yaml'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["[]", "[]"]
