"""What a person can do with an item of the Outbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.models.outbox import TAKE_BACK, Route
from app.services.notices.exporting import Artefacts
from app.services.outbox.acting import (
    choose_route,
    export_instead,
    hold,
    release,
    say_it_did_not_leave,
    say_it_left,
    say_send_again,
    send_now,
    take_back_item,
)
from app.services.outbox.reading import Can, OutboxRow
from app.services.outbox.settling import taken_back_words
from app.services.uow import Undo
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.ops_saving import Saving
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

HELD = "Held; nothing of it leaves until you release it."
RELEASED = "Released; it leaves when it is due."
COUNTS_AS_SAVED = "No file was written, but it counts as saved: choose under Who sends it."
LEFT, AGAIN, GONE = "left", "again", "gone"
_ROUTES = (
    (Route.CONSOLE.value, "This console, while it runs"),
    (Route.OUTLOOK_HOLDS.value, "Outlook holds it until its time"),
    (Route.OUTLOOK_DRAFT.value, "You, from the drafts in Outlook"),
)


class Tells(CountsDown, Protocol):
    def withdraw(self, sentence: str, /) -> object: ...


class OutboxActs(QObject):
    """`beside` writes files; `folder` is where they go; `waits_for` says what keeps
    everything from Outlook now, such as “the network”. Emits `done` after each act."""

    done = Signal()

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        tell: Tells,
        on_undo: Callable[[Undo], object],
        folder: Path,
        over: QWidget,
        waits_for: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(over)
        self._ops, self._tell = ops, tell
        self.saving = Saving(ops, beside, tell, "Saving as files", over, COUNTS_AS_SAVED)
        self.saving.done.connect(self.done)
        self._on_undo = on_undo
        self._folder = folder
        self._over = over
        self._waits_for = waits_for

    def send_now(self, row: OutboxRow) -> None:
        """It can be taken back while it waits its ten seconds."""
        if Can.SEND_NOW not in row.can:
            return

        def done(undo: Undo) -> None:
            self._on_undo(undo)
            stop = ("Hold it", lambda: self._run(hold, row, HELD, seen=False))
            if held := self._waits_for():
                said = f"“{row.subject}” waits for {held} and leaves after that."
                self._tell.info(said, action=stop)
            else:
                seconds = int(TAKE_BACK.total_seconds())
                self._tell.count_down(_leaves_now(row.subject), stop, seconds)
            self.done.emit()

        self._ops.run(send_now, row.id, seen=row.version, then=done, owner=self)

    def hold_or_release(self, row: OutboxRow) -> None:
        if Can.RELEASE in row.can:
            self._run(release, row, RELEASED)
        elif Can.HOLD in row.can:
            self._run(hold, row, HELD)

    def take_back(self, row: OutboxRow) -> None:
        if Can.TAKE_BACK not in row.can:
            return
        if row.left:
            words = (
                f"{row.left} of its {row.messages} messages left already and cannot be called "
                "back; the others will not leave."
            )
            sheet = Sheet(self._over, "Take back the rest", words, (), "Take back", tone="danger")

            def answered(_answers: Answers) -> None:
                sheet.accept()
                self._take_back(row)

            sheet.answered.connect(answered)
            sheet.open()
            return
        self._take_back(row)

    def _take_back(self, row: OutboxRow) -> None:
        def taken(inverse: Undo) -> None:
            self._on_undo(inverse)
            self._withdraw(row)
            self._ops.read(taken_back_words, row.id, then=self._tell.info, owner=self)
            self.done.emit()

        self._ops.run(take_back_item, row.id, seen=row.version, then=taken, owner=self)

    def route(self, row: OutboxRow) -> None:
        sheet = Sheet(
            self._over,
            "Who sends it",
            f"“{row.subject}”",
            (Ask("route", "Who sends it", Kind.CHOICE, row.route.value, choices=_ROUTES),),
            "Change it",
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            self._ops.run(
                choose_route, row.id, Route(answers["route"]), seen=row.version,
                then=lambda undo: self._done(undo, "Changed who sends it.", row), owner=self,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def export(self, row: OutboxRow) -> None:
        """As files in the folder for the mail program; from then on a person sends it."""

        def written(_made: Artefacts, paths: tuple[Path, ...]) -> None:
            folder = QUrl.fromLocalFile(str(paths[0].parent))
            self._tell.info(
                f"{len(paths)} files are saved. You send it yourself now; when it left, note that "
                "on the notice (By hand, Sent by me).",
                action=("Open the folder", lambda: QDesktopServices.openUrl(folder)),
            )

        self.saving.save(
            export_instead, row.id, place=lambda made: self._folder / made.stem, then=written
        )

    def say(self, row: OutboxRow) -> None:
        """It is not known whether it left; only a person who looks can tell."""
        asked = (LEFT, "It left: it is among the sent messages")
        other = (
            (GONE, "It did not leave: it is neither among the drafts nor the sent")
            if row.taken_back
            else (AGAIN, "It did not leave, or was put right: send it again")
        )
        sheet = Sheet(
            self._over,
            "Look in Outlook",
            f"“{row.subject}”: {row.last_answer} Look among the drafts and the sent messages. "
            "Nothing is sent before the mailbox was looked at once more.",
            (Ask("said", "What you see", Kind.CHOICE, other[0], choices=(asked, other)),),
            "That is so",
        )
        acts = {LEFT: say_it_left, AGAIN: say_send_again, GONE: say_it_did_not_leave}

        def done(_: object) -> None:
            sheet.accept()
            self.done.emit()

        def answered(answers: Answers) -> None:
            self._ops.run(
                acts[answers["said"]], row.id, then=done,
                failed=lambda error: sheet.refuse(error.sentence), owner=sheet,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def open_in_outlook(self, link: str) -> None:
        """In the browser; of a message that was sent meanwhile Outlook says so itself."""
        if link:
            QDesktopServices.openUrl(QUrl(link))

    def _run(
        self, use_case: Callable[..., Undo], row: OutboxRow, words: str, *, seen: bool = True
    ) -> None:
        self._ops.run(
            use_case, row.id, seen=row.version if seen else None,
            then=lambda undo: self._done(undo, words, row), owner=self,
        )  # fmt: skip

    def _withdraw(self, row: OutboxRow) -> None:
        """What was said of its leaving is no longer so."""
        for said in (_leaves_now(row.subject), f"{row.words} leaves now.", HELD, RELEASED):
            self._tell.withdraw(said)

    def _done(self, undo: Undo, words: str, row: OutboxRow) -> None:
        self._on_undo(undo)
        self._withdraw(row)
        self._tell.info(words)
        self.done.emit()


def _leaves_now(subject: str) -> str:
    return f"“{subject}” leaves now."
