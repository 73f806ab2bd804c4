"""The only code that moves a change from one stage to another, asking its gates. It checks no right of anybody."""

from assay.governance.policies.life.moving.going import give_up, go_back, go_on, is_told, keep_on, look_again
from assay.governance.policies.life.moving.settling import give_back, months_after, settle

__all__ = [
    "give_back", "give_up", "go_back", "go_on", "is_told", "keep_on", "look_again", "months_after", "settle",
]  # fmt: skip
