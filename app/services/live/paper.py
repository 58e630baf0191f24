"""What was ticked on paper, taken over onto the board: shown first, applied as one act.

What the board says already is never overwritten in silence: a line that contradicts it waits,
until somebody says that the paper is right about that step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models.errors import NotAllowed
from app.models.ids import StepId
from app.models.live.paper import (
    LONG_BEFORE,
    PaperClock,
    PaperLine,
    Unreadable,
    parse_paper,
    who_signed,
)
from app.models.outages.decisions import (
    Act,
    CardLine,
    Decided,
    card_from,
    line_for,
    require_decision,
)
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepAct, StepKind, StepState, acted, is_act
from app.models.runbook import Step as Known
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import speak_time, to_wall
from app.services.events import StepsChanged
from app.services.live.paper_typed import keep_typed_paper, type_again, typed_paper
from app.services.runbook.acting import (
    Report,
    do_act,
    do_check,
    needs_decision,
    require_allowed,
)
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import Undo, UnitOfWork

AFTERWARDS = timedelta(hours=6)
"""So long after the end a time on paper may still be of that night."""
_SAME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line against the board. `against` is what stands in its way, `notes` what to look at all
    the same; `done` says that the board has it so already. `can_take` False: not even somebody's
    word makes it so (no such step, an act that is done in the console)."""

    line: int
    code: str
    title: str
    start: datetime | None
    end: datetime | None
    who: str
    against: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    done: bool = False
    can_take: bool = True

    @property
    def fits(self) -> bool:
        return not self.against and not self.done


@dataclass(frozen=True, slots=True)
class PaperRows:
    """`rows` in the order of what happened; `needs_decision` is what somebody must have decided,
    `decider` the line of the card that says who. `still_open` are the codes of work that is
    neither begun on the board nor on the sheet."""

    code: str
    title: str
    zone: str
    rows: tuple[PaperRow, ...]
    unreadable: tuple[Unreadable, ...]
    needs_decision: tuple[str, ...]
    still_open: tuple[str, ...] = ()
    decider: CardLine | None = None

    def entering(self, take: Collection[str]) -> tuple[PaperRow, ...]:
        """What would be entered, when the paper is right about the codes in `take`."""
        return tuple(
            row
            for row in self.rows
            if row.fits or (row.against and row.can_take and row.code.casefold() in take)
        )

    def left_over(self, take: Collection[str]) -> frozenset[int]:
        """The numbers of the lines that entering leaves where they are."""
        entered = {row.line for row in self.entering(take)}
        waiting = {row.line for row in self.rows if not row.done} - entered
        return frozenset(waiting | {bad.line for bad in self.unreadable})


def look_at_paper(
    uow: UnitOfWork,
    outage_id: str,
    text: str,
    *,
    take: Collection[str] = (),
    decided: Decided | None = None,
) -> PaperRows:
    """What entering it so would do and what contradicts the board. Changes nothing. Raises
    NotFound."""
    sheet = _Sheet(uow, outage_id, text)
    taken = {code.strip().casefold() for code in take}
    return sheet.told(tuple(row for row, _ in sheet.judged(taken, decided)))


def enter_paper(
    uow: UnitOfWork,
    outage_id: str,
    text: str,
    *,
    take: Collection[str] = (),
    decided: Decided | None = None,
) -> tuple[PaperRows, Undo | None]:
    """Everything that fits, as one act with one undo; for the codes in `take` the paper is right
    where it contradicts. The rows are as they were before; None when nothing was entered. What is
    left over is kept as typed; undone, what was entered is so again."""
    sheet = _Sheet(uow, outage_id, text)
    taken = {code.strip().casefold() for code in take}
    judged = tuple(sheet.judged(taken, decided))
    entered = 0
    for row, line in judged:
        if row.fits:
            sheet.enter(line, row, decided)
        elif row.against and row.can_take and row.code.casefold() in taken:
            sheet.overrule(line, row)
        else:
            continue
        entered += 1
        uow.session.flush()
    told = sheet.told(tuple(row for row, _ in judged))
    if not entered:
        return told, None
    lines = "line" if entered == 1 else "lines"
    uow.log(f"entered {entered} {lines} from paper", sheet.outage, kind="paper")
    uow.emit(StepsChanged(outage_id))
    written = text.split("\n")
    left = "\n".join(written[line - 1] for line in sorted(told.left_over(taken)))
    keep_typed_paper(uow, outage_id, replace(typed_paper(uow, outage_id), text=left, take=()))
    again = [written[row.line - 1] for row in told.entering(taken)]
    return told, uow.undo(
        f"{entered} {lines} from paper",
        outage_id,
        also=lambda uow: type_again(uow, outage_id, again),
    )


class _Sheet:
    """The lines of one sheet against one flight, in the order in which things happened."""

    def __init__(self, uow: UnitOfWork, outage_id: str, text: str) -> None:
        self.uow = uow
        self.outage = uow.fetch(Outage, outage_id)
        ended = self.outage.ended_at or self.outage.promised_end_utc
        until = min(uow.now, max(ended, self.outage.start_utc) + AFTERWARDS)
        since = self.outage.start_utc - LONG_BEFORE
        lines, self.unreadable = parse_paper(text, PaperClock(self.outage.zone, until, since))
        self.lines = sorted(lines, key=lambda line: (line.start or line.end, line.line))
        self.loaded = self._at = load_steps(uow, outage_id)
        self.names = [person.name for person in uow.all(Person)]
        owners = {row.owner_id for row in self.loaded.rows}
        crew = {self.outage.coordinator_id, self.outage.deputy_id} | owners
        self.crew = [person.name for person in uow.all(Person) if person.id in crew]
        self.wants_decision: list[str] = []

    def told(self, rows: tuple[PaperRow, ...]) -> PaperRows:
        said = {line.code.casefold() for line in self.lines}
        back = self.outage.state is State.BACKING_OUT
        still = tuple(
            step.code
            for step in self.loaded.known
            if step.state is StepState.TODO
            and not is_act(step)
            and (step.phase is Phase.BACK_OUT) == back
            and step.code.casefold() not in said
        )
        flight, decisions = self.outage, tuple(self.wants_decision)
        return PaperRows(
            flight.code, flight.title, flight.zone, rows, self.unreadable, decisions, still,
            line_for(card_from(flight.decision_card), Act.NO_RETURN),
        )  # fmt: skip

    def judged(
        self, taken: Collection[str], decided: Decided | None
    ) -> Iterator[tuple[PaperRow, PaperLine]]:
        """Each line as it stands once those before it are entered."""
        codes = {step.code.casefold(): step for step in self.loaded.known}
        known = dict(codes)
        seen: dict[str, PaperLine] = {}
        for line in self.lines:
            key = line.code.casefold()
            step = known.get(key)
            if step is None:
                there = ", ".join(each.code for each in codes.values()) or "none"
                why = f"this flight has no step {line.code}; it has {there}"
                yield self._row(line, "", (why,), can_take=False), line
                continue
            if key in seen:
                why = f"step {step.code} stands on line {seen[key].line} already"
                yield self._row(line, step.title, (why,), can_take=False), line
                continue
            seen[key] = line
            row = self._judge(line, step, tuple(known.values()), decided)
            if row.fits:
                known[key] = _as_written(step, line)
            elif row.against and row.can_take and key in taken:
                known[key] = _as_written(_afresh(step), line)
            yield row, line

    def _judge(
        self, line: PaperLine, step: Known, steps: tuple[Known, ...], decided: Decided | None
    ) -> PaperRow:
        if is_act(step):
            why = "this is an act, which is done in the console alone; do it there"
            return self._row(line, step.title, (why,), can_take=False)
        if step.state not in (StepState.TODO, StepState.BLOCKED) or step.begun:
            return self._against_board(line, step)
        loaded = Loaded(self.loaded.rows, steps)
        act = StepAct.START if line.start else StepAct.FINISH
        at = line.start or line.end
        assert at is not None
        against = []
        try:
            require_allowed(self.uow, self.outage, loaded, step, act, Report(at=at))
        except NotAllowed as refusal:
            against.append(refusal.sentence)
        late = needs_decision(self.outage, loaded, step, at)
        if late and not against:
            self.wants_decision.append(late)
            if missing := self._undecided(late, decided):
                return self._row(line, step.title, (missing,), can_take=False)
        outcome = (line.result.replace("_", " "),) if line.result else ()
        return self._row(
            line, step.title, tuple(against), (*outcome, *self._order(line, step, steps))
        )

    def _undecided(self, late: str, decided: Decided | None) -> str:
        if decided is None:
            return f"to {late} needs a named decision; say who decided"
        try:
            require_decision(card_from(self.outage.decision_card), Act.NO_RETURN, decided)
        except NotAllowed as refusal:
            return refusal.sentence
        return ""

    def _order(self, line: PaperLine, step: Known, steps: tuple[Known, ...]) -> tuple[str, ...]:
        """Begun before what it waits for had ended: written down all the same."""
        if line.start is None:
            return ()
        return tuple(
            f"it began before {other.label} had ended ({self._clock(other.ended_at)})"
            for other in steps
            if other.id in step.after and other.ended_at and line.start < other.ended_at
        )

    def _against_board(self, line: PaperLine, step: Known) -> PaperRow:
        """The board has it begun, done, skipped or undone already."""
        against = []
        if step.state in (StepState.SKIPPED, StepState.UNDONE):
            against.append(f"on the board it is {step.state.words}")
        for words, paper, board in (
            ("began", line.start, step.started_at),
            ("ended", line.end, step.ended_at),
        ):
            if paper and board and abs(paper - board) >= _SAME:
                against.append(
                    f"it {words} {self._clock(paper)} on paper, {self._clock(board)} on the board"
                )
        if step.started_at and line.end and line.end <= step.started_at - _SAME and not against:
            began = self._clock(step.started_at)
            against.append(f"it ended {self._clock(line.end)} on paper, began {began} on the board")
        if line.result and step.state is StepState.DONE:
            against.append(f"it is {line.result.replace('_', ' ')} on paper, done on the board")
        settled = step.state is StepState.DONE or line.end is None
        done = not against and settled
        lost = (f"“{line.note}” is not taken over: the board has it done",) if line.note else ()
        return self._row(line, step.title, tuple(against), lost if done else (), done=done)

    def _row(
        self,
        line: PaperLine,
        title: str,
        against: tuple[str, ...],
        notes: tuple[str, ...] = (),
        *,
        done: bool = False,
        can_take: bool = True,
    ) -> PaperRow:
        who, unsure = self.who(line.initials)
        return PaperRow(
            line.line, line.code, title, line.start, line.end, who, against,
            (*notes, unsure) if unsure else notes, done, can_take,
        )  # fmt: skip

    def who(self, initials: str) -> tuple[str, str]:
        """The name, and what is not sure about it. Unknown initials are kept as they stand."""
        if not initials:
            return "", ""
        for names in (self.crew, self.names):
            found = who_signed(initials, names)
            if len(found) == 1:
                return found[0], ""
            if found:
                return initials, f"“{initials}” may be {' or '.join(found)}; kept as written"
        return initials, f"nobody here has the initials “{initials}”; kept as written"

    def enter(self, line: PaperLine, row: PaperRow, decided: Decided | None) -> None:
        """By the same road as any other report."""
        step = self._step(line)
        report = Report(by=row.who, via=self.uow.actor.name, note=line.note, decided=decided)
        if line.start and step.state in (StepState.TODO, StepState.BLOCKED):
            begun = replace(report, at=line.start, note="" if line.end else line.note)
            self._do(step, StepAct.START, begun)
        if line.end is None:
            return
        ended = replace(report, at=line.end)
        if step.kind is StepKind.CHECK:
            result = line.result or "passed"
            self._at = do_check(self.uow, self.outage, self._at, step, result, ended)
        else:
            self._do(step, StepAct.FINISH, ended)

    def _do(self, step: Step, act: StepAct, report: Report) -> None:
        self._at = do_act(self.uow, self.outage, self._at, step, act, report)

    def overrule(self, line: PaperLine, row: PaperRow) -> None:
        """The paper is right: what the board said is named in the log."""
        step = self._step(line)
        was = f" ({step.state.words})"
        if step.started_at or step.ended_at:
            was = f", {self._clock(step.started_at)}–{self._clock(step.ended_at)}{was}"
        known = {each.id: each for each in self.loaded.known}[StepId(step.id)]
        after = _as_written(_afresh(known), line)
        step.state, step.started_at, step.ended_at = after.state, after.started_at, after.ended_at
        step.by, step.via = row.who or self.uow.actor.name, self.uow.actor.name
        if step.kind is StepKind.CHECK and line.end:
            step.result = line.result or "passed"
        step.note = line.note or step.note
        self._at = self._at.renewed(step)
        said = f"{self._clock(step.started_at)}–{self._clock(step.ended_at)}"
        self.uow.log(
            f"{step.code} {step.title}: {said} from paper, in place of what was on the board{was}",
            step,
            who=row.who,
            via=self.uow.actor.name,
            kind="paper",
        )

    def _step(self, line: PaperLine) -> Step:
        code = line.code.casefold()
        return next(row for row in self.loaded.rows if row.code.casefold() == code)

    def _clock(self, moment: datetime | None) -> str:
        return speak_time(to_wall(moment, self.outage.zone)) if moment else "?"


def _afresh(step: Known) -> Known:
    """As if the board had never heard of it."""
    return replace(step, state=StepState.TODO, started_at=None, ended_at=None)


def _as_written(step: Known, line: PaperLine) -> Known:
    """The step as the line says it went."""
    made = step
    if line.start and not step.begun:
        made = acted(made, StepAct.START, line.start)
    if line.end:
        act = StepAct.TO_CHECK if line.result else StepAct.FINISH
        made = acted(made, act, line.end) if made.state is not StepState.DONE else made
    return made
