"""How a sample flight is flown: its acts, each at its moment, through the real use cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.directory.lines import LineKind
from app.models.live.go import Criterion
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import ImpactClass, State
from app.models.runbook import StepAct
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import Window, speak_date
from app.resources import resource
from app.services import changes
from app.services.bridge import line as bridge
from app.services.directory.csv_reading import preview
from app.services.directory.finding import find_ci, find_person, find_service
from app.services.directory.importing import import_lines
from app.services.live.roll_call import answer_roll_call, go_facts, say_criterion
from app.services.notices.sending import record_sent
from app.services.outages.leading import Going, advance
from app.services.outages.planning import Plan, plan_outage
from app.services.reports.building import mark_printed
from app.services.runbook.acting import Report, act_on_step, check_step
from app.services.runbook.applying import find_template
from app.services.sample.people import FOLDER, sample_cis, sample_facts, sample_owners
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

BRIDGE_LINE = "212 555 0180, code 7731"
_PLAINLY = Going()
PROOF = "dialled in again: the conference had ended"


@dataclass(slots=True)
class SampleFlight:
    """What one sample flight is about, and how far it is flown: `last` is the last act done.

    `lead` is how many days ahead it was planned; `ending` one of complete, partly, backed_out.
    """

    title: str
    service: str
    ci: str
    owner: str
    window: Window
    last: str
    coordinator: str
    ending: str = "complete"
    lead: float = 25
    impact: ImpactClass = ImpactClass.ORDINARY
    why: str = ""
    work: str = "Install the update"
    check: str = "it works as before"
    people_notice: str = ""
    impact_text: str = ""
    workaround: str = ""
    runbook: str = ""
    checker: str = "R. Osei, Nursing"
    checker_phone: str = "212 555 0147"
    user_check: str = "Tried it just now; it works."
    note: str = ""
    outage_id: str = field(default="", init=False)


@dataclass(frozen=True, slots=True)
class SampleAct:
    """Something done at a moment (UTC) by somebody."""

    at: datetime
    name: str
    by: str
    do: Callable[[UnitOfWork], object]


def play(uow: UnitOfWork, acts: list[SampleAct], work: Work = UNWATCHED) -> None:
    """All acts of all flights in the order of their moments, so that the log runs forward."""
    people = {person.name: person.id for person in uow.all(Person)}
    ordered = sorted(acts, key=lambda act: act.at)  # sorting keeps a flight's own order
    for done, act in enumerate(ordered):
        work.at(done, len(ordered))
        uow.go_on(act.at, Actor(act.by, people.get(act.by)))
        act.do(uow)


def acts_of(flight: SampleFlight, now: datetime) -> list[SampleAct]:
    """The flight's acts as far as it goes. What would come later than now was done just before:
    a flight tonight may have had its roll call early."""
    found: list[SampleAct] = []
    everything = list(_Road(flight).acts())
    names = [act.name for act in everything]
    count = names.index(flight.last) + 1
    for left, act in zip(range(count, 0, -1), everything[:count], strict=True):
        latest = now - timedelta(seconds=20 * left)
        found.append(SampleAct(min(act.at, latest), act.name, act.by, act.do))
    return found


class _Road:
    """Every act of a flight from plan to filed, as one reads them on a calendar."""

    def __init__(self, flight: SampleFlight) -> None:
        self._f = flight
        self._start = flight.window.start_utc

    def acts(self) -> Iterator[SampleAct]:
        yield from self._before()
        yield from self._gate()
        if self._f.ending == "cancelled":
            yield self._in(-2 * 1440, "cancelled", self._go(State.CANCELLED, self._cancelled()))
            return
        yield from self._window()
        yield from self._afterwards()

    def _act(self, at: datetime, name: str, do: Callable[[UnitOfWork], object]) -> SampleAct:
        return SampleAct(at, name, self._f.coordinator, do)

    def _in(self, minutes: float, name: str, do: Callable[[UnitOfWork], object]) -> SampleAct:
        """So many minutes after the window's start, or before it."""
        return self._act(self._start + timedelta(minutes=minutes), name, do)

    def _before(self) -> Iterator[SampleAct]:
        planned = self._start - timedelta(days=self._f.lead)

        def then(days: float, minutes: int) -> datetime:
            """So many days ahead, or at once when it was planned later than that."""
            return max(self._start - timedelta(days=days), planned + timedelta(minutes=minutes))

        yield self._act(planned, "draft", lambda uow: plan_flight(uow, self._f))
        yield self._act(planned + timedelta(minutes=10), "planned", self._go(State.PLANNED))
        yield self._act(then(21, 15), "kick_off", self._told(NoticeKind.KICK_OFF))
        yield self._act(then(11, 20), "announced", self._told(NoticeKind.PLANNED))
        yield self._act(then(4, 25), "crew_brief", self._told(NoticeKind.CREW_BRIEF))
        yield self._act(then(4, 26), "desk_brief", self._told(NoticeKind.SERVICE_DESK_BRIEF))
        yield self._act(then(4, 27), "monitoring", self._told(NoticeKind.MONITORING))
        if self._f.lead >= 5 and self._f.ending != "cancelled":
            yield self._in(-1440, "reminder", self._told(NoticeKind.REMINDER))

    def _gate(self) -> Iterator[SampleAct]:
        if self._f.ending == "cancelled":
            return
        yield self._in(-240, "packet", lambda uow: mark_printed(uow, self._f.outage_id))
        yield self._in(-40, "go_no_go", self._go(State.GO_NO_GO))
        yield self._in(-30, "bridge", lambda uow: bridge.open_bridge(uow, self._f.outage_id))
        yield self._in(-28, "backup_begun", self._step("2", StepAct.START))
        yield self._in(-19, "backup", self._step("2", StepAct.FINISH))
        yield self._in(-15, "roll_call", self._roll_call)
        if self._f.last == "hold":
            why = "the vendor's engineer is not on the line yet"
            yield self._in(-5, "hold", self._go(State.HOLD, Going(why=why)))
        yield self._in(-1, "go", self._go(State.IN_PROGRESS))

    def _window(self) -> Iterator[SampleAct]:
        yield self._in(1, "started", self._told(NoticeKind.STARTED))
        yield self._in(2, "save_begun", self._step("5", StepAct.START))
        yield self._in(9, "save", self._step("5", StepAct.FINISH))
        yield self._in(10, "work_begun", self._step("6", StepAct.START))
        if self._f.ending == "backed_out":
            yield from self._back()
            return
        yield self._in(33, "work", self._step("6", StepAct.FINISH, "version read back"))
        yield self._in(34, "verifying", self._go(State.VERIFYING))
        yield self._in(42, "check", self._checked("7"))
        if self._f.ending == "partly":
            due = self._start + timedelta(days=3)
            going = Going(why=self._f.note, user_check_due=due, data_loss="none")
            yield self._in(50, "ended", self._go(State.PARTLY_DONE, going))
        else:
            going = Going(user_check=self._f.user_check, data_loss="none")
            yield self._in(50, "ended", self._go(State.COMPLETE, going))

    def _back(self) -> Iterator[SampleAct]:
        going = Going(why=self._f.note)
        yield self._in(38, "backing_out", self._go(State.BACKING_OUT, going))
        yield self._in(40, "back_begun", self._step("B6", StepAct.START))
        yield self._in(57, "back", self._step("B6", StepAct.FINISH, "old version read back"))
        yield self._in(64, "check", self._checked("B7"))
        going = Going(why=self._f.note, user_check=self._f.user_check, data_loss="none")
        yield self._in(66, "ended", self._go(State.BACKED_OUT, going))

    def _afterwards(self) -> Iterator[SampleAct]:
        kind = {
            "complete": NoticeKind.ALL_CLEAR,
            "partly": NoticeKind.PARTLY_DONE,
            "backed_out": NoticeKind.BACKED_OUT,
        }[self._f.ending]
        yield self._in(68, "told_end", self._told(kind))
        yield self._in(70, "monitoring_begun", self._step("9", StepAct.START))
        yield self._in(74, "monitoring_on", self._step("9", StepAct.FINISH))
        yield self._in(78, "bridge_closed", self._close_bridge)
        morning = 15 * 60
        yield self._in(morning, "reviewed", self._review)
        if self._f.people_notice or self._f.ending != "complete":
            told = self._told(NoticeKind.CHANGE_SUMMARY)
            yield self._in(morning + 20, "summary", told)
        yield self._in(morning + 30, "end_brief", self._told(NoticeKind.SERVICE_DESK_BRIEF))
        yield self._in(morning + 45, "filed", self._go(State.FILED))

    def _cancelled(self) -> Going:
        by = self._f.window.start.date() + timedelta(days=21)
        return Going(why=f"postponed, new date by {speak_date(by)}: {self._f.note}")

    # --- the acts ----------------------------------------------------------------------------

    def _go(self, to: State, going: Going = _PLAINLY) -> Callable[[UnitOfWork], object]:
        return lambda uow: advance(uow, self._f.outage_id, to, going)

    def _told(self, kind: NoticeKind) -> Callable[[UnitOfWork], object]:
        return lambda uow: record_sent(uow, self._f.outage_id, kind, uow.now)

    def _step(self, code: str, act: StepAct, note: str = "") -> Callable[[UnitOfWork], object]:
        def do(uow: UnitOfWork) -> None:
            row = self._row(uow, code)
            report = Report(by=self._f.owner, via=self._f.coordinator, note=note)
            act_on_step(uow, row.id, act, report, seen=row.version)

        return do

    def _checked(self, code: str) -> Callable[[UnitOfWork], object]:
        def do(uow: UnitOfWork) -> None:
            row = self._row(uow, code)
            report = Report(by=self._f.owner, via=self._f.coordinator, note="as expected")
            check_step(uow, row.id, "passed", report, seen=row.version)

        return do

    def _row(self, uow: UnitOfWork, code: str) -> Step:
        where = (col(Step.outage_id) == self._f.outage_id, col(Step.code) == code)
        return uow.all(Step, *where)[0]

    def _close_bridge(self, uow: UnitOfWork) -> None:
        bridge.close_bridge(uow, self._f.outage_id, PROOF)

    def _roll_call(self, uow: UnitOfWork) -> None:
        facts = go_facts(uow, uow.fetch(Outage, self._f.outage_id))
        for name in facts.expected:
            answer_roll_call(uow, self._f.outage_id, name, True)
        said = f"{facts.checker} answered on {facts.checker_phone}"
        say_criterion(uow, self._f.outage_id, Criterion.CHECKER_REACHED, True, said)

    def _review(self, uow: UnitOfWork) -> None:
        for row in changes.changes_of(uow, self._f.outage_id):
            changes.review_change(
                uow,
                row.id,
                seen=row.version,
                before="the version before",
                after=row.after or f"{row.what}: done",
                evidence=row.evidence or "step done and verified",
                external_number=f"CMDB-{row.outage_code}-{row.number}",
                people_notice=row.people_notice,
            )


def plan_flight(uow: UnitOfWork, flight: SampleFlight) -> None:
    """The outage in Draft, with a built-in runbook or the sample's short one."""
    template = find_template(flight.runbook) if flight.runbook else None
    leader = sample_facts()["leader"]
    boss = find_person(uow, leader["name"])
    deputy = find_person(uow, leader["deputy"])
    card = default_card(
        f"{leader['title']} {leader['name']}", boss.phone, leader["deputy"], deputy.phone
    )
    urgent = flight.impact is ImpactClass.URGENT
    planned = plan_outage(
        uow,
        Plan(
            title=flight.title,
            window=flight.window,
            services=(find_service(uow, flight.service).id,),
            cis=(find_ci(uow, flight.ci).id,),
            impact=flight.impact,
            why=flight.why,
            requester=flight.owner,
            approver=leader["name"],
            urgent_reason=flight.why if urgent else "",
            coordinator_id=find_person(uow, flight.coordinator).id,
            checker=flight.checker,
            checker_phone=flight.checker_phone,
            impact_text=flight.impact_text,
            workaround=flight.workaround,
            bridge_line=BRIDGE_LINE,
            card=card,
            runbook=flight.runbook,
            owners=sample_owners(uow, template) if template else {},
            step_cis=sample_cis(uow, template) if template else {},
        ),
    )
    flight.outage_id = planned.outage_id
    if template is None:
        import_lines(
            uow, preview(_steps(uow, flight), "steps.csv", LineKind.STEPS), flight.outage_id
        )


def _steps(uow: UnitOfWork, flight: SampleFlight) -> bytes:
    """The short runbook with this flight's people and CI."""
    words = {
        "owner": find_person(uow, flight.owner).email,
        "coordinator": find_person(uow, flight.coordinator).email,
        "ci": flight.ci,
        "work": flight.work,
        "check": flight.check,
        "people_notice": flight.people_notice,
    }
    text = resource(FOLDER).joinpath("steps.csv").read_text(encoding="utf-8")
    filled = io.StringIO()
    writer = csv.writer(filled, lineterminator="\n")
    for row in csv.reader(io.StringIO(text)):
        writer.writerow(cell.format(**words) for cell in row)
    return filled.getvalue().encode()
