"""What can be done with a document: preview, print, save as PDF, as Markdown or as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, Qt
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.models.reports.document import Document, markdown
from app.models.reports.packet import Paper
from app.services.reports.files import leave_file
from app.views.notify import Telling
from app.views.reports.document_view import lay_out_document, write_document
from app.views.reports.packet_view import PAGE_SIZES, draw_sheets
from app.views.widgets.previews import fit_preview
from app.views.widgets.saving import SavePlace

Write = Callable[[Path], object]
"""Writes a file whole or not at all. Raises ConsoleError."""


class DocumentActs(QObject):
    """Dialogues belong to `window`; `paper` is what people use here."""

    def __init__(
        self, tell: Telling, window: QWidget, paper: Paper, folder: Path | None = None
    ) -> None:
        super().__init__(window)
        self._tell = tell
        self._window = window
        self._paper = paper
        self._place = SavePlace(folder)

    def preview(self, document: Document) -> QPrintPreviewDialog:
        """The pages as they will be; its print button prints them."""
        # on a printer of its own: the dialogue does not keep one it is given
        dialog = QPrintPreviewDialog(self._window)
        self._prepare(dialog.printer(), document)
        dialog.setWindowTitle(document.title)
        fit_preview(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.paintRequested.connect(lambda printer: self._draw(document, printer))
        dialog.open()
        return dialog

    def print(self, document: Document) -> None:
        """Asks for the printer."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._prepare(printer, document)
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle(f"Print {document.title}")
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._draw(document, printer)

    def save_pdf(self, document: Document, name: str) -> None:
        """Asks where to; `name` is offered, without an ending."""
        self.save(
            f"{name}.pdf",
            "PDF",
            lambda path: write_document(document, path, self._paper),
        )

    def save_markdown(self, document: Document, name: str) -> None:
        """For a wiki or a ticket."""
        text = markdown(document).encode("utf-8", "replace")
        self.save(f"{name}.md", "Markdown", lambda path: leave_file(path, text))

    def save(self, name: str, words: str, write: Write) -> QFileDialog:
        """Asks where to, writes and says so; a refusal is told in its own words."""
        path = Path(name)

        def chosen(path: Path) -> None:
            try:
                write(path)
            except ConsoleError as trouble:
                self._tell.error(trouble.sentence)
            else:
                self._tell.info(f"Saved as {path.name} in {path.parent}.")

        return self._place.ask(self._window, path.stem, [(words, path.suffix)], chosen)

    def _prepare(self, printer: QPrinter, document: Document) -> None:
        printer.setDocName(f"{document.title} {document.subtitle}")
        printer.setCreator("Flight Console")
        printer.setPageSize(PAGE_SIZES[self._paper])

    def _draw(self, document: Document, printer: QPrinter) -> None:
        printer.setFullPage(True)  # the pages' own margins are wider than any printer's edge
        printer.setPageOrientation(QPageLayout.Orientation.Portrait)
        printer.setPageMargins(QMarginsF())
        ranged = printer.printRange() == QPrinter.PrintRange.PageRange
        pages = (printer.fromPage(), printer.toPage()) if ranged and printer.fromPage() else None
        try:
            draw_sheets(lay_out_document(document, printer.pageLayout().pageSize()), printer, pages)
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)
