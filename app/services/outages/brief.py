"""The overview of one outage: facts, people, scope, conflicts, debt, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.calendar.conflicts import Conflict
from app.models.notices.kinds import NoticeKind
from app.models.outages.debt import Debt
from app.models.outages.decisions import CardLine, card_from
from app.models.outages.errands import (
    Errand,
    Next,
    errand_for,
    next_of,
    strip_of,
)
from app.models.outages.lifecycle import CLOSED, NEXT, ImpactClass, State
from app.models.runbook.steps import Phase
from app.models.severity import Severity
from app.models.tables.directory import (
    Audience,
    ConfigurationItem,
    Department,
    Person,
    Service,
    Vendor,
)
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import Window, speak_moment, speak_span, speak_window
from app.services.bridge.joining import how_to_join
from app.services.bridge.reading import Joining, joining_of
from app.services.calendar.conflicts import acceptance_of, conflicts_of
from app.services.calendar.series_reading import OfSeries, series_of
from app.services.notices.audiences import Resolved, resolve
from app.services.notices.planning import plan_for
from app.services.notices.reach import NOT_LISTED, reach_of
from app.services.notices.stored import InOutbox, waiting_items
from app.services.outages.brief_outlook import OutlookRow, outlook_row
from app.services.outages.confirming import asked_first, endangered
from app.services.outages.debt import debts_of
from app.services.outages.endings import endings_of
from app.services.outages.moving import told_count
from app.services.outages.people import Asked
from app.services.outages.planning import audience_ids, bridge_of, ci_ids, service_ids
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the overview; `text` is as a person wrote it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    role: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A service, CI or audience; `sub` is its plain words, kind or size."""

    kind: str
    name: str
    sub: str


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """`accepted` says by whom and why, empty while nobody accepted it; `cause` is the (type, id)
    that stands in the way, where there is one to look at."""

    severity: Severity
    reason: str
    sentence: str
    accepted: str = ""
    cause: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DebtRow:
    """`sub` says why and until when; `late` once its time has passed; `about_id` the row it is
    about (a reply, a change record, a step, the outbox item of a notice that waits to leave),
    empty for a notice of kind `notice`."""

    sentence: str
    sub: str
    errand: Errand
    late: bool
    notice: NoticeKind | None
    about_id: str

    @property
    def about(self) -> str:
        """What the errand is about: the token of a notice kind, or the id of a row."""
        return self.notice.value if self.notice is not None else self.about_id


@dataclass(frozen=True, slots=True)
class NextRow:
    """The one thing to do; `errand` None while there is only waiting."""

    words: str
    errand: Errand | None
    about_id: str = ""
    notice: NoticeKind | None = None

    @property
    def about(self) -> str:
        return self.notice.value if self.notice is not None else self.about_id


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the overview shows. `strip` and `here` are the life of the flight; `may` the
    states it can go to now; `asked` whom the kick-off asked, those still to confirm first;
    `reach` people as far as known, `told` who was ever told; `endangered` what a missing answer to
    the kick-off endangers by now; `is_listed`: the status page may show it."""

    id: str
    version: int
    code: str
    title: str
    state: State
    impact: ImpactClass
    window: Window
    window_words: str
    start: datetime
    promised_end: datetime
    zone: str
    facts: tuple[Fact, ...]
    people: tuple[PersonRow, ...]
    asked: tuple[Asked, ...]
    scope: tuple[ScopeRow, ...]
    faults: tuple[str, ...]
    reach: int
    told: int
    conflicts: tuple[ConflictRow, ...]
    card: tuple[CardLine, ...]
    debts: tuple[DebtRow, ...]
    next: NextRow
    strip: tuple[State, ...]
    here: int
    may: frozenset[State]
    steps: int
    steps_done: int
    checker: str
    user_check: str
    outlook: OutlookRow | None = None
    joining: Joining | None = None
    endangered: str = ""
    series: OfSeries | None = None
    is_listed: bool = True


def brief(uow: UnitOfWork, outage_id: str) -> Brief:
    """Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    resolved = resolve(uow, outage)
    owed = debts_of(uow, outage)
    leaving = waiting_items(uow, outage.id)
    flown = (col(Step.outage_id) == outage.id, col(Step.phase) != Phase.BACK_OUT)
    steps = uow.all(Step, *flown)  # the way back is no part of the way
    ended = endings_of(uow, [outage.id]) if outage.state is State.FILED else {}
    unsaid = State.COMPLETE if outage.started_at else State.CANCELLED
    strip, here = strip_of(outage.state, ended=ended.get(outage.id, unsaid))
    return Brief(
        id=outage.id,
        version=outage.version,
        code=outage.code,
        title=outage.title,
        state=outage.state,
        impact=outage.impact,
        window=outage.window,
        window_words=speak_window(outage.window),
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        zone=outage.zone,
        facts=_facts(uow, outage),
        people=_people(uow, outage),
        asked=asked_first(uow, outage.id),
        endangered=endangered(uow, outage, resolved),
        series=series_of(uow, outage.id),
        scope=_scope(uow, outage),
        faults=resolved.faults,
        reach=resolved.reach,
        told=told_count(uow, outage.id),
        conflicts=_conflicts(uow, outage),
        card=card_from(outage.decision_card),
        debts=tuple(debt_row(debt, outage, uow.now, leaving) for debt in owed),
        next=_next(uow, outage, owed, resolved, leaving),
        strip=strip,
        here=here,
        may=NEXT[outage.state],
        steps=len(steps),
        steps_done=sum(1 for step in steps if step.ended_at is not None),
        checker=outage.checker,
        user_check=outage.user_check,
        outlook=outlook_row(uow, outage),
        joining=joining_of(uow, outage, bridge_of(uow, outage.id)),
        is_listed=not reach_of(uow, outage.id).unlisted,
    )


def debt_row(
    debt: Debt, outage: Outage, now: datetime, leaving: Mapping[NoticeKind, InOutbox]
) -> DebtRow:
    """`leaving` is each notice that waits to leave, with its outbox item: it is late only
    where a person is to see to it."""
    if debt.notice is not None and debt.notice in leaving:
        item, words, by_hand = leaving[debt.notice]
        late = by_hand and debt.late_at <= now
        return DebtRow(debt.sentence, words, Errand.OUTBOX, late, None, item)
    late = debt.late_at <= now
    when = ""
    if (until := debt.until) is not None:
        said = speak_moment(until, outage.zone)
        span = speak_span(until - now)
        if until > now:
            when = f"until {said}, in {span}"
        else:
            when = f"{span} late" if now - until >= timedelta(minutes=1) else "due now"
    sub = " · ".join(part for part in (when, debt.why) if part)
    return DebtRow(
        debt.sentence, sub, errand_for(debt, outage.state), late, debt.notice, debt.about_id
    )


def _next(
    uow: UnitOfWork,
    outage: Outage,
    owed: tuple[Debt, ...],
    resolved: Resolved,
    leaving: Mapping[NoticeKind, InOutbox],
) -> NextRow:
    found: Next | None = next_of(outage.state, owed, outage.start_utc, uow.now, frozenset(leaving))
    if found is not None and found.errand is Errand.OUTBOX:
        kind = (found.debt.notice if found.debt else None) or NoticeKind.PLANNED
        return NextRow(f"{kind.words} {leaving[kind].words}", Errand.OUTBOX, leaving[kind].item)
    if found is not None:
        debt = found.debt
        if debt is not None:
            return NextRow(debt.sentence, found.errand, debt.about_id, debt.notice)
        notice = NoticeKind.PLANNED if found.errand is Errand.NOTICE else None
        return NextRow(NEXT_WORDS[found.errand], found.errand, "", notice)
    for item in plan_for(uow, outage, resolved):
        if item.due > uow.now:
            due = speak_moment(item.due, outage.zone)
            return NextRow(f"Nothing now. Next: {item.moment.words}, {due}", None)
    return NextRow("Nothing now.", None)


NEXT_WORDS = {
    Errand.PLAN: "When the facts are right, make it planned",
    Errand.NOTICE: "Tell people: the planned notice makes it announced",
    Errand.GATE: "Half an hour to go: begin go/no-go",
    Errand.ROLL_CALL: "Criteria and roll call, then GO",
    Errand.LIVE: "It is being flown: lead it on Live",
    Errand.FILE: "Nothing is owed any more: file it",
    Errand.FLY_AGAIN: "Filed; it can be flown again",
}


def _facts(uow: UnitOfWork, outage: Outage) -> tuple[Fact, ...]:
    bridge = bridge_of(uow, outage.id)
    again = uow.find(Outage, outage.flown_again_from) if outage.flown_again_from else None
    said = (
        ("Why", outage.why),
        ("Impact class", outage.impact.value.capitalize()),
        ("Requested by", outage.requester),
        ("Approved by", outage.approver),
        ("Why urgent", outage.urgent_reason),
        ("Change", outage.change_reference),
        ("Impact", outage.impact_text),
        ("Before it", outage.before_text),
        ("Meanwhile", outage.workaround),
        ("Runbook", outage.runbook),
        ("Bridge", how_to_join(bridge)),
        ("Status page", NOT_LISTED if reach_of(uow, outage.id).unlisted else ""),
        ("Flown again from", again.code if again else ""),
        ("User check", outage.user_check),
        ("Data loss", outage.data_loss),
        ("How it ended" if outage.state in CLOSED else "Noted", outage.ending_note),
    )
    return tuple(Fact(label, text) for label, text in said if text)


def _people(uow: UnitOfWork, outage: Outage) -> tuple[PersonRow, ...]:
    rows = []
    for role, person_id in (
        ("Coordinator", outage.coordinator_id),
        ("Deputy", outage.deputy_id),
    ):
        person = uow.find(Person, person_id) if person_id else None
        if person is not None:
            rows.append(PersonRow(role, person.name, person.phone))
    if outage.checker:
        rows.append(PersonRow("User-side checker", outage.checker, outage.checker_phone))
    if outage.checker_deputy:
        rows.append(
            PersonRow("Checker’s deputy", outage.checker_deputy, outage.checker_deputy_phone)
        )
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    if vendor is not None:
        case = f" · case {outage.vendor_case}" if outage.vendor_case else ""
        contact = f"{vendor.name}, {vendor.contact}" if vendor.contact else vendor.name
        rows.append(PersonRow("Vendor", f"{contact}{case}", vendor.phone))
    return tuple(rows)


def _scope(uow: UnitOfWork, outage: Outage) -> tuple[ScopeRow, ...]:
    rows = []
    for service_id in service_ids(uow, outage.id):
        service = uow.fetch(Service, service_id)
        plain = "" if service.plain_name == service.name else service.plain_name
        rows.append(ScopeRow("Service", service.name, plain or service.criticality.value))
    for ci_id in ci_ids(uow, outage.id):
        ci = uow.fetch(ConfigurationItem, ci_id)
        rows.append(ScopeRow("CI", ci.name, ci.kind.value.replace("_", " ")))
    departments = {d.id: d.name for d in uow.all(Department)}
    for audience_id in audience_ids(uow, outage.id):
        rows.append(_audience_row(uow.fetch(Audience, audience_id), departments))
    return tuple(rows)


def _audience_row(audience: Audience, departments: dict[str, str]) -> ScopeRow:
    parts = []
    if audience.members:
        people = "person" if len(audience.members) == 1 else "people"
        parts.append(f"{len(audience.members)} {people}")
    parts += [departments[i] for i in audience.departments if i in departments]
    if audience.list_address:
        size = f"list of {audience.list_size:,}" if audience.list_size else "list, size unknown"
        parts.append(f"{size} ({audience.list_address})")
    if audience.rule_service_id:
        parts.append("everyone who uses the service")
    return ScopeRow("Audience", audience.name, ", ".join(parts) or "reaches nobody")


def _conflicts(uow: UnitOfWork, outage: Outage) -> tuple[ConflictRow, ...]:
    rows = []
    for conflict in conflicts_of(uow, outage):
        said = acceptance_of(outage, conflict)
        accepted = f"{said['by']}: {said['why']}" if said is not None else ""
        rows.append(conflict_row(conflict, accepted))
    return tuple(rows)


def conflict_row(conflict: Conflict, accepted: str = "") -> ConflictRow:
    reason = conflict.reason.value
    return ConflictRow(conflict.severity, reason, conflict.sentence, accepted, conflict.cause)
