"""What every page of the workbench is held to in a browser, with the page's own rules in force. It holds no test.

A page's policy forbids text that is run as program, so questions are put through the browser's own debugger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page

from tests.interfaces.browsing import DESK, PHONE, ZOOMED

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_ALL, AXE_COLOURS = "undefined", "['color-contrast', 'link-in-text-block']"
MOST_TABS = 250
MOMENTS = "[type=date], [type=datetime-local], [type=time], [type=month]"

# Everything that Tab has to reach: what can be pressed or filled in, is there, and is not switched off. Of radio
# buttons with one name, one is reached; what stands in a closed dialog or disclosure is not there.
REACHABLE = """
(() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const groups = new Set();
  return [...document.querySelectorAll(wanted)].filter(each => {
    if (each.disabled || each.tabIndex < 0 || each.closest('[inert]')) return false;
    if (!each.checkVisibility({visibilityProperty: true})) return false;
    if (each.type !== 'radio') return true;
    const group = each.form?.id + ':' + each.name;
    if (groups.has(group)) return false;
    groups.add(group);
    return true;
  });
})()
"""

# Notes what the focus comes to and whether it can be seen there: a ring, or a shadow, that was not there before.
WATCH_FOCUS = """
(() => {
  window.focused = new Map();
  document.addEventListener('focusin', event => {
    const shows = each => { const style = getComputedStyle(each);
      return style.boxShadow !== 'none' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1; };
    // A box for text with something beside it may show the focus around both.
    window.focused.set(event.target, shows(event.target) || shows(event.target.parentElement));
  }, true);
  document.activeElement?.blur();
  window.scrollTo(0, 0);
})()
"""

MISSED = f"""
(() => {{
  const words = each => each.outerHTML.slice(0, 160);
  const all = {REACHABLE.strip()};
  const sameRadio = (one, other) => one.type === 'radio' && other.type === 'radio' && one.name === other.name;
  const seen = [...window.focused.keys()];
  const missed = all.filter(each => !seen.some(one => one === each || sameRadio(one, each)));
  const unseen = seen.filter(each => !window.focused.get(each) && each !== document.body);
  return {{missed: missed.map(words), unseen: unseen.map(words), wanted: all.length}};
}})()
"""

# What is wider than the page, without what scrolls in a frame of its own.
TOO_WIDE = """
(() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  const framed = each => { for (let up = each.parentElement; up; up = up.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) return true; return false; };
  return [`the page is ${page.scrollWidth} px wide in ${window.innerWidth}`,
    ...[...document.body.querySelectorAll('*')]
      .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1 && !framed(each))
      .slice(0, 4).map(each => each.outerHTML.slice(0, 120))];
})()
"""
# Headings go down one step at a time, and one stands above all.
HEADINGS = """
(() => {
  const all = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(each => each.checkVisibility());
  const levels = all.map(each => Number(each.tagName[1]));
  const skipped = all.filter((each, place) => place > 0 && levels[place] > levels[place - 1] + 1);
  return [...skipped.map(each => each.outerHTML.slice(0, 120)),
    ...(levels.filter(each => each === 1).length === 1 ? [] : ['not one h1'])];
})()
"""
MOVING = "document.getAnimations().filter(each => each.playState === 'running').map(each => String(each.animationName))"
# What the scheme changes is only colours.
AXE_RUN = """
axe.run(document, {resultTypes: ['violations'], preload: false, runOnly: RULES})
.then(found => found.violations.map(each =>
  each.id + ': ' + each.nodes.slice(0, 4).map(node =>
    node.html.slice(0, 140) + ' ' + node.any.map(one => one.message).join('; ')).join('\\n    ')))
"""


@dataclass(slots=True)
class Looked:
    """A page that was opened, and everything that was found wrong with it."""

    page: Page
    debugger: CDPSession
    faults: list[str] = field(default_factory=list)

    def ask(self, question: str) -> Any:
        """What an expression comes to, in the page."""
        found = self.debugger.send(
            "Runtime.evaluate", {"expression": question, "awaitPromise": True, "returnByValue": True}
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def note(self, what: str, found: object) -> None:
        """Remember a finding, if there is one."""
        if found:
            self.faults.append(f"{what}: {json.dumps(found, indent=2, ensure_ascii=False)}")


def look_at(context: BrowserContext, address: str) -> Looked:
    """Open a page and look at it in every way; the page stays open."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: _note_words(said, message))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda asked: _note_stranger(said, asked.url, address))
    answer = page.goto(address)
    found = Looked(page, context.new_cdp_session(page))
    assert answer is not None
    found.note("status", answer.status if answer.status != 200 else None)
    found.note("title", None if page.title().strip() else "there is none")
    _narrow(found)
    _keyboard(found)
    _axe(found)
    found.note("headings", found.ask(HEADINGS))
    found.note("moving", found.ask(MOVING))
    found.note("console", said)
    return found


def _note_words(said: list[str], message: ConsoleMessage) -> None:
    # What a browser only says to whoever asks it for everything is advice of its maker.
    if not message.text.startswith("[DOM]"):
        said.append(f"{message.type}: {message.text}")


def _note_stranger(said: list[str], asked: str, address: str) -> None:
    origin = "/".join(address.split("/")[:3])
    if not asked.startswith((f"{origin}/", "data:")):
        said.append(f"asked elsewhere: {asked}")


def _narrow(found: Looked) -> None:
    """Nothing is wider than the page: on a phone, and where 1280 px are enlarged four times."""
    for name, size in (("phone", PHONE), ("400 %", ZOOMED)):
        found.page.set_viewport_size(size)
        found.note(f"too wide at {name}", found.ask(TOO_WIDE))
    found.page.set_viewport_size(DESK)


def _keyboard(found: Looked) -> None:
    """Tab reaches all that can be pressed or filled in, and the focus can be seen wherever it comes to."""
    found.ask(WATCH_FOCUS)
    # A field for a moment is gone through part by part.
    most = min(
        MOST_TABS, int(found.ask(f"{REACHABLE.strip()}.length + 7 * document.querySelectorAll('{MOMENTS}').length")) + 3
    )
    # What htmx renews while Tab goes by (the bell, every 30 seconds) is another element then, so it is gone to again.
    missed = _gone_through(found, most)
    if missed["missed"]:
        missed = _gone_through(found, most)
    if most < MOST_TABS:
        found.note("not reached by Tab", missed["missed"])
    found.note("focus cannot be seen", missed["unseen"])


def _gone_through(found: Looked, most: int) -> dict[str, Any]:
    for _ in range(most):
        found.page.keyboard.press("Tab")
    missed: dict[str, Any] = found.ask(MISSED)
    return missed


def _axe(found: Looked) -> None:
    found.ask(AXE)
    looks: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", AXE_ALL), ("dark", AXE_COLOURS))
    for scheme, rules in looks:
        found.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found.note(f"axe, {scheme}", found.ask(AXE_RUN.replace("RULES", rules)))
