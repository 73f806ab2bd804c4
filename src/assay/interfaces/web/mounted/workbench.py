"""The workbench beside the decision service: loads, serves, ends. Whatever goes wrong in it, decisions go on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.settings.reading import Settings
from assay.interfaces.web.mounted.plain import STARTING, Receive, Scope, Send, Trouble, send_trouble
from assay.interfaces.web.settings import WorkbenchSettings

if TYPE_CHECKING:
    from assay.interfaces.web.mounted.gate import Gate

Sample = tuple[str, tuple[str, ...], float]
# A thread that makes a page gives the processor back so soon: a decision waits for it no longer.
_TURN_SECONDS = 0.0005
_LOOK_AGAIN_SECONDS = 3.0
_SECONDS_TO_END = 10.0


class Workbench:
    """What `assay serve` puts beside the service. Where it is not loaded, it says so on every page."""

    def __init__(self, settings: Settings, hosts: tuple[str, ...] = ()) -> None:
        self._settings, self._hosts = settings, hosts
        self._own = settings.of(WorkbenchSettings)
        self._log = structlog.get_logger("assay.workbench")
        self._gate: Gate | None = None
        self._trouble: Trouble = STARTING
        self._ending = threading.Event()
        self._loader: threading.Thread | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        gate = self._gate
        if gate is None:
            await send_trouble(send, scope, self._trouble)
        else:
            await gate(scope, receive, send)

    def start(self, address: str) -> None:
        """Begin to load, in the background."""
        sys.setswitchinterval(_TURN_SECONDS)
        self._loader = threading.Thread(target=self._load, args=(address,), name="workbench", daemon=True)
        self._loader.start()

    def close(self) -> None:
        """End the clerk, and take no more requests."""
        self._ending.set()
        if self._loader is not None:
            self._loader.join(_SECONDS_TO_END)
        if self._gate is not None:
            self._gate.close()

    def samples(self) -> Iterator[Sample]:
        """What is counted."""
        yield "assay_workbench_ready", (), self._gate is not None
        if self._gate is not None:
            yield from self._gate.samples()
            from assay.interfaces.web.clerk.counting import samples

            yield from samples()

    # ------------------------------------------------------------- in a thread

    def _load(self, address: str) -> None:
        """Load until it works, then do the clerk's work until the end."""
        try:
            if self._until_ready(address) and self._own.clerk:
                from assay.interfaces.web.clerk.chores import all_chores
                from assay.interfaces.web.clerk.working import work

                work(self._ending, all_chores(alone=False))
        except Exception as error:  # noqa: BLE001 (the outer edge of the workbench: recorded, and deciding goes on)
            self._failed(error)

    def _until_ready(self, address: str) -> bool:
        told: list[Fault] = []
        while not self._ending.is_set():
            faults = self._try(address)
            if not faults:
                return True
            self._trouble = _refused(faults)
            if faults != told:
                for fault in faults:
                    self._log.error("refused", slug=fault.slug, reason=fault.words, words="the service decides on")
            told = faults
            # Whoever mends it need not start the service again.
            self._ending.wait(_LOOK_AGAIN_SECONDS)
        return False

    def _try(self, address: str) -> list[Fault]:
        from assay.interfaces.web.site.starting import start_django, wsgi_application

        faults = start_django(self._settings, address=address, hosts=self._hosts)
        if faults:
            return faults
        from assay.interfaces.web.site.tables import prepare

        faults = prepare(self._own.database_url)
        if faults:
            return faults
        from assay.interfaces.web.mounted.gate import Gate
        from assay.interfaces.web.site.errors import made_before

        gate = Gate(self._own, wsgi_application(), made_before())
        # A thousand modules were loaded, in which nothing is to be looked for any more.
        settle()
        self._gate = gate
        self._log.info("workbench", address=self._own.public_address or address)
        return []

    def _failed(self, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self._log.error("fault", kind=type(error).__name__, places=places, words="the workbench does not run")
        if self._gate is None:
            words = "The workbench could not be loaded."
            self._trouble = Trouble(503, "broken", words, "The log of the service says where; tell your administrator.")


def _refused(faults: list[Fault]) -> Trouble:
    """What a reader is told: the kind of what is wrong, whose words are for the log."""
    if any(fault.slug == "old-database" for fault in faults):
        step = "Its administrator runs `assay workbench migrate`."
        return Trouble(503, "old-database", "The workbench waits for its database.", step, 5)
    slugs = ", ".join(sorted({fault.slug for fault in faults}))
    return Trouble(503, faults[0].slug, "The workbench cannot start.", f"The log of the service says why: {slugs}.", 5)
