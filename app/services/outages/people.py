"""Who is in a flight: when each is needed, when last heard, and what they confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.ids import PersonId
from app.models.live.go import Answer, latest_answers
from app.models.outages.confirming import Confirmed, Word, confirmed_from, is_call
from app.models.outages.decisions import card_from
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import Forecast, StepState, forecast, in_play
from app.models.tables.directory import Person, Vendor
from app.models.tables.live import Confirmation, RollCallAnswer
from app.models.tables.outages import Outage
from app.services.directory.called import meant, person_called
from app.services.events import LiveChanged
from app.services.live.crew_rows import CrewTime, CrewTimes
from app.services.live.crew_times import times_of
from app.services.live.look import Look
from app.services.runbook.board import TURNED_BACK
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import Undo, UnitOfWork

COORDINATOR, DEPUTY = "coordinator", "deputy coordinator"
CHECKER, CHECKER_DEPUTY = "checker", "checker’s deputy"
VENDOR, DECIDER, DECIDING_DEPUTY = "vendor", "decides", "decides as deputy"


@dataclass(frozen=True, slots=True)
class OwnStep:
    code: str
    title: str
    state: StepState


@dataclass(frozen=True, slots=True)
class Asked:
    """The kick-off question to one person. `voided`: what was agreed no longer holds, because
    the window moved; `answer` None while they have not answered."""

    id: str
    version: int
    person: str
    what: str
    asked_at: datetime | None
    answered_at: datetime | None
    answer: Confirmed | None
    voided: bool

    @property
    def confirmed(self) -> bool:
        return not self.voided and self.answer is not None and self.answer.word is Word.YES


@dataclass(frozen=True, slots=True)
class FlightPerson:
    """`be_ready` and `release` follow the forecast and are missing for those without steps;
    `heard_at` is when they last reported or answered; `go` None: no roll-call answer; `decides`
    are the acts the decision card gives them, as deputy too; `time` what they know of their times,
    missing for those who fly no step."""

    name: str
    roles: tuple[str, ...]
    phone: str
    decides: tuple[str, ...]
    steps: tuple[OwnStep, ...]
    be_ready: datetime | None
    release: datetime | None
    heard_at: datetime | None
    go: bool | None
    go_at: datetime | None
    go_why: str
    asked: Asked | None
    time: CrewTime | None = None


@dataclass(frozen=True, slots=True)
class PeopleRows:
    outage_id: str
    zone: str
    now: datetime
    closed: bool
    people: tuple[FlightPerson, ...]
    times: CrewTimes

    @property
    def confirmed(self) -> int:
        return sum(p.asked is not None and p.asked.confirmed for p in self.people)


@dataclass(slots=True)
class _One:
    """A person as they are found in one place after another, and as they are called there."""

    name: str
    names: list[str] = field(default_factory=list)
    phone: str = ""
    roles: list[str] = field(default_factory=list)
    decides: list[str] = field(default_factory=list)
    person_id: str = ""


def people_of(uow: UnitOfWork, outage_id: str) -> PeopleRows:
    """The coordinator first, then the crew in the order they are needed, then checker, vendor
    and who decides. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    loaded = load_steps(uow, outage_id)
    turned = outage.state in TURNED_BACK
    coming = forecast(loaded.known, uow.now, outage.start_utc, backing_out=turned)
    playing = {s.id for s in in_play(loaded.known, backing_out=turned)}
    answers = latest_answers(
        Answer(a.name, a.answer == "go", a.at, a.why)
        for a in uow.all(RollCallAnswer, col(RollCallAnswer.outage_id) == outage_id)
    )
    asked = asked_at_kick_off(uow, outage_id)
    found = _found(uow, outage, loaded, coming)
    crew = times_of(Look(uow, outage))
    timed = {one.person_id: one for one in crew.people}
    people = []
    for one in found:
        own = [r for r in loaded.rows if one.person_id and r.owner_id == one.person_id]
        times = coming.people.get(PersonId(one.person_id)) if one.person_id else None
        answer = next((answers[name] for name in one.names if name in answers), None)
        heard = [m for r in own for m in (r.heard_at, r.started_at, r.ended_at) if m]
        if answer is not None:
            heard.append(answer.at)
        people.append(
            FlightPerson(
                name=one.name,
                roles=tuple(dict.fromkeys(one.roles)),
                phone=one.phone,
                decides=tuple(dict.fromkeys(one.decides)),
                steps=tuple(OwnStep(r.code, r.title, r.state) for r in own if r.id in playing),
                be_ready=times.be_ready if times else None,
                release=times.release if times else None,
                heard_at=max(heard, default=None),
                go=answer.go if answer else None,
                go_at=answer.at if answer else None,
                go_why=answer.why if answer else "",
                asked=next((asked[n] for n in map(str.casefold, one.names) if n in asked), None),
                time=timed.get(one.person_id),
            )
        )
    closed = outage.state in CLOSED
    return PeopleRows(outage_id, outage.zone, uow.now, closed, tuple(people), crew)


def _found(uow: UnitOfWork, outage: Outage, loaded: Loaded, coming: Forecast) -> list[_One]:
    known = {person.id: person for person in uow.all(Person)}
    found: dict[str, _One] = {}

    def note(name: str, phone: str, role: str, decides: str = "") -> None:
        name = name.strip()
        if not name:
            return
        person = meant(known.values(), name)
        one = found.setdefault(person.id if person else name.casefold(), _One(name))
        one.person_id = person.id if person else ""
        one.names += [name, person.name] if person else [name]  # asked by the directory's
        one.phone = one.phone or phone.strip() or (person.phone if person else "")
        one.roles.append(role)
        one.decides += [decides] if decides else []

    for person_id, role in ((outage.coordinator_id, COORDINATOR), (outage.deputy_id, DEPUTY)):
        if person_id in known:
            note(known[person_id].name, known[person_id].phone, role)
    needed = {i: times.be_ready for i, times in coming.people.items()}
    crew = [row for row in loaded.rows if row.owner_id in known]
    late = max((*needed.values(), outage.end_utc))
    crew.sort(key=lambda row: needed.get(PersonId(row.owner_id or ""), late))
    for row in crew:
        owner = known[row.owner_id or ""]
        note(owner.name, owner.phone, row.role or "crew")
    for name, phone, role in _others(uow, outage):
        note(name, phone, role)
    for line in card_from(outage.decision_card):
        note(line.who, line.phone, DECIDER, line.words)
        note(line.deputy, line.deputy_phone, DECIDING_DEPUTY, line.words)
    return list(found.values())


def _others(uow: UnitOfWork, outage: Outage) -> Iterator[tuple[str, str, str]]:
    """Who flies no step: name, phone, role."""
    yield outage.checker, outage.checker_phone, CHECKER
    yield outage.checker_deputy, outage.checker_deputy_phone, CHECKER_DEPUTY
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    if vendor is not None:
        case = f"{VENDOR}, case {outage.vendor_case}" if outage.vendor_case else VENDOR
        yield vendor.name, vendor.phone, case


def asked_at_kick_off(uow: UnitOfWork, outage_id: str) -> dict[str, Asked]:
    """The last kick-off question to each, by casefolded name."""
    rows = uow.all(
        Confirmation,
        col(Confirmation.outage_id) == outage_id,
        order=(col(Confirmation.id),),  # made before the insert, in order of time
    )
    return {
        row.person.casefold(): Asked(
            row.id,
            row.version,
            row.person,
            row.what,
            row.asked_at,
            row.answered_at,
            confirmed_from(row.answer),
            row.voided_at is not None,
        )
        for row in rows
        if not is_call(row.what)
    }


def confirm(
    uow: UnitOfWork, outage_id: str, name: str, what: str, answer: Confirmed, *, by: str = ""
) -> Undo:
    """What somebody says to the kick-off, by mail or by phone; also when nobody had asked them.
    After a move they are asked anew, and the old answer stays in the log. Raises BadInput,
    NotAllowed once the flight has ended."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; nobody is asked now.")
    if not name.strip():
        raise BadInput("Say whose answer it is.")
    asked = asked_at_kick_off(uow, outage_id)
    person = person_called(uow, name)
    last = asked.get(name.strip().casefold()) or asked.get(person.name.casefold() if person else "")
    if last is None or last.voided:
        row = uow.add(
            Confirmation(
                organisation_id=uow.organisation_id,
                outage_id=outage_id,
                person=name.strip(),
                what=what,
                asked_at=uow.now,
            )
        )
    else:
        row = uow.fetch(Confirmation, last.id)
    row.answer, row.answered_at = answer.text, uow.now
    uow.log(f"{name.strip()} says {answer.spoken} to the kick-off", row, who=by)
    uow.emit(LiveChanged(outage_id))
    return uow.undo(f"{name.strip()}’s confirmation", outage_id)
