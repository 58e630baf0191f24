"""One step, whole: what it is, how it is done, what may be done with it, and its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.models.runbook import StepAct, StepKind
from app.models.times import speak_time, to_wall
from app.services.events import ChangedElsewhere, Event, OutageChanged, StepsChanged
from app.services.runbook.step_detail import StepDetail, step_detail
from app.views.ops import Ops
from app.views.runbook.step_acts import StepActs
from app.views.runbook.step_edit import edit_sheet
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Pill, Words
from app.views.widgets.panels import button, rule
from app.views.widgets.room import size_within
from app.views.widgets.tone import Tone

_MAIN = (StepAct.FINISH, StepAct.START, StepAct.PASS_CHECK, StepAct.UNBLOCK)
_KEEP_AFTER_BEGIN = (StepAct.UNDO, StepAct.PUT_BACK, StepAct.SKIP)


class StepDialog(QDialog):
    """Follows the step while it is open. Ctrl+Enter does the step's next act."""

    def __init__(
        self,
        parent: QWidget,
        ops: Ops,
        acts: StepActs,
        step_id: str,
        on_undo: Callable[..., object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Step")
        size_within(self, parent, 640, 520)
        self._ops = ops
        self._acts = acts
        self._step_id = step_id
        self._on_undo = on_undo
        self._detail: StepDetail | None = None
        self._main: StepAct | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(px(22), px(18), px(22), px(18))
        self._area = QScrollArea()
        self._area.setAccessibleName("The step")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._box.addWidget(self._area, 1)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self._load)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._do_main)
        QShortcut(QKeySequence("E"), self).activated.connect(self._edit)
        self._load()

    def on_event(self, event: Event) -> None:
        detail = self._detail
        mine = detail is not None and event.outage_id == detail.outage_id
        if isinstance(event, ChangedElsewhere) or (
            mine and isinstance(event, StepsChanged | OutageChanged)
        ):
            self._again.start()

    def _load(self) -> None:
        self._ops.read(step_detail, self._step_id, then=self._show, failed=self._gone)

    def _gone(self, error: ConsoleError) -> None:
        self.reject()

    def _show(self, detail: StepDetail) -> None:
        self._detail = detail
        self.setWindowTitle(f"Step {detail.label}")
        page = QWidget()
        page.setProperty("part", "scroll")
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, px(8), 0)
        box.setSpacing(px(12))
        head = QHBoxLayout()
        head.addWidget(Words(detail.label, "title", wrap=True), 1)
        head.addWidget(Pill(detail.state.words.capitalize()))
        box.addLayout(head)
        box.addLayout(_facts(detail))
        if detail.waits_for:
            box.addWidget(
                Words(f"Waits for {'; '.join(detail.waits_for)}.", tone=Tone.WARN, wrap=True)
            )
        if detail.decision is not None:
            box.addWidget(_decision(detail))
        if detail.act_hint:
            box.addWidget(Words(detail.act_hint, tone=Tone.ACCENT, wrap=True))
        if detail.how.strip():
            box.addWidget(Words("How", "head"))
            how = Words(detail.how.strip(), "mono", wrap=True)
            how.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(how)
        box.addWidget(rule())
        box.addLayout(self._buttons(detail))
        if detail.history:
            box.addWidget(Words("History", "head"))
            box.addLayout(_history(detail))
        box.addStretch(1)
        self._area.setWidget(page)

    def _buttons(self, detail: StepDetail) -> FlowLayout:
        """The next act first and in the accent; the others follow."""
        line = FlowLayout()
        legal = dict(detail.acts)
        check = detail.kind is StepKind.CHECK and StepAct.BLOCK in legal
        self._main = None if check else next((act for act in _MAIN if act in legal), None)
        if detail.state.value == "todo" and StepAct.START in legal and not check:
            self._main = StepAct.START
        if check:
            line.addWidget(
                button("Note the outcome…", self._check, tone="primary", tip="Ctrl+Enter")
            )
        if detail.act_hint and detail.state.value == "todo":
            line.addWidget(button("Go there", self._go_there, tone="primary"))
        if self._main is not None:
            words = f"{legal.pop(self._main)}  Ctrl+⏎"
            tone = "" if detail.opens else "primary"
            if detail.opens:
                line.addWidget(Words(f"{detail.opens[:1].upper()}{detail.opens[1:]}.", "muted"))
            line.addWidget(button(words, self._do_main, tone=tone, tip="Ctrl+Enter"))
        if not detail.act_hint:  # an act is the coordinator's, whoever calls
            line.addWidget(button("Heard by phone…", self._hear))
        for act, words in legal.items():
            if check and act is StepAct.START and detail.begun:
                continue
            tone = "danger" if act in _KEEP_AFTER_BEGIN and detail.begun else ""
            line.addWidget(button(words, lambda act=act: self._do(act), tone=tone))  # type: ignore[misc]
        if detail.why_owed:
            line.addWidget(button("Say why…", self._why))
        if detail.editable:
            line.addWidget(button("Edit…", self._edit, tip="E"))
        line.addWidget(button("Close", self.accept))
        return line

    def _go_there(self) -> None:
        """To where the act is done."""
        if self._detail is not None:
            self.accept()
            self._acts.actRequested.emit(self._detail.step_id, self._detail.kind)

    def _do_main(self) -> None:
        if self._main is not None:
            self._do(self._main)
        elif self._detail is not None and self._detail.kind is StepKind.CHECK:
            self._check()

    def _do(self, act: StepAct) -> None:
        if self._detail is None:
            return
        if act is StepAct.BLOCK:
            self._acts.block(self, self._detail)
        else:
            self._acts.act(self, self._detail, act)

    def _check(self) -> None:
        if self._detail is not None:
            self._acts.check(self, self._detail, self._owner())

    def _hear(self) -> None:
        if self._detail is not None:
            self._acts.hear(self, self._detail, self._owner())

    def _owner(self) -> str:
        return self._detail.owner.name if self._detail and self._detail.owner else ""

    def _why(self) -> None:
        if self._detail is not None:
            late = self._detail.state.value != "blocked"
            self._acts.ask_why(self, self._detail, self._detail.version, late=late)

    def _edit(self) -> None:
        if self._detail is not None and self._detail.editable:
            edit_sheet(self, self._ops, self._detail, self._on_undo)


def _clock(detail: StepDetail, moment: datetime | None) -> str:
    return speak_time(to_wall(moment, detail.zone)) if moment else ""


def _span(detail: StepDetail, start: datetime | None, end: datetime | None) -> str:
    return f"{_clock(detail, start)}–{_clock(detail, end)}" if start else ""


def _ci(detail: StepDetail) -> str:
    if detail.ci is not None:
        return detail.ci.name
    return f"{detail.ci_text} (no CI chosen yet)" if detail.ci_text else ""


def _locks(detail: StepDetail) -> str:
    before, after = detail.not_before, detail.not_after
    opens = f"not before {_clock(detail, before)}" if before else ""
    closes = detail.closes or (f"not after {_clock(detail, after)}" if after else "")
    return "; ".join(part for part in (opens, closes) if part)


def _facts(detail: StepDetail) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(18))
    grid.setVerticalSpacing(px(5))
    grid.setColumnStretch(1, 1)
    until = f", until {_clock(detail, detail.blocked_until)}" if detail.blocked_until else ""
    said = f"{detail.by}{f', via {detail.via}' if detail.via else ''}"
    facts = (
        ("Owner", detail.owner.name if detail.owner else detail.role),
        ("Minutes", str(detail.minutes)),
        ("Configuration item", _ci(detail)),
        ("Setting", detail.setting),
        ("After", ", ".join(detail.after)),
        ("Way back", detail.undo),
        ("Start by", _clock(detail, detail.start_by)),
        ("Locks", _locks(detail)),
        ("Planned", _span(detail, detail.planned_start, detail.planned_end)),
        ("Expected", _span(detail, detail.expected_start, detail.expected_end)),
        ("Began, ended", _span(detail, detail.started_at, detail.ended_at)),
        ("Heard", _clock(detail, detail.heard_at)),
        ("Blocked", f"{detail.blocked_reason}{until}" if detail.state.value == "blocked" else ""),
        ("Outcome", detail.result.replace("_", " ")),
        ("Note", detail.note),
        ("Said by", said if detail.by else ""),
        ("People will notice", detail.people_notice),
        ("Quiet", "do not disturb" if detail.do_not_disturb else ""),
    )
    shown = [(name, value) for name, value in facts if value]
    for place, (name, value) in enumerate(shown):
        grid.addWidget(Words(name, "sub"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Words(value, wrap=True), place, 1)
    return grid


def _decision(detail: StepDetail) -> QFrame:
    need = detail.decision
    assert need is not None
    box = QFrame()
    box.setProperty("part", "inset")
    lines = QVBoxLayout(box)
    lines.addWidget(Words(need.sentence, tone=Tone.BAD, wrap=True))
    line = need.line
    then = f" If nobody answers within {line.wait} min: {line.then}." if line.then else ""
    who = f"{line.reach} decides.{then}" if line.who else "The coordinator decides alone."
    lines.addWidget(Words(who, wrap=True))
    return box


def _history(detail: StepDetail) -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(px(4))
    for entry in detail.history[-20:]:
        line = QHBoxLayout()
        line.setSpacing(px(12))
        line.addWidget(Words(_clock(detail, entry.at), "mono"), 0, Qt.AlignmentFlag.AlignTop)
        via = f", via {entry.via}" if entry.via else ""
        line.addWidget(Words(f"{entry.who}{via}: {entry.what}", wrap=True), 1)
        lines.addLayout(line)
    return lines
