"""Types into the editor in a real browser and takes the time until the problems are shown. It judges nothing.

.venv/bin/python -m benchmarks.editing.measuring

From the last keystroke to the picture with the answer, the pause that the page waits for included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MILLISECONDS = 300.0
PAUSES = 40
# What is typed at the end of a word of a rule's condition, and taken out again: each breaks the rule, or mends it.
_RULE = "person.consent"
_WATCH = """
(() => {
  const root = document.querySelector('[data-editor]');
  window.taken = [];
  let pressed = 0;
  document.querySelector('#text').addEventListener('input', () => { pressed = performance.now(); });
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    window.taken.push(performance.now() - pressed);
  }))).observe(root, {attributes: true, attributeFilter: ['data-checked']});
})()
"""
_PLACE = """
(() => {
  const area = document.querySelector('#text');
  const at = area.value.indexOf(WORD) + WORD.length;
  area.focus();
  area.setSelectionRange(at, at);
})()
"""


@dataclass(frozen=True, slots=True)
class Latency:
    """How soon problems were shown, in milliseconds after the last keystroke.

    errors  how often there was an error to show
    """

    times: tuple[float, ...]
    errors: int

    @property
    def usual(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def slow(self) -> float:
        """The 95th percentile."""
        return sorted(self.times)[len(self.times) * 95 // 100]

    @property
    def words(self) -> str:
        """One line for people."""
        return (
            f"editor: problems shown {self.usual:.0f} ms after a pause in typing on the starter pack, "
            f"95 % within {self.slow:.0f}, at most {max(self.times):.0f} "
            f"({len(self.times)} pauses, {self.errors} with an error; limit {LIMIT_MILLISECONDS:.0f})"
        )


def latency(pauses: int = PAUSES) -> Latency:
    """Fill a workbench, serve it, type into it."""
    with tempfile.TemporaryDirectory(prefix="assay-editor-") as place:
        folder = Path(place)
        command = [sys.executable, "-m", "benchmarks.editing.filling", str(folder)]
        made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=180)
        if made.returncode:
            raise OSError(made.stderr)
        said = json.loads(made.stdout.splitlines()[-1])
        with _served(folder, said["settings"]) as address, _opened(address, said) as page:
            return _typed(page, pauses)


def _typed(page: Page, pauses: int) -> Latency:
    session = page.context.new_cdp_session(page)
    _run(session, _WATCH)
    _run(session, _PLACE.replace("WORD", json.dumps(_RULE)))
    errors = 0
    for number in range(pauses):
        if number % 2 == 0:
            page.keyboard.type("xy")
        else:
            page.keyboard.press("Backspace")
            page.keyboard.press("Backspace")
        page.wait_for_timeout(700)
        errors += page.locator("#problems [data-severity=error]").count() > 0
    return Latency(tuple(_run(session, "window.taken")), errors)


def _run(session: CDPSession, script: str) -> Any:
    """Ask the page by the browser's own debugger: its policy lets no text be run as program."""
    found = session.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
    return found["result"].get("value")


@contextmanager
def _opened(address: str, said: dict[str, Any]) -> Iterator[Page]:
    from tests.interfaces.browsing import DESK, started

    with started() as browser:
        context = browser.new_context(viewport=DESK, base_url=address)
        context.add_cookies([{"name": said["cookie"], "value": said["sessions"]["Ada"], "url": address}])
        page = context.new_page()
        page.goto(said["address"])
        page.wait_for_selector("[data-ready]")
        yield page
        context.close()


@contextmanager
def _served(folder: Path, settings: str) -> Iterator[str]:
    """`assay serve` in a process of its own; its address, once the workbench answers."""
    from tests.interfaces.web.browser.conftest import served

    with served(folder, "--config", settings) as address:
        yield address


if __name__ == "__main__":
    print(latency().words)
