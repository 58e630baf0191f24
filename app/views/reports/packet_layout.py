"""The packet's design (mockups/runbook.png): PacketData → blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.models.reports.packet import NoticeText, PacketData, Section, StepRow
from app.views.reports.blocks import (
    PAD_X,
    Cell,
    CheckBox,
    Drawable,
    Fact,
    FactRow,
    FormLine,
    Heading,
    Paragraph,
    TableHeader,
    TableRow,
    TitleRow,
    WriteLine,
    label,
)
from app.views.reports.paginator import Block
from app.views.reports.qr import QrCode
from app.views.reports.text import BODY, QUIET, SMALL, STRONG, Run, Style, Text, pt

COLUMNS = ("", "#", "Step", "Who", "Plan", "Start by", "Start", "End", "Init.")
# points; None takes what is left
WIDTHS = (20, 27, None, 58, 45, 47, 48, 48, 32)
LOG_LINES = 14


@dataclass(frozen=True, slots=True)
class Item:
    """A block of the paginator and how it is drawn; `notice` marks the first notice."""

    block: Block
    drawn: Drawable
    notice: bool = False


class PacketLayout:
    """Builds the items for a body of `width` × `body` units. A row too long for one page is
    continued in a second row, never cut by the page's edge."""

    def __init__(self, data: PacketData, width: float, body: float) -> None:
        self._data, self._width = data, width
        self._body, self._limit = body, body * 0.6
        self.items: list[Item] = []
        self._lefts = _lefts(width)
        self._build()

    def _build(self) -> None:
        self._title()
        self._decisions()
        for section in self._data.sections:
            self._section(section)
        self._call_list()
        self._paper_log()
        for index, notice in enumerate(self._data.notices):
            self._notice(notice, first=index == 0)
        self._links()
        self._proof()

    def _add(
        self,
        drawn: Drawable,
        gap: float = 0.0,
        *,
        keep_next: bool = False,
        new_page: bool = False,
        header: int | None = None,
        notice: bool = False,
        filler: bool = False,
    ) -> int:
        block = Block(drawn.height, pt(gap), keep_next, new_page, header, filler)
        self.items.append(Item(block, drawn, notice))
        return len(self.items) - 1

    def _say(self, text: str, style: Style, gap: float = 0.0, *, keep_next: bool = False) -> None:
        for piece in Paragraph(Text([Run(text, style)], self._width)).pieces(self._limit):
            self._add(piece, gap, keep_next=keep_next)
            gap = 0.0

    def _title(self) -> None:
        data = self._data
        title = [
            Run(f"Runbook checklist: {data.title}", Style(15, bold=True)),
            Run(f"\n{data.code} · revision {data.revision} · printed {data.printed_words}", QUIET),
        ]
        if data.again_words:
            title.append(Run(f"\n{data.again_words}", STRONG))
        code = QrCode(data.scanned)
        name = Text(title, TitleRow.room(self._width, code))
        for at, piece in enumerate(name.pieces(self._limit)):
            self._add(Paragraph(piece) if at else TitleRow(piece, code, self._width))
        opens = f"opens {data.clock(data.bridge_opens)}" if data.bridge_opens else ""
        people = [data.coordinator.words, data.deputy.words if data.deputy else "no deputy named"]
        facts = [
            Fact("Window", _lines(data.window_local, data.window_utc)),
            Fact("Bridge", _lines(data.bridge or "no bridge planned", opens)),
            Fact("Coordinator · deputy", _lines(*people)),
        ]
        self._facts(facts, 9)
        moment = data.back_out_moment
        big = Run(data.moment_words(moment) if moment else "none", Style(12, bold=True))
        words = Run(data.back_out_words or "Begin to back out at this time at the latest.", BODY)
        facts = [Fact("Back-out moment", (big,)), Fact("What it means", (words,), 2)]
        self._facts(facts, 6)
        words_between = ("Extended: new end", "new back-out moment", "decided by", "at")
        for _ in range(2):
            self._add(FormLine(words_between, self._width))

    def _facts(self, facts: list[Fact], gap: float) -> None:
        row = FactRow(facts, self._width)
        if row.height <= self._limit / 2:
            self._add(row, gap)
            return
        for fact in facts:  # too much for a box: as text, which may go on over pages
            self._say(f"{fact.name}: {', '.join(run.text for run in fact.lines)}", BODY, gap)

    def _decisions(self) -> None:
        if not self._data.decisions:
            return
        self._add(Heading("Who decides", self._width), 12, keep_next=True)
        lefts = [PAD_X, self._width * 0.385, self._width * 0.695]
        for row in self._data.decisions:
            words = (row.what, row.who_words, row.wait_words)
            self._rows(TableRow(lefts, self._texts(lefts, words), self._width))

    def _section(self, section: Section) -> None:
        if not section.rows and not section.note:
            return
        self._add(Heading(section.heading, self._width), 12, keep_next=True)
        if section.note:
            self._say(section.note, BODY, 4, keep_next=bool(section.rows))
        if not section.rows:
            return
        header = self._add(
            TableHeader(self._lefts, COLUMNS, self._width, section.heading, 2), keep_next=True
        )
        for row in section.rows:
            self._rows(self._step(row), header)

    def _rows(self, row: TableRow, header: int | None = None) -> None:
        for piece in row.pieces(self._limit):
            self._add(piece, header=header)

    def _step(self, row: StepRow) -> TableRow:
        data, wide = self._data, self._cell_width
        strong = STRONG if row.gate else BODY
        quiet = Style(muted=True, bold=row.gate)
        what = [Run(row.title, strong)]
        if row.cannot_be_undone:
            what.append(Run(" · cannot be undone", STRONG))
        if row.asides:
            what.append(Run(f" {row.asides}" if row.after else f" · {row.asides}", quiet))
        what += [Run(f"\n{row.how}", quiet)] if row.how else []
        what += [Run(f"\nSay: “{row.say}”", BODY)] if row.say else []
        what += [Run(f"\n{row.state}", STRONG)] if row.state else []
        what += [Run(f"\n{row.changed_words}", STRONG)] if row.changed else []
        plan = "\n".join(
            part
            for part in (
                data.clock(row.planned) if row.planned else "",
                f"{row.minutes} min" if row.minutes else "",
            )
            if part
        )
        start_by = data.clock(row.start_by) if row.start_by else ""
        cells: list[Cell] = [
            CheckBox(row.ticked),
            Text([Run(row.code, strong)], wide(1)),
            Text(what, wide(2)),
            Text([Run(row.who, strong)], wide(3)),
            Text([Run(plan, strong)], wide(4)),
            Text([Run(start_by, STRONG)], wide(5)),
            self._time(row.started, wide(6)),
            self._time(row.finished, wide(7)),
            WriteLine(wide(8) - PAD_X / 2),
        ]
        return TableRow(self._lefts, cells, self._width, grey=row.gate, marked=bool(row.changed))

    def _time(self, moment: datetime | None, width: float) -> Cell:
        return label(self._data.clock(moment), width) if moment else WriteLine(width - PAD_X)

    def _cell_width(self, column: int) -> float:
        rights = (*self._lefts[1:], self._width)
        return rights[column] - self._lefts[column] - 1.5 * PAD_X

    def _call_list(self) -> None:
        if not self._data.calls:
            return
        self._add(Heading("Call list", self._width), 12, keep_next=True)
        lefts = [PAD_X + self._width * part / 3 for part in range(3)]
        calls = self._data.calls
        for start in range(0, len(calls), 3):
            cells: list[Cell] = []
            for contact in calls[start : start + 3]:
                runs = [Run(contact.words)]
                runs += [Run(f"\n{contact.role}", QUIET)] if contact.role else []
                cells.append(Text(runs, self._width / 3 - 2 * PAD_X))
            cells += [None] * (3 - len(cells))
            self._rows(TableRow(lefts, cells, self._width))

    def _paper_log(self) -> None:
        self._add(Heading("What happened (type it back later)", self._width), 12, keep_next=True)
        for line in range(LOG_LINES):
            words = FormLine(("at", "who", "what"), self._width, shares=(1, 2, 7))
            # three lines stay with their heading, the rest only fill the page
            self._add(words, keep_next=line < 2, filler=line > 2)

    def _notice(self, notice: NoticeText, *, first: bool) -> None:
        due = f" · due {self._data.moment_words(notice.due)}" if notice.due else ""
        heading = Heading(f"Notice: {notice.kind}{due}", self._width)
        begins = len(self.items)
        self._add(heading, 14, keep_next=True, new_page=first, notice=first)
        if notice.to:
            self._say(f"To: {notice.to}", QUIET, 4, keep_next=True)
        self._say(f"Subject: {notice.subject}", STRONG, 3, keep_next=True)
        for paragraph in notice.paragraphs:
            self._say(paragraph, BODY, 6)
        self._add(FormLine(("Sent or read out at", "by", "to"), self._width), 2)
        self._keep_whole(begins)

    def _keep_whole(self, begins: int) -> None:
        """What is read out over a phone stands on one page, if one page can hold it; else its last
        words stand with the line that says it was sent."""
        blocks = [item.block for item in self.items[begins:]]
        fits = sum(block.height + block.gap for block in blocks) <= self._body
        for index in range(begins if fits else len(self.items) - 2, len(self.items) - 1):
            item = self.items[index]
            self.items[index] = replace(item, block=replace(item.block, keep_next=True))

    def _links(self) -> None:
        """On a page of their own, to be cut apart: each opens the board in one person’s name."""
        for index, link in enumerate(self._data.links):
            if index == 0:
                heading = Heading("Crew board: cut apart, one for each", self._width)
                self._add(heading, keep_next=True, new_page=True)
            code = QrCode(link.url)
            steps = f"steps {', '.join(link.codes)}" if link.codes else "no step of their own"
            said = [Run(link.name, STRONG), Run(f"\n{steps}\n", QUIET), Run(link.url, SMALL)]
            self._add(TitleRow(Text(said, TitleRow.room(self._width, code)), code, self._width), 10)

    def _proof(self) -> None:
        data = self._data
        parts = [f"Log entry {data.log_number}" if data.log_hash else "", data.log_hash]
        if data.store_revision:
            parts.append(f"store revision {data.store_revision}")
        words = " · ".join(part for part in parts if part)
        if words:
            self._say(f"This packet stands on: {words}", SMALL, 14)

    def _texts(self, lefts: list[float], words: Iterable[str]) -> list[Cell]:
        rights = (*lefts[1:], self._width)
        return [
            Text([Run(word)], right - left - 2 * PAD_X)
            for left, right, word in zip(lefts, rights, words, strict=True)
        ]


def _lines(*texts: str) -> tuple[Run, ...]:
    return tuple(Run(text) for text in texts if text)


def _lefts(width: float) -> list[float]:
    """Left edges of the step table's columns in units."""
    rest = width - sum(pt(w) for w in WIDTHS if w)
    lefts, left = [], PAD_X
    for w in WIDTHS:
        lefts.append(left)
        left += pt(w) if w else rest
    return lefts
