"""All gates at once: a part that forgets to register a requirement, or loosens one, is seen here."""

from __future__ import annotations

from assay.governance.policies.life.stages import BEFORE_FORCE
from tests.conftest import Golden


def test_every_stage_has_its_requirements(golden: Golden) -> None:
    from assay.governance.policies.life.gates import REQUIREMENTS, of_stage

    lines = []
    for stage in BEFORE_FORCE:
        lines.append(f"{stage.words}")
        for one in of_stage(stage):
            kind = [*(["stays"] if one.stays else []), *(["can be put aside"] if one.waivable else [])]
            lines.append(f"  {one.name}: {one.words}" + (f" ({', '.join(kind)})" if kind else ""))
    golden("policies/gates.txt", "\n".join(lines) + "\n")
    assert {one.leaving for one in REQUIREMENTS.values()} == set(BEFORE_FORCE)
