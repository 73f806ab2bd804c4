"""What may be done about impact: work is asked for, stopped, finished; assessments are made and read again."""

from assay.governance.policies.impact.commands.assessing import assess, confirm_assessment, second_assessment
from assay.governance.policies.impact.commands.runs import ask_work, cancel_work, finish_work

__all__ = ["ask_work", "assess", "cancel_work", "confirm_assessment", "finish_work", "second_assessment"]
