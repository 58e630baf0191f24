"""The board of one outage, and everything about one of its steps. Read only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from app.models.ids import StepId
from app.models.live.go import judge, noes
from app.models.live.margin import slack_words
from app.models.outages.lifecycle import FLYING, State
from app.models.runbook import (
    SETTLED,
    Column,
    Forecast,
    NoReturn,
    PastReturn,
    Phase,
    Slack,
    StepKind,
    StepState,
    by_id,
    columns,
    forecast,
    in_play,
    latest_starts,
    past_return,
    slack_class,
    waits_for,
    way_back,
)
from app.models.runbook import Step as Known
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import between, speak_time, to_wall
from app.services.crew.asking import asking_help
from app.services.crew.mailing import by_mail
from app.services.live.roll_call import go_facts
from app.services.runbook.loading import Loaded, load_steps, touched
from app.services.runbook.opening import lock_words, opens_at, opens_words
from app.services.uow import UnitOfWork

MINUTE = timedelta(minutes=1)
TURNED_BACK = frozenset({State.BACKING_OUT, State.BACKED_OUT})
KIND_WORDS = {
    StepKind.WORK: "",
    StepKind.GATE: "gate",
    StepKind.NOTICE: "notice",
    StepKind.BRIDGE: "bridge",
    StepKind.CHECK: "check",
    StepKind.ALL_CLEAR: "all clear",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One step as the board shows it. `facts` are the small print without what the clock
    changes; `progress` says that. `undo` is `undo B8`, `cannot be undone` or empty."""

    step_id: StepId
    version: int
    code: str
    title: str
    column: Column
    state: StepState
    kind: StepKind
    phase: Phase
    minutes: int
    owner: str
    facts: tuple[str, ...]
    undo: str
    begun: bool
    started_at: datetime | None
    critical: bool
    by_mail: str = ""
    """The id of a mail that reports it and waits for one key."""
    mailed: str = ""
    """What that mail says."""
    asks_help: bool = False

    def progress(self, now: datetime) -> str:
        """`12 of 15 min` while it runs, else empty."""
        if self.state is not StepState.RUNNING or self.started_at is None:
            return ""
        return f"{minutes_between(self.started_at, now)} of {self.minutes} min"

    def meta(self, now: datetime) -> str:
        """The small print, as on the card: `25 min · after 7 · SAN-02 · start by 20:50`."""
        parts = (self.progress(now), *self.facts, self.undo)
        return " · ".join(part for part in parts if part)

    @property
    def help(self) -> str:
        return "needs help" if self.asks_help else ""

    @property
    def mail(self) -> str:
        return f"by mail: {self.mailed}" if self.mailed else ""

    def spoken(self, now: datetime) -> str:
        """One sentence for a screen reader."""
        meta = self.meta(now).replace(" · ", ", ")
        said = (self.column.words, self.help, self.mail, meta, self.owner or "no owner")
        return f"Step {self.code} {self.title}: {', '.join(part for part in said if part)}."


@dataclass(frozen=True, slots=True)
class Foot:
    """The board's numbers. `to_spare` is negative when the forecast passes the promised end;
    `start_by` None with a `next_change` means that it cannot be undone; `way_back` None that it is
    `past_return`."""

    steps: int
    done: int
    critical: timedelta
    forecast_end: datetime
    to_spare: timedelta
    way_back: datetime | None
    slack: Slack
    past_return: PastReturn | None
    next_change: str
    start_by: datetime | None
    start_slack: Slack


@dataclass(frozen=True, slots=True)
class BoardRows:
    """`turned_back`: the cards are those of the way back."""

    outage_id: str
    code: str
    title: str
    state: State
    zone: str
    now: datetime
    start: datetime
    promised_end: datetime
    turned_back: bool
    cards: tuple[Card, ...]
    foot: Foot


@dataclass(frozen=True, slots=True)
class Looked:
    """The board, and what it was made from."""

    outage: Outage
    loaded: Loaded
    playing: Sequence[Known]
    expected: Forecast
    rows: BoardRows


def board(uow: UnitOfWork, outage_id: str) -> BoardRows:
    """The steps in play, in the runbook's order. Raises NotFound."""
    return look_at(uow, outage_id).rows


def look_at(uow: UnitOfWork, outage_id: str, pause: Callable[[], object] = lambda: None) -> Looked:
    """`board`, for who needs more of it. `pause` is called between its parts. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    loaded = load_steps(uow, outage_id)
    pause()
    turned = outage.state in TURNED_BACK
    playing = in_play(loaded.known, backing_out=turned)
    expected = forecast(loaded.known, uow.now, outage.start_utc, backing_out=turned)
    facts = _Facts(uow, outage, loaded, playing, expected)
    pause()
    lies = columns(playing)
    closed = {s.id: at for s in playing if (at := opens_at(outage, s, uow.now)) is not None}
    for step_id in closed:  # done is all it waits for, but its time has not come
        if lies[step_id] is Column.READY:
            lies[step_id] = Column.WAITING
    cards = tuple(facts.card(step, lies[step.id]) for step in playing)
    rows = BoardRows(
        outage_id=outage.id,
        code=outage.code,
        title=outage.title,
        state=outage.state,
        zone=outage.zone,
        now=uow.now,
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        turned_back=turned,
        cards=cards,
        foot=_foot(uow, outage, loaded, playing, expected, facts.starts),
    )
    return Looked(outage, loaded, playing, expected, rows)


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes, never negative: a clock set back does not make work un-happen."""
    return max(0, int((later - earlier).total_seconds() // 60))


def names_of(uow: UnitOfWork, loaded: Loaded) -> dict[str, str]:
    """Names of the people and CIs the steps speak of, by id."""
    people = {row.owner_id for row in loaded.rows if row.owner_id}
    cis = {row.ci_id for row in loaded.rows if row.ci_id}
    named = dict.fromkeys((*people, *cis), "")
    for table, ids in ((Person, people), (ConfigurationItem, cis)):
        if ids:  # all in one question: a crew has 200 people
            query = select(table.id, table.name).where(col(table.id).in_(ids))
            named.update(dict(uow.session.exec(query).all()))
    return named


def undo_words(step: Known, index: Mapping[StepId, Known]) -> str:
    """`undo B8`, `cannot be undone`, or `no way back noted` where one is owed."""
    if step.phase is Phase.BACK_OUT:
        return ""
    if step.no_return:
        return "cannot be undone"
    codes = [index[i].code for i in step.undone_by if i in index]
    if codes:
        return f"undo {', '.join(codes)}"
    return "no way back noted" if step.changes else ""


class _Facts:
    """What the cards of one outage are made from, looked up once."""

    def __init__(
        self,
        uow: UnitOfWork,
        outage: Outage,
        loaded: Loaded,
        playing: Sequence[Known],
        expected: Forecast,
    ) -> None:
        self.outage = outage
        self.now = uow.now
        self.rows = loaded.row
        self.all = loaded.step
        self.index = by_id(playing)
        self.names = names_of(uow, loaded)
        self.expected = expected
        self.critical = frozenset(expected.critical)
        self.starts = latest_starts(loaded.known, outage.promised_end_utc, uow.now)
        self.red = _red(uow, outage)
        self.mails = by_mail(uow, outage.id)
        self.help = asking_help(uow, outage.id, loaded)

    def clock(self, moment: datetime) -> str:
        return speak_time(to_wall(moment, self.outage.zone))

    def card(self, step: Known, column: Column) -> Card:
        row = self.rows[step.id]
        settled = step.state in (*SETTLED, StepState.UNDONE)
        by_mail, mailed = self.mails.get(step.code.casefold(), ("", ""))
        return Card(
            step_id=step.id,
            version=row.version,
            code=step.code,
            title=step.title,
            column=column,
            state=step.state,
            kind=step.kind,
            phase=step.phase,
            minutes=step.minutes,
            owner=self.names.get(row.owner_id or "", ""),
            facts=tuple(part for part in self._facts(step, row) if part),
            undo="" if settled else undo_words(step, self.all),
            begun=step.begun,
            started_at=step.started_at,
            critical=step.id in self.critical,
            by_mail=by_mail,
            mailed=mailed,
            asks_help=step.id in self.help,
        )

    def _facts(self, step: Known, row: Step) -> tuple[str, ...]:
        ci = touched(row, self.names)
        match step.state:
            case StepState.TODO:
                return self._to_do(step, ci)
            case StepState.RUNNING:
                return (ci, self._slack(step), "do not disturb" if step.do_not_disturb else "")
            case StepState.BLOCKED:
                until = f"until {self.clock(row.blocked_until)}" if row.blocked_until else ""
                return (row.blocked_reason or "why is it blocked?", until)
            case StepState.CHECK:
                return (row.result.replace("_", " ") or "waiting to be verified", row.note)
            case StepState.DONE:
                took = ""
                if step.started_at and step.ended_at:
                    took = f"{between(step.started_at, step.ended_at) // timedelta(minutes=1)} min"
                ended = self.clock(step.ended_at) if step.ended_at else ""
                return (ended, took, "waived" if row.result == "waived" else "")
            case StepState.SKIPPED:
                return ("skipped",)
            case StepState.UNDONE:
                return (f"undone {self.clock(step.ended_at)}" if step.ended_at else "undone",)

    def _to_do(self, step: Known, ci: str) -> tuple[str, ...]:
        waits = waits_for(step, self.index)
        after = f"after {', '.join(other.code for other in waits)}" if waits else ""
        if step.kind not in (StepKind.WORK, StepKind.CHECK):
            times = self.expected.steps.get(step.id)
            at = self.clock(times.start) if times else ""
            red = f"{self.red} red" if step.kind is StepKind.GATE and self.red else ""
            return (KIND_WORDS[step.kind], at, after, red)
        latest = self.starts.get(step.id)
        by = f"start by {self.clock(latest)}" if isinstance(latest, datetime) else ""
        opens = opens_at(self.outage, step, self.now) if not waits else None
        said = opens_words(opens, self.outage.start_utc, self.outage.zone) if opens else ""
        times = self.expected.steps.get(step.id)
        lock = lock_words(step.not_after, self.outage.zone, late=bool(times and times.late))
        return (f"{step.minutes} min", after, said, lock, ci, by, self._slack(step))

    def _slack(self, step: Known) -> str:
        """In flight, of what may end later without moving the end; the others bear the mark of
        the critical path."""
        times = self.expected.steps.get(step.id)
        loose = times is not None and times.slack is not None and times.slack >= MINUTE
        return slack_words(times.slack) if loose and times and self.outage.state in FLYING else ""


def _red(uow: UnitOfWork, outage: Outage) -> int:
    """How many go/no-go criteria are not met, once they are being asked; NO answers count."""
    if outage.state not in (State.ANNOUNCED, State.GO_NO_GO, State.HOLD):
        return 0
    facts = go_facts(uow, outage)
    return sum(not judged.met for judged in judge(facts)) + len(noes(facts))


def _foot(
    uow: UnitOfWork,
    outage: Outage,
    loaded: Loaded,
    playing: Sequence[Known],
    expected: Forecast,
    starts: Mapping[StepId, datetime | NoReturn],
) -> Foot:
    index = by_id(playing)
    path = [
        expected.steps[i].end - expected.steps[i].start
        for i in expected.critical
        if index[i].phase is not Phase.BEFORE
    ]
    back = way_back(loaded.known, outage.promised_end_utc, uow.now)
    change = next_change(playing, expected, starts)
    start_by = starts[change.id] if change else None
    at = start_by if isinstance(start_by, datetime) else None
    return Foot(
        steps=len(playing),
        done=sum(step.state in SETTLED for step in playing),
        critical=sum(path, timedelta()),
        forecast_end=expected.likely_end,
        to_spare=outage.promised_end_utc - expected.likely_end,
        way_back=back,
        slack=slack_class(back, uow.now) if back else Slack.BAD,
        past_return=past_return(loaded.known),
        next_change=change.code if change else "",
        start_by=at,
        start_slack=slack_class(at, uow.now) if at else Slack.BAD,
    )


def next_change(
    playing: Sequence[Known],
    expected: Forecast,
    starts: Mapping[StepId, datetime | NoReturn],
) -> Known | None:
    """The changing step not yet begun that is expected to start first."""
    waiting = [step for step in playing if step.id in starts and step.id in expected.steps]
    return min(waiting, key=lambda step: expected.steps[step.id].start, default=None)
