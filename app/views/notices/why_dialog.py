"""Who receives a notice, and why each of them does."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.services.notices.audiences import Recipient
from app.services.notices.composing import Composed
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button

PILLS = 5
SETTLE_MS = 120


class WhyDialog(QDialog):
    """Each recipient and the reason they receive it; typing finds among 25,000."""

    def __init__(self, parent: QWidget, composed: Composed) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who receives this, and why")
        self.resize(px(560), px(460))
        self._all = tuple((_row(r), _folded(r)) for r in composed.recipients)
        box = QVBoxLayout(self)
        box.setSpacing(px(8))
        self.count = Words("", "head")
        box.addWidget(self.count)
        self._reach = f"{composed.reach:,} people, as far as known"
        self.search = QLineEdit()
        self.search.setAccessibleName("Find a recipient")
        self.search.setPlaceholderText("Find by name, address or reason")
        self.search.setMinimumHeight(px(28))
        self.search.setClearButtonEnabled(True)
        box.addWidget(self.search)
        self.rows = ListView("Recipients")
        self.rows.setUniformItemSizes(True)
        box.addWidget(self.rows, 1)
        box.addWidget(button("Close", self.accept))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.find_now)
        self.search.textChanged.connect(lambda _text: self._settle.start())
        self.find_now()
        self.search.setFocus()

    def find_now(self) -> None:
        """Those in whose name, address or reason every word typed stands."""
        parts = self.search.text().casefold().split()
        found = [row for row, said in self._all if all(part in said for part in parts)]
        self.rows.model_rows.apply(())
        self.rows.model_rows.apply(found)
        self.count.setText(f"{len(found):,} of {len(self._all):,}" if parts else self._reach)


def _row(r: Recipient) -> ListRow:
    pill = f"list of {r.size:,}" if r.is_list and r.size else ""
    return ListRow(r.key or r.name, r.name, f"{r.email} · {r.why}", pill=pill)


def _folded(r: Recipient) -> str:
    return f"{r.name} {r.email} {r.why}".casefold()


def groups(recipients: tuple[Recipient, ...]) -> list[str]:
    """Lists by name; people by the reason they share, or by name when they are few."""
    lists = [
        f"{r.name} · {r.size:,}" if r.size else f"{r.name} · list" for r in recipients if r.is_list
    ]
    people = [r for r in recipients if not r.is_list]
    if len(people) <= PILLS - len(lists):
        return [*lists, *(r.name for r in people)]
    reasons = Counter(r.why for r in people)
    return [*lists, *(f"{_group(why)} · {count:,}" for why, count in reasons.most_common())]


_GROUPS = {
    "because you are one of ": "",
    "because you use ": "users of ",
    "because you lead ": "head of ",
}


def _group(why: str) -> str:
    for start, instead in _GROUPS.items():
        if why.startswith(start):
            return instead + why.removeprefix(start)
    return why
