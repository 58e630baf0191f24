"""The month and its agenda on paper."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF, QPageLayout
from PySide6.QtPrintSupport import QPrintPreviewWidget
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import Month
from app.models.calendar.spans import Span, Way
from app.models.outages.lifecycle import State
from app.models.reports.packet import Paper
from app.services.calendar.month import CalendarRows
from app.views.calendar.paper_acts import PaperActs, write_pdf
from app.views.calendar.paper_ink import broken, paper_font
from app.views.calendar.paper_sheet import Printable
from app.views.theme import Look, Theme

JANUARY = Month(2025, 1)


class Silent:
    """Nobody to tell. Implements `notify.Telling`."""

    def info(self, sentence: str, /, *, action: object = None) -> None: ...

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None: ...

    def error(self, sentence: str, /, *, action: object = None) -> None: ...


def paper(count: int, *, agenda: bool) -> Printable:
    found = []
    for number in range(count):
        start = datetime(2025, 1, 1 + number % 31, 19, tzinfo=UTC)
        found.append(
            Entry(
                f"{number}",
                Layer.OUTAGES,
                f"Firmware of rack {number} and everything that rests on it",
                start.date(),
                start.date(),
                start,
                start + timedelta(hours=3),
                f"OUT-2025-{number:03d}",
                State.CANCELLED if number % 7 == 3 else State.PLANNED,
                1,
                "UTC",
            )
        )
    weeks = JANUARY.weeks()
    rows = CalendarRows(weeks[0], date(2025, 2, 2), "UTC", date(2025, 1, 6), tuple(found))
    span = Span.of(Way.AGENDA if agenda else Way.MONTH, JANUARY.first)
    return Printable(rows, span, rows.entries, (Layer.ROTA,), "Mon 6 Jan 14:00 UTC")


def size_of(pdf: Path) -> tuple[int, int]:
    """Width and height of the first page in points."""
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf.read_bytes())
    assert box is not None
    return round(float(box[1])), round(float(box[2]))


@pytest.mark.parametrize(("size", "across"), [(Paper.A4, (842, 595)), (Paper.LETTER, (792, 612))])
def test_a_month_lies_across_one_page(
    theme: Theme, tmp_path: Path, size: Paper, across: tuple[int, int]
) -> None:
    target = tmp_path / "month.pdf"
    assert write_pdf(paper(200, agenda=False), target, size) == 1
    assert size_of(target) == across


def test_a_long_agenda_goes_on_upright_on_further_pages(theme: Theme, tmp_path: Path) -> None:
    target = tmp_path / "agenda.pdf"
    assert write_pdf(paper(150, agenda=True), target, Paper.A4) > 2
    assert size_of(target) == (595, 842)


@pytest.mark.parametrize(
    ("size", "across"),
    [(Paper.A3, (1191, 842)), (Paper.A4, (842, 595)), (Paper.LETTER, (792, 612))],
)
def test_a_year_is_one_page_of_any_size(
    theme: Theme, tmp_path: Path, size: Paper, across: tuple[int, int]
) -> None:
    month = paper(200, agenda=False)
    year = replace(month, span=Span.of(Way.YEAR, JANUARY.first))
    assert write_pdf(year, tmp_path / "year.pdf", size) == 1
    assert size_of(tmp_path / "year.pdf") == across


def test_an_empty_month_is_a_page_too(theme: Theme, tmp_path: Path) -> None:
    assert write_pdf(paper(0, agenda=True), tmp_path / "agenda.pdf", Paper.A4) == 1
    assert write_pdf(paper(0, agenda=False), tmp_path / "month.pdf", Paper.A4) == 1


def test_paper_is_the_same_in_every_look(theme: Theme, tmp_path: Path) -> None:
    sizes = set()
    for look, percent in ((Look.DARK, 100), (Look.LIGHT, 150)):
        theme.choose(look, percent)
        target = tmp_path / f"{look}.pdf"
        write_pdf(paper(60, agenda=False), target, Paper.A4)
        sizes.add(target.stat().st_size)
    assert len(sizes) == 1


def test_the_preview_shows_the_pages_it_will_print(theme: Theme, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    acts = PaperActs(Silent(), lambda: Paper.A4, over)
    dialog = acts.preview(paper(40, agenda=False))
    (preview,) = dialog.findChildren(QPrintPreviewWidget)
    qtbot.waitUntil(lambda: preview.pageCount() == 1)
    assert preview.orientation() is QPageLayout.Orientation.Landscape
    assert dialog.windowTitle() == "Calendar January 2025"
    dialog.reject()


def test_the_previews_print_button_is_in_sight(theme: Theme, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    dialog = PaperActs(Silent(), lambda: Paper.A4, over).preview(paper(4, agenda=False))
    qtbot.waitExposed(dialog)
    tools = dialog.findChildren(QToolButton)
    prints = [one for one in tools if one.text() == "Print" and one.isVisible()]
    assert len(prints) == 1
    assert dialog.rect().contains(prints[0].mapTo(dialog, prints[0].rect().bottomRight()))
    dialog.reject()


def visit(days: int) -> Printable:
    """January with one event of so many days."""
    first = date(2025, 1, 14)
    event = Entry("e", Layer.EVENTS, "Visit", first, first + timedelta(days=days - 1))
    rows = CalendarRows(JANUARY.weeks()[0], date(2025, 2, 2), "UTC", date(2025, 1, 6), (event,))
    return Printable(rows, Span.of(Way.MONTH, first), rows.entries, (), "Mon 6 Jan 14:00 UTC")


def filled(pdf: Path) -> int:
    """How many areas the pages fill."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf.read_bytes(), re.DOTALL)
    pages = [zlib.decompress(each) for each in streams if each[:1] == b"x"]
    return sum(len(re.findall(rb"\nf\*?\n", page)) for page in pages)


def test_an_event_of_several_days_has_a_line_along_them_and_an_end(
    theme: Theme, tmp_path: Path
) -> None:
    counts = []
    for days in (1, 3):
        write_pdf(visit(days), tmp_path / f"{days}.pdf", Paper.A4)
        counts.append(filled(tmp_path / f"{days}.pdf"))
    assert counts[1] == counts[0] + 3  # its ground, too, so that no line is drawn through its words


def test_words_on_paper_are_broken_between_words_and_cut_with_an_ellipsis(theme: Theme) -> None:
    metrics = QFontMetricsF(paper_font(7.5))
    width = metrics.horizontalAdvance("patches of the")
    lines = broken("Windows patches of the virtual machine hosts", metrics, width, 2)
    assert lines[0] == "Windows"
    assert lines[1].startswith("patches") and lines[1].endswith("…")
    (cut,) = broken("Pharmazieinformationsschnittstelle", metrics, width, 3)
    assert cut.endswith("…") and metrics.horizontalAdvance(cut) <= width
