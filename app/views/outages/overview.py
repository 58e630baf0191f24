"""The overview: what it is, who is in it, what stands against it, what is owed, what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QWidget,
)

from app.models.directory.words import in_one
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import CLOSED
from app.services.outages.brief import Brief, ConflictRow, DebtRow
from app.views.outages.bridge_card import BridgeCard
from app.views.outages.outlook_card import OutlookCard
from app.views.outages.people_words import confirmation
from app.views.theme import px
from app.views.tones import severity_tone, severity_words, state_tone
from app.views.widgets.columns import Columns
from app.views.widgets.labels import Pill, Words, addresses, initials_of
from app.views.widgets.panels import (
    Card,
    EmptyState,
    Row,
    SentenceRow,
    button,
    clear,
    focus_within,
    tab_here,
)
from app.views.widgets.stepper import Stage, Stepper, Stop
from app.views.widgets.tone import Tone, set_part


class Overview(QScrollArea):
    """`errand(token, about id)` for a button of a debt or the next act; `acceptRequested` with the
    ConflictRow; `causeRequested(type, id)` for what stands in its way; `peopleRequested` with the
    name of who is to be asked first; `seriesRequested(id)` for the dates of the series it is of."""

    errand = Signal(str, str)
    peopleRequested = Signal(str)
    seriesRequested = Signal(str)
    acceptRequested = Signal(object)
    causeRequested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Overview")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the buttons within
        self._brief: Brief | None = None
        inner = QWidget()
        set_part(inner, "scroll")
        self.setWidget(inner)
        whole = QHBoxLayout(inner)
        whole.setContentsMargins(px(22), px(16), px(22), px(16))
        self._next = Card("Next", tone=Tone.ACCENT, dot=True)
        self.outlook = OutlookCard()
        self._debts = Card("Owed")
        self._conflicts = Card("Conflicts")
        self._facts = Card("Facts")
        self.bridge = BridgeCard()
        self._people = Card("People")
        self._asked = Card("Kick-off")
        self._scope = Card("What and whom it touches")
        self._card = Card("Decision card", "who decides, and what then")
        columns = Columns(below=780)
        whole.addWidget(columns)
        left, right = columns.left, columns.right
        for card in (
            self._next,
            self.outlook,
            self._debts,
            self._conflicts,
            self._facts,
            self.bridge,
            self._card,
        ):
            left.addWidget(card)
        left.addStretch(1)
        for card in (self._people, self._asked, self._scope):
            right.addWidget(card)
        right.addStretch(1)

    def show_brief(self, brief: Brief) -> None:
        """Rebuilt only when something differs, so that focus and scroll stay."""
        if brief == self._brief:
            return
        focused = focus_within(self)
        kept = focused.accessibleName() if focused is not None else ""
        place = self.verticalScrollBar().value()
        self._brief = brief
        self._show_next(brief)
        self.outlook.show_row(brief.outlook)
        self._show_debts(brief.debts)
        self._show_conflicts(brief.conflicts)
        self._show_facts(brief)
        self.bridge.show_joining(brief.joining)
        self._show_people(brief)
        self._show_asked(brief)
        self._show_scope(brief)
        self._show_card(brief)
        for card in (
            self._next,
            self.outlook,
            self._debts,
            self._conflicts,
            self.bridge,
            self._asked,
        ):
            tab_here(card)
        self.verticalScrollBar().setValue(place)
        if kept:
            for made in self.findChildren(QWidget):
                if made.accessibleName() == kept and made.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    made.setFocus()
                    break

    def _show_next(self, brief: Brief) -> None:
        clear(self._next.body)
        self._next.show_as("Next", _progress(brief), state_tone(brief.state))
        self._next.body.setSpacing(px(10))
        following = brief.next
        act = None
        if following.errand is not None:
            token, about = following.errand.value, following.about
            act = button(following.errand.words, lambda: self.errand.emit(token, about))
        self._next.body.addWidget(SentenceRow(following.words, act=act))
        strip = Stepper(_stops(brief))
        self._next.body.addWidget(strip)

    def _show_debts(self, debts: Iterable[DebtRow]) -> None:
        clear(self._debts.body)
        rows = tuple(debts)
        self._debts.setVisible(bool(rows))
        self._debts.show_as("Owed", "most urgent first")
        for place, debt in enumerate(rows):
            token, about = debt.errand.value, debt.about
            act = button(
                debt.errand.words,
                lambda token=token, about=about: self.errand.emit(token, about),  # type: ignore[misc]
                spoken=f"{debt.errand.words}: {debt.sentence}",
            )
            tone = Tone.BAD if debt.late else Tone.WARN
            if debt.errand is Errand.OUTBOX and not debt.late:
                tone = Tone.COMMS
            self._debts.body.addWidget(
                Row(debt.sentence, debt.sub, tone, trailing=act, separated=place > 0)
            )

    def _show_conflicts(self, conflicts: tuple[ConflictRow, ...]) -> None:
        clear(self._conflicts.body)
        self._conflicts.setVisible(bool(conflicts))
        for place, conflict in enumerate(conflicts):
            self._conflicts.body.addWidget(self._conflict(conflict, place > 0))

    def _conflict(self, conflict: ConflictRow, separated: bool) -> QWidget:
        said = conflict.sentence
        acts = QWidget()
        line = QHBoxLayout(acts)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        if conflict.cause is not None:
            show = partial(self.causeRequested.emit, *conflict.cause)
            line.addWidget(button("Show", show, tone="link", spoken=f"Show what: {said}"))
        if conflict.accepted:
            sub, tone = f"accepted by {conflict.accepted}", Tone.PLAIN
        else:
            sub, tone = severity_words(conflict.severity), severity_tone(conflict.severity)
            accept = partial(self.acceptRequested.emit, conflict)
            line.addWidget(button("Accept…", accept, spoken=f"Accept: {said}"))
        return SentenceRow(said, sub, tone, acts, separated)

    def _show_facts(self, brief: Brief) -> None:
        clear(self._facts.body)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, px(96))
        for line, fact in enumerate((("Window", brief.window_words), *_facts(brief))):
            label, text = fact
            grid.addWidget(Words(label, "muted"), line, 0, Qt.AlignmentFlag.AlignTop)
            said = Words(text, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(said, line, 1)
        if brief.series is not None:
            show = button("Its dates…", self._on_series, tone="link")
            show.setAccessibleName(f"The dates of the series {brief.series.code}")
            grid.addWidget(show, grid.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)
        holder = QWidget()
        holder.setLayout(grid)
        self._facts.body.addWidget(holder)

    def _on_series(self) -> None:
        if self._brief is not None and self._brief.series is not None:
            self.seriesRequested.emit(self._brief.series.id)

    def _show_people(self, brief: Brief) -> None:
        clear(self._people.body)
        for place, person in enumerate(brief.people):
            phone = Words(person.phone, "mono")
            phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._people.body.addWidget(
                Row(
                    person.name,
                    person.role,
                    person=(initials_of(person.name), person.name),
                    trailing=phone,
                    separated=place > 0,
                )
            )
        if not brief.people:
            self._people.body.addWidget(
                EmptyState("Nobody is named yet. Change the plan (Ctrl+E).")
            )

    def _show_asked(self, brief: Brief) -> None:
        """Who was asked, what they said and why; what they say is noted on the People tab. Once it
        is over nobody is waited for: only what was answered stands there."""
        clear(self._asked.body)
        over = brief.state in CLOSED
        shown = [a for a in brief.asked if a.answer is not None or not over]
        self._asked.setVisible(bool(shown))
        confirmed = sum(asked.confirmed for asked in brief.asked)
        self._asked.show_as("Kick-off", f"{confirmed} of {len(brief.asked)} confirmed")
        for place, asked in enumerate(shown):
            said, tone = confirmation(asked, brief.zone)
            why = asked.answer.why if asked.answer is not None else ""
            sub = " · ".join(part for part in (asked.what, why) if part)
            row = Row(asked.person, sub, trailing=Pill(said, tone), separated=place > 0, wraps=True)
            row.setAccessibleName(f"{asked.person}, {sub}: {said}")
            self._asked.body.addWidget(row)
        if brief.endangered:
            danger = Words(f"A missing answer {brief.endangered}.", "sub", wrap=True)
            self._asked.body.addWidget(danger)
        if confirmed < len(brief.asked) and not over:
            first = brief.asked[0]
            act = button("Note what they say", lambda: self.peopleRequested.emit(first.person))
            self._asked.body.addSpacing(px(6))
            self._asked.body.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_scope(self, brief: Brief) -> None:
        clear(self._scope.body)
        people = "1 person" if brief.reach == 1 else f"{brief.reach:,} people"
        reach = people if brief.reach else "nobody reached"
        told = f", {addresses(brief.told)} told" if brief.told else ""
        self._scope.show_as("What and whom it touches", reach + told)
        for fault in brief.faults:
            self._scope.body.addWidget(SentenceRow(fault, "", Tone.WARN, None, False))
        for place, row in enumerate(brief.scope):
            sub = f"{row.kind} · {row.sub}" if row.sub else row.kind
            separated = place > 0 or bool(brief.faults)
            self._scope.body.addWidget(Row(row.name, sub, separated=separated))

    def _show_card(self, brief: Brief) -> None:
        clear(self._card.body)
        self._card.setVisible(bool(brief.card))
        for place, line in enumerate(brief.card):
            then = (
                f"wait {line.wait} min, then {line.then}" if line.who and line.then else line.then
            )
            shown = replace(line, phone=in_one(line.phone), deputy_phone=in_one(line.deputy_phone))
            self._card.body.addWidget(
                SentenceRow(f"{line.words}: {shown.reach}", then, None, None, separated=place > 0)
            )


def _facts(brief: Brief) -> tuple[tuple[str, str], ...]:
    """With an account the bridge has a card of its own."""
    own = ("Bridge",) if brief.joining is not None else ()
    found = tuple((fact.label, fact.text) for fact in brief.facts if fact.label not in own)
    return (*found, ("Series", brief.series.words)) if brief.series is not None else found


def _progress(brief: Brief) -> str:
    return f"{brief.steps_done} of {brief.steps} steps done" if brief.steps else "no steps yet"


def _stops(brief: Brief) -> list[Stop]:
    stages = [
        Stage.BEHIND if place < brief.here else Stage.AHEAD if place > brief.here else Stage.HERE
        for place in range(len(brief.strip))
    ]
    tone = state_tone(brief.state)
    return [
        Stop(state.words, stage, tone) for state, stage in zip(brief.strip, stages, strict=True)
    ]
