"""The store's keeping: its backups, and what a look over it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import speak_moment, speak_span
from app.services.database_check import findings
from app.services.folder import FILE_NAME
from app.services.settings.backups import KEEP, Backup, backups, make_backup, require_backup
from app.services.settings.doctor import Finding, examine
from app.services.settings.restore import Ready, make_ready
from app.services.working import Stopped, Work
from app.views.notify import Telling, ask
from app.views.ops import Ops
from app.views.settings.own_zone import own_zone
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.labels import Dot, Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button, clear
from app.views.widgets.tone import Tone
from app.views.widgets.working import WorkBar

Restore = Callable[[Ready], object]
"""Closes the store, puts what is ready in its place and opens it again."""
NOTE = f"one a day, the newest {KEEP} are kept"


class BackupsCard(Card):
    """Newest first. `beside` runs on a thread of its own: a copy takes as long as the disk.

    Emits `made` when there is one more."""

    made = Signal()

    def __init__(
        self,
        beside: Ops,
        tell: Telling,
        folder: Path,
        now: Callable[[], datetime],
        on_restore: Restore,
    ) -> None:
        super().__init__("Backups", bleed=True)
        self._beside, self._tell = beside, tell
        self._folder, self._now, self._on_restore = folder, now, on_restore
        self._zone = own_zone()
        self._doing = ""
        self.list = ListView("Backups")
        self.list.setMinimumHeight(px(150))
        self.list.chosen.connect(lambda _key: self._on_chosen())
        self.list.opened.connect(lambda key: self._look_at(Path(key)))
        self.body.addWidget(self.list, 1)
        self.make = button("Back up now", self.back_up)
        self.restore = button("Restore the chosen one…", self._on_button)
        self.other = button("Restore a file…", self.choose_file)
        self.restore.setEnabled(False)
        self.body.addSpacing(px(10))
        buttons = line(self.make, self.restore, self.other)
        buttons.setContentsMargins(px(8), 0, px(8), 0)
        self.body.addLayout(buttons)
        self.work = WorkBar("Backing up")
        self.work.setContentsMargins(px(8), px(8), px(8), 0)
        self.body.addWidget(self.work)

    def refresh(self) -> None:
        self._beside.read(backups, self._folder, then=self._show, owner=self)

    def back_up(self) -> None:
        self._beside.run(
            make_backup,
            self._folder / FILE_NAME,
            self._now(),
            self._begin("Backing up", "making a copy…"),
            then=self._on_made,
            failed=self._on_failed,
            owner=self,
        )

    def choose_file(self) -> QFileDialog:
        """A backup that was carried elsewhere."""
        dialogue = QFileDialog(self, "Restore a backup", str(self._folder))
        dialogue.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialogue.setNameFilter("Flight Console backups (*.sqlite)")
        dialogue.fileSelected.connect(lambda name: self._look_at(Path(name)))
        dialogue.open()
        return dialogue

    def _on_button(self) -> None:
        row = self.list.current()
        if row is not None:
            self._look_at(Path(row.key))

    def _look_at(self, backup: Path) -> None:
        """A file that is no whole store is refused before anything is asked."""
        self._beside.read(
            require_backup,
            backup,
            self._begin("Looking at the backup", "looking whether it is whole…"),
            then=lambda _revision: self._on_whole(backup),
            failed=self._on_failed,
            owner=self,
        )

    def _on_whole(self, backup: Path) -> None:
        self._end()
        self.ask_to_restore(backup)

    def ask_to_restore(self, backup: Path) -> None:
        row = next((row for row in self.list.model_rows.rows() if row.key == str(backup)), None)
        ask(
            self,
            "Put this backup back?",
            f"The store becomes what it was: {row.title if row else backup.name}. What was "
            "written after it is not in it, though the file of now is kept beside it. Nothing "
            "that was waiting to be sent leaves by itself.",
            "Put it back",
            lambda: self._make_ready(backup),
        )

    def _make_ready(self, backup: Path) -> None:
        """The store stays open and as it is until the copy is whole."""
        self._beside.run(
            make_ready,
            self._folder,
            backup,
            self._begin("Restoring", "making the backup ready; nothing is changed yet…"),
            then=self._on_ready,
            failed=self._on_failed,
            owner=self,
        )

    def _on_ready(self, ready: Ready) -> None:
        self._end()
        self._on_restore(ready)

    def _begin(self, name: str, note: str) -> Work:
        """One at a time; what it is stands in the head of the card."""
        self._doing = name
        if any(act.hasFocus() for act in (self.make, self.restore, self.other)):
            self.list.setFocus()  # a disabled button would hand it to whatever comes next
        for act in (self.make, self.restore, self.other):
            act.setEnabled(False)
        self.show_as("Backups", note)
        return self.work.begin(name)

    def _end(self) -> None:
        self._doing = ""
        if self.work.cancel.hasFocus():
            self.list.setFocus()
        self.work.end()
        self.make.setEnabled(True)
        self.other.setEnabled(True)
        self.show_as("Backups", NOTE)
        self._on_chosen()

    def _show(self, kept: Sequence[Backup]) -> None:
        self.list.model_rows.apply([self._row(each) for each in kept])
        if not self._doing:
            self.show_as("Backups", NOTE)
            self._on_chosen()

    def _row(self, backup: Backup) -> ListRow:
        age = speak_span(self._now() - backup.made_at)
        return ListRow(
            key=str(backup.path),
            title=speak_moment(backup.made_at, self._zone),
            sub=f"{age} old · {backup.path.name}",
            trailing=f"{backup.size / 1_000_000:.1f} MB",
        )

    def _on_chosen(self) -> None:
        self.restore.setEnabled(not self._doing and self.list.current() is not None)

    def _on_made(self, path: Path) -> None:
        self._end()
        self._tell.info(f"Backed up and verified: {path.name}.")
        self.refresh()
        self.made.emit()

    def _on_failed(self, refusal: ConsoleError) -> None:
        doing = self._doing
        self._end()
        if isinstance(refusal, Stopped):
            self._tell.remark(f"{doing} was cancelled; the store and its backups are as they were.")
        else:
            self._tell.error(refusal.sentence)
            self.refresh()  # the store itself may be backed up


class DoctorCard(Card):
    """Every finding with a word and a colour; what is wrong comes first. `served`: a store in a
    database server is looked over by a query of its own."""

    def __init__(self, beside: Ops, folder: Path, served: Ops | None = None) -> None:
        super().__init__("The store")
        self._beside, self._folder, self._served = beside, folder, served
        self._said: tuple[str, ...] = ()
        self.again = button("Look it over again", self.look)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(px(6))
        self.body.setSpacing(px(10))
        self.body.addLayout(self.findings)
        self.body.addLayout(line(self.again))
        self.work = WorkBar("Looking the store over")
        self.body.addWidget(self.work)
        self.body.addStretch(1)

    @property
    def said(self) -> tuple[str, ...]:
        """The sentences shown, in order."""
        return self._said

    def look(self) -> None:
        self.again.setEnabled(False)
        self.show_as("The store", "looking it over…")
        if self._served is not None:
            self._served.read(findings, then=self._show, failed=self._on_failed)
            return
        self._beside.read(
            examine,
            self._folder,
            work=self.work.begin(),
            then=self._show,
            failed=self._on_failed,
            owner=self,
        )

    def _show(self, findings: Sequence[Finding]) -> None:
        self.work.end()
        self.again.setEnabled(True)
        bad = sum(not finding.ok for finding in findings)
        self.show_as(
            "The store",
            f"{bad} to look at" if bad else "all well",
            Tone.WARN if bad else Tone.PLAIN,
        )
        clear(self.findings)
        ordered = sorted(findings, key=lambda f: f.ok)
        self._said = tuple(finding.sentence for finding in ordered)
        for finding in ordered:
            self.findings.addWidget(_Line(finding))

    def _on_failed(self, refusal: ConsoleError) -> None:
        self.work.end()
        self.again.setEnabled(True)
        if isinstance(refusal, Stopped):
            self.show_as("The store", "not looked over", Tone.PLAIN)
        else:
            self.show_as("The store", refusal.sentence, Tone.BAD)


class _Line(QWidget):
    """A finding: its colour beside words that say the same, however long."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(10))
        tone = Tone.OK if finding.ok else Tone.BAD
        box.addWidget(Dot(tone, "all right" if finding.ok else "wrong"))
        box.addWidget(Words(finding.sentence, wrap=True), 1)
