"""A past flight replayed along its log: a slider, the board as it stood, and what was written."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.live.replay import Entry, Scene, Then
from app.models.runbook import StepState
from app.models.times import speak_date, speak_time, t_clock, to_wall
from app.services.live.replaying import ReplayRows, replay_rows
from app.views.ops import Ops
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.labels import ElidedLabel, HeaderPill, Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone, set_part

PLAY_MS = 700
A_FLIGHT = timedelta(days=2)
_TONES = {
    StepState.TODO: Tone.PLAIN,
    StepState.RUNNING: Tone.INFO,
    StepState.BLOCKED: Tone.BAD,
    StepState.CHECK: Tone.ACCENT,
    StepState.DONE: Tone.OK,
    StepState.SKIPPED: Tone.PLAIN,
    StepState.UNDONE: Tone.WARN,
}
_WORDS = {StepState.TODO: "", StepState.CHECK: "to verify"}


def _near(scene: Scene) -> bool:
    """Of that night: weeks before or after it nobody counts in hours."""
    return scene.start is not None and abs(scene.entry.at - scene.start) < A_FLIGHT


class ReplayDialog(QDialog):
    """Read only. Left and Right go an entry on, Home and End to its ends, Space plays."""

    def __init__(self, parent: QWidget, ops: Ops, outage_id: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Replay")
        room = parent.window().size()
        self.resize(min(px(1060), room.width() - 40), min(px(680), room.height() - 60))
        self._rows: ReplayRows | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_MS)
        self._timer.timeout.connect(self._on_play)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.setSpacing(px(12))
        box.addLayout(self._head())
        box.addLayout(self._body(), 1)
        box.addLayout(self._foot())
        QShortcut(QKeySequence("Space"), self).activated.connect(self.toggle_play)
        self.slider.setFocus()
        ops.read(replay_rows, outage_id, then=self._show, failed=self._refuse, owner=self)

    def _head(self) -> QHBoxLayout:
        self.title = ElidedLabel("", "title")
        self.clock = Words("", "clock")
        self.state = HeaderPill("")
        self.promised = Words("", "sub")
        line = QHBoxLayout()
        line.setSpacing(px(14))
        for part in (self.title, self.clock, self.state, self.promised):
            line.addWidget(part)
        line.setStretch(0, 1)
        self.readonly = Words("Replay · nothing can be changed here", "sub")
        line.addWidget(self.readonly)
        return line

    def _body(self) -> QHBoxLayout:
        self.steps = ListView("Steps as they stood", lead_width=44)
        self.log = ListView("The log up to here", lead_width=104, wraps=True)
        self.log.opened.connect(self._on_opened)
        line = QHBoxLayout()
        line.setSpacing(px(16))
        self._board = Card("Steps", bleed=True)
        self._written = Card("Log", bleed=True)
        for card, shown in ((self._board, self.steps), (self._written, self.log)):
            card.body.addWidget(shown, 1)
            line.addWidget(card, 1)
        return line

    def _foot(self) -> QHBoxLayout:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Entry of the log")
        self.slider.setPageStep(10)
        self.slider.valueChanged.connect(self._on_moved)
        self.place = Words("", "sub")
        self.back = button("‹", lambda: self._step(-1), spoken="An entry back", tip="Left")
        self.on = button("›", lambda: self._step(1), spoken="An entry on", tip="Right")
        self.play = button("Play", self.toggle_play, tip="Space")
        self.play.setMinimumWidth(px(84))
        for each in (self.back, self.on, self.play):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_part(self.place, "sub")
        line = QHBoxLayout()
        line.setSpacing(px(10))
        line.addWidget(self.play)
        line.addWidget(self.back)
        line.addWidget(self.on)
        line.addWidget(self.slider, 1)
        line.addWidget(self.place)
        line.addWidget(button("Close", self.accept))
        return line

    def toggle_play(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        elif self._rows is not None:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(self._rows.replay.begins)
            self._timer.start()
        self.play.setText("Pause" if self._timer.isActive() else "Play")

    def _on_play(self) -> None:
        if self.slider.value() == self.slider.maximum():
            self.toggle_play()
        else:
            self._step(1)

    def _step(self, by: int) -> None:
        self.slider.setValue(self.slider.value() + by)

    def _show(self, rows: ReplayRows) -> None:
        self._rows = rows
        self.title.setText(f"{rows.code} {rows.title}")
        self.setWindowTitle(f"Replay of {rows.code}")
        self.slider.setRange(0, len(rows.replay) - 1)
        begins = rows.replay.begins
        if self.slider.value() == begins:
            self._on_moved(begins)
        self.slider.setValue(begins)

    def _refuse(self, refusal: ConsoleError) -> None:
        self.title.setText(refusal.sentence)

    def _on_opened(self, key: str) -> None:
        """An entry that is opened is gone back to."""
        if self._rows is not None and key:
            self.slider.setValue(int(key))

    def _on_moved(self, place: int) -> None:
        rows = self._rows
        if rows is None:
            return
        scene = rows.replay.at(place)
        wall = to_wall(scene.entry.at, rows.zone)
        self.clock.setText(
            f"{speak_date(wall.date())} {speak_time(wall)}"
            + (f" · {t_clock(scene.entry.at, scene.start)}" if scene.start and _near(scene) else "")
        )
        self.state.show_as(scene.state.words, state_tone(scene.state))
        end = scene.promised_end
        self.promised.setText(
            f"promised end {speak_time(to_wall(end, rows.zone))}" if end is not None else ""
        )
        self.place.setText(f"{place + 1} of {len(rows.replay)}")
        self._board.show_as("Steps", f"{scene.done} of {len(scene.steps)} done")
        self.steps.model_rows.apply([self._step_row(step, scene) for step in scene.steps])
        moved = next((step.id for step in scene.steps if step.id in scene.changed), "")
        if moved:
            self.steps.choose(moved)
        self._show_log(rows, place, scene)

    def _show_log(self, rows: ReplayRows, place: int, scene: Scene) -> None:
        """The newest first, as on Live."""
        entries = rows.replay.entries
        self.log.model_rows.apply(
            [
                self._log_row(number, entries[number], scene.struck.get(entries[number].number))
                for number in range(place, -1, -1)
            ]
        )
        self.log.scrollToTop()

    def _step_row(self, step: Then, scene: Scene) -> ListRow:
        assert self._rows is not None
        times = [
            speak_time(to_wall(at, self._rows.zone)) if at is not None else ""
            for at in (step.started_at, step.ended_at)
        ]
        owner = self._rows.people.get(step.owner_id, "")
        span = "–".join(times) if times[0] else ""
        return ListRow(
            key=step.id,
            lead=step.code,
            title=step.title,
            sub=" · ".join(part for part in (owner, span) if part),
            pill=_WORDS.get(step.state, step.state.words),
            pill_tone=_TONES[step.state],
            tone=Tone.ACCENT if step.id in scene.changed else None,
        )

    def _log_row(self, place: int, entry: Entry, struck_by: int | None) -> ListRow:
        assert self._rows is not None
        wall = to_wall(entry.at, self._rows.zone)
        via = f" via {entry.via}" if entry.via else ""
        tail = f" · struck through, see {struck_by}" if struck_by is not None else ""
        return ListRow(
            key=str(place),
            lead=f"{wall.day:02d} {wall:%b} {speak_time(wall)}",
            strong=entry.who,
            title=f"{entry.who}{via}",
            trailing=str(entry.number),
            sub=f"{entry.what}{tail}",
            struck=struck_by is not None,
        )
