"""What can be done with an outage's reports: preview, print, save as PDF, open.

Data comes from the database thread; pages are painted on the GUI thread, as Qt wants it. A
packet counts as printed only once it is on its way to paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.models.reports.after_action import AfterAction
from app.models.reports.after_document import after_document
from app.models.reports.document import markdown
from app.models.reports.packet import PacketData, Paper
from app.services.reports.building import (
    after_action_data,
    leave_after_action,
    mark_printed,
    packet_data,
    revision_now,
)
from app.services.reports.files import leave_file
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.reports.document_acts import DocumentActs
from app.views.reports.document_view import write_document
from app.views.reports.packet_view import write_pdf
from app.views.reports.printing import packet_printed
from app.views.widgets.folders import documents
from app.views.widgets.printed import NoPrinter, Printed, ask_and_print, on_paper, preview_of
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

PDFS = {Paper.A4: "PDF on A4 (*.pdf)", Paper.LETTER: "PDF on Letter (*.pdf)"}
PAGE, PDF, TEXT = "Web page (*.html)", "PDF (*.pdf)", "Markdown (*.md)"
_AWKWARD = re.compile(r"[^\w.-]+")

PrintDialog = Callable[[Printed, QWidget], bool]
"""Asks for the printer and prints; False when nothing came on paper. Raises ConsoleError."""


def open_with_system(path: Path) -> bool:
    """False when no program of this machine would have it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ReportActions(QObject):
    """One per page that offers reports; dialogues belong to `window`."""

    def __init__(
        self,
        ops: Ops,
        tell: Telling,
        window: QWidget,
        *,
        open_file: Callable[[Path], bool] = open_with_system,
        print_dialog: PrintDialog = ask_and_print,
        folder: Path | None = None,
        paper: Callable[[], Paper] = lambda: Paper.A4,
    ) -> None:
        """`paper` says what people print on here; `folder` is where files are offered to be saved
        first: the user's documents, unless given."""
        super().__init__(window)
        self._ops = ops
        self._tell = tell
        self._window = window
        self._open_file = open_file
        self._print_dialog = print_dialog
        self._folder = folder or documents()
        self._paper = paper
        self._made: dict[str, int] = {}
        """The revision of the packet last made of each outage, on paper or as a file."""

    # --- the packet ------------------------------------------------------------------------

    def preview(self, outage_id: str) -> None:
        """The pages as they will be; printing from there counts as printed."""
        self._with_packet(outage_id, lambda data: self._show_preview(outage_id, data))

    def print(self, outage_id: str) -> None:
        """Asks for the printer; the packet is marked as printed after it was sent there."""
        self._with_packet(outage_id, lambda data: self._print(outage_id, data))

    def save_pdf(self, outage_id: str) -> None:
        """Asks where to; a file is no paper, so it is marked only when the user says so."""
        self._with_packet(outage_id, lambda data: self._ask_pdf(outage_id, data))

    def say_printed(self, outage_id: str) -> None:
        """The packet is on paper, however it got there: that made last. What was made before this
        window opened nobody knows here, so it is asked for once there are several revisions."""
        self._ops.read(
            revision_now, outage_id, then=lambda now: self._say_printed(outage_id, now), owner=self
        )

    def _say_printed(self, outage_id: str, now: int) -> None:
        made = self._made.get(outage_id) or (now if now == 1 else 0)
        if made:
            self._mark_printed(outage_id, made)
            return
        sheet = Sheet(
            self._window,
            "The packet is printed",
            "The runbook changed since its first packet. Which revision is on paper?",
            (
                Ask(
                    "revision",
                    "Revision",
                    Kind.NUMBER,
                    value=str(now),
                    hint="It stands at the top and the foot of each page.",
                    most=now,
                    unit="",
                ),
            ),
            "Note it",
        )

        def answered(answers: Answers) -> None:
            self._mark_printed(outage_id, int(answers["revision"] or 0), sheet)

        sheet.answered.connect(answered)
        sheet.open()

    def _mark_printed(self, outage_id: str, revision: int, sheet: Sheet | None = None) -> None:
        def noted(_: None) -> None:
            if sheet is not None:
                sheet.accept()
            self._tell.info(f"Noted: the packet is printed, revision {revision}.")

        def refused(error: ConsoleError) -> None:
            if sheet is not None:
                sheet.refuse(error.sentence)
            else:
                self._tell.error(error.sentence)

        self._ops.run(mark_printed, outage_id, revision, then=noted, failed=refused, owner=self)

    # --- afterwards ------------------------------------------------------------------------

    def preview_report(self, outage_id: str) -> None:
        """Its pages as they will be; printed from there."""
        self._ops.read(after_action_data, outage_id, then=self.show_report, owner=self)

    def show_report(self, report: AfterAction) -> None:
        acts = DocumentActs(self._tell, self._window, self._paper(), self._folder)
        acts.preview(after_document(report))

    def save_report(self, outage_id: str) -> None:
        """Asks where to and in which form, writes the after-action report and opens it."""
        self._ops.read(
            after_action_data,
            outage_id,
            then=lambda report: self._ask_where(
                f"{report.code} after-action report",
                f"{report.code} {report.title} report.html",
                [PAGE, PDF, TEXT],
                lambda path, _filter: self._write_report(outage_id, path, report),
            ),
            owner=self,
        )

    # --- how -------------------------------------------------------------------------------

    def _with_packet(self, outage_id: str, then: Callable[[PacketData], object]) -> None:
        self._ops.read(packet_data, outage_id, then=then, owner=self)

    def _show_preview(self, outage_id: str, data: PacketData) -> QPrintPreviewDialog:
        dialog = preview_of(self._printed(outage_id, data), self._window)
        # it accepts itself once its own print button has printed, and only then
        dialog.accepted.connect(
            lambda: self._on_paper(outage_id, data, printed=on_paper(dialog.printer()))
        )
        dialog.open()
        return dialog

    def _print(self, outage_id: str, data: PacketData) -> None:
        try:
            if self._print_dialog(self._printed(outage_id, data), self._window):
                self._on_paper(outage_id, data)
        except NoPrinter as none:
            as_pdf = ("Save as PDF…", lambda: self._ask_pdf(outage_id, data))
            self._tell.error(none.sentence, action=as_pdf)
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)

    def _printed(self, outage_id: str, data: PacketData) -> Printed:
        def on_file(name: str) -> None:
            self._made[outage_id] = data.revision
            self._tell.info(
                f"The packet of {data.code} is saved as {name}; nothing was printed.",
                action=("I printed it", lambda: self._mark_printed(outage_id, data.revision)),
            )

        return packet_printed(data, self._paper(), on_file)

    def _on_paper(self, outage_id: str, data: PacketData, *, printed: bool = True) -> None:
        self._made[outage_id] = data.revision
        if printed:
            self._mark_printed(outage_id, data.revision)

    def _ask_pdf(self, outage_id: str, data: PacketData) -> None:
        first = self._paper()
        self._ask_where(
            f"{data.code} packet",
            f"{data.code} {data.title} packet r{data.revision}.pdf",
            [PDFS[first], *(words for paper, words in PDFS.items() if paper is not first)],
            lambda path, chosen: self._write_pdf(outage_id, data, path, chosen),
        )

    def _write_pdf(self, outage_id: str, data: PacketData, path: Path, chosen: str) -> None:
        paper = next((p for p, words in PDFS.items() if words == chosen), self._paper())
        with self._telling_trouble(), _busy():
            pages = write_pdf(data, path, paper)
            self._made[outage_id] = data.revision
            self._tell.info(
                f"The packet of {data.code} is saved as {path.name}: {pages.count} pages.",
                action=("I printed it", lambda: self._mark_printed(outage_id, data.revision)),
            )
            self._open(path)

    def _write_report(self, outage_id: str, path: Path, report: AfterAction) -> None:
        """The file's ending says in which form."""
        form = path.suffix.casefold()
        if form in (".pdf", ".md"):
            with self._telling_trouble(), _busy():
                document = after_document(report)
                if form == ".pdf":
                    write_document(document, path, self._paper())
                else:
                    leave_file(path, markdown(document).encode("utf-8", "replace"))
                self._on_report(path)
            return
        self._ops.read(
            leave_after_action,
            outage_id,
            path,
            then=self._on_report,
            owner=self,
        )

    def _on_report(self, path: Path) -> None:
        self._tell.info(f"The report is saved as {path.name}.")
        self._open(path)

    def _open(self, path: Path) -> None:
        if not self._open_file(path):
            self._tell.error(
                f"{path.name} is saved, but no program here opens it. It lies in {path.parent}."
            )

    def _ask_where(
        self, title: str, name: str, kinds: list[str], then: Callable[[Path, str], object]
    ) -> QFileDialog:
        dialog = QFileDialog(self._window, f"Save {title}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(kinds)
        dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
        dialog.filterSelected.connect(
            lambda kind: dialog.setDefaultSuffix(kind.rpartition(".")[2].rstrip(")"))
        )
        dialog.setDirectory(str(self._folder))
        dialog.selectFile(_AWKWARD.sub("-", name).replace("-.", "."))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def chosen(file: str) -> None:
            path = Path(file)
            self._folder = path.parent
            then(path, dialog.selectedNameFilter())

        dialog.fileSelected.connect(chosen)
        dialog.open()
        return dialog

    @contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        try:
            yield
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)


@contextmanager
def _busy() -> Iterator[None]:
    """A waiting pointer while pages are painted: they are painted where the window lives."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()
