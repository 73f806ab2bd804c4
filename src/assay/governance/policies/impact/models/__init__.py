"""The tables of impact. They hold no rule."""

from assay.governance.policies.impact.models.assessments import Assessment, Reading
from assay.governance.policies.impact.models.runs import Run

__all__ = ["Assessment", "Reading", "Run"]
