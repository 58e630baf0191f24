"""Somebody who types a notice without a pause, in a process that will be killed: each word is
acknowledged on standard output once it stands in the editor."""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.notices.kinds import NoticeKind
from app.services.database import Store
from app.services.database_place import is_served
from app.services.folder import FILE_NAME
from app.views.notices.communication_page import CommunicationTab
from app.views.notices.draft_keeping import Tells
from app.views.ops import Ops
from tests.makers import clock_of, make_store
from tests.views.telling import Silent

BETWEEN_MS = 40


def main(folder: Path, outage_id: str) -> None:
    app = QApplication(sys.argv[:1])
    store: Store = make_store(folder, organisation=False)
    assert is_served(folder) or (folder / FILE_NAME).exists()
    telling: Tells = Silent()
    ops = Ops(store, telling, lambda: None)
    tab = CommunicationTab(ops, ops, telling, lambda _undo: None, clock_of(store).now, folder)
    tab.show()
    tab.show_outage(outage_id, NoticeKind.PLANNED)
    numbers = count(1)
    timer = QTimer(tab)

    def type_a_word() -> None:
        if tab.composed is None:
            return
        text = tab.composer.text
        text.moveCursor(QTextCursor.MoveOperation.End)
        word = f"w{next(numbers)}w"
        QTest.keyClicks(text, f" {word}")
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()

    timer.timeout.connect(type_a_word)
    timer.start(BETWEEN_MS)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
