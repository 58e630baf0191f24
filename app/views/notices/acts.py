"""What can be done with a notice: files, clipboard, mail program, outbox, “sent by me at …”."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import BadInput, ConsoleError
from app.models.ids import NoticeId
from app.models.notices.kinds import NoticeState
from app.models.notices.leadtime import Waiver
from app.models.outbox import TAKE_BACK, Route
from app.models.times import parse_wall, speak_date, speak_time, to_utc, to_wall
from app.services.notices.composing import Composed
from app.services.notices.exporting import Artefacts, calendar_hold, export
from app.services.notices.rendering import page
from app.services.notices.sending import (
    cancel_queued,
    notice_taken_back,
    queue,
    record_sent,
    waive_lead_time,
)
from app.services.reports.files import leave_in
from app.services.uow import Undo
from app.services.working import Stopped
from app.views.notices.sending_side import SendingSide
from app.views.notify import CountsDown
from app.views.ops import Ops, Unexpected
from app.views.ops_saving import Saving
from app.views.widgets.folders import documents
from app.views.widgets.labels import addresses
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.working import WorkBar


@dataclass(frozen=True, slots=True)
class Outside:
    """Where files go and how they are opened; tests put their own in its place."""

    choose_folder: Callable[[QWidget], Path | None]
    open_file: Callable[[Path], bool]


_last_folder = ""


def _choose_folder(parent: QWidget) -> Path | None:
    """Begins where the last files went, else among the person’s own documents."""
    global _last_folder
    begin = _last_folder or str(documents())
    chosen = QFileDialog.getExistingDirectory(parent, "Save the notice into", begin)
    _last_folder = chosen or _last_folder
    return Path(chosen) if chosen else None


def _open_file(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


DESKTOP = Outside(_choose_folder, _open_file)
COUNTS_AS_SAVED = (
    "No file was written, but the notice counts as saved by hand. Choose in the Outbox who sends "
    "it."
)


class NoticeActs(QObject):
    """Each act runs on the database thread and says how it went. `done` after one changed
    something; `stands(Composed)` is the notice as it stands after it, before it is read anew."""

    done = Signal()
    stands = Signal(object)

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        notify: CountsDown,
        on_undo: Callable[[Undo], object],
        now: Callable[[], datetime],
        outgoing: Path,
        parent: QWidget,
        outside: Outside = DESKTOP,
    ) -> None:
        """`beside` runs what waits on a file; `outgoing` is a folder of the console's own, for
        what a mail program is to open."""
        super().__init__(parent)
        self._over = parent
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._now = now
        self._outgoing = outgoing
        self._outside = outside
        self.side = SendingSide(ops, beside, on_undo, outgoing.parent, parent)
        self.side.done.connect(self.done)
        self.saving = Saving(ops, beside, notify, "Saving the notice", parent, COUNTS_AS_SAVED)
        self.saving.done.connect(self.done)
        self.queueing = WorkBar("Queueing the notice")
        self.waits_for: Callable[[], str] = lambda: ""
        """What keeps the outbox from Outlook now, such as “the network”; empty: nothing."""

    def copy(self, composed: Composed, index: int) -> None:
        """As rich text, with the plain text beside it."""
        rendered = composed.messages[index].rendered
        mime = QMimeData()
        mime.setHtml(rendered.html)
        mime.setText(rendered.text)
        QGuiApplication.clipboard().setMimeData(mime)
        self._notify.info("Copied. Paste it into a new mail; the recipients go into Bcc.")

    def save(self, composed: Composed) -> None:
        """Mail files, calendar entry, text and a list of whom they are for."""
        folder = self._outside.choose_folder(self._over)
        if folder is None:
            return

        def written(made: Artefacts, paths: tuple[Path, ...]) -> None:
            own, mails = paths[0].parent, len(made.eml)
            words = f"{mails} mail file{'' if mails == 1 else 's'} saved in {own.name}."
            self._notify.info(
                f"{words} Nothing is sent until you send it and say so here.",
                action=("Open folder", lambda: self._outside.open_file(own)),
            )

        self._export(composed, folder, written)

    def hold(self, composed: Composed) -> None:
        """The calendar entry alone."""
        folder = self._outside.choose_folder(self._over)
        if folder is None:
            return

        def write(made: tuple[str, bytes]) -> None:
            path = folder / made[0]
            saved = partial(
                self._notify.info,
                f"{path.name} saved.",
                action=("Open", lambda: self._outside.open_file(path)),
            )
            self.saving.leave(path, made[1], saved)

        self._ops.read(
            calendar_hold, composed.outage_id, composed.kind, composed.notice_id,
            then=write, owner=self,
        )  # fmt: skip

    def open_in_mail(self, composed: Composed) -> None:
        """The saved draft in the mail program. Classic Outlook opens it for editing; the new
        Outlook may show it read-only: then copying is the way, as where the desktop takes a file
        that no program opens."""

        def written(_made: Artefacts, paths: tuple[Path, ...]) -> None:
            own = paths[0].parent
            mails = [path for path in paths if path.suffix == ".eml"]
            opened = bool(mails) and self._outside.open_file(mails[0])
            if not opened:
                self._notify.error(
                    "No program opened the mail; nothing was sent. Save the .eml and open it from "
                    "your mail program, or copy the text."
                )
            elif len(mails) > 1:
                self._notify.remark(
                    f"The first of {len(mails)} mails is given to your mail program; the others "
                    "are beside it. Nothing is sent until you send it and say so here.",
                    action=("Open folder", lambda: self._outside.open_file(own)),
                )
            else:
                self._notify.remark(
                    "Given to your mail program. Nothing is sent until you send it and say so "
                    "here. If no mail opened, copy the text instead.",
                    action=("Copy", lambda: self.copy(composed, 0)),
                )

        self._export(composed, self._outgoing, written)

    def open_in_browser(self, composed: Composed, index: int) -> None:
        """The very page that leaves in the mail, as a file of the console's own."""
        rendered = composed.messages[index].rendered
        path = self._outgoing / f"{composed.code}-{composed.kind.value}.html"

        def left() -> None:
            if self._outside.open_file(path):
                said = f"Given to your browser. If none opened, the page lies in {path}."
                self._notify.remark(said)
            else:
                self._notify.error(f"No browser opened; the page lies in {path}.")

        self.saving.leave(path, page(rendered).encode(), left, leave_in)

    def queue(self, composed: Composed) -> None:
        def queued(notice_id: NoticeId) -> None:
            self._stands_queued(composed, notice_id)
            self._notify.info(
                f"{composed.kind.words} waits to leave {leaving(composed)}.",
                action=("Take it back", lambda: self.take_back(notice_id)),
            )
            self.done.emit()

        self._queue(composed, queued)

    def send(self, composed: Composed, route: Route | None, *, soon: bool = False) -> None:
        """As `queue`, with somebody who sends it: it can be taken back for ten seconds at least.
        With `soon` it does not wait until it is due."""
        if soon:
            route, composed = Route.CONSOLE, replace(composed, leaves_at=self._now())
        if route is None:
            self.queue(composed)
            return
        words = composed.kind.words
        wait = max(composed.leaves_at - self._now(), TAKE_BACK)
        soon = wait <= TAKE_BACK and route is Route.CONSOLE
        said = {
            Route.CONSOLE: f"{words} leaves {'now' if soon else leaving(composed)}.",
            Route.OUTLOOK_HOLDS: f"{words} is given to Outlook, which sends it "
            f"{leaving(composed)}.",
            Route.OUTLOOK_DRAFT: f"{words} becomes a draft in Outlook. Send it there; the console "
            "sees when it left.",
        }[route]

        def queued(notice_id: NoticeId) -> None:
            self._stands_queued(composed, notice_id)
            action = ("Take back", lambda: self.take_back(notice_id))
            if held := self.waits_for():
                now = f"{words} waits for {held} and leaves after that."
                later = f"{said} The outbox waits for {held} now."
                self._notify.info(now if soon else later, action=action)
            elif soon:
                self._notify.count_down(said, action, int(TAKE_BACK.total_seconds()))
            else:
                self._notify.info(said, action=action)
            self.done.emit()

        self._queue(composed, queued, route=route, soon=soon)

    def _queue(self, composed: Composed, then: Callable[[NoticeId], object], **how: object) -> None:
        """With 25,000 readers it takes a second."""

        def queued(notice_id: NoticeId) -> None:
            self.queueing.end()
            then(notice_id)

        def refused(error: ConsoleError) -> None:
            self.queueing.end()
            if isinstance(error, Stopped):
                self._notify.remark("Cancelled: it is a draft as before.")
            elif not isinstance(error, Unexpected):  # of which ops told already
                self._notify.error(error.sentence)

        self._ops.run(
            queue, composed.outage_id, composed.kind, composed.extra, **how,
            work=self.queueing.begin(), then=queued, failed=refused, owner=self,
        )  # fmt: skip

    def _stands_queued(self, composed: Composed, notice_id: NoticeId) -> None:
        self.stands.emit(replace(composed, state=NoticeState.QUEUED, notice_id=notice_id))

    def take_back(self, notice_id: str) -> None:
        def taken(inverse: Undo) -> None:
            self._on_undo(inverse)
            self._ops.read(notice_taken_back, notice_id, then=self._notify.info, owner=self)
            self.done.emit()

        self._ops.run(cancel_queued, notice_id, then=taken, owner=self)

    def sent(self, composed: Composed) -> None:
        """“Sent by me at …”: when it really left."""
        wall = to_wall(self._now(), composed.zone)
        reach = f" to {addresses(composed.reach)}" if composed.reach else ""
        sheet = Sheet(
            self._over,
            f"{composed.kind.words}: sent",
            f"You sent it yourself{reach}. It counts as told from then on.",
            (
                Ask(
                    "at",
                    f"Sent at ({composed.zone})",
                    value=f"{wall:%Y-%m-%d %H:%M}",
                    needed="Say when it left.",
                ),
                Ask("by", "Sent by (empty: you)"),
            ),
            "It was sent",
        )
        bar = WorkBar("Noting whom it was sent to")
        sheet.show_work(bar)
        sheet.rejected.connect(bar.cancel.click)

        def answered(answers: Answers) -> None:
            try:
                at = to_utc(parse_wall(answers["at"]), composed.zone)
            except BadInput as error:
                sheet.refuse(error.sentence)
                return
            self._ops.run(
                record_sent,
                composed.outage_id,
                composed.kind,
                at,
                answers["by"],
                composed.extra,
                work=bar.begin(),
                then=recorded,
                failed=failed,
                owner=sheet,
            )

        def recorded(inverse: Undo) -> None:
            bar.end()
            sheet.accept()
            self._on_undo(inverse)
            self.stands.emit(replace(composed, state=NoticeState.SENT, sent_at=self._now()))
            told = f"told to {composed.reach:,}" if composed.reach else "given"
            self._notify.info(f"{composed.kind.words} {told}.")
            self.done.emit()

        def failed(error: ConsoleError) -> None:
            bar.end()
            sheet.refuse(error.sentence)

        sheet.answered.connect(answered)
        sheet.open()

    def waive(self, composed: Composed) -> None:
        sheet = Sheet(
            self._over,
            "Waive the lead time",
            "For this window only; name and reason stand in the log and the report.",
            (
                Ask("by", "Who lets it go out late", needed="A waiver needs a name."),
                Ask("why", "Why", needed="A waiver needs a reason."),
            ),
            "Waive it",
        )

        def answered(answers: Answers) -> None:
            self._ops.run(
                waive_lead_time,
                composed.outage_id,
                Waiver(answers["by"], answers["why"]),
                then=waived,
                failed=failed,
                owner=sheet,
            )

        def waived(inverse: Undo) -> None:
            sheet.accept()
            self._on_undo(inverse)
            self.done.emit()

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        sheet.answered.connect(answered)
        sheet.open()

    def _export(
        self,
        composed: Composed,
        folder: Path,
        then: Callable[[Artefacts, tuple[Path, ...]], object],
    ) -> None:
        """Into a folder of its own within `folder`. What waits is marked as exported with it."""
        self.saving.save(
            export, composed.outage_id, composed.kind, composed.extra,
            place=lambda made: folder / made.stem, then=then,
        )  # fmt: skip


def leaving(composed: Composed) -> str:
    """`Tue 31 Dec 09:00`."""
    wall = to_wall(composed.leaves_at, composed.zone)
    return f"{speak_date(wall.date())} {speak_time(wall)}"


def can_leave(composed: Composed) -> bool:
    return (
        composed.state is NoticeState.DRAFT
        and not composed.blocked
        and not composed.not_now
        and bool(composed.recipients or composed.kind.internal)
    )
