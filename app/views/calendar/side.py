"""Beside the month: the layers with their switches, what stands against a window, and the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.shifting import shift_to
from app.models.calendar.slot import Slot
from app.models.calendar.spans import Span
from app.models.times import Window, speak_date
from app.services.calendar.month import CalendarRows
from app.services.calendar.moving_reads import Against, Moving
from app.views.calendar.agenda import day_rows
from app.views.calendar.looks import LAYER_TONES
from app.views.calendar.rows import day_words
from app.views.calendar.stale import Refresh, StaleLayers
from app.views.free_windows import FreeWindows
from app.views.theme import px
from app.views.tones import severity_tone, severity_words
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Pill, Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, Row, button, clear
from app.views.widgets.tone import Tone, set_part

UNDER = 760
"""Design pixels of the page."""
UNDER_HEIGHT, MONTH_HEIGHT = 220, 400
NOTHING, READING = "Nothing on this day.", "Reading…"
NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX, which PySide does not name


class LayersCard(Card):
    """`switched(hidden layers)` after each click; `outreachRequested`: heads are to be asked."""

    switched = Signal(object)
    outreachRequested = Signal()

    def __init__(self, hidden: frozenset[Layer], refresh: Refresh | None) -> None:
        super().__init__("Layers")
        self._ticks: dict[Layer, QCheckBox] = {}
        self._rows: dict[Layer, Row] = {}
        for number, layer in enumerate(Layer):
            tick = QCheckBox()
            tick.setAccessibleName(f"Show {layer.words}")
            tick.setChecked(layer not in hidden)
            tick.toggled.connect(lambda _on: self.switched.emit(self.hidden))
            row = Row(layer.words, "–", LAYER_TONES[layer], trailing=tick, separated=number > 0)
            self._ticks[layer], self._rows[layer] = tick, row
            self.body.addWidget(row)
        self.stale = StaleLayers(refresh)
        self.body.addWidget(self.stale)
        ask = button(
            "Ask department heads…",
            self.outreachRequested.emit,
            tone="link",
            tip="O: what must we not disturb?",
        )
        self.body.addWidget(ask, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def hidden(self) -> frozenset[Layer]:
        return frozenset(layer for layer, tick in self._ticks.items() if not tick.isChecked())

    def tick(self, layer: Layer) -> QCheckBox:
        return self._ticks[layer]

    def show_layer(self, layer: Layer) -> None:
        self._ticks[layer].setChecked(True)

    def sentences(self) -> list[str]:
        """What each layer says of itself."""
        return [row.accessibleName() for row in self._rows.values()]

    def show_rows(self, rows: CalendarRows, span: Span) -> None:
        counts = Counter(
            e.layer for e in rows.entries if e.first <= span.ends and e.last >= span.begins
        )
        self.stale.show_layers(rows.stale)
        duty = rows.duty
        only = f" · only {rows.sieve.words}" if rows.sieve else ""
        for layer, words in (
            (Layer.OUTAGES, f"{counts[Layer.OUTAGES] or 'none'} in {span.short}{only}"),
            (Layer.FREEZES, _named(counts[Layer.FREEZES], rows.freezes)),
            (Layer.EVENTS, _named(counts[Layer.EVENTS], rows.events)),
            (Layer.HOLIDAYS, " · ".join(rows.places) or "the organisation names no country"),
            (
                Layer.ROTA,
                f"{duty.name} until {speak_date(duty.ends)}" if duty else "nobody is on duty",
            ),
        ):
            row = self._rows[layer]
            row.sub.setText(words)
            row.setAccessibleName(f"{layer.words}. {words}")


class AgainstCard(Card):
    """What stands against an outage where it is, or where it is carried to, and where it could be
    instead: `freeWanted`, answered by `free`; `moveWanted(outage id, Shift)`."""

    opened = Signal(str)
    freeWanted = Signal()
    moveWanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Conflicts", dot=True)
        self._moving: Moving | None = None
        self.free = FreeWindows(self._on_look, "Move", "The nearest of half a year, and why")
        self.free.taken.connect(self._on_taken)
        self.what = Words("", wrap=True)
        self.when = Words("", "muted", wrap=True)
        self.told = Words("", "sub", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addWidget(self.what)
        self.body.addWidget(self.when)
        self.body.addLayout(self._list)
        self.body.addWidget(self.told)
        self.body.addWidget(self.free)
        self._open = button("Open the outage", self._on_open)
        line = QHBoxLayout()
        line.setContentsMargins(0, px(8), 0, 0)
        line.addWidget(self._open)
        line.addStretch(1)
        self.body.addLayout(line)

    def show_moving(self, moving: Moving) -> None:
        was, self._moving = self._moving, moving
        if was != moving:
            self.free.forget()
        self.free.setVisible(moving.movable and not moving.shift)
        open_ones = [one for one in moving.against if not one.accepted]
        worst = min((one.severity for one in open_ones), key=lambda s: s.rank, default=None)
        count = len(moving.against)
        number = "1 conflict" if count == 1 else f"{count or 'No'} conflicts"
        if moving.ended:
            number = moving.ended
        tone = severity_tone(worst) if worst else Tone.OK
        self.show_as(number, moving.code, tone)
        self.what.setText(moving.title)
        self.when.setText(f"→ {moving.window_words}" if moving.shift else moving.window_words)
        self._fill(moving.against)
        told = f"{moving.told:,} were told of the window it has." if moving.told else ""
        self.told.setText(told if moving.shift else "")
        self.told.setVisible(bool(told) and bool(moving.shift))
        self._open.setVisible(not moving.shift)
        self.show()

    def show_refusal(self, sentence: str) -> None:
        """It cannot go there at all."""
        self.show_as("It cannot go there", "", Tone.BAD)
        self.what.setText(sentence)
        self.when.setText("")
        self._fill(())
        self.told.hide()
        self.free.hide()
        self._open.hide()
        self.show()

    def sentences(self) -> list[str]:
        found = []
        for number in range(self._list.count()):
            item = self._list.itemAt(number)
            widget = item.widget() if item is not None else None
            if widget is not None:
                found.append(widget.accessibleName())
        return found

    def _on_open(self) -> None:
        if self._moving is not None:
            self.opened.emit(self._moving.outage_id)

    def _on_look(self) -> None:
        self.free.wait()
        self.freeWanted.emit()

    def _on_taken(self, window: Window) -> None:
        if self._moving is not None:
            by = shift_to(self._moving.window, window)
            self.moveWanted.emit(self._moving.outage_id, by)

    def _fill(self, against: Sequence[Against]) -> None:
        clear(self._list)
        for one in against:
            self._list.addWidget(_AgainstRow(one))


class _AgainstRow(QWidget):
    def __init__(self, one: Against) -> None:
        super().__init__()
        accepted = "accepted · " if one.accepted else ""
        self.setAccessibleName(
            f"{severity_words(one.severity)}: {one.sentence} {accepted}{one.cause}"
        )
        tone = Tone.PLAIN if one.accepted else severity_tone(one.severity)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(7), 0, px(3))
        line.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(1))
        words.addWidget(Words(one.sentence, wrap=True))
        words.addWidget(Words(f"{accepted}{one.cause}", "sub", wrap=True))
        pill = Pill(severity_words(one.severity), tone)
        line.addLayout(words, 1)
        top = QVBoxLayout()
        top.addWidget(pill)
        top.addStretch(1)
        line.addLayout(top)


class DayCard(Card):
    """What the chosen day holds. `opened(entry key)`, `planRequested(Slot)`, `eventRequested` for
    a new event on it."""

    opened = Signal(str)
    planRequested = Signal(object)
    eventRequested = Signal()

    def __init__(self) -> None:
        super().__init__("Day", bleed=True)
        self._day = date.min
        self.list = ListView("Entries of the day")
        self.list.setMinimumHeight(px(130))
        self.list.opened.connect(self.opened)
        self._nothing = Words(READING, "muted", wrap=True)
        self._nothing.setContentsMargins(px(8), 0, px(8), 0)
        self._plan = button(
            "Plan on this day", self._on_plan, spoken="Plan an outage on this day", tip="N"
        )
        acts = QWidget()
        line = FlowLayout(acts, 8)
        line.setContentsMargins(px(8), px(8), px(8), 0)
        line.addWidget(self._plan)
        self.add_event = button(
            "Add an event", self.eventRequested.emit, spoken="Add an event on this day", tip="E"
        )
        line.addWidget(self.add_event)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(acts)
        self.body.addStretch(0)

    def show_day(self, rows: CalendarRows, entries: Sequence[Entry], day: date) -> None:
        self._day = day
        found = day_rows(rows, entries, day)
        self.show_as(day_words(day), "today" if day == rows.today else "")
        self.list.model_rows.apply(found)
        self.list.setVisible(bool(found))
        self._nothing.setText(NOTHING if rows.first <= day <= rows.last else READING)
        self._nothing.setVisible(not found)

    def _on_plan(self) -> None:
        self.planRequested.emit(Slot(self._day))


class Side(QScrollArea):
    """The three cards one under the other; what stands against a window shows only with one."""

    def __init__(self, hidden: frozenset[Layer], refresh: Refresh | None = None) -> None:
        super().__init__()
        self.setAccessibleName("Beside the calendar")
        self.parts = (LayersCard(hidden, refresh), AgainstCard(), DayCard())
        layers, against, day_card = self.parts
        inner = QWidget()
        set_part(inner, "scroll")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(layers)
        column.addWidget(against)
        column.addWidget(day_card, 1)
        against.hide()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)

    def stand(self, line: QBoxLayout, month: QWidget, width: int) -> None:
        """Beside `month` in `line`, or under it on a page so narrow that a day would show a
        letter of each title."""
        under = width < px(UNDER)
        way = QBoxLayout.Direction
        line.setDirection(way.TopToBottom if under else way.LeftToRight)
        month.setMinimumHeight(px(MONTH_HEIGHT) if under else 0)
        self.setMinimumHeight(px(UNDER_HEIGHT) if under else 0)
        if under:
            self.setMinimumWidth(0)
            self.setMaximumWidth(NO_LIMIT)
        else:
            self.setFixedWidth(min(px(300), width * 34 // 100))


def _named(count: int, names: Sequence[str]) -> str:
    """`2 · Finance freezes, Retail freezes`."""
    if not names:
        return "none imported yet"
    return f"{count or 'none'} · {', '.join(names)}"
