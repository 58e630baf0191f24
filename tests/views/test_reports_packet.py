"""The paper packet: what stands on it, and that it stays whole."""

from __future__ import annotations

import errno
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.models.errors import BadInput, StoreTrouble
from app.models.reports import packet
from app.models.reports.packet import (
    Contact,
    DecisionRow,
    NoticeText,
    PacketData,
    Paper,
    Section,
    StepRow,
)
from app.models.times import Window, parse_wall
from app.services.reports.files import file_trouble
from app.views.reports.blocks import TableHeader, TableRow
from app.views.reports.packet_view import PAGE_SIZES, SIDE, Pages, lay_out, write_pdf
from app.views.reports.printing import packet_printed
from app.views.reports.text import pt
from app.views.widgets.printed import preview_of, printer_for

pytestmark = pytest.mark.usefixtures("qapp")
T0 = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)  # Fri 10 Jan 19:00 in New York
BODY = (
    "All file cluster users,\n\nThe outage of the file cluster takes longer than planned. "
    "We now expect it to last until ____ pm.\n\nThe next update comes at ____ pm.\n\n"
    "Notify operations immediately if this interferes with time-critical work.\n555 0100"
)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


def step(
    code: str, title: str, start: int, minutes: int | None, who: str, **more: object
) -> StepRow:
    row = StepRow(code, title, who=who, planned=at(start), minutes=minutes)
    return replace(row, **more)  # type: ignore[arg-type]


def flight(**changed: object) -> PacketData:
    """The flight of the mock-up, fifteen steps."""
    ito, lind, ramos, okafor = "Ito", "Lindqvist", "Ramos", "Okafor"
    before = (
        step(
            "1",
            "Freeze the change list",
            -60,
            5,
            okafor,
            ticked=True,
            started=at(-60),
            finished=at(-57),
        ),
        step(
            "3",
            "Snapshot all volumes",
            -30,
            15,
            lind,
            how="snapctl create --all; expect 14 snapshots",
        ),
        step("4", "Confirm nightly backup is green", -25, 10, ramos),
    )
    inside = (
        step("5", "GO / NO-GO", -15, None, okafor, gate=True,
             how="backup · undo ready · owners and checker reached · desk, monitoring briefed",
             say="This is M. Okafor for OUT-2025-004. Any strong objection to start at 19:00?"),
        step("6", "Started notice", 0, 2, okafor, after=("5",)),
        step("7", "Drain clients from node B", 0, 10, ito, after=("5",)),
        step("8", "Flash controller B", 10, 25, ito, after=("7",), changes=("SAN-02",),
             undone_by=("B8",), start_by=at(110), do_not_disturb=True),
        step("9", "Check paths on B", 35, 10, lind, after=("8",)),
        step("10", "Fail over to B", 45, 15, lind, after=("9",)),
        step("11", "Flash controller A", 60, 25, ito, after=("10",), changes=("SAN-01",),
             cannot_be_undone=True, start_by=at(85)),
        step("12", "Check paths on A", 85, 10, lind, after=("11",)),
    )  # fmt: skip
    verify = (
        step("13", "Mount test from three wards", 100, 15, ramos, after=("12",)),
        step("14", "User-side check: radiology opens an image", 115, 10, "checker", after=("13",)),
        step("15", "All clear", 125, None, okafor, gate=True, after=("14",)),
    )
    back = (StepRow("B8", "Reflash controller B with 4.2.1", who=ito, minutes=25),)
    wrap = (step("16", "Close the bridge", 180, 5, okafor),)
    data = PacketData(
        title="File cluster firmware",
        code="OUT-2025-004",
        revision=7,
        printed_at=datetime(2025, 1, 10, 20, 4, tzinfo=UTC),
        window=Window.of(
            parse_wall("2025-01-10 19:00"), parse_wall("2025-01-10 22:00"), "America/New_York"
        ),
        bridge="+1 555 010 0199, conf 7731",
        bridge_opens=at(-30),
        coordinator=Contact("M. Okafor", "555 0101"),
        deputy=Contact("J. Sato", "555 0107"),
        decisions=(
            DecisionRow("Hold; extend up to 30 min; back out", Contact("coordinator")),
            DecisionRow(
                "Extend beyond 30 min; step without return",
                Contact("IT operations manager", "555 0110"),
                Contact("555 0111"),
                10,
                "back out",
            ),
            DecisionRow("Cancel before start", Contact("coordinator, service owner told")),
        ),
        sections=(
            Section(packet.BEFORE_THE_WINDOW, before),
            Section(packet.IN_THE_WINDOW, inside),
            Section(packet.VERIFY, verify),
            Section(packet.BACK_OUT, back, note="About 40 min until the old state is verified."),
            Section(packet.WRAP_UP, wrap),
        ),
        back_out_moment=at(140),
        back_out_words="Begin to back out by then: 25 min to undo, 15 min to verify the old state.",
        calls=(
            Contact("Ito", "555 0102", "storage"),
            Contact("Lindqvist", "555 0103", "storage"),
            Contact("Radiology checker", "555 0132", "deputy 555 0133"),
            Contact("Vendor", "555 0188", "case 88-1204"),
        ),
        notices=(
            NoticeText(
                "Started", "File cluster off-line", "All file cluster users,\n\nIt begins.", at(0)
            ),
            NoticeText("Extended", "File cluster: longer", BODY, at(165), "File cluster users"),
            NoticeText("All clear", "File cluster is back", BODY, at(180), "File cluster users"),
        ),
        log_number=214,
        log_hash="3f9a" * 16,
        store_revision="0001",
    )
    return replace(data, **changed)  # type: ignore[arg-type]


def long_flight() -> PacketData:
    how = "Run the vendor's updater and watch the console for errors; " * 6
    rows = tuple(
        step(str(n), f"Move the storage pool number {n} to the other controller", n, 5, "Lindqvist",
             how=how[: 40 * (n % 8)], after=(str(n - 1),), changes=(f"SAN-{n:02d}",),
             undone_by=(f"B{n}",), start_by=at(n + 60), gate=n % 25 == 0)
        for n in range(1, 151)
    )  # fmt: skip
    notices = tuple(
        NoticeText(kind, "File cluster", "\n\n".join([BODY] * 8), at(60), "File cluster users")
        for kind in ("Started", "Extended", "All clear")
    )
    return flight(
        sections=(
            Section(packet.BEFORE_THE_WINDOW, rows[:30]),
            Section(packet.IN_THE_WINDOW, rows[30:]),
        ),
        notices=notices,
    )


def assert_whole(pages: Pages) -> None:
    own = [p.block for p in pages.placed if not p.repeated]
    assert own == [n for n, item in enumerate(pages.items) if not item.block.filler or n in own]
    for place in pages.placed:
        assert place.top + pages.items[place.block].block.height <= pages.body + 1e-6


def pdf_words(path: Path) -> str:
    """All text of a PDF as a reader's search sees it: glyphs through each font's ToUnicode map,
    in drawing order, each drawn piece apart by a blank."""
    raw = path.read_bytes()
    objects = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", raw, re.DOTALL))

    def stream(body: bytes) -> bytes:
        found = re.search(rb"stream\n(.*)\nendstream", body, re.DOTALL)
        if not found:
            return b""
        return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]

    maps: dict[bytes, dict[str, str]] = {}  # by font object, which Qt also names /F<number>
    for number, body in objects.items():
        if found := re.search(rb"/ToUnicode (\d+) 0 R", body):
            glyphs = maps.setdefault(number, {})
            cmap = stream(objects[found[1]]).decode("latin-1")
            for low, _high, to in re.findall(r"\n<(\w+)> <(\w+)> \[(.*?)\]", cmap):
                for step_on, code in enumerate(re.findall(r"<(\w+)>", to)):
                    text = bytes.fromhex(code).decode("utf-16-be", "replace")
                    glyphs[f"{int(low, 16) + step_on:04x}"] = text
            for low, high, to in re.findall(r"\n<(\w+)> <(\w+)> <(\w+)>", cmap):
                for glyph in range(int(low, 16), int(high, 16) + 1):
                    glyphs[f"{glyph:04x}"] = chr(int(to, 16) + glyph - int(low, 16))
    pieces = [""]
    for body in objects.values():
        now: dict[str, str] = {}
        for font, drawn in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9a-fA-F]+)> Tj", stream(body)):
            if font:
                now = maps.get(font, {})
                pieces.append("")
            else:
                pieces[-1] += now.get(drawn.decode().lower(), "")
    return " ".join(piece for piece in pieces if piece)


def test_the_packet_says_all_that_is_needed_to_finish_by_phone(tmp_path: Path) -> None:
    write_pdf(flight(), tmp_path / "p.pdf")
    words = pdf_words(tmp_path / "p.pdf").replace("\u00a0", " ")
    for said in (
        "Runbook checklist: File cluster firmware",
        "OUT-2025-004 · revision 7 · printed Fri 10 Jan 2025 15:04 EST",
        "Fri 10 Jan 19:00–22:00 EST",
        "Sat 11 Jan 00:00–03:00 UTC",
        "+1 555 010 0199, conf 7731",
        "J. Sato 555 0107",
        "Fri 10 Jan 21:20 EST",
        "wait 10 min, then back out",
        "cannot be undone",
        "20:50",
        "Reflash controller B with 4.2.1",
        "Radiology checker 555 0132",
        "Subject: File cluster is back",
        "Notify operations immediately if this interferes with time-critical work.",
        "Log entry 214 · " + "3f9a" * 16,
    ):
        assert said in words, said


@pytest.mark.parametrize("paper", Paper)
def test_each_page_names_flight_revision_print_time_and_where_the_notices_are(
    tmp_path: Path, paper: Paper
) -> None:
    pages = write_pdf(flight(), tmp_path / "p.pdf", paper)
    words = pdf_words(tmp_path / "p.pdf")
    left = "OUT-2025-004 · File cluster firmware · printed Fri 10 Jan 2025 15:04 EST"
    assert words.count(left) == pages.count
    for page in range(1, pages.count + 1):
        right = f"revision 7 · page {page} of {pages.count} · notices on page {pages.notices_on}"
        assert words.count(right) == 1


@pytest.mark.parametrize(("paper", "points"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_a_pdf_has_the_paper_the_pages_and_the_title_it_should(
    tmp_path: Path, paper: Paper, points: tuple[int, int]
) -> None:
    pages = write_pdf(flight(), tmp_path / "p.pdf", paper)
    raw = (tmp_path / "p.pdf").read_bytes()
    assert raw.startswith(b"%PDF-1.")
    assert len(re.findall(rb"/Type /Page\n", raw)) == pages.count
    box = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", raw)
    assert {(round(float(w)), round(float(h))) for w, h in box} == {points}
    title = "OUT-2025-004 · File cluster firmware · revision 7"
    assert b"/Title" in raw and title.encode("utf-8") in raw


@pytest.mark.parametrize("paper", Paper)
def test_no_row_of_150_long_steps_is_split_lost_or_moved(paper: Paper) -> None:
    pages = lay_out(long_flight(), PAGE_SIZES[paper])
    assert_whole(pages)
    assert len([i for i in pages.items if isinstance(i.drawn, TableRow)]) >= 150


def test_the_column_names_stand_on_every_page_of_a_table() -> None:
    pages = lay_out(long_flight(), PAGE_SIZES[Paper.A4])
    rows = {p.page for p in pages.placed if pages.items[p.block].block.header is not None}
    named = {p.page for p in pages.placed if isinstance(pages.items[p.block].drawn, TableHeader)}
    assert rows and rows <= named


def test_a_step_longer_than_a_page_goes_on_in_rows_that_lose_no_word(tmp_path: Path) -> None:
    how = " ".join(f"w{n}" for n in range(4000)) + " 😀 end"
    row = StepRow("1", "Read this", how=how)
    data = flight(sections=(Section(packet.IN_THE_WINDOW, (row,)),))
    pages = write_pdf(data, tmp_path / "p.pdf")
    assert_whole(pages)
    assert re.findall(r"\bw\d+\b", pdf_words(tmp_path / "p.pdf")) == how.split()[:4000]


def test_hostile_and_endless_words_stay_on_the_page() -> None:
    endless = "\x00\x07<script>" + "W" * 3000 + "\r\n\ud800𝒳مرحبا"
    row = StepRow(endless[:40], endless, how=endless, who=endless, planned=at(0))
    contact = Contact(endless, endless, endless)
    data = flight(
        title=endless,
        bridge=endless[:300],
        coordinator=Contact(endless[:300]),
        decisions=(DecisionRow(endless, contact, contact, 10, endless),),
        sections=(Section(endless, (row,), note=endless),),
        calls=(contact,),
        notices=(NoticeText("Started", endless, endless, at(0), endless),),
    )
    pages = lay_out(data, PAGE_SIZES[Paper.LETTER])
    own = [p.block for p in pages.placed if not p.repeated]
    assert own == [n for n, item in enumerate(pages.items) if not item.block.filler or n in own]
    assert ink_outside_the_margins(pages) == 0


def ink_outside_the_margins(pages: Pages) -> int:
    """Dark pixels right of the text's width or below the footer, over all pages."""
    scale = 0.03
    found = 0
    for page in range(pages.count):
        image = QImage(
            int(pages.width * scale), int(pages.height * scale), QImage.Format.Format_Grayscale8
        )
        image.fill(255)
        painter = QPainter(image)
        painter.scale(scale, scale)
        pages.draw(painter, page)
        painter.end()
        right, low = int((pages.width - SIDE * 0.9) * scale), int((pages.height - pt(20)) * scale)
        found += sum(
            image.pixelColor(x, y).value() < 200
            for y in range(image.height())
            for x in range(right, image.width())
        )
        found += sum(
            image.pixelColor(x, y).value() < 200
            for y in range(low, image.height())
            for x in range(image.width())
        )
    return found


def test_an_empty_plan_still_prints_a_page(tmp_path: Path) -> None:
    data = flight(sections=(), decisions=(), calls=(), notices=(), back_out_moment=None)
    assert write_pdf(data, tmp_path / "p.pdf").count == 1
    assert "notices on" not in pdf_words(tmp_path / "p.pdf")


def test_a_packet_in_no_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        write_pdf(flight(), tmp_path / "gone" / "p.pdf")
    with pytest.raises(BadInput, match="is a folder"):
        write_pdf(flight(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_older_packet_and_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "p.pdf").write_bytes(b"old")
    with pytest.raises(BadInput, match="cannot be a file name"):
        write_pdf(flight(), tmp_path / ("n" * 300 + ".pdf"))
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "was not written")],
)
def test_trouble_with_the_disk_is_told_in_a_sentence(number: int, words: str) -> None:
    trouble = file_trouble(OSError(number, "no"), Path("p.pdf"))
    assert isinstance(trouble, StoreTrouble) and words in trouble.sentence


def test_the_printer_gets_the_same_pages_as_the_pdf(tmp_path: Path) -> None:
    printer = printer_for(packet_printed(flight(), Paper.LETTER))
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    packet_printed(flight()).draw(printer)
    write_pdf(flight(), tmp_path / "file.pdf", Paper.LETTER)
    printed, filed = (pdf_words(tmp_path / f"{n}.pdf") for n in ("printed", "file"))
    assert printed.split() == filed.split()


def test_only_the_pages_asked_for_are_printed(tmp_path: Path) -> None:
    printer = printer_for(packet_printed(flight()))
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 2)
    packet_printed(flight()).draw(printer)
    words = " ".join(pdf_words(tmp_path / "p.pdf").split())
    assert "page 2 of 3" in words and "page 1 of 3" not in words and "page 3 of 3" not in words


def test_the_preview_shows_without_a_printer(qtbot: QtBot) -> None:
    dialog = preview_of(packet_printed(flight()), None)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.paintRequested):
        dialog.show()
