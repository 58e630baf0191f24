"""A report on paper: all of it, no row cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.reports.after_document import after_document
from app.models.reports.document import Chapter, Document, Table
from app.models.reports.packet import Paper
from app.views.reports.document_view import lay_out_document, write_document
from app.views.reports.packet_view import FOOT, PAGE_SIZES, SIDE, TOP
from tests.models.test_reports_document import REPORT

pytestmark = pytest.mark.usefixtures("qapp")
LONG = Table(
    ("#", "What"), tuple((str(n), f"entry {n} " + "word " * (n % 40)) for n in range(300)), (1, 9)
)


@pytest.mark.parametrize("paper", Paper)
def test_every_block_stands_whole_on_a_page(paper: Paper) -> None:
    document = Document("A title", "sub", "foot", (("Why", "so"),), (Chapter("Log", table=LONG),))
    pages = lay_out_document(document, PAGE_SIZES[paper])
    assert {place.block for place in pages.placed} == set(range(len(pages.blocks)))
    for place in pages.placed:
        assert place.top + pages.blocks[place.block][1].height <= pages.height - TOP - FOOT
    assert pages.count > 3


def test_a_cell_longer_than_a_page_goes_on_over_pages() -> None:
    table = Table(("A", "B"), (("x", "words " * 6_000),), (1, 5))
    pages = lay_out_document(
        Document("T", "s", "f", (), (Chapter("C", table=table),)), PAGE_SIZES[Paper.A4]
    )
    assert pages.count > 2
    assert all(drawn.height < pages.height - 2 * SIDE for _, drawn in pages.blocks)


def test_the_report_is_left_as_a_pdf_with_its_timeline(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    pages = write_document(after_document(REPORT), file)
    assert file.read_bytes().startswith(b"%PDF")
    assert pages.count >= 1
