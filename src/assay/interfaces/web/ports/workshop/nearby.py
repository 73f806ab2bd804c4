"""Does checks, proofs and rehearsals in this very process, for a demonstration. It is for texts of our own alone.

A workbench does them in processes of their own, since people write what is proved. A demonstration knows its texts, and
a process for each of eight pieces of work would take longer than the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Outcome, Progress, Task
from assay.interfaces.web.ports.workshop.asked import Asked
from assay.interfaces.web.ports.workshop.child import work_on
from assay.interfaces.web.ports.workshop.telling import Telling


@dataclass(frozen=True, slots=True)
class Nearby:
    """Work on the past uploads of a folder."""

    history: Path

    def run(self, task: Task, progress: Progress) -> Outcome | Fault:
        """Do it; nobody watches how far it is."""
        given = (dict(task.old), dict(task.new), task.as_of, dict(task.options))
        return work_on(Asked(task.work, *given, self.history), Telling(StringIO()))

    def has_history(self) -> bool:
        """Whoever makes one has made some up."""
        return True
