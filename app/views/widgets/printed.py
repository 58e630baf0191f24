"""Pages to a printer: the system's dialogue, and a preview of the same pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QDialog, QWidget

from app.models.errors import NotAllowed
from app.views.widgets.previews import fit_preview


@dataclass(frozen=True, slots=True)
class Printed:
    """What goes to paper: `title` is the preview's, `name` what the print queue shows. `prepare`
    says which paper, `draw` draws the pages, only those asked for where somebody asked. `on_file`
    is told the name of a file that was written in place of paper."""

    title: str
    name: str
    prepare: Callable[[QPrinter], object]
    draw: Callable[[QPrinter], object]
    on_file: Callable[[str], object] = lambda _name: None


def printer_for(printed: Printed) -> QPrinter:
    """The system's printer."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _make_ready(printed, printer)
    return printer


def preview_of(printed: Printed, parent: QWidget | None) -> QPrintPreviewDialog:
    """The pages as they will be, not yet shown; its print button prints them."""
    # on a printer of its own: the dialogue does not keep one it is given, and crashes without it
    dialog = QPrintPreviewDialog(parent)
    _make_ready(printed, dialog.printer())
    dialog.setWindowTitle(printed.title)
    fit_preview(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.paintRequested.connect(printed.draw)
    dialog.accepted.connect(lambda: _tell_file(printed, dialog.printer()))
    return dialog


class NoPrinter(NotAllowed):
    """Nothing here prints; the system's dialogue would offer to write a file and not say why."""

    def __init__(self) -> None:
        super().__init__(
            "No printer is set up on this computer. Save it as PDF, and print that elsewhere."
        )


def on_paper(printer: QPrinter) -> bool:
    """Whether what was printed went to a printer; the dialogue can write a PDF as well."""
    return not printer.outputFileName()


def ask_and_print(printed: Printed, parent: QWidget) -> bool:
    """Asks for the printer; False when the dialogue was cancelled, or a file was written and no
    paper. Raises NoPrinter, and what `draw` raises."""
    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    printer = printer_for(printed)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print: {printed.title}")
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    printed.draw(printer)
    _tell_file(printed, printer)
    return on_paper(printer)


def whole_portrait(printer: QPrinter) -> None:
    """From the paper's corner: the pages' own margins are wider than any printer's edge."""
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF())


def pages_asked(printer: QPrinter) -> tuple[int, int] | None:
    """The first and the last page of a range somebody chose; None: all."""
    ranged = printer.printRange() == QPrinter.PrintRange.PageRange
    return (printer.fromPage(), printer.toPage()) if ranged and printer.fromPage() else None


def _tell_file(printed: Printed, printer: QPrinter) -> None:
    if not on_paper(printer):
        printed.on_file(Path(printer.outputFileName()).name)


def _make_ready(printed: Printed, printer: QPrinter) -> None:
    printer.setDocName(printed.name)
    printer.setCreator("Flight Console")
    printed.prepare(printer)
