"""The Timeline tab of an outage: the steps against the clock, with what waits for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.outages.lifecycle import CLOSED, FLYING
from app.models.times import abbreviation, speak_moment, speak_time, to_wall
from app.services.events import ChangedElsewhere, Event, LiveChanged, OutageChanged, StepsChanged
from app.services.runbook.timeline import TimelineRows, timeline
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.ops_saving import Saving
from app.views.runbook.step_acts import StepActs
from app.views.runbook.step_dialog import StepDialog
from app.views.theme import Token, px
from app.views.widgets.folders import documents
from app.views.widgets.forecast_line import ForecastLine, ends_words
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.timeline_axis import EARLIEST, LATEST, back_ink, open_way_back
from app.views.widgets.timeline_legend import Legend
from app.views.widgets.timeline_moving import ZOOM_STEP
from app.views.widgets.timeline_picture import draw_picture
from app.views.widgets.timeline_view import Timeline, rows_of, spoken

FRESH = timedelta(minutes=1)
"""A forecast moves with the clock even when nothing happens."""
PICTURES = {"Picture (*.png)": "png", "Drawing (*.svg)": "svg"}
KEYS = (
    ("↑ ↓", "choose a step; by person, the next person’s"),
    ("Enter", "open it"),
    ("+ − or Ctrl+wheel", "zoom"),
    ("0", "fit the whole flight"),
    ("← →", "scroll when zoomed; by person, along the lane"),
    ("P", "a lane for each person, or a line for each step"),
    ("Ctrl+S", "save it as a picture"),
)


class TimelinePage(QWidget):
    """Supplied to the workspace as its Timeline tab."""

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        acts: StepActs,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        tell: Telling,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tell = tell
        self._folder = documents()
        self._ops = ops
        self._acts = acts
        self._now = now
        self._on_undo = on_undo
        self._outage_id = ""
        self._rows: TimelineRows | None = None
        self._last_look: datetime | None = None
        self._wanted = ""
        self._dialog: StepDialog | None = None
        self.timeline = Timeline()
        self.timeline.opened.connect(self.open_step)
        self.by_person = QCheckBox("By person  P")
        self.by_person.setAccessibleName("By person")
        self.by_person.toggled.connect(self.timeline.group_by_person)
        self._legend = Legend()
        card = Card("Timeline", "dashed planned · solid actual · pale expected · ◆ critical path")
        self.forecast = ForecastLine()
        card.body.addWidget(self.forecast)
        card.body.addLayout(self._tools())
        card.body.addWidget(self.timeline, 1)
        self.chosen = Words("", "muted", wrap=True)
        """The chosen step in words: in a lane its bar may be too short for its name."""
        self.chosen.hide()
        self.timeline.chosen.connect(lambda _step: self._show_chosen())
        self.by_person.toggled.connect(lambda _on: self._show_chosen())
        card.body.addWidget(self.chosen)
        card.body.addWidget(self._legend)
        self.saving = Saving(ops, beside, tell, "Saving the timeline", self)
        card.body.addWidget(self.saving.bar)
        self._empty = EmptyState("No steps yet. Choose a runbook on the Board.")
        self._stack = QStackedWidget()
        self._stack.addWidget(card)
        self._stack.addWidget(self._empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.addWidget(self._stack)
        QShortcut(QKeySequence("P"), self).activated.connect(self.by_person.click)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.save_picture)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.refresh)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the bars. As a focus proxy it would make Tab pass over what stands before it."""
        self.timeline.setFocus(event.reason())

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self.timeline.zoom_by(0)
        self.refresh()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.look(timeline, self._outage_id, then=self._show)

    def on_event(self, event: Event) -> None:
        """Connect to the bridge: looks again when this outage changed."""
        watched = isinstance(event, StepsChanged | OutageChanged | LiveChanged)
        if self._outage_id and (
            isinstance(event, ChangedElsewhere) or (watched and event.outage_id == self._outage_id)
        ):
            self._again.start()
        if self._dialog is not None:
            self._dialog.on_event(event)

    def tick(self, now: datetime) -> None:
        """Connect to the shell."""
        if self._rows is not None and self.isVisible():
            self.timeline.tick(now)
            self._show_legend(self._rows, now)
            if self._last_look is None or now - self._last_look >= FRESH:
                self._last_look = now
                self._again.start()

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def focus_on(self, about: str) -> None:
        """Go to a step by its id, at once or as soon as it is here."""
        self._wanted = about
        self.timeline.choose(about)

    def open_step(self, step_id: str) -> None:
        dialog = StepDialog(self, self._ops, self._acts, step_id, self._on_undo)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()

    def _on_closed(self) -> None:
        self._dialog = None
        self.timeline.setFocus()

    def _show(self, rows: TimelineRows) -> None:
        if rows.outage_id != self._outage_id:
            return
        now = self._now()
        self._rows = rows
        self._last_look = now
        self.timeline.show_rows(rows, now)
        self.forecast.show_rows(rows)
        self._show_legend(rows, now)
        self._show_chosen()
        self._stack.setCurrentIndex(0 if rows.bars else 1)
        self.timeline.choose(self._wanted)
        self._wanted = ""
        if rows.bars and self.timeline.current() is None:
            self.timeline.choose(rows.bars[0].step_id)

    def _show_chosen(self) -> None:
        bar, rows = self.timeline.current(), self._rows
        if bar is not None and rows is not None:
            self.chosen.setText(spoken(bar, rows.zone))
        self.chosen.setVisible(self.by_person.isChecked() and bar is not None)

    def _show_legend(self, rows: TimelineRows, now: datetime) -> None:
        def clock(moment: datetime) -> str:
            return speak_time(to_wall(moment, rows.zone))

        parts: list[tuple[Token | None, str]] = []
        if rows.state not in CLOSED:
            near = rows.start - EARLIEST <= now <= rows.promised_end + LATEST
            parts += [(Token.ACCENT, f"now {clock(now)}")] if near else []
            parts.append((None, f"forecast {clock(rows.forecast_end)}"))
        if (back := open_way_back(rows)) is not None:
            parts.append((back_ink(back, now), f"way back {clock(back)}"))
        elif rows.past_return is not None and rows.state not in CLOSED:
            parts.append((Token.BAD, rows.past_return.words(rows.zone)))
        end = f"window ends {clock(rows.promised_end)} {abbreviation(rows.promised_end, rows.zone)}"
        self._legend.show_moments((*parts, (Token.BAD, end)))

    def _tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.setSpacing(px(8))
        tools.setContentsMargins(0, 0, 0, px(8))
        tools.addWidget(self.by_person)
        tools.addSpacing(px(8))
        for words, factor, said in (
            ("−", 1 / ZOOM_STEP, "Zoom out"),
            ("+", ZOOM_STEP, "Zoom in"),
            ("Fit", 0.0, "Fit the whole flight"),
        ):
            tools.addWidget(
                button(
                    words,
                    lambda factor=factor: self.timeline.zoom_by(factor),  # type: ignore[misc]
                    spoken=said,
                    tip=said,
                )
            )
        tools.addStretch(1)
        tools.addWidget(
            button("Save picture…", self.save_picture, tip="All of it, as PNG or SVG (Ctrl+S)")
        )
        return tools

    def save_picture(self) -> QFileDialog | None:
        """Asks where to; what is saved is the whole flight, grouped as it is shown."""
        rows = self._rows
        if rows is None or not rows.bars:
            return None
        dialog = QFileDialog(self, "Save the timeline")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(PICTURES))
        dialog.setDefaultSuffix("png")
        dialog.setDirectory(str(self._folder))
        dialog.selectFile(f"{rows.code} timeline.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(PICTURES[words]))
        dialog.fileSelected.connect(lambda file: self.write_picture(Path(file)))
        dialog.open()
        return dialog

    def write_picture(self, path: Path) -> None:
        """By the ending of `path`; says whether it worked."""
        rows = self._rows
        if rows is None:
            return
        self._folder = path.parent
        lines = rows_of(rows.bars, by_person=self.by_person.isChecked())
        window = (
            f"{speak_moment(rows.start, rows.zone)} – {speak_moment(rows.promised_end, rows.zone)}"
        )
        now = self._now()
        under = f"{window} · {rows.state.words} · as of {speak_moment(now, rows.zone)}"
        if rows.state in FLYING:
            under = f"{under} · {ends_words(rows)}"
        legend, by_person = self._legend.text(), self.by_person.isChecked()
        drawn = draw_picture(path.suffix, rows, lines, now, legend, under, lanes=by_person)
        said = f"The timeline is saved as {path.name}."
        self.saving.leave(path, drawn, lambda: self._tell.info(said))
