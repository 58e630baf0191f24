"""What the keys of Live do to the flight on screen; where an act has no place, the key is dead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.models.live.hearing import to_hear
from app.models.outages.lifecycle import FLYING, State
from app.services.live.rows import LiveRows, NextAct
from app.views.live.acts import LiveActs
from app.views.live.headline import Wish
from app.views.live.line_acts import LineActs
from app.views.live.wishes import Wishes

_TURNS_BACK = (State.IN_PROGRESS, State.VERIFYING)


class KeyedActs:
    """`primary` is the page's own: the act in gold."""

    def __init__(
        self,
        acts: LiveActs,
        line: LineActs,
        wishes: Wishes,
        now: Callable[[], datetime],
        primary: Callable[[LiveRows], object],
    ) -> None:
        self._acts, self._line, self._wishes, self._now = acts, line, wishes, now
        self.primary = primary

    def extend(self, rows: LiveRows) -> None:
        if rows.state in FLYING:
            self._line.extend(rows)

    def back_out(self, rows: LiveRows) -> None:
        if rows.state in _TURNS_BACK:
            self._acts.back_out(rows)

    def stop_here(self, rows: LiveRows) -> None:
        if rows.state is State.IN_PROGRESS:
            self._acts.stop_here(rows)

    def partly(self, rows: LiveRows) -> None:
        if rows.state is State.VERIFYING:
            self._acts.partly(rows)

    def hold(self, rows: LiveRows) -> None:
        if rows.state is State.GO_NO_GO:
            self._acts.hold(rows)

    def heard(self, rows: LiveRows) -> None:
        """At once, by one key; of the coordinator’s own step it asks what was heard."""
        who = to_hear(rows.crew, self._now())
        asking = next((each for each in rows.said if each.step_id is not None), None)
        if asking is not None:
            self._line.heard(str(asking.step_id), asking.who)
        elif who is None or who.task is None:
            self.hear(rows)
        else:
            self._line.heard(who.task.step_id, who.who.name)

    def take(self, rows: LiveRows) -> None:
        """What came by mail, in the order in which it came."""
        mail = next((each for each in rows.said if each.reply_id), None)
        if mail is not None:
            self._line.take_report(rows.outage_id, mail.reply_id)

    def hear(self, rows: LiveRows) -> None:
        self._on_running(rows, "hear")

    def block(self, rows: LiveRows) -> None:
        """The step in hand; where none is, what is blocked goes on."""
        if rows.running or not rows.blocked:
            self._on_running(rows, "block")
        else:
            self._wishes.wish(rows, Wish(NextAct.NONE, "unblock", rows.blocked[0]))

    def _on_running(self, rows: LiveRows, how: str) -> None:
        if rows.running:
            self._wishes.wish(rows, Wish(NextAct.NONE, how, rows.running[0]))
