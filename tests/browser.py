"""Chromium for tests of pages: cut off from the network, and every request and complaint noted."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@dataclass
class Visit:
    """A page that is open.

    Attributes:
        requests: addresses of all that was asked for.
        complaints: what the console said, uncaught errors, and dialogs that opened.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def switch_language(self) -> None:
        """Presses the language switch."""
        self.page.click("#language")

    def find_violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.1 A and AA, one line a fault."""
        self.page.evaluate(_read_axe())
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES
        )
        return [
            f"{item['id']}: {node['html'][:160]}"
            for item in found["violations"]
            for node in item["nodes"]
        ]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Starts Chromium; one for a whole test file is enough."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield browser
        browser.close()


@contextmanager
def visit(
    browser: Browser, path: Path, *, width: int = 1280, scripts: bool = True
) -> Iterator[Visit]:
    """Opens a page from the disk, the network being off."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, offline=True, java_script_enabled=scripts
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    visited = Visit(page)
    page.on("request", lambda request: visited.requests.append(request.url))
    page.on("console", lambda message: visited.complaints.append(message.text))
    page.on("pageerror", lambda error: visited.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (visited.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    yield visited
    context.close()


@functools.cache
def _read_axe() -> str:
    folder = Path(axe_core_python.__file__).parent
    return next(folder.rglob("axe.min.js")).read_text(encoding="utf-8")
