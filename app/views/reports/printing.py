"""The packet to a printer: the system's dialogue, and a preview of the same pages."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QDialog, QWidget

from app.models.reports.packet import PacketData, Paper
from app.views.reports.packet_view import PAGE_SIZES, render_packet
from app.views.widgets.previews import fit_preview


def packet_printer(data: PacketData, paper: Paper = Paper.A4) -> QPrinter:
    """The system's printer, in portrait, its document named after the flight."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _prepare(printer, data, paper)
    return printer


def _prepare(printer: QPrinter, data: PacketData, paper: Paper) -> None:
    printer.setDocName(f"{data.code} packet revision {data.revision}")
    printer.setCreator("Flight Console")
    printer.setPageSize(PAGE_SIZES[paper])


def print_on(data: PacketData, printer: QPrinter) -> None:
    """Draws the pages asked for on the printer's own paper. Raises StoreTrouble."""
    # the packet's margins are wider than any printer's edge, so it measures from the corner
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF())
    ranged = printer.printRange() == QPrinter.PrintRange.PageRange
    pages = (printer.fromPage(), printer.toPage()) if ranged and printer.fromPage() else None
    render_packet(data, printer, printer.pageLayout().pageSize(), pages)


def ask_and_print(data: PacketData, parent: QWidget, paper: Paper = Paper.A4) -> bool:
    """False when the dialogue was cancelled. Raises StoreTrouble."""
    printer = packet_printer(data, paper)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print the packet of {data.code}")
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    print_on(data, printer)
    return True


def preview_dialog(
    data: PacketData, parent: QWidget | None, paper: Paper = Paper.A4
) -> QPrintPreviewDialog:
    """The preview, not yet shown; its print button prints the same pages."""
    # on a printer of its own: the dialogue does not keep one it is given, and crashes without it
    dialog = QPrintPreviewDialog(parent)
    _prepare(dialog.printer(), data, paper)
    dialog.setWindowTitle(f"Packet of {data.code}")
    fit_preview(dialog)
    dialog.paintRequested.connect(lambda printer: print_on(data, printer))
    return dialog
