"""What may be read of consultations: by the house, and by those who are asked. It changes nothing."""

from assay.governance.policies.consulting.queries.asked import Asked, asked_in, asked_of, be_consulted
from assay.governance.policies.consulting.queries.held import (
    Held,
    consultation_of,
    consultations_of,
    preview_consultation,
    see_consultation,
    view_of,
)
from assay.governance.policies.consulting.queries.standing import Standing, standing_of
from assay.governance.policies.consulting.queries.summaries import Summary, summary_of

__all__ = [
    "Asked", "Held", "Standing", "Summary", "asked_in", "asked_of", "be_consulted", "consultation_of",
    "consultations_of", "preview_consultation", "see_consultation", "standing_of", "summary_of", "view_of",
]  # fmt: skip
