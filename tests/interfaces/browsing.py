"""How a page is opened in a real browser that reaches nobody. It holds no test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
DESK, PHONE, ZOOMED = (ViewportSize(width=width, height=900) for width in (1280, 390, 320))
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[Scheme, ViewportSize], ...] = (("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", ZOOMED))
NEEDS_A_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="Debian's package `chromium` is not installed")


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, for as long as it is needed."""
    # A browser's sandbox cannot be set up by root, and only there is it left out.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@contextmanager
def opened(
    browser: Browser,
    address: str,
    scheme: Scheme,
    size: ViewportSize,
    *,
    scripts: bool = True,
    guarded: bool = True,
) -> Iterator[Page]:
    """A page, which must say nothing on its console and ask for nothing outside of its file.

    scripts  whether the page may run its own
    guarded  whether its own rule on scripts holds; under it, tests cannot put questions to the page as text
    """
    context = browser.new_context(
        color_scheme=scheme,
        viewport=size,
        reduced_motion="reduce",
        offline=True,
        java_script_enabled=scripts,
        bypass_csp=not guarded,
    )
    found = context.new_page()
    said: list[str] = []
    found.on("console", lambda message: said.append(message.text))
    found.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    found.goto(address)
    yield found
    assert said == []
    context.close()
