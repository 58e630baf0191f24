"""What can be done with a document: preview, print, save as PDF, as Markdown or as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.models.reports.document import Document, markdown
from app.models.reports.packet import Paper
from app.services.reports.files import leave_file
from app.views.notify import Telling
from app.views.reports.document_view import lay_out_document, write_document
from app.views.reports.packet_view import PAGE_SIZES, draw_sheets
from app.views.widgets.printed import (
    NoPrinter,
    Printed,
    ask_and_print,
    pages_asked,
    preview_of,
    whole_portrait,
)
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
        dialog = preview_of(self._printed(document), self._window)
        dialog.open()
        return dialog

    def print(self, document: Document) -> None:
        """Asks for the printer."""
        try:
            ask_and_print(self._printed(document), self._window)
        except NoPrinter as none:
            as_pdf = ("Save as PDF…", lambda: self.save_pdf(document, document.title))
            self._tell.error(none.sentence, action=as_pdf)

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

    def _printed(self, document: Document) -> Printed:
        return Printed(
            document.title,
            f"{document.title} {document.subtitle}",
            lambda printer: printer.setPageSize(PAGE_SIZES[self._paper]),
            lambda printer: self._draw(document, printer),
            lambda name: self._tell.info(f"It is saved as {name}; nothing was printed."),
        )

    def _draw(self, document: Document, printer: QPrinter) -> None:
        whole_portrait(printer)
        laid = lay_out_document(document, printer.pageLayout().pageSize())
        try:
            draw_sheets(laid, printer, pages_asked(printer))
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)
