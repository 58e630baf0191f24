"""What the header of Live offers: the forecast, the bridge, and the acts of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import Enum, auto

from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State
from app.models.times import speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.live.acts import LiveActs
from app.views.live.bridge_card import bridge_act
from app.views.live.line_acts import LineActs
from app.views.page import HeaderAction, HeaderNote, HeaderPart
from app.views.theme import px
from app.views.widgets.forecast_line import TONES

WIDE = 1500
"""From this width (design pixels) there is room for each act; below it what is asked for seldom
stands under one button, so that the name of the flight can be read."""
ROOMY = 1200
"""From here there is room for the 80 % end beside the forecast."""
TIGHT = 1060
"""Below this the acts go into one menu, before any of them is cut."""


class Room(Enum):
    SHORT = auto()
    PLAIN = auto()
    AMPLE = auto()
    WHOLE = auto()


def room_of(width: int) -> Room:
    """Of a page so many pixels wide."""
    if width < px(TIGHT):
        return Room.SHORT
    if width < px(ROOMY):
        return Room.PLAIN
    return Room.WHOLE if width >= px(WIDE) else Room.AMPLE


Act = Callable[[LiveRows], object]


class HeaderActs:
    """`do(act)` calls it with the flight as it is shown when the button is pressed."""

    def __init__(
        self,
        acts: LiveActs,
        line: LineActs,
        do: Callable[[Act], object],
        paper: Act,
        crew: Act,
    ) -> None:
        self._acts = acts
        self._line = line
        self._do = do
        self._paper = paper
        self._crew = crew

    def parts(self, rows: LiveRows | None, width: int) -> Sequence[HeaderPart]:
        """For a page so many pixels wide; none while there is no flight."""
        if rows is None:
            return ()
        room = room_of(width)
        notes = [_forecast(rows, room)] if rows.state in FLYING else []
        acts = self._offered(rows, folded=room in (Room.PLAIN, Room.AMPLE))
        if room is Room.SHORT and len(acts) > 1:
            acts = [HeaderAction("Act", choices=tuple(_flat(acts)), tip="What else can be done")]
        return (*notes, *acts)

    def _offered(self, rows: LiveRows, *, folded: bool) -> list[HeaderAction]:
        """Folded, what is asked for seldom is one menu."""
        acts: list[HeaderAction] = []

        def made(words: str, act: Act, key: str, *, danger: bool = False) -> HeaderAction:
            return HeaderAction(words, lambda: self._do(act), danger=danger, tip=key)

        if rows.bridge is not None and (rows.bridge.line or rows.state in BEFORE_START | FLYING):
            acts.append(self._bridge(rows))
        seldom: list[HeaderAction] = []
        if rows.state is State.IN_PROGRESS:
            seldom.append(made("Stop here…", self._acts.stop_here, "Ctrl+Shift+U"))
        if rows.state in FLYING | ENDINGS:
            tip = "Enter what was ticked on paper (Ctrl+P)"
            seldom.append(HeaderAction("Paper…", lambda: self._do(self._paper), tip=tip))
        if rows.state in BEFORE_START | FLYING:
            tip = "Links for phones: who opened theirs, where it is served"
            seldom.append(HeaderAction("Crew board…", lambda: self._do(self._crew), tip=tip))
        if folded and len(seldom) > 1:
            seldom = [
                HeaderAction(
                    "More",
                    choices=tuple(seldom),
                    tip="Stop here, enter paper (Ctrl+P), the crew board",
                )
            ]
        if rows.state is State.VERIFYING:
            others: tuple[HeaderAction, ...] = (
                HeaderAction("All clear…", lambda: self._do(self._acts.all_clear)),
                HeaderAction("Partly done…", lambda: self._do(self._acts.partly)),
                HeaderAction("Back to work", lambda: self._do(self._acts.back_to_work)),
            )
            if folded:
                others, seldom = (*others, *seldom), []
            acts.append(HeaderAction("End", choices=others, tip="All clear, partly done, back"))
        acts += seldom
        if rows.state in FLYING:
            acts.append(made("Extend…", self._line.extend, "Ctrl+E"))
        if rows.state in (State.IN_PROGRESS, State.VERIFYING):
            acts.append(made("Back out…", self._acts.back_out, "Ctrl+U", danger=True))
        return acts

    def _bridge(self, rows: LiveRows) -> HeaderAction:
        line = self._line
        return bridge_act(
            rows,
            line.copy,
            lambda: self._do(line.open_bridge),
            lambda: self._do(line.close_bridge),
        )


def _forecast(rows: LiveRows, room: Room) -> HeaderNote:
    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, rows.zone))

    likely, high = clock(rows.margin.likely), clock(rows.margin.high)
    words = f"Forecast {likely}"
    if room in (Room.AMPLE, Room.WHOLE) and high != likely:
        words += f" · 80 % {high}"
    return HeaderNote(words, TONES[rows.margin.outlook])


def _flat(acts: Sequence[HeaderAction]) -> Iterator[HeaderAction]:
    """Menus within the menu laid out as its own entries."""
    for act in acts:
        if act.choices:
            yield from act.choices
        else:
            yield act
