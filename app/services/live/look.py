"""The steps of the flight Live shows, with what the rules say of them. Read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from app.models.live.margin import Margin
from app.models.outages.lifecycle import ENDINGS, State
from app.models.runbook import (
    Forecast,
    NoReturn,
    Phase,
    Slack,
    StepKind,
    StepState,
    after_starting,
    by_id,
    forecast,
    in_play,
    is_ready,
    latest_starts,
    past_return,
    slack_class,
    way_back,
)
from app.models.runbook import Step as Known
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.live.rows import LiveStep, NextTurn
from app.services.runbook.board import TURNED_BACK, names_of, next_change
from app.services.runbook.forecasting import margin_of, ranges_of
from app.services.runbook.loading import Loaded, load_steps
from app.services.runbook.opening import opens_at
from app.services.runbook.timeline import Bar, bars_of, planned_spans
from app.services.uow import UnitOfWork

BEFORE_BAR = timedelta(minutes=20)
"""Steps done this long before the window no longer stand on the timeline."""


class Look:
    """The steps of one outage with what the rules say of them, computed once."""

    def __init__(self, uow: UnitOfWork, outage: Outage) -> None:
        self.uow = uow
        self.outage = outage
        self.loaded: Loaded = load_steps(uow, outage.id)
        self.turned = outage.state in TURNED_BACK or _filed_turned_back(outage, self.loaded.known)
        self.row = self.loaded.row
        self.playing = in_play(self.loaded.known, backing_out=self.turned)
        self.index = by_id(self.playing)
        self.expected: Forecast = forecast(
            self.loaded.known,
            uow.now,
            outage.start_utc,
            backing_out=self.turned,
            ranges=ranges_of(uow, outage, self.loaded.rows),
        )
        self.names = names_of(uow, self.loaded)
        self.way_back = way_back(self.loaded.known, outage.promised_end_utc, uow.now)
        self.past_return = past_return(self.loaded.known)
        lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
        self.coordinator = lead.name if lead else ""

    @property
    def undoing(self) -> bool:
        """The way back was begun, or there is nothing to undo on it."""
        back = [s for s in self.playing if s.phase is Phase.BACK_OUT and s.kind is StepKind.WORK]
        return not back or any(step.begun for step in back)

    def margin(self) -> Margin:
        known = self.loaded.known
        return margin_of(self.uow, self.outage, known, self.expected, turned=self.turned)

    def line(self, step: Known) -> LiveStep:
        row = self.row[step.id]
        times = self.expected.steps.get(step.id)
        return LiveStep(
            step_id=step.id,
            version=row.version,
            code=step.code,
            title=step.title,
            kind=step.kind,
            notice_kind=row.notice_kind,
            state=step.state,
            owner=self.names.get(row.owner_id or "", "") or row.role,
            ci=self.names.get(row.ci_id or "", ""),
            minutes=step.minutes,
            started_at=step.started_at,
            heard_at=row.heard_at,
            do_not_disturb=step.do_not_disturb,
            blocked_reason=row.blocked_reason,
            blocked_until=row.blocked_until,
            result=row.result,
            ready=is_ready(step, self.index),
            at=times.start if times else None,
            late=bool(times and times.late),
            slack=times.slack if times else None,
            opens=opens_at(self.outage, step, self.uow.now),
            not_after=None if step.begun else step.not_after,
        )

    def lines(self, wanted: Callable[[Known], bool]) -> tuple[LiveStep, ...]:
        return tuple(self.line(step) for step in self.playing if wanted(step))

    @property
    def verified(self) -> str:
        """How it stands once no check is open: of one that was waived nobody can say that it was
        verified."""
        checks = self.lines(lambda s: s.kind is StepKind.CHECK and s.phase is Phase.VERIFY)
        waived = [each.code for each in checks if each.result == "waived"]
        if not waived:
            return "Verified"
        alone = len(waived) == len(checks)
        return f"{'Not verified' if alone else 'Verified'}; waived: {', '.join(waived)}"

    def following(self) -> tuple[LiveStep, ...]:
        """What comes next: not begun, by expected start, the ready ones first. After the end only
        the wrap-up is still to come, and nothing of what is filed."""
        if self.outage.state is State.FILED:
            return ()
        ended = self.outage.state in ENDINGS
        waiting = [
            step
            for step in self.playing
            if step.state is StepState.TODO
            and step.id in self.expected.steps
            and (step.phase is Phase.WRAP_UP) is ended
        ]
        order = {step.id: place for place, step in enumerate(self.playing)}

        def turn(step: Known) -> tuple[bool, object, int]:
            closed = opens_at(self.outage, step, self.uow.now) is not None
            ready = is_ready(step, self.index) and not closed
            return not ready, self.expected.steps[step.id].start, order[step.id]

        return tuple(self.line(step) for step in sorted(waiting, key=turn)[:4])

    def turn(self) -> NextTurn | None:
        """What the next changing step does to the way back."""
        end, now = self.outage.promised_end_utc, self.uow.now
        starts = latest_starts(self.loaded.known, end, now)
        step = next_change(self.playing, self.expected, starts)
        if step is None or self.turned:
            return None
        moment = after_starting(self.loaded.known, step, end, now)
        latest = starts[step.id]
        if isinstance(moment, NoReturn) or isinstance(latest, NoReturn):
            return NextTurn(step.code, step.title, None, None, Slack.BAD)
        return NextTurn(step.code, step.title, moment, latest, slack_class(latest, now))

    def bars(self) -> tuple[Bar, ...]:
        """The window's steps, and those before it that are still of interest."""
        planned = {} if self.turned else planned_spans(self.loaded.known, self.outage.start_utc)
        since = self.outage.start_utc - BEFORE_BAR
        owners = {
            row.id: self.names.get(row.owner_id or "", "") or row.role for row in self.loaded.rows
        }

        def of_interest(bar: Bar) -> bool:
            if bar.phase is Phase.WRAP_UP or bar.state is StepState.SKIPPED:
                return False
            ends = max((end for end in (bar.planned_end, bar.expected_end) if end), default=None)
            return bar.phase is not Phase.BEFORE or (ends is not None and ends > since)

        made = bars_of(self.playing, planned, self.expected, owners)
        return tuple(bar for bar in made if of_interest(bar))


def _filed_turned_back(outage: Outage, steps: Iterable[Known]) -> bool:
    """A filed flight’s own state no longer says that it turned back; what was undone does."""
    back = (step for step in steps if step.phase is Phase.BACK_OUT)
    return outage.state is State.FILED and any(step.begun for step in back)
