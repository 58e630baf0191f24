"""The crew board's page on a phone: how much it fetches to show a board of 150 steps, and how soon
it is painted in a Chromium without a window."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.bench_crew import prepared, serve_crew, served
from tests.bench.measure import promise
from tests.makers import make_store

LIMIT_KB = 60.0
LIMIT_MS = 300.0
ROUNDS = 7
WEIGHED = """() => performance.getEntriesByType('navigation')
  .concat(performance.getEntriesByType('resource'))
  .reduce((sum, each) => sum + each.transferSize, 0)"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def opened(page: Page, address: str) -> tuple[float, float]:
    """Kilobytes that came, the board among them, and milliseconds until the first paint."""
    page.goto(address)
    page.wait_for_selector("text=Flash tray 0")
    return page.evaluate(WEIGHED) / 1_000, page.evaluate(PAINTED)


def main() -> int:
    """The median of openings, each by a browser's session that has kept nothing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("needs Chromium (Debian: apt-get install chromium)")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder))
        listening, _ = prepared(store)
        store.close()
        path = listening[0].removesuffix("events")
        with served(serve_crew, folder) as port, sync_playwright() as player:
            browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            found = []
            for _ in range(ROUNDS):
                context = browser.new_context(viewport={"width": 360, "height": 740})
                found.append(opened(context.new_page(), f"http://127.0.0.1:{port}{path}"))
                context.close()
            browser.close()
    weights, paints = zip(*found, strict=True)
    print(f"  {weights[0]:.1f} KB; painted after {', '.join(f'{each:.0f}' for each in paints)} ms")
    kept = promise("crew.page-kb", max(weights), LIMIT_KB)
    kept &= promise("crew.first-paint-ms", statistics.median(paints), LIMIT_MS)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
