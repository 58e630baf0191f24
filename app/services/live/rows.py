"""What Live shows, as frozen rows. Times are moments in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.bridge import Closing, Provider
from app.models.ids import StepId
from app.models.live.asking import open_ask
from app.models.live.go import Criterion
from app.models.live.hearing import Crewman
from app.models.live.margin import Margin
from app.models.live.sides import Side
from app.models.live.words import Say
from app.models.notices.kinds import NoticeKind
from app.models.outages.debt import Debt, DebtKind
from app.models.outages.decisions import CardLine
from app.models.outages.lifecycle import ENDINGS, FLYING, State
from app.models.runbook import PastReturn, Slack, StepKind, StepState
from app.services.bridge.reading import Joining
from app.services.live.crew_rows import CrewTimes
from app.services.log import LogRow
from app.services.notices.stored import InOutbox
from app.services.runbook.timeline import Bar


class NextAct(StrEnum):
    """The one act that moves the flight on now."""

    NONE = "none"
    OPEN_BRIDGE = "open_bridge"
    BEGIN_GATE = "begin_gate"
    ROLL_CALL = "roll_call"
    GO = "go"
    START_STEP = "start_step"
    DONE_STEP = "done_step"
    WAIT = "wait"
    VERIFY = "verify"
    CHECK = "check"
    ALL_CLEAR = "all_clear"
    BACKED_OUT = "backed_out"
    CLOSE_BRIDGE = "close_bridge"
    PAY_DEBT = "pay_debt"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class LiveStep:
    """A step in progress, blocked, or next; `at` is when it is expected to start, `slack` how
    much later it may end without moving the end of the flight."""

    step_id: StepId
    version: int
    code: str
    title: str
    kind: StepKind
    notice_kind: str
    state: StepState
    owner: str
    ci: str
    minutes: int
    started_at: datetime | None
    heard_at: datetime | None
    do_not_disturb: bool
    blocked_reason: str
    blocked_until: datetime | None
    result: str
    ready: bool
    at: datetime | None
    late: bool
    slack: timedelta | None = None
    opens: datetime | None = None
    """When its lock or the window lets a ready step begin, where that is still to come."""
    not_after: datetime | None = None
    """Of what is not begun; `late` when it is expected to begin after that."""

    @property
    def startable(self) -> bool:
        return self.ready and self.opens is None

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class NextTurn:
    """What the next changing step does to the way back; `moves_to` None: it ends it."""

    code: str
    title: str
    moves_to: datetime | None
    start_by: datetime | None
    slack: Slack


@dataclass(frozen=True, slots=True)
class CriterionRow:
    criterion: Criterion
    words: str
    met: bool
    evidence: str
    by_hand: bool

    @property
    def is_decided_elsewhere(self) -> bool:
        """Objections are decided one by one, among the replies; steps are done on the board."""
        elsewhere = (
            Criterion.OBJECTIONS_DECIDED,
            Criterion.STEPS_DONE,
            Criterion.CREW_BOARD,
        )
        return not self.met and not self.by_hand and self.criterion in elsewhere


@dataclass(frozen=True, slots=True)
class RollRow:
    """`go` None: not answered yet."""

    name: str
    phone: str
    go: bool | None
    at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class BridgeRow:
    line: str
    opened_at: datetime | None
    opened_by: str
    closed_at: datetime | None
    proof: str
    provider: Provider = Provider.LINE
    closing: Closing = field(default_factory=Closing)
    joining: Joining | None = None

    @property
    def open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class OwedRow:
    sentence: str
    why: str
    due: datetime | None
    kind: DebtKind
    notice: NoticeKind | None
    late: bool
    about_id: str
    leaving: bool = False
    """Its notice waits to leave, as the outbox item `about_id`: nothing is to be done for it."""


def owed_row(debt: Debt, now: datetime, leaving: Mapping[NoticeKind, InOutbox]) -> OwedRow:
    """`leaving` is each notice that waits to leave, with its outbox item."""
    item = leaving.get(debt.notice) if debt.notice is not None else None
    return OwedRow(
        debt.sentence,
        debt.why if item is None else item.words,
        debt.until,
        debt.kind,
        debt.notice,
        (item is None or item.by_hand) and now > debt.late_at,
        debt.about_id if item is None else item.item,
        leaving=item is not None,
    )


@dataclass(frozen=True, slots=True)
class ToldRow:
    words: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody of the crew asks for help with `step_id`, in `words`; or a mail, `reply_id`, says
    that a step is done, begun or blocked (`words`, with `more`). `about` is the step's label."""

    who: str
    words: str
    about: str
    at: datetime
    phone: str = ""
    more: str = ""
    step_id: StepId | None = None
    reply_id: str = ""


@dataclass(frozen=True, slots=True)
class LiveRows:
    """One outage as Live shows it at `now`."""

    outage_id: str
    version: int
    code: str
    title: str
    state: State
    zone: str
    now: datetime
    start: datetime
    window_end: datetime
    promised_end: datetime
    ended_at: datetime | None
    coordinator: str
    way_back: datetime | None
    past_return: PastReturn | None
    anything_to_undo: bool
    margin: Margin
    plan_end: datetime
    steps: int
    done: int
    running: tuple[LiveStep, ...]
    blocked: tuple[LiveStep, ...]
    following: tuple[LiveStep, ...]
    checks: tuple[LiveStep, ...]
    turn: NextTurn | None
    criteria: tuple[CriterionRow, ...]
    roll_call: tuple[RollRow, ...]
    bridge: BridgeRow | None
    checker: str
    checker_phone: str
    user_check: str
    user_check_due: datetime | None
    verified: str
    """What stands over the all clear: `Verified`, or which checks were waived."""
    data_loss: str
    owed: tuple[OwedRow, ...]
    told: tuple[ToldRow, ...]
    log: tuple[LogRow, ...]
    log_length: int
    say: Say
    words: str
    card: tuple[CardLine, ...]
    bars: tuple[Bar, ...]
    next_act: NextAct
    times: CrewTimes
    sides: Mapping[Side, str]
    answered_asks: frozenset[datetime] = frozenset()
    crew: tuple[Crewman, ...] = ()
    said: tuple[Said, ...] = ()
    back_out_warning: str = ""
    """What backing out would not bring back, and who decided to begin it."""
    too_early: str = ""
    """Why the GO cannot be given yet; empty when it can."""
    """What the gate waits for and is not done."""
    leaving: frozenset[NoticeKind] = frozenset()
    """Of which a notice waits to leave."""

    @property
    def forecast_end(self) -> datetime:
        return self.margin.likely

    @property
    def missing(self) -> tuple[CriterionRow, ...]:
        return tuple(row for row in self.criteria if not row.met)

    @property
    def answered(self) -> int:
        return sum(row.go is not None for row in self.roll_call)

    @property
    def is_led(self) -> bool:
        """In flight, or ended with the bridge still open: who leads it is on the line."""
        on_the_line = self.bridge is not None and self.bridge.open
        return self.state in FLYING or (self.state in ENDINGS and on_the_line)

    @property
    def noes(self) -> tuple[RollRow, ...]:
        return tuple(row for row in self.roll_call if row.go is False)

    def asks_at(self, now: datetime) -> int | None:
        """15, 5 or 0 once so few minutes are left before the way back closes and somebody must
        say: continue, extend, stop at a safe point, or back out. None while there is time, once
        it was answered, and where there is nothing to turn back."""
        flying = self.state in (State.IN_PROGRESS, State.VERIFYING)
        if not flying or not self.anything_to_undo or self.way_back is None:
            return None
        return open_ask(self.way_back, now, self.answered_asks)


@dataclass(frozen=True, slots=True)
class Shown:
    """The outage that Live turns to. `now` is false when its turn has not come: then Live says
    that there is no flight today and names this one."""

    outage_id: str
    code: str
    title: str
    state: State
    start: datetime
    end: datetime
    zone: str
    now: bool
