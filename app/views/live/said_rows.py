"""What the crew said on the phone or by mail and waits for the coordinator: help, reports."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.times import speak_time, to_wall
from app.services.live.rows import LiveRows, Said
from app.views.widgets.labels import Words
from app.views.widgets.row_list import Line, RowList
from app.views.widgets.tone import Tone

MOST = 3
"""More than these are counted; each that is answered makes room for the next."""


class SaidRows(QWidget):
    """`heard(step id, name)` when who asks for help was reached, `taken(outage id, reply id)` when
    it is as a mail says."""

    heard = Signal(str, str)
    taken = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._outage_id = ""
        self._list, self._more = RowList(), Words("", "sub")
        self._list.pressed.connect(self._on_pressed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._list)
        box.addWidget(self._more)
        self.hide()

    def show_rows(self, rows: LiveRows) -> None:
        self._outage_id = rows.outage_id
        self._list.show_lines([_line(rows, each) for each in rows.said[:MOST]])
        more = max(0, len(rows.said) - MOST)
        self._more.setText(f"and {more} more" if more else "")
        self._more.setVisible(bool(more))
        self.setVisible(bool(rows.said))

    def _on_pressed(self, line: Line) -> None:
        said: Said = line.subject
        if said.step_id is not None:
            self.heard.emit(str(said.step_id), said.who)
        else:
            self.taken.emit(self._outage_id, said.reply_id)


def _line(rows: LiveRows, said: Said) -> Line:
    at = speak_time(to_wall(said.at, rows.zone))
    if said.step_id is not None:
        return Line(
            f"help {said.step_id} {said.who}",
            f"Help: call {said.who} {said.phone}".strip(),
            " · ".join(part for part in (said.words, said.about, at) if part),
            Tone.BAD,
            act="Heard",
            spoken=f"Heard from {said.who}",
            tip="A word by phone; Ctrl+H",
            subject=said,
        )
    return Line(
        f"mail {said.reply_id}",
        f"By mail, {said.who}: {said.words}",
        " · ".join(part for part in (said.about, said.more, at) if part),
        Tone.COMMS,
        act="Take it",
        spoken=f"Take it: {said.who} says {said.about} is {said.words}",
        tip="It is as the mail says; Ctrl+R",
        subject=said,
    )


def in_short(said: Sequence[Said], calls: int) -> str:
    """`1 needs help · 2 by mail · 1 to call`, or `nobody to call`."""
    helps = sum(each.step_id is not None for each in said)
    mails = len(said) - helps
    parts = (
        f"{helps} {'needs' if helps == 1 else 'need'} help" if helps else "",
        f"{mails} by mail" if mails else "",
        f"{calls} to call" if calls else "",
    )
    return " · ".join(part for part in parts if part) or "nobody to call"
