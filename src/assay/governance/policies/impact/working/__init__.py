"""How asked work is done: taken, watched, finished. It does none of the work itself: the workshop's port does."""

from assay.governance.policies.impact.working.doing import Stopped, waits, work_all, work_one

__all__ = ["Stopped", "waits", "work_all", "work_one"]
