"""How the flight is joined, among what is settled before the GO."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal

from app.models.bridge import Provider
from app.models.outages.lifecycle import BEFORE_START
from app.services.bridge.reading import Joining, Making
from app.services.live.rows import LiveRows
from app.views.page import HeaderAction
from app.views.widgets.panels import Card, clear, tab_here
from app.views.widgets.tone import Tone
from app.views.widgets.ways_in import ways_in

TONES = {
    Making.LINE: Tone.PLAIN,
    Making.ASKED: Tone.INFO,
    Making.MADE: Tone.OK,
    Making.REFUSED: Tone.BAD,
}
MAKE, AGAIN, LINE = "Make a Teams meeting", "Ask again", "Use a conference line…"


class BridgeCard(Card):
    """Hidden while no account is set up."""

    meetingWanted = Signal()
    lineWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Bridge")
        self._shown: Joining | None = None
        self.hide()

    def show_rows(self, rows: LiveRows) -> None:
        found = rows.bridge.joining if rows.bridge is not None else None
        self.setVisible(found is not None)
        if found is None or found == self._shown:
            return
        self._shown = found
        clear(self.body)
        called = len(rows.roll_call)
        self.show_as("Bridge", f"{called} expected" if called else "")
        acts: list[tuple[str, Callable[[], object]]] = []
        if found.can_make:
            words = AGAIN if found.making is Making.REFUSED else MAKE
            acts.append((words, self.meetingWanted.emit))
        if found.can_use_line:
            acts.append((LINE, self.lineWanted.emit))
        lines = [(way.label, way.text, way.is_link) for way in found.ways]
        self.body.addWidget(ways_in(lines, found.sentence, TONES[found.making], acts))
        tab_here(self)


def bridge_act(
    rows: LiveRows,
    copy: Callable[[str], object],
    open_it: Callable[[], object],
    close: Callable[[], object],
) -> HeaderAction:
    """The bridge in the header: opened, or closed with one press, or (an open meeting) a menu with
    what late comers ask for."""
    bridge = rows.bridge
    assert bridge is not None
    if not bridge.open:
        words = "Bridge closed" if bridge.closed_at else "Open bridge"
        words += "" if bridge.line else "…"  # it asks for the number first
        return HeaderAction(words, open_it, tip=bridge.line)
    called = f" · {rows.answered} of {len(rows.roll_call)}" if rows.state in BEFORE_START else ""
    words = f"Bridge {bridge.closing.words}" if bridge.closing.begun else f"Bridge open{called}"
    ways = bridge.joining.ways if bridge.joining is not None else ()
    if bridge.provider is not Provider.TEAMS or not ways:
        return HeaderAction(words, close, tip=f"{bridge.line}. Close it…")
    copies = [
        HeaderAction(f"Copy {way.label}: {_short(way.text)}", partial(copy, way.text))
        for way in ways
    ]
    again = "Go on closing it…" if bridge.closing.begun else "Close it…"
    return HeaderAction(words, choices=(*copies, HeaderAction(again, close)), tip=bridge.line)


def _short(text: str, most: int = 48) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
