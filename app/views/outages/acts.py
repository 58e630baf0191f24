"""What can be done with an outage: the menu of its state, and a sheet for what must be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import BadInput, ConsoleError
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State
from app.models.times import speak_moment
from app.services.notices.reach import list_on_status_page
from app.services.outages.brief import Brief, ConflictRow
from app.services.outages.consequences import cancelling_means, moving_means
from app.services.outages.leading import Going, advance
from app.services.outages.moving import (
    accept_conflict,
    extend,
    move_window,
)
from app.services.outages.next_window import Proposed, next_window
from app.services.outages.planning import Planned, fly_again
from app.services.uow import Undo, UnitOfWork
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.outages.act_words import ASKED, WORDS, asks_for, going_from, moves_of
from app.views.outages.after_acts import AfterActs
from app.views.outages.bridge_card import BridgeActs
from app.views.outages.outlook_card import OutlookActs
from app.views.outages.window_sheet import WindowSheet
from app.views.page import HeaderAction
from app.views.widgets.deciding import (
    decided_from,
    decision_sheet,
    line_of,
    waived_by,
    waiver_asks,
)
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

Act = Callable[[Decided | None], None]
_Meaning = Callable[[UnitOfWork, str], tuple[str, ...]]


class OutageActs(QObject):
    """Each act runs on the database thread; what is refused is said in the sheet that asked.

    `liveRequested(outage_id)`: the GO is given on Live. `editRequested(outage_id)`: open the form.
    `planned(outage_id)`: a new flight was made by flying again. `rehearseRequested(outage_id)`,
    `replayRequested(outage_id)` and `lessonsRequested(outage_id)`.
    """

    liveRequested = Signal(str)
    editRequested = Signal(str)
    planned = Signal(str)
    rehearseRequested = Signal(str)
    replayRequested = Signal(str)
    lessonsRequested = Signal(str)

    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._over = parent
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self.outlook = OutlookActs(ops, notify, on_undo, parent)
        self.bridge = BridgeActs(ops, on_undo, parent)
        self.after = AfterActs(ops, notify, on_undo, parent)
        self.after.againRequested.connect(self.fly_again)
        self.after.openRequested.connect(self.planned)

    def menu(self, brief: Brief) -> tuple[HeaderAction, ...]:
        """Everything that can be done with it now, the usual first."""
        state = brief.state
        acts: list[HeaderAction] = []
        if state not in CLOSED:
            acts.append(HeaderAction("Change the plan…", lambda: self.edit(brief), tip="Ctrl+E"))
        acts += [
            HeaderAction(words, lambda to=to: self.go(brief, to))  # type: ignore[misc]
            for to, words in moves_of(brief)
        ]
        if state in BEFORE_START:
            acts.append(HeaderAction("Move the window…", lambda: self.move(brief)))
        if state in FLYING:
            acts.append(HeaderAction("Extend…", lambda: self.extend(brief)))
        if state in CLOSED:
            acts.append(HeaderAction("Fly again…", lambda: self.fly_again(brief)))
        page = "Keep off the status page" if brief.is_listed else "Show on the status page"
        acts.append(HeaderAction(page, lambda: self.list_on_page(brief, not brief.is_listed)))
        acts.append(HeaderAction("Rehearse…", lambda: self.rehearseRequested.emit(brief.id)))
        if state in FLYING | CLOSED:
            acts.append(HeaderAction("Replay…", lambda: self.replayRequested.emit(brief.id)))
        if state in CLOSED and state is not State.CANCELLED:
            acts.append(
                HeaderAction("What it taught…", lambda: self.lessonsRequested.emit(brief.id))
            )
        if state in FLYING | CLOSED and not brief.user_check and state is not State.FILED:
            acts.append(HeaderAction("Note the user check…", lambda: self.after.user_check(brief)))
        if State.CANCELLED in brief.may:
            words = ASKED[State.CANCELLED]
            acts.append(HeaderAction(words, lambda: self.go(brief, State.CANCELLED), danger=True))
        return tuple(acts)

    def list_on_page(self, brief: Brief, wanted: bool) -> None:
        said = "may stand on" if wanted else "is kept off"
        self._run(
            None,
            f"{brief.code} {said} the status page",
            lambda then, failed: self._ops.run(
                list_on_status_page, brief.id, wanted, then=then, failed=failed, owner=self
            ),
        )

    def edit(self, brief: Brief) -> None:
        self.editRequested.emit(brief.id)

    def _meaning(self, query: _Meaning, brief: Brief, ask: Callable[[str], object]) -> None:
        """What it means is said first."""
        self._ops.read(query, brief.id, then=lambda said: ask("\n".join(said)), owner=self)

    def go(self, brief: Brief, to: State) -> None:
        """The transition, with its sheet where something must be said."""
        if to is State.IN_PROGRESS and brief.state is not State.VERIFYING:
            self.liveRequested.emit(brief.id)
            return
        if to is State.CANCELLED:
            self._meaning(cancelling_means, brief, lambda said: self._ask_to(brief, to, said))
        elif asks_for(brief, to):
            self._ask_to(brief, to, WORDS.get(to, ""))
        else:
            self._advance(brief, to, Going(), None)

    def _ask_to(self, brief: Brief, to: State, words: str) -> None:
        danger = to in (State.CANCELLED, State.BACKING_OUT)
        sheet = Sheet(
            self._over,
            f"{ASKED[to].rstrip('…')} · {brief.code}",
            words,
            asks_for(brief, to),
            "Cancel the outage" if to is State.CANCELLED else ASKED[to].rstrip("…"),
            tone="danger" if danger else "primary",
            no_words="Keep as it is",
        )
        sheet.answered.connect(lambda answers: self._answered(brief, to, answers, sheet))
        sheet.open()

    def move(self, brief: Brief) -> None:
        self._meaning(moving_means, brief, lambda said: self._ask_move(brief, said))

    def _ask_move(self, brief: Brief, words: str) -> None:
        need = "People were told of the old time: say why it moves." if brief.told else ""
        sheet = WindowSheet(
            self._over, f"Move {brief.code}", words, brief.window, "Move it", why_needed=need
        )

        def answered(answers: Answers) -> None:
            window = sheet.window_given()
            if window is not None:
                self._run(
                    sheet,
                    f"{brief.code} was moved",
                    lambda then, failed: self._ops.run(
                        move_window, brief.id, window, answers["why"], seen=brief.version,
                        then=then, failed=failed, owner=self,
                    ),
                )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def fly_again(self, brief: Brief) -> None:
        """The window it proposes is looked for first."""
        self._ops.read(next_window, brief.id, then=partial(self._ask_fly_again, brief), owner=self)

    def _ask_fly_again(self, brief: Brief, proposed: Proposed) -> None:
        words = "A linked copy in Draft, with the same facts and steps and nothing of what was done"
        sheet = WindowSheet(
            self._over,
            f"Fly {brief.code} again",
            f"{words}; whoever is on duty then leads it. {proposed.words}",
            proposed.window,
            "Fly again",
            why=False,
        )

        def done(made: Planned) -> None:
            sheet.accept()
            self._on_undo(made.undo)
            self._notify.info(f"{made.code} flies {brief.code} again.")
            self.planned.emit(made.outage_id)

        def answered(_: Answers) -> None:
            window = sheet.window_given()
            if window is not None:
                self._ops.run(
                    fly_again, brief.id, window, owner=self,
                    then=done, failed=lambda error: sheet.refuse(error.sentence),
                )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def extend(self, brief: Brief) -> None:
        sheet = Sheet(
            self._over,
            f"Extend {brief.code}",
            f"People were told {speak_moment(brief.promised_end, brief.zone)}. "
            "They are then owed the new end and when they hear next.",
            (
                Ask("minutes", "By how many minutes", Kind.NUMBER, "30", most=24 * 60),
                Ask("why", "Why", needed="Say why it takes longer; people are told."),
            ),
            "Extend",
        )

        def answered(answers: Answers) -> None:
            end = brief.promised_end + timedelta(minutes=int(answers["minutes"] or 0))

            def act(decided: Decided | None) -> None:
                self._decidable(
                    sheet,
                    f"{brief.code} was extended",
                    act,
                    decided,
                    lambda then, failed: self._ops.run(
                        extend, brief.id, end, answers["why"], decided,
                        then=then, failed=failed, owner=self,
                    ),
                )  # fmt: skip

            act(None)

        sheet.answered.connect(answered)
        sheet.open()

    def accept(self, brief: Brief, conflict: ConflictRow) -> None:
        """Fly in spite of a conflict, by name and reason."""
        leader = next((p.name for p in brief.people if p.role == "Coordinator"), "")
        sheet = Sheet(
            self._over,
            "Accept this conflict",
            conflict.sentence,
            (
                *waiver_asks(leader),
                Ask("why", "Why", needed="Say why this conflict is accepted."),
            ),
            "Accept",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                sheet,
                "The conflict is accepted",
                lambda then, failed: self._ops.run(
                    accept_conflict, brief.id, conflict.reason, conflict.sentence,
                    answers["why"], waived_by(answers), then=then, failed=failed, owner=self,
                ),
            )
        )  # fmt: skip
        sheet.open()

    # --- running -------------------------------------------------------------------------------

    def _answered(self, brief: Brief, to: State, answers: Answers, sheet: Sheet) -> None:
        try:
            going = going_from(brief, answers)
        except BadInput as error:
            sheet.refuse(error.sentence)
            return
        self._advance(brief, to, going, sheet)

    def _advance(self, brief: Brief, to: State, going: Going, sheet: Sheet | None) -> None:
        def act(decided: Decided | None) -> None:
            self._decidable(
                sheet,
                f"{brief.code}: {to.words.lower()}",
                act,
                decided,
                lambda then, failed: self._ops.run(
                    advance, brief.id, to, replace(going, decided=decided), seen=brief.version,
                    then=then, failed=failed, owner=self,
                ),
            )  # fmt: skip

        act(None)

    def _run(self, sheet: Sheet | None, words: str, run: _Run) -> None:
        run(lambda undo: self._done(sheet, words, undo), lambda error: self._refused(sheet, error))

    def _decidable(
        self, sheet: Sheet | None, words: str, act: Act, decided: Decided | None, run: _Run
    ) -> None:
        """Where the decision card names somebody, ask for the decision and do it again."""

        def failed(error: ConsoleError) -> None:
            if decided is None and error.about.get("who"):
                self._ask_decision(sheet, error, act)
            else:
                self._refused(sheet, error)

        run(lambda undo: self._done(sheet, words, undo), failed)

    def _ask_decision(self, sheet: Sheet | None, error: ConsoleError, act: Act) -> None:
        if sheet is not None:
            sheet.refuse(error.sentence)
        asking = decision_sheet(
            sheet or self._over,
            "A named decision",
            error.sentence,
            "Record it and go on",
            line_of(error),
        )

        def answered(answers: Answers) -> None:
            asking.accept()
            act(decided_from(answers))

        asking.answered.connect(answered)
        asking.open()

    def _done(self, sheet: Sheet | None, words: str, undo: Undo) -> None:
        if sheet is not None:
            sheet.accept()
        self._on_undo(undo)
        self._notify.info(f"{words}.")

    def _refused(self, sheet: Sheet | None, error: ConsoleError) -> None:
        if sheet is not None:
            sheet.refuse(error.sentence)
        elif lacks := str(error.about.get("plan", "")):
            change = ("Change the plan", lambda: self.editRequested.emit(lacks))
            self._notify.error(error.sentence, action=change)
        else:
            self._notify.error(error.sentence)


_Run = Callable[[Callable[[Undo], object], Callable[[ConsoleError], object]], None]
