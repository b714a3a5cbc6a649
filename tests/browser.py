"""A real headless Chromium for tests of pages: found on the machine, or the test is skipped with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
OFFLINE = ("file:", "data:", "blob:", "about:")


@dataclass
class Visit:
    """A page with what its console said and which addresses it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def network(self) -> list[str]:
        """Requests that leave the machine's own files."""
        return [address for address in self.requests if not address.startswith(OFFLINE)]


def chromium() -> str | None:
    """The program's place: ``CHROMIUM`` in the environment, or the first of the usual names; None where there is none."""
    given = os.environ.get("CHROMIUM")
    if given and Path(given).is_file():
        return given
    return next((found for found in map(shutil.which, NAMES) if found), None)


@contextmanager
def visit(viewport: ViewportSize = DESKTOP) -> Iterator[Visit]:
    """A blank page of a headless Chromium that records console errors, page errors and requests; skips the test where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = chromium()
    if program is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)} and the variable CHROMIUM)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport=viewport)
            seen = Visit(page)
            page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: seen.errors.append(str(error)))
            page.on("request", lambda request: seen.requests.append(request.url))
            yield seen
        finally:
            browser.close()
