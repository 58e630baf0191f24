"""The stages of `fly` that change the store, in the order they are flown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from app.cli import fly_outside as outside
from app.cli.fly_flight import MARK, Flight, Stage
from app.cli.fly_mail import OBJECTION_STAGES, send, sent_stage, was_sent
from app.cli.fly_times import times_stage
from app.models.calendar.conflicts import blocked
from app.models.errors import NotAllowed
from app.models.live.go import Criterion
from app.models.notices.kinds import NoticeKind
from app.models.notices.policy import Moment
from app.models.outages.lifecycle import CLOSED, ImpactClass, State
from app.models.runbook import Phase, StepAct, StepKind, StepState
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.times import Window, to_wall
from app.services import changes
from app.services.calendar.conflicts import conflicts_of
from app.services.database import organisation
from app.services.directory.finding import find_audience, find_service
from app.services.directory.rota import on_duty
from app.services.live.roll_call import answer_roll_call, go_facts, say_criterion
from app.services.notices.facts import NoticeExtra
from app.services.outages.debt import debts_of
from app.services.outages.leading import Going, advance
from app.services.outages.moving import note_user_check
from app.services.outages.planning import Plan, plan_outage
from app.services.runbook.acting import Report, act_on_step, check_step
from app.services.runbook.applying import find_template
from app.services.runbook.loading import load_steps
from app.services.sample.flights import is_working
from app.services.sample.loading import load_sample
from app.services.sample.people import sample_cis, sample_owners
from app.services.uow import UnitOfWork

CHECKER_SAID = "Opened my folders and saved a file; everything is there."


def _sample(flight: Flight) -> None:
    load_sample(flight.store)
    flight.take_seat()


def _plan(flight: Flight) -> None:
    def act(uow: UnitOfWork) -> str:
        home = organisation(uow)
        service = find_service(uow, "File cluster")
        template = find_template("Storage firmware")
        window = friday(to_wall(uow.now, home.zone), home.zone)
        duty = on_duty(uow, window.start.date()) or on_duty(uow)
        parts = sample_cis(uow, template)
        planned = plan_outage(
            uow,
            Plan(
                title="File cluster firmware",
                window=window,
                services=(service.id,),
                audiences=(find_audience(uow, "File cluster users").id,),
                impact=ImpactClass.CRITICAL,
                why="Firmware 4.2 loses its cache battery warning; 5.0.3 mends it.",
                requester="Storage team",
                approver="IT operations manager",
                change_reference=MARK,
                coordinator_id=duty.person_id if duty else None,
                checker="Radiology desk",
                checker_phone="555 0132",
                checker_deputy="Laboratory desk",
                checker_deputy_phone="555 0133",
                runbook=template.name,
                owners=sample_owners(uow, template),
                step_cis=parts,
                cis=tuple(dict.fromkeys(parts.values())),
            ),
        )
        return planned.outage_id

    flight.outage_id = flight.store.run(act)
    flight.take_seat()


def friday(wall: datetime, zone: str) -> Window:
    """Friday 18:00–21:00, the first at least 24 days ahead that is no public holiday: time for
    every notice. (It is moved by an hour before anybody is told.)"""
    day = wall.date() + timedelta(days=24)
    day += timedelta(days=(4 - day.weekday()) % 7)
    while not is_working(day):
        day += timedelta(days=7)
    start = datetime.combine(day, time(18, 0))
    return Window.of(start, start + timedelta(hours=3), zone)


def _check(flight: Flight) -> None:
    def look(uow: UnitOfWork) -> None:
        found = conflicts_of(uow, uow.fetch(Outage, flight.outage_id))
        if blocked(found):
            raise NotAllowed(f"The sample's window is blocked: {found[0].sentence}")

    flight.store.read(look)
    flight.store.run(advance, flight.outage_id, State.PLANNED)


def _in(*states: State) -> Callable[[Flight], bool]:
    return lambda flight: bool(flight.outage_id) and flight.outage().state in states


_PAST_GO = (State.IN_PROGRESS, State.VERIFYING, *CLOSED)


def _before(flight: Flight, minutes: int) -> None:
    flight.at(flight.outage().start_utc - timedelta(minutes=minutes))


def _packet(flight: Flight) -> None:
    from app.services.reports.building import mark_printed, packet_data, paper_here
    from app.views.reports.packet_view import write_pdf
    from app.wiring.offscreen import ensure_application

    _before(flight, 240)
    ensure_application()
    data = flight.store.read(packet_data, flight.outage_id)
    write_pdf(data, flight.out / "packet.pdf", flight.store.read(paper_here))
    flight.store.run(mark_printed, flight.outage_id, data.revision)


def _phase(phase: Phase, *, minutes_early: int = 0) -> Callable[[Flight], None]:
    """Do every open step of a phase, one after another, each taking its planned minutes."""

    def do(flight: Flight) -> None:
        if minutes_early:
            _before(flight, minutes_early)
        while _one_step(flight, phase):
            pass

    return do


@dataclass(frozen=True, slots=True)
class _Next:
    """The step to fly next; `owner` is who reports it."""

    id: str
    version: int
    minutes: int
    is_check: bool
    begun: bool
    owner: str


def _next_step(uow: UnitOfWork, outage_id: str, phase: Phase) -> _Next | None:
    loaded = load_steps(uow, outage_id)
    settled = (StepState.DONE, StepState.SKIPPED)
    for step in loaded.known:
        row = loaded.row[step.id]
        works = step.kind in (StepKind.WORK, StepKind.CHECK)
        open_ = step.state in (StepState.TODO, StepState.RUNNING)
        waits = any(loaded.step[i].state not in settled for i in step.after if i in loaded.step)
        if step.phase is phase and works and open_ and not waits:
            person = uow.find(Person, row.owner_id) if row.owner_id else None
            return _Next(
                row.id,
                row.version,
                row.minutes,
                step.kind is StepKind.CHECK,
                step.state is StepState.RUNNING,
                person.name if person else "",
            )
    return None


def _one_step(flight: Flight, phase: Phase) -> bool:
    """Start and finish the next step, as its owner reports it by phone."""
    found = flight.store.read(_next_step, flight.outage_id, phase)
    if found is None:
        return False
    me = flight.store.actor.name
    via = me if found.owner not in ("", me) else ""
    report = Report(by=found.owner, via=via)
    seen = found.version
    if not found.begun:
        flight.store.run(act_on_step, found.id, StepAct.START, report, seen=seen)
        seen += 1
    flight.at(flight.clock.now() + timedelta(minutes=found.minutes))
    if found.is_check:
        said = replace(report, note="as expected")
        flight.store.run(check_step, found.id, "passed", said, seen=seen)
    else:
        flight.store.run(act_on_step, found.id, StepAct.FINISH, report, seen=seen)
    return True


def _begin_first(flight: Flight) -> None:
    """The first step of the window is begun, as its owner reports it by phone."""
    found = flight.store.read(_next_step, flight.outage_id, Phase.WINDOW)
    if found is not None:
        me = flight.store.actor.name
        report = Report(by=found.owner, via=me if found.owner not in ("", me) else "")
        flight.store.run(act_on_step, found.id, StepAct.START, report, seen=found.version)


def _begun(phase: Phase) -> Callable[[Flight], bool]:
    def done(flight: Flight) -> bool:
        loaded = flight.store.read(load_steps, flight.outage_id)
        works = [s for s in loaded.known if s.phase is phase and s.kind is StepKind.WORK]
        return any(step.state is not StepState.TODO for step in works)

    return done


def _nothing_open(phase: Phase) -> Callable[[Flight], bool]:
    def done(flight: Flight) -> bool:
        loaded = flight.store.read(load_steps, flight.outage_id)
        return all(
            step.state in (StepState.DONE, StepState.SKIPPED)
            for step in loaded.known
            if step.phase is phase and step.kind in (StepKind.WORK, StepKind.CHECK)
        )

    return done


def _roll_call(flight: Flight) -> None:
    _before(flight, 15)
    facts = flight.store.read(lambda uow: go_facts(uow, uow.fetch(Outage, flight.outage_id)))
    for name in facts.expected:
        flight.store.run(answer_roll_call, flight.outage_id, name, True)
    flight.store.run(
        say_criterion,
        flight.outage_id,
        Criterion.CHECKER_REACHED,
        True,
        f"{facts.checker} answered on {facts.checker_phone}",
    )


def _roll_called(flight: Flight) -> bool:
    facts = flight.store.read(lambda uow: go_facts(uow, uow.fetch(Outage, flight.outage_id)))
    reached = any(name is Criterion.CHECKER_REACHED for name, _ in facts.said)
    return len({a.name for a in facts.answers}) >= len(facts.expected) and reached


def _go(flight: Flight) -> None:
    _before(flight, 2)
    flight.store.run(advance, flight.outage_id, State.IN_PROGRESS)


def _all_clear(flight: Flight) -> None:
    going = Going(user_check=CHECKER_SAID, data_loss="none")
    flight.store.run(advance, flight.outage_id, State.COMPLETE, going)


def _review(flight: Flight) -> None:
    for row in flight.store.read(changes.changes_of, flight.outage_id):
        if row.reviewed:
            continue
        flight.store.run(
            changes.review_change,
            row.id,
            seen=row.version,
            before=row.before or "as before the window",
            after=row.after or row.what,
            evidence=row.evidence or "step done and verified",
            external_number=f"CMDB-{row.outage_code}-{row.number}",
            people_notice=row.people_notice,
        )


def _reviewed(flight: Flight) -> bool:
    rows = flight.store.read(changes.changes_of, flight.outage_id)
    return bool(rows) and all(row.reviewed for row in rows)


def _file(flight: Flight) -> None:
    if not flight.outage().user_check:
        flight.store.run(note_user_check, flight.outage_id, CHECKER_SAID)
    flight.store.run(advance, flight.outage_id, State.FILED)


def _next_update(flight: Flight) -> NoticeExtra:
    return NoticeExtra(next_update=flight.outage().promised_end_utc - timedelta(minutes=30))


def _summary(flight: Flight) -> None:
    """Owed only when people will notice something."""
    owed = flight.store.read(lambda uow: debts_of(uow, uow.fetch(Outage, flight.outage_id)))
    if any(debt.notice is NoticeKind.CHANGE_SUMMARY for debt in owed):
        send(flight, NoticeKind.CHANGE_SUMMARY, Moment.CHANGE_SUMMARY)


STAGES = (
    Stage("sample", _sample, lambda flight: bool(flight.store.organisation_id)),
    Stage("plan", _plan, lambda flight: bool(flight.outage_id)),
    Stage("check", _check, lambda flight: flight.outage().state is not State.DRAFT),
    outside.MEETING,
    outside.CALENDAR,
    outside.MOVED,
    sent_stage(NoticeKind.KICK_OFF, Moment.KICK_OFF),
    sent_stage(NoticeKind.PLANNED, Moment.PLANNED),
    *OBJECTION_STAGES,
    sent_stage(NoticeKind.CREW_BRIEF, Moment.CREW_BRIEF),
    sent_stage(NoticeKind.SERVICE_DESK_BRIEF, Moment.SERVICE_DESK_BRIEF),
    sent_stage(NoticeKind.MONITORING, Moment.MONITORING),
    sent_stage(NoticeKind.REMINDER, Moment.REMINDER),
    times_stage("crew_times"),
    Stage("packet", _packet, lambda flight: flight.outage().packet_printed_at is not None),
    Stage(
        "go_no_go",
        lambda flight: _to(flight, State.GO_NO_GO),
        _in(State.GO_NO_GO, State.HOLD, *_PAST_GO),
    ),
    Stage("before", _phase(Phase.BEFORE, minutes_early=60), _nothing_open(Phase.BEFORE)),
    outside.BRIDGE_OPEN,
    outside.CREW_JOINS,
    Stage("before_open", _phase(Phase.BEFORE), _nothing_open(Phase.BEFORE)),
    Stage("roll_call", _roll_call, _roll_called),
    Stage("go", _go, _in(*_PAST_GO)),
    sent_stage(NoticeKind.STARTED, Moment.STARTED),
    times_stage("crew_started"),
    Stage("first_step", _begin_first, _begun(Phase.WINDOW)),
    Stage("steps", _phase(Phase.WINDOW), _nothing_open(Phase.WINDOW)),
    outside.EXTENDED,
    sent_stage(NoticeKind.EXTENDED, None, says=_next_update),
    times_stage("crew_longer"),
    Stage("verifying", lambda flight: _to(flight, State.VERIFYING), _in(State.VERIFYING, *CLOSED)),
    Stage("verify", _phase(Phase.VERIFY), _nothing_open(Phase.VERIFY)),
    Stage("all_clear", _all_clear, _in(*CLOSED)),
    sent_stage(NoticeKind.ALL_CLEAR, None, name="all_clear_notice"),
    outside.BRIDGE_CLOSED,
    Stage("wrap_up", _phase(Phase.WRAP_UP), _nothing_open(Phase.WRAP_UP)),
    Stage("changes", _review, _reviewed),
    Stage("change_summary", _summary, was_sent(NoticeKind.CHANGE_SUMMARY)),
    sent_stage(NoticeKind.SERVICE_DESK_BRIEF, Moment.END_BRIEF, 2, "end_brief"),
    Stage("filed", _file, _in(State.FILED)),
    *outside.LOOKS,
)


def _to(flight: Flight, state: State) -> None:
    flight.store.run(advance, flight.outage_id, state)
