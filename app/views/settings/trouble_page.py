"""The store cannot be opened: what happened, what is safe, and three ways on.

Shown before storage is loaded, so nothing here imports it; restoring does, on its own thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import speak_moment
from app.services.settings.backups import FOLDER, Backup, backups
from app.services.working import Stopped, Work
from app.views.notify import ask
from app.views.ops import Beside, Ops
from app.views.page import Page
from app.views.settings.own_zone import own_zone
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.tone import Tone, set_tone
from app.views.widgets.working import WorkBar

if TYPE_CHECKING:
    from app.services.settings.restore import Restored

Restore = Callable[[Path, Path, Work], "Restored"]
"""(folder, backup, work) → what was restored. Raises ConsoleError. Blocks."""

WIDTH = 760
_ON_A_SERVER = ("away", "moved", "refused", "unsure")
_HEADLINES = {
    "away": "The database server does not answer",
    "moved": "The store was moved",
    "refused": "The database cannot be used",
    "damaged": "The store is damaged",
    "gone": "The store is gone",
    "newer": "A newer console wrote this store",
    "folder": "The data folder cannot be used",
    "busy": "The store is busy",
    "full": "The disk is full",
    "disk": "The disk did not answer",
}
_MENDED_BY_A_BACKUP = frozenset({"damaged", "gone", "newer"})


def put_back(folder: Path, backup: Path, work: Work) -> Restored:
    """`services.settings.restore`, loaded when it is wanted: it brings all of storage with it."""
    from app.services.settings.restore import make_ready, put_in_place

    return put_in_place(folder, make_ready(folder, backup, work))


class TroublePage(Page):
    """`retry(folder)` opens a store, the same or another; a new refusal comes back through
    `show_trouble`. `restored(Restored)` comes before it, once a backup is in place."""

    restored = Signal(object)

    def __init__(
        self,
        trouble: ConsoleError,
        folder: Path,
        retry: Callable[[Path], None],
        restore: Restore = put_back,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._retry = retry
        self._restore = restore
        self._beside = Beside()
        self._ops = Ops(self._beside, self, lambda: None, self)
        self.destroyed.connect(self._beside.close)
        self._build()
        self.show_trouble(trouble, folder)

    @property
    def title(self) -> str:
        return "Store not open"

    @property
    def context(self) -> str:
        return str(self._folder)

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "choose a backup"), ("Enter", "put the chosen backup back (asks)"))

    def activate(self, *args: object) -> None:
        (self.list if self.list.isVisibleTo(self) else self.again).setFocus()

    def show_trouble(self, trouble: ConsoleError, folder: Path) -> None:
        """What `folder` says now, with its backups."""
        self._folder = folder
        code = str(trouble.about.get("trouble", ""))
        self._card.show_as(_HEADLINES.get(code, "The store did not open"), tone=Tone.BAD)
        self._sentence.setText(for_a_window(trouble.sentence))
        self.say("")
        there = code in _ON_A_SERVER
        self.saved.setVisible(not there)  # its copies are its server's business
        found = [] if there else backups(folder)
        zone = own_zone()
        self.list.model_rows.apply([_row(backup, zone) for backup in found])
        if found:
            self.list.choose(str(found[0].path))
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        self._put_back.setEnabled(bool(found))
        mends = code in _MENDED_BY_A_BACKUP and bool(found)
        set_tone(self._put_back, "primary" if mends else "")
        set_tone(self.again, "" if mends else "primary")
        self._set_working(False)
        self.headerChanged.emit()

    def error(self, sentence: str, /, *, action: object = None) -> None:
        """What went wrong with the choice made, in place."""
        self.say(sentence, Tone.BAD)
        self._set_working(False)

    def say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        set_tone(self._said, tone)

    def try_again(self) -> None:
        self._open(self._folder)

    def choose_folder(self) -> QFileDialog:
        """Another data folder; one without a store becomes a new one."""
        dialogue = QFileDialog(self, "Open another data folder", str(self._folder.parent))
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setOption(QFileDialog.Option.ShowDirsOnly)
        dialogue.fileSelected.connect(lambda name: self._open(Path(name)))
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.open()
        return dialogue

    def choose_file(self) -> QFileDialog:
        """A backup that was carried elsewhere."""
        dialogue = QFileDialog(self, "Put back a backup", str(self._folder))
        dialogue.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialogue.setNameFilter("Flight Console backups (*.sqlite)")
        dialogue.fileSelected.connect(lambda name: self.ask_to_restore(Path(name)))
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.open()
        return dialogue

    def ask_to_restore(self, backup: Path) -> None:
        row = next((row for row in self.list.model_rows.rows() if row.key == str(backup)), None)
        ask(
            self,
            "Put this backup back?",
            f"The store becomes what it was: {row.title if row else backup.name}. What was "
            "written after it is not in it. The file of now is kept beside it, and nothing that "
            "was waiting to be sent leaves by itself.",
            "Put it back",
            lambda: self._begin(backup),
        )

    def _begin(self, backup: Path) -> None:
        self._set_working(True)
        self.say(f"Putting {backup.name} back…")
        self._ops.run(
            self._restore,
            self._folder,
            backup,
            self.work.begin(),
            then=self._on_restored,
            failed=self._on_failed,
            owner=self,
        )

    def _on_restored(self, restored: Restored) -> None:
        self.work.end()
        self.restored.emit(restored)
        self._open(self._folder, f"{restored.sentence} Opening it…")

    def _on_failed(self, refusal: ConsoleError) -> None:
        self.work.end()
        if isinstance(refusal, Stopped):
            self.say("Restoring was cancelled; the store and its backups are as they were.")
            self._set_working(False)
        else:
            self.error(refusal.sentence)

    def _open(self, folder: Path, said: str = "") -> None:
        self._set_working(True)
        self.say(said or f"Opening {folder}…")
        self._retry(folder)

    def _set_working(self, working: bool) -> None:
        for part in (self.list, self._other_file, self._other_folder, self.again):
            part.setEnabled(not working)
        self._put_back.setEnabled(not working and self.list.current() is not None)

    def _on_put_back(self) -> None:
        row = self.list.current()
        if row is not None:
            self.ask_to_restore(Path(row.key))

    def _build(self) -> None:
        self._card = Card("The store did not open", tone=Tone.BAD, dot=True)
        self._sentence = Words("", wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._card.body.addWidget(self._sentence)
        self.saved = Card("Put back a backup", "newest first · the file of now is kept", bleed=True)
        self.list = ListView("Backups")
        self.list.setMinimumHeight(px(150))
        self.list.opened.connect(lambda key: self.ask_to_restore(Path(key)))
        self._none = EmptyState(
            f"There is no backup in this folder. They lie in “{FOLDER}”, one a day; choose a file "
            "if yours are kept elsewhere."
        )
        self.saved.body.addWidget(self.list, 1)
        self.saved.body.addWidget(self._none, 1)
        self._put_back = button("Put the chosen one back…", self._on_put_back)
        self._other_file = button("Choose a backup file…", self.choose_file)
        self.saved.body.addSpacing(px(10))
        self.saved.body.addLayout(_line(self._put_back, self._other_file, inset=8))
        self.again = button("Try again", self.try_again)
        self._other_folder = button("Open another folder…", self.choose_folder)
        self._said = Words("", "sub", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(px(16))
        for part in (self._card, self.saved):
            part.setMaximumWidth(px(WIDTH))
            column.addWidget(part, 1 if part is self.saved else 0)
        column.addLayout(_line(self.again, self._other_folder))
        column.addWidget(self._said)
        self.work = WorkBar("Restoring")
        self.work.setMaximumWidth(px(WIDTH))
        column.addWidget(self.work)
        self._card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addStretch(0)  # where no backups are shown
        whole = QHBoxLayout(self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        whole.addLayout(column, 1)
        whole.addStretch(0)


def for_a_window(sentence: str) -> str:
    """What a terminal is told to type is a button here."""
    return re.sub(r" \(`restore [^`]*`\)| with --data", "", sentence)


def _line(*parts: QWidget, inset: int = 0) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(px(inset) if inset else 0, 0, px(inset) if inset else 0, 0)
    line.setSpacing(px(10))
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return line


def _row(backup: Backup, zone: str) -> ListRow:
    return ListRow(
        key=str(backup.path),
        title=speak_moment(backup.made_at, zone),
        sub=backup.path.name,
        trailing=_size(backup.size),
    )


def _size(count: int) -> str:
    return f"{count / 1_048_576:.1f} MB" if count >= 1_000_000 else f"{count / 1_024:.0f} KB"
