"""What is said once the window is over: the user check, calls, verdicts, a promised new date."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.services.outages.brief import Brief
from app.services.outages.call_list import confirm_called
from app.services.outages.moving import note_user_check, note_warranted
from app.services.outages.promises import tell_otherwise
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

_Run = Callable[[Callable[[Undo], object], Callable[[ConsoleError], object]], None]


class AfterActs(QObject):
    """What is refused is said in the sheet that asked. `againRequested(brief)`: it is to be flown
    again. `openRequested(outage_id)`: the flight that does so is to be shown."""

    againRequested = Signal(object)
    openRequested = Signal(str)

    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._over = parent
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo

    def user_check(self, brief: Brief) -> None:
        who = brief.checker or "the user side"
        sheet = Sheet(
            self._over,
            "User check",
            f"What did {who} say, word for word?",
            (Ask("said", "They said", Kind.TEXT, needed="Note what they said, word for word."),),
            "Note it",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                sheet,
                "The user check is noted",
                lambda then, failed: self._ops.run(
                    note_user_check, brief.id, answers["said"],
                    then=then, failed=failed, owner=self,
                ),
            )
        )  # fmt: skip
        sheet.open()

    def called(self, call_id: str) -> None:
        """Somebody was reached who is told something by phone."""
        sheet = Sheet(
            self._over,
            "Reached by phone",
            "Who was called knows it now.",
            (Ask("said", "What they said", hint="may stay empty"),),
            "Reached",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                sheet,
                "The call is noted",
                lambda then, failed: self._ops.run(
                    confirm_called, call_id, answers["said"],
                    then=then, failed=failed, owner=self,
                ),
            )
        )  # fmt: skip
        sheet.open()

    def warranted(self, decision_id: str) -> None:
        """Was it worth waking them? The one who was called says."""
        sheet = Sheet(
            self._over,
            "Was the call warranted?",
            "“Leaders left in peace” counts from this alone; ask the one who was called.",
            (
                Ask(
                    "word", "They say", Kind.CHOICE,
                    choices=(("yes", "yes, it was worth it"), ("no", "no, it could have waited")),
                ),
            ),
            "Note it",
        )  # fmt: skip
        sheet.answered.connect(
            lambda answers: self._run(
                sheet,
                "The verdict is noted",
                lambda then, failed: self._ops.run(
                    note_warranted, decision_id, answers["word"] == "yes",
                    then=then, failed=failed, owner=self,
                ),
            )
        )  # fmt: skip
        sheet.open()

    def new_date(self, brief: Brief, again: str) -> None:
        """A promised new date: a flight that flies it again announces it (`again`, where there is
        one), or people were told otherwise."""
        way = "Open the flight that flies it again" if again else "Fly it again"
        sheet = Sheet(
            self._over,
            "The promised new date",
            "It stays owed until the flight that flies it again is announced.",
            (
                Ask(
                    "how", "How it is kept", Kind.CHOICE, "again",
                    choices=(
                        ("again", f"{way}: its planned notice tells the date"),
                        ("otherwise", "People were told otherwise"),
                    ),
                ),
                Ask(
                    "said", "What they were told", Kind.TEXT,
                    needed="Say what people were told instead.", only_with=("how", "otherwise"),
                ),
            ),
            "Go on",
        )  # fmt: skip

        def answered(answers: Answers) -> None:
            if answers["how"] != "again":
                self._run(
                    sheet,
                    "What was told is noted",
                    lambda then, failed: self._ops.run(
                        tell_otherwise, brief.id, answers["said"], seen=brief.version,
                        then=then, failed=failed, owner=self,
                    ),
                )  # fmt: skip
                return
            sheet.accept()
            if again:
                self.openRequested.emit(again)
            else:
                self.againRequested.emit(brief)

        sheet.answered.connect(answered)
        sheet.open()

    def _run(self, sheet: Sheet, words: str, run: _Run) -> None:
        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)
            self._notify.info(f"{words}.")

        run(done, lambda error: sheet.refuse(error.sentence))
