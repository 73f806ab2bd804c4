"""What is done with releases: each is one transaction and one entry of the ledger."""

from assay.governance.policies.releasing.commands.building import build_bundle
from assay.governance.policies.releasing.commands.importing import import_draft
from assay.governance.policies.releasing.commands.launching import end_pilot, launch, start_pilot, stop_launch
from assay.governance.policies.releasing.commands.publishing import note_published, publish_again
from assay.governance.policies.releasing.commands.rolling_back import roll_back

__all__ = [
    "build_bundle", "end_pilot", "import_draft", "launch", "note_published", "publish_again", "roll_back",
    "start_pilot", "stop_launch",
]  # fmt: skip
