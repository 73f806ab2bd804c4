"""The proof of a draft, with what the prover remembers of former ones. A time-out never counts as a proof."""

from __future__ import annotations

from pathlib import Path

import msgspec

from assay.engine.analysis.proof.prove import prove
from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Outcome
from assay.interfaces.proofs.page.proof_page import proof_parts, render_proof
from assay.interfaces.proofs.remembered import Remembered, cache_file
from assay.interfaces.proofs.written import proof_as_json
from assay.interfaces.web.ports.workshop.asked import Asked, pack_of
from assay.interfaces.web.ports.workshop.telling import Telling

# In commands of the report, where the draft's files were put by whoever wants to decide a witness again.
NAMED = "draft"


def proof(asked: Asked, told: Telling) -> Outcome | Fault:
    """Findings with witnesses, and everything that was proved."""
    told.begin("reading")
    pack = pack_of(asked.texts[1])
    if isinstance(pack, Fault):
        return pack
    told.begin("proving")
    with Remembered(cache_file(Path("workbench"))) as memory:
        found = prove(pack, asked.as_of, seconds=asked.seconds_a_claim, memory=memory, reached=told.reached)
    parts = proof_parts(found, pack, "")
    document = {
        "format": "assay-work/1",
        "report": proof_as_json(found, pack, NAMED),
        "shown": msgspec.to_builtins(parts),
    }
    return Outcome(found.sound, str(parts["verdict"]), document, render_proof(found, pack, NAMED))
