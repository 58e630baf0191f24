"""What can be done with the calendar on paper: preview, print, save as PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.models.reports.packet import Paper
from app.services.reports.files import leave_file
from app.views.calendar.paper import SIZES, page_layout, render
from app.views.calendar.paper_ink import UNITS_PER_INCH
from app.views.calendar.paper_sheet import Printable
from app.views.notify import Telling
from app.views.page import HeaderAction
from app.views.widgets.folders import documents
from app.views.widgets.printed import NoPrinter, Printed, ask_and_print, preview_of

PDFS = {
    Paper.A4: "PDF on A4 (*.pdf)",
    Paper.A3: "PDF on A3 (*.pdf)",
    Paper.LETTER: "PDF on Letter (*.pdf)",
}
PaperHere = Callable[[], Paper]
PaperNow = Callable[[Callable[[Printable], object]], object]


class PaperActs(QObject):
    """Dialogues belong to `over`; `paper_here` says which paper people use here."""

    def __init__(self, tell: Telling, paper_here: PaperHere, over: QWidget) -> None:
        super().__init__(over)
        self._tell = tell
        self._paper_here = paper_here
        self._over = over

    def choices(self, paper: PaperNow) -> tuple[HeaderAction, ...]:
        """For a menu; `paper` reads it when one is chosen."""
        return (
            HeaderAction("Print preview", lambda: self.do(self.preview, paper), tip="Ctrl+P"),
            HeaderAction("Print…", lambda: self.do(self.print, paper)),
            HeaderAction("Save as PDF…", lambda: self.do(self.save_pdf, paper)),
        )

    def do(self, act: Callable[[Printable], object], paper: PaperNow) -> None:
        """Once it was read."""
        paper(act)

    def preview(self, paper: Printable) -> QPrintPreviewDialog:
        """The pages as they will be; its print button prints them."""
        dialog = preview_of(self._printed(paper), self._over)
        dialog.open()
        return dialog

    def print(self, paper: Printable) -> None:
        """Asks for the printer."""
        try:
            ask_and_print(self._printed(paper), self._over)
        except NoPrinter as none:
            self._tell.error(none.sentence, action=("Save as PDF…", lambda: self.save_pdf(paper)))

    def save_pdf(self, paper: Printable) -> None:
        """Asks where to, and on which paper."""
        here = self._paper_here()
        sizes = sorted(PDFS, key=lambda size: size is not here)
        title = f"Save {paper.name} as PDF"
        kinds = ";;".join(PDFS[size] for size in sizes)
        dialog = QFileDialog(self._over, title, str(documents()), kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{paper.name}.pdf")

        def chosen(path: str) -> None:
            kind = dialog.selectedNameFilter()
            size = next((each for each in sizes if PDFS[each] == kind), here)
            self._write(paper, Path(path), size)

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _write(self, paper: Printable, path: Path, size: Paper) -> None:
        try:
            pages = write_pdf(paper, path, size)
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)
            return
        words = "1 page" if pages == 1 else f"{pages} pages"
        self._tell.info(f"{paper.name} is saved as {path.name}: {words}.")

    def _printed(self, paper: Printable) -> Printed:
        return Printed(
            paper.name,
            paper.name,
            lambda printer: self._prepare(printer, paper),
            lambda printer: self._render(paper, printer),
            lambda name: self._tell.info(f"{paper.name} is saved as {name}; nothing was printed."),
        )

    def _prepare(self, printer: QPrinter, paper: Printable) -> None:
        printer.setFullPage(True)  # the pages' own margins are wider than any printer's edge
        printer.setPageLayout(page_layout(paper, SIZES[self._paper_here()]))

    def _render(self, paper: Printable, printer: QPrinter) -> None:
        printer.setFullPage(True)
        printer.setPageOrientation(paper.orientation)
        try:
            render(paper, printer)
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)


def write_pdf(paper: Printable, path: Path, size: Paper) -> int:
    """Whole or not at all; returns the number of pages. Errors as `leave_file`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(paper.name)
    writer.setCreator("Flight Console")
    writer.setResolution(UNITS_PER_INCH)
    writer.setPageLayout(page_layout(paper, SIZES[size]))
    pages = render(paper, writer)
    buffer.close()
    leave_file(path, bytes(buffer.data().data()))
    return pages
