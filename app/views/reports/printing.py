"""The packet to a printer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter

from app.models.reports.packet import PacketData, Paper
from app.views.reports.packet_view import PAGE_SIZES, render_packet
from app.views.widgets.printed import Printed, pages_asked, whole_portrait


def packet_printed(
    data: PacketData, paper: Paper = Paper.A4, on_file: Callable[[str], object] = lambda _name: None
) -> Printed:
    """In the print queue it is named after the flight. Drawing it raises StoreTrouble."""
    return Printed(
        f"Packet of {data.code}",
        f"{data.code} packet revision {data.revision}",
        lambda printer: printer.setPageSize(PAGE_SIZES[paper]),
        lambda printer: _draw(data, printer),
        on_file,
    )


def _draw(data: PacketData, printer: QPrinter) -> None:
    """The pages asked for, on the printer's own paper."""
    whole_portrait(printer)
    render_packet(data, printer, printer.pageLayout().pageSize(), pages_asked(printer))
