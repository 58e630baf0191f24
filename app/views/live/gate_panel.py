"""GO/NO-GO: the criteria with their evidence, the roll call by name, and the GO."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.models.live.go import Criterion
from app.models.outages.lifecycle import State
from app.models.times import speak_time, to_wall
from app.services.live.rows import CriterionRow, LiveRows, NextAct, RollRow
from app.views.live.bridge_card import BridgeCard
from app.views.theme import px
from app.views.widgets.forecast_line import TONES, ends_words
from app.views.widgets.labels import Words, initials_of
from app.views.widgets.panels import Card, Row, button, clear, focus_within, tab_here
from app.views.widgets.tone import Tone

MEET = "Met…"
DECIDE = "Decide the replies"
BOARD = "To the board"
CREW = "To the crew board"
_ELSEWHERE = {Criterion.OBJECTIONS_DECIDED: DECIDE, Criterion.CREW_BOARD: CREW}


class GatePanel(QWidget):
    """`met(CriterionRow, bool)`, `answered(name, go)`, `primary()` and `held()` only ask;
    `elsewhereWanted(Criterion)` leads to where it is settled: the replies, the board."""

    met = Signal(object, bool)
    answered = Signal(str, bool)
    primary = Signal()
    held = Signal()
    backWanted = Signal()
    elsewhereWanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        self._primary: QPushButton | None = None
        self._unheard: list[QPushButton] = []
        self._unmet: list[QPushButton] = []
        self._answers: list[tuple[QPushButton, QPushButton]] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(16))
        self._lead = Card("Go / no-go", tone=Tone.ACCENT, dot=True)
        whole.addWidget(self._lead)
        self.bridge = BridgeCard()
        self._criteria = Card("Criteria")
        self._roll = Card("Roll call")
        says_no = QShortcut(QKeySequence("N"), self._roll)
        says_no.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        says_no.activated.connect(self._on_no)
        inner = QWidget()
        inner.setProperty("part", "scroll")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(self.bridge)
        column.addWidget(self._roll)
        column.addWidget(self._criteria)
        column.addStretch(1)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the buttons within
        area.setWidget(inner)
        whole.addWidget(area, 1)

    def press(self) -> None:
        """Ctrl+Enter. While an answer or a criterion is missing it leads there: a GO without is
        never a bare key."""
        if self._primary is not None:
            self._primary.click()
        else:
            self.next_open()

    def next_open(self) -> None:
        """The keyboard to the next one of the roll call who has not answered, then to the next
        criterion that is not met, and round again."""
        found = [*self._unheard, *self._unmet]
        if not found:
            return
        focused = focus_within(self)
        here = found.index(focused) if focused in found else -1
        following = found[(here + 1) % len(found)]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(following)

    def _on_no(self) -> None:
        """Whoever is being called says no; it asks why before anything is noted."""
        focused = focus_within(self)
        for pair in self._answers:
            if focused in pair:
                pair[1].click()

    def show_rows(self, rows: LiveRows) -> None:
        ends = ends_words(rows) if rows.state in (State.GO_NO_GO, State.HOLD) else ""
        key = (
            ends,
            rows.criteria,
            rows.roll_call,
            rows.next_act,
            rows.state,
            rows.bridge,
            rows.too_early,
            rows.turn,
        )
        if key == self._shown:
            return
        self._shown = key
        focused = focus_within(self)
        name = _place(focused) if focused is not None else ""
        self._build_lead(rows, ends)
        self._build_criteria(rows)
        self._build_roll(rows)
        self.bridge.show_rows(rows)
        for card in (self._lead, self._roll, self._criteria):
            tab_here(card)
        if name:
            for made in self.findChildren(QPushButton):
                if _place(made) == name and not made.isHidden():
                    made.setFocus()

    def _build_lead(self, rows: LiveRows, ends: str) -> None:
        """`ends` says whether it would be over in time, begun now."""
        clear(self._lead.body)
        red, open_answers = len(rows.missing), len(rows.roll_call) - rows.answered
        noes = rows.noes
        parts = [
            f"{red} of {len(rows.criteria)} not met" if red else "every criterion met",
            f"{open_answers} not answered" if open_answers else "everybody answered",
            f"{', '.join(row.name for row in noes)} said no" if noes else "",
        ]
        self._lead.show_as("Go / no-go", rows.state.words)
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        ready = rows.next_act is NextAct.GO and not noes and not rows.too_early
        tone = Tone.OK if ready else Tone.WARN
        box.addWidget(Words(" · ".join(p for p in parts if p), "", tone, wrap=True), 1)
        if rows.next_act is NextAct.ROLL_CALL and red and not open_answers:
            show = "Show the next one that is not met"
            box.addWidget(button("Show", self.next_open, tone="link", spoken=show, tip="Ctrl+M"))
        if rows.state is State.GO_NO_GO:
            box.addWidget(button("Hold…", self.held.emit, tip="Ctrl+D"))
        elif rows.state is State.HOLD:
            box.addWidget(button("Back to the gate", self.backWanted.emit))
        words = {
            NextAct.OPEN_BRIDGE: "Open bridge",
            NextAct.BEGIN_GATE: "Begin the roll call",
            NextAct.ROLL_CALL: "GO with waivers…" if red else "GO without answers",
        }.get(rows.next_act, "GO")
        giving = rows.next_act is NextAct.GO
        leading = rows.next_act is not NextAct.ROLL_CALL and not (giving and rows.too_early)
        tone_word = "primary" if leading else ""
        keys = "  Ctrl+⏎" if leading else ""
        go = button(f"{words}{keys}", self.primary.emit, tone=tone_word, spoken=words)
        self._primary = go if leading else None
        box.addWidget(go)
        self._lead.body.addWidget(line)
        if ends:
            self._lead.body.addWidget(Words(ends, "", TONES[rows.margin.outlook], wrap=True))
        for said in (rows.too_early, _latest_start(rows)):
            if said:
                self._lead.body.addWidget(Words(said, "muted", wrap=True))

    def _build_criteria(self, rows: LiveRows) -> None:
        clear(self._criteria.body)
        self._unmet = []
        met = sum(row.met for row in rows.criteria)
        self._criteria.show_as("Criteria", f"{met} of {len(rows.criteria)} met")
        for place, row in enumerate(rows.criteria):
            self._criteria.body.addWidget(self._criterion(row, first=place == 0))

    def _criterion(self, row: CriterionRow, *, first: bool) -> Row:
        words = "Not met…" if row.met else MEET
        if row.is_decided_elsewhere:
            act = button(
                _ELSEWHERE.get(row.criterion, BOARD),
                lambda: self.elsewhereWanted.emit(row.criterion),
                spoken=f"{row.words}: not met",
            )
        else:
            act = button(
                words,
                lambda: self.met.emit(row, not row.met),
                tone="link" if row.met else "",
                spoken=f"{row.words}: {words.rstrip('…').lower()}",
            )
        if not row.met:
            self._unmet.append(act)
        state = "met" if row.met else "NOT MET"
        hand = ", by hand" if row.by_hand else ""
        sub = f"{state}{hand} · {row.evidence}"
        tone = Tone.OK if row.met else Tone.BAD
        return Row(row.words, sub, tone, trailing=act, separated=not first)

    def _build_roll(self, rows: LiveRows) -> None:
        clear(self._roll.body)
        self._unheard, self._answers = [], []
        self._roll.show_as("Roll call", f"{rows.answered} of {len(rows.roll_call)} answered")
        if not rows.roll_call:
            self._roll.body.addWidget(
                Words("Nobody but the coordinator owns a step, so nobody is called.", "muted")
            )
        for place, row in enumerate(rows.roll_call):
            self._roll.body.addWidget(self._person(rows, row, first=place == 0))

    def _person(self, rows: LiveRows, row: RollRow, *, first: bool) -> Row:
        acts = QWidget()
        line = QHBoxLayout(acts)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        first_unheard = row.go is None and not self._unheard and self._primary is None
        tone = "primary" if first_unheard else "link" if row.go is True else ""
        yes = button(
            "Go",
            lambda: self.answered.emit(row.name, True),
            tone=tone,
            spoken=f"{row.name} go",
        )
        no = button(
            "No-go…",
            lambda: self.answered.emit(row.name, False),
            tone="link" if row.go is False else "",
            spoken=f"{row.name} no-go",
            tip="N",
        )
        self._answers.append((yes, no))
        if row.go is None:
            self._unheard.append(yes)
        line.addWidget(yes)
        line.addWidget(no)
        return Row(
            row.name,
            _said(rows, row),
            person=(initials_of(row.name), row.name),
            trailing=acts,
            separated=not first,
        )


def _latest_start(rows: LiveRows) -> str:
    """How long a hold may last."""
    turn = rows.turn
    if turn is None or turn.start_by is None or rows.state is not State.HOLD:
        return ""
    by = _clock(rows, turn.start_by)
    return f"Step {turn.code} {turn.title} begins by {by} at the latest, while there is a way back."


def _place(made: QWidget) -> str:
    """What stays of a button's name when its criterion is met."""
    return made.accessibleName().removesuffix(": met").removesuffix(": not met")


def _said(rows: LiveRows, row: RollRow) -> str:
    if row.go is None:
        return f"not answered · call {row.phone}" if row.phone else "not answered · no phone noted"
    at = f" at {_clock(rows, row.at)}" if row.at else ""
    return f"go{at}" if row.go else f"NO-GO{at}: {row.why}"


def _clock(rows: LiveRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, rows.zone))
