"""The list of 20,000 configuration items: a key in its search, from typing to painted."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from app.models.directory.facts import EntryKind
from app.views.directory.entry_list import EntryList
from app.views.directory.rows import Line
from app.views.theme import Look, Theme
from app.views.widgets.listing import ListRow
from tests.bench.measure import promise, quiet, seconds

LIMIT_MS = 50.0
CIS = 20_000
ROUNDS = 15
WORDS = ("s", "sw", "sw-1", "sw-12", "", "sw-9")


def lines() -> tuple[Line, ...]:
    made = []
    for number in range(CIS):
        row = ListRow(f"{number}", f"sw-{number}", f"rests on sw-{number // 2}", pill="network")
        made.append(Line(row, f"{row.title} {row.sub} network", frozenset(("network",))))
    return tuple(made)


def main() -> int:
    app = QApplication([])
    Theme(app, Look.DARK)
    view = EntryList(EntryKind.CIS, lambda: None)
    view.resize(700, 640)
    view.show_lines(lines())
    view.show()
    app.processEvents()

    def type_(word: str) -> None:
        view.search.setText(word)
        app.processEvents()

    worst = []
    for word in WORDS:  # each on its own: the slowest key counts
        taken = []
        for _ in range(ROUNDS):
            type_("nothing has this")
            taken.append(seconds(lambda word=word: type_(word)) * 1e3)  # type: ignore[misc]
        worst.append(quiet(taken))
    return 0 if promise("directory-search-20000-cis-ms", max(worst), LIMIT_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
