"""What the crew said on the phone or by mail and waits for the coordinator: help, reports."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.times import speak_time, to_wall
from app.services.live.rows import LiveRows, Said
from app.views.widgets.labels import Words
from app.views.widgets.panels import Row, button, clear, tab_here
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
        self._shown: tuple[Said, ...] = ()
        self._rows: dict[Said, Row] = {}
        self._more = Words("", "sub")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.hide()

    def show_rows(self, rows: LiveRows) -> None:
        """Who stays keeps row and button: the keyboard may be on it."""
        if rows.said == self._shown:
            return
        self._shown = rows.said
        kept = self._rows
        self._rows = {each: kept.get(each) or self._row(rows, each) for each in rows.said[:MOST]}
        clear(self._box, [*self._rows.values(), self._more])
        for place, row in enumerate(self._rows.values()):
            row.separate(place > 0)
            self._box.addWidget(row)
            row.raise_()  # Tab goes by the order in which they were put here
        more = max(0, len(rows.said) - MOST)
        self._more.setText(f"and {more} more" if more else "")
        self._box.addWidget(self._more)
        self._more.setVisible(bool(more))
        self.setVisible(bool(rows.said))
        tab_here(self)

    def _row(self, rows: LiveRows, said: Said) -> Row:
        at = speak_time(to_wall(said.at, rows.zone))
        if said.step_id is not None:
            reach = f"{said.who} {said.phone}".strip()
            act = button(
                "Heard",
                lambda: self.heard.emit(str(said.step_id), said.who),
                spoken=f"Heard from {said.who}",
                tip="A word by phone; Ctrl+H",
            )
            sub = " · ".join(part for part in (said.words, said.about, at) if part)
            return Row(f"Help: call {reach}", sub, Tone.BAD, trailing=act, separated=True)
        act = button(
            "Take it",
            lambda: self.taken.emit(rows.outage_id, said.reply_id),
            spoken=f"Take it: {said.who} says {said.about} is {said.words}",
            tip="It is as the mail says; Ctrl+R",
        )
        title = f"By mail, {said.who}: {said.words}"
        sub = " · ".join(part for part in (said.about, said.more, at) if part)
        return Row(title, sub, Tone.COMMS, trailing=act, separated=True)


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
