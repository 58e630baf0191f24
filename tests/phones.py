"""Headless phones that open the crew board as people do: a Chromium whose profile trusts a test's
authority and nobody else's. Certificate errors are never ignored."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

AXE = Path(__file__).parent / "data" / "axe" / "axe.min.js"
WIDTH, HEIGHT = 360, 740
SECONDS = 15_000
"""Milliseconds, as the browser counts."""
GRAVE = ("serious", "critical")


@contextmanager
def browser_trusting(
    authority: Path, home: Path, kind: BrowserType | None = None
) -> Iterator[Browser]:
    """A Chromium with a profile of its own in `home`; a second one is launched by the first’s
    `kind`. Skips where it or certutil is missing."""
    chromium, certutil = shutil.which("chromium"), shutil.which("certutil")
    if chromium is None or certutil is None:
        pytest.skip("needs Debian’s chromium and libnss3-tools")
    known = home / ".pki" / "nssdb"
    known.mkdir(parents=True)
    there = ["-d", f"sql:{known}"]
    subprocess.run([certutil, *there, "-N", "--empty-password"], check=True)
    trusted = ["-A", "-t", "C,,", "-n", "authority", "-i", str(authority)]
    subprocess.run([certutil, *there, *trusted], check=True)
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with ExitStack() as stack:
        if kind is None:
            kind = stack.enter_context(sync_playwright()).chromium
        browser = kind.launch(
            executable_path=chromium, args=as_root, env={**os.environ, "HOME": str(home)}
        )
        stack.callback(browser.close)
        yield browser


class Phone:
    """One person's: a context and a page of its own, 360 px wide."""

    def __init__(self, browser: Browser, *, dark: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            has_touch=True,
        )
        self.context.set_default_timeout(SECONDS)
        self.faults: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))

    def opens(self, url: str) -> int:
        """The status of the answer."""
        answer = self.page.goto(url, wait_until="load")
        assert answer is not None
        return answer.status

    def taps(self, words: str) -> None:
        """The button with this name, whole or its beginning."""
        self.page.get_by_role("button", name=words).first.click()

    def sees(self, words: str) -> None:
        """Sooner or later."""
        self.page.get_by_text(words).first.wait_for()

    def grave_faults(self) -> list[dict[str, Any]]:
        """What axe-core finds serious or critical on the page as it is shown."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            {"id": each["id"], "where": [node["target"] for node in each["nodes"]]}
            for each in found["violations"]
            if each["impact"] in GRAVE
        ]

    def fits(self) -> bool:
        """Nothing is wider than the phone."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        return int(wide) <= WIDTH
