"""The after-action report's content, drawn from the log and the rows the flight left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import col

from app.models.live.away import Away
from app.models.live.go import Criterion
from app.models.log_rows import Row
from app.models.outages.decisions import Act, about_words
from app.models.outages.lifecycle import BEFORE_START, CLOSED, ENDINGS, FLYING, State
from app.models.reports.after_action import (
    AfterAction,
    ChangeLine,
    DecisionLine,
    ExtensionLine,
    LogLine,
    RestLine,
    StepLine,
    UnnamedLine,
    WokenLine,
)
from app.models.runbook import Phase, StepState, is_changing, past_return, way_back
from app.models.runbook import Step as Known
from app.models.tables.directory import Person, Service, Vendor
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.times import speak_moment, to_wall
from app.services.changes import changes_of, nameless
from app.services.live.away import absences, away_within
from app.services.live.crew_hours import hours_in
from app.services.log import chain_head, read_log
from app.services.log_rows import Kept, kept_in_log
from app.services.notices.audiences import Resolved, resolve
from app.services.notices.workdays import workdays
from app.services.outages.planning import service_ids
from app.services.reports.after_checks import check_lines
from app.services.reports.after_notices import notice_lines, people_told
from app.services.reports.packet_steps import Flown, state_words
from app.services.runbook.loading import touched
from app.services.uow import UnitOfWork

DAY_BEGINS = 8
_EXTENDING = (Act.EXTEND.value, Act.EXTEND_BEYOND.value)


def after_action_data(uow: UnitOfWork, outage_id: str) -> AfterAction:
    """What happened, in any state of the flight. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    flown = Flown.of(uow, outage)
    kept = kept_in_log(uow, outage.id)
    past = _Past.of(kept, outage)
    decisions = uow.all(
        Decision, col(Decision.outage_id) == outage.id, order=(col(Decision.number),)
    )
    number, digest = chain_head(uow)
    ending = past.ending(outage)
    is_back = ending in (State.BACKED_OUT, State.BACKING_OUT)
    turned = past.turned_at if is_back else None
    moment = gone = None
    if outage.started_at is not None:
        known = flown.loaded.known if turned is None else _as_at(flown.loaded.known, turned)
        at = turned or outage.ended_at or uow.now
        moment, gone = way_back(known, outage.promised_end_utc, at), past_return(known)
    hours = hours_in(uow, [outage])
    resolved = resolve(uow, outage)
    return AfterAction(
        code=outage.code,
        title=outage.title,
        ending=_ending_words(outage, ending),
        window=outage.window,
        drafted_at=uow.now,
        facts=tuple(_facts(uow, outage, resolved)),
        started=outage.started_at,
        ended=outage.ended_at,
        user_check=outage.user_check,
        data_loss=outage.data_loss,
        back_out_moment=moment,
        back_out_words=f"Backed out: {outage.ending_note or 'no reason noted'}." if is_back else "",
        past_return=gone.words(outage.zone) if gone else "",
        turned_at=turned,
        steps=tuple(_steps(flown, absences(kept))),
        checks=check_lines(kept),
        decisions=tuple(_decision(d) for d in decisions),
        notices=notice_lines(uow, outage, ending),
        woken=tuple(_woken(d) for d in decisions if d.was_called),
        changes=tuple(_changes(uow, outage)),
        unnamed=tuple(_unnamed(flown)),
        taken_back=tuple(s.label for s in flown.order if _taken_back(s)),
        extensions=past.extensions,
        log=tuple(_log(uow, outage)),
        log_number=number,
        log_hash=digest,
        spared=tuple(RestLine(h.name, h.up, h.saved) for h in hours.get(outage.id, ())),
        morning=_morning(uow, outage, resolved),
        rested=tuple(dict.fromkeys(_rested(uow, outage, flown))),
        check_due=outage.user_check_due,
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """What the outage's row was, from the log: an entry holds the rows as they were after it."""

    states: tuple[State, ...]
    extensions: tuple[ExtensionLine, ...]
    turned_at: datetime | None

    @classmethod
    def of(cls, kept: Sequence[Kept], outage: Outage) -> _Past:
        states: list[State] = []
        extended: list[ExtensionLine] = []
        promised, turned = outage.end_utc, None
        for each in kept:
            entry, rows = each.entry, each.rows
            row = next(iter(each.of("outage")), None)
            if row is None:
                continue
            state, end = State(row["state"]), datetime.fromisoformat(row["promised_end_utc"])
            if state is State.BACKING_OUT and states[-1:] != [state]:
                turned = entry.at
            states.append(state)
            if state in FLYING and end > promised:
                decided = next(
                    (r for r in rows if r["table"] == "decision" and r["act"] in _EXTENDING), {}
                )
                by = _decided_by(decided) or entry.who
                extended.append(ExtensionLine(entry.at, promised, end, by, decided.get("why", "")))
            elif end < promised:  # an extension undone was none
                extended = [line for line in extended if line.new_end <= end]
            promised = end
        return cls(tuple(states), tuple(extended), turned)

    def ending(self, outage: Outage) -> State:
        """How it ended; a filed flight's own state no longer says. The state it is in, else."""
        if outage.state is not State.FILED:
            return outage.state
        return next((s for s in reversed(self.states) if s in ENDINGS), State.FILED)


def _decided_by(decision: Row) -> str:
    """`C. Delgado, instead of H. Brandt`, where the card names another."""
    by, asked_of = decision.get("answered_by", ""), decision.get("asked_of", "")
    return f"{by}, instead of {asked_of}" if by and asked_of and asked_of != by else by


def _as_at(steps: Sequence[Known], moment: datetime) -> tuple[Known, ...]:
    """As they stood when the flight turned back: what is undone since was done or begun."""

    def then(step: Known) -> Known:
        begun = step.started_at is not None and step.started_at <= moment
        if not begun:
            return replace(step, state=StepState.TODO, started_at=None, ended_at=None)
        return replace(step, state=StepState.DONE) if step.state is StepState.UNDONE else step

    return tuple(then(step) for step in steps)


def _morning(uow: UnitOfWork, outage: Outage, resolved: Resolved) -> date | None:
    """The first working day of those affected that begins after the flight."""
    if outage.ended_at is None:
        return None
    wall = to_wall(outage.ended_at, outage.zone)
    last = wall.date() - timedelta(days=1) if wall.hour < DAY_BEGINS else wall.date()
    return workdays(uow, resolved, (last.year, last.year + 1)).after(last)


def _ending_words(outage: Outage, ending: State) -> str:
    note = f": {outage.ending_note}" if outage.ending_note else ""
    if ending in CLOSED:
        return f"{ending.words}{note}"
    if ending in BEFORE_START:
        return f"Not flown yet ({ending.words.lower()})"
    return f"Still being flown ({ending.words.lower()}){note}"


def _facts(uow: UnitOfWork, outage: Outage, resolved: Resolved) -> Iterator[tuple[str, str]]:
    def person(person_id: str | None) -> str:
        found = uow.find(Person, person_id) if person_id else None
        return found.name if found else ""

    ids = service_ids(uow, outage.id)
    named = {s.id: s.name for s in uow.all(Service, col(Service.id).in_(ids))}
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    before = uow.find(Outage, outage.flown_again_from) if outage.flown_again_from else None
    due = outage.user_check_due
    yield "Why", outage.why
    yield "Impact class", outage.impact.value.capitalize()
    yield "Why urgent", outage.urgent_reason
    yield "Requester", outage.requester
    yield "Approver", outage.approver
    yield "Change reference", outage.change_reference
    yield "Services", ", ".join(named[i] for i in ids if i in named)
    yield "People told", people_told(uow, outage.id, resolved.reach)
    yield "Coordinator", person(outage.coordinator_id)
    yield "Deputy", person(outage.deputy_id)
    yield "User-side checker", outage.checker
    yield "User check due", speak_moment(due, outage.zone) if due and not outage.user_check else ""
    yield "Vendor", f"{vendor.name}, case {outage.vendor_case or 'none'}" if vendor else ""
    yield "Runbook", f"{outage.runbook or 'steps of its own'}, revision {outage.runbook_revision}"
    printed = outage.packet_printed_at
    yield "Packet printed", speak_moment(printed, outage.zone) if printed else ""
    yield "Flown again from", before.code if before else ""
    yield (
        "Waived",
        "\n".join(f"{_waived(w['step'])} by {w['by']}: {w['why']}" for w in outage.waivers),
    )
    accepted = (f"{a['sentence']} by {a['by']}: {a['why']}" for a in outage.accepted_conflicts)
    yield "Conflicts accepted", "\n".join(accepted)


def _steps(flown: Flown, away: Sequence[Away]) -> Iterator[StepLine]:
    for step in flown.order:
        row = flown.rows[step.id]
        yield StepLine(
            code=row.code,
            title=row.title,
            phase=row.phase.value,
            who=_by(row.by or flown.who(row), row.via),
            planned=flown.planned.get(step.id),
            minutes=row.minutes,
            started=row.started_at,
            finished=row.ended_at,
            state=state_words(row) or row.state.words,
            note=row.note or row.blocked_reason,
            away=away_within(away, row.started_at, row.ended_at)
            if row.started_at and row.ended_at
            else timedelta(),
        )


def _waived(what: str) -> str:
    """A criterion by its words, a step as it is."""
    return Criterion(what).words if what in set(Criterion) else what


def _rested(uow: UnitOfWork, outage: Outage, flown: Flown) -> Iterator[str]:
    """The services' owners and the checker, without those who flew it."""
    crew = {outage.coordinator_id} | {row.owner_id for row in flown.rows.values()}
    names = {each.name for each in uow.all(Person) if each.id in crew}
    for service in uow.all(Service, col(Service.id).in_(service_ids(uow, outage.id))):
        owner = uow.find(Person, service.owner_id) if service.owner_id else None
        if owner is not None and owner.id not in crew:
            yield f"{owner.name} for {service.plain_name or service.name}"
    if outage.checker and outage.checker not in names:
        yield f"{outage.checker} on the user side"


def _by(who: str, via: str) -> str:
    return f"{who}, via {via}" if via else who


def _decision(d: Decision) -> DecisionLine:
    at = d.answered_at or d.asked_at or d.created_at
    assert at is not None  # the unit of work dates every row
    waited = None
    if d.asked_at and d.answered_at:
        waited = int((d.answered_at - d.asked_at).total_seconds() // 60)
    return DecisionLine(
        number=d.number,
        what=about_words(d.act),
        answer=d.answer,
        by=d.answered_by,
        at=at,
        asked_of=d.asked_of or "coordinator",
        waited_minutes=waited,
        why=d.why,
    )


def _woken(d: Decision) -> WokenLine:
    at = d.asked_at or d.answered_at or d.created_at
    assert at is not None
    warranted = {"yes": True, "no": False}.get(d.warranted)
    return WokenLine(d.answered_by, at, d.why or d.answer, warranted)


def _changes(uow: UnitOfWork, outage: Outage) -> Iterator[ChangeLine]:
    for row in changes_of(uow, outage.id):
        yield ChangeLine(
            number=row.number,
            ci=": ".join(part for part in (row.ci, row.setting) if part),
            before=row.before,
            after=row.after,
            what=row.what,
            by=row.by,
            at=row.at,
            evidence=row.evidence,
            external=row.external_number,
            noticed=row.people_notice,
        )


def _unnamed(flown: Flown) -> Iterator[UnnamedLine]:
    for step in nameless(flown.loaded):
        row = flown.rows[step.id]
        what = touched(row, {})
        yield UnnamedLine(step.label, what, _by(row.by, row.via), row.ended_at)


def _taken_back(step: Known) -> bool:
    undone = step.state is StepState.UNDONE and step.phase is not Phase.BACK_OUT
    return undone and is_changing(step)


def _log(uow: UnitOfWork, outage: Outage) -> Iterator[LogLine]:
    """Every entry; the correction names what it corrects, and the struck one its correction."""
    rows = read_log(uow, outage.id)
    corrects = {row.struck_by: row.number for row in rows if row.struck_by is not None}
    for row in rows:
        yield LogLine(
            number=row.number,
            at=row.at,
            who=_by(row.who, row.via),
            what=row.what,
            struck=row.struck_by is not None,
            corrects=row.struck_by or corrects.get(row.number),
        )
