"""The packet of 150 steps on paper, from its data to the PDF in its place."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.models.reports.packet import (
    BACK_OUT,
    BEFORE_THE_WINDOW,
    IN_THE_WINDOW,
    VERIFY,
    Contact,
    NoticeText,
    PacketData,
    Section,
    StepRow,
)
from app.models.times import Window, parse_wall
from app.views.reports.packet_view import write_pdf
from tests.bench.measure import promise, quiet, seconds

LIMIT_S = 1.0
STEPS = 150
ROUNDS = 10
START = datetime(2025, 1, 11, tzinfo=UTC)


def step(number: int) -> StepRow:
    return StepRow(
        str(number),
        f"Drain and flash node {number} of the file cluster, then read its version back",
        how="fwctl flash --node b --image 4.2.1\nExpect: version 4.2.1, no line with FAILED",
        after=(str(number - 1),),
        changes=(f"SAN-{number:02d}",),
        undone_by=(f"B{number}",),
        who="A. Lindqvist",
        planned=START + timedelta(minutes=number),
        minutes=5,
        start_by=START + timedelta(minutes=number + 30),
    )


def packet() -> PacketData:
    names = (BEFORE_THE_WINDOW, IN_THE_WINDOW, VERIFY, BACK_OUT)
    each = STEPS // len(names)
    rows = [step(number) for number in range(1, STEPS + 1)]
    cut = [*(at * each for at in range(len(names))), STEPS]
    body = "All file cluster users,\n\nThe file cluster will be taken off-line.\n\nCall 555 0100."
    return PacketData(
        title="File cluster firmware",
        code="OUT-2025-004",
        revision=7,
        printed_at=START,
        window=Window.of(
            parse_wall("2025-01-10 19:00"), parse_wall("2025-01-11 07:00"), "America/New_York"
        ),
        bridge="555 0199, code 7731",
        coordinator=Contact("M. Okafor", "555 0111"),
        sections=tuple(
            Section(name, tuple(rows[cut[at] : cut[at + 1]])) for at, name in enumerate(names)
        ),
        back_out_moment=START + timedelta(hours=8),
        calls=tuple(Contact(f"Person {n}", f"555 01{n:02d}") for n in range(20)),
        notices=tuple(NoticeText(f"Notice {n}", "The file cluster", body) for n in range(8)),
        log_number=120,
        log_hash="0" * 64,
    )


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    data = packet()
    assert sum(len(section.rows) for section in data.sections) == STEPS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "packet.pdf"
        print(f"  {write_pdf(data, path).count} pages")  # warms the fonts
        taken = quiet([seconds(lambda: write_pdf(data, path)) for _ in range(ROUNDS)])
    del app
    return 0 if promise("packet.150-steps.s", taken, LIMIT_S) else 1


if __name__ == "__main__":
    sys.exit(main())
