"""Plan an outage, change its facts, and fly it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlmodel import col, select

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.ids import OutageId
from app.models.outages.decisions import CardLine, card_from, card_to, default_card
from app.models.outages.lifecycle import CLOSED, FLYING, ImpactClass, State
from app.models.tables.bridge import Bridge
from app.models.tables.directory import (
    Audience,
    ConfigurationItem,
    Person,
    Service,
    ServiceAudience,
)
from app.models.tables.outages import Outage, OutageAudience, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.models.times import Window, speak_window
from app.services.calendar.owed import owe_event
from app.services.directory.called import person_called
from app.services.directory.rota import on_duty
from app.services.events import OutageChanged
from app.services.notices.reach import copy_reach
from app.services.runbook.applying import apply_runbook, copy_steps
from app.services.uow import Undo, UnitOfWork

TITLE_LENGTH = 120
COORDINATOR_ROLE = "coordinator"
"""The role of a runbook whose steps are those of who leads."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the coordinator says of an outage; ids of services, CIs, audiences and people.

    `audiences` None: those of the services. `runbook` is a template's name; `owners` fills its
    roles (role → person id), `step_cis` the parts its CIs play (part → CI id); changing an
    outage ignores these three.
    """

    title: str
    window: Window
    services: tuple[str, ...]
    cis: tuple[str, ...] = ()
    audiences: tuple[str, ...] | None = None
    impact: ImpactClass = ImpactClass.ORDINARY
    why: str = ""
    requester: str = ""
    approver: str = ""
    change_reference: str = ""
    urgent_reason: str = ""
    coordinator_id: str | None = None
    deputy_id: str | None = None
    checker: str = ""
    checker_phone: str = ""
    checker_deputy: str = ""
    checker_deputy_phone: str = ""
    before_text: str = ""
    workaround: str = ""
    impact_text: str = ""
    vendor_id: str | None = None
    vendor_case: str = ""
    bridge_line: str = ""
    card: tuple[CardLine, ...] = ()
    runbook: str = ""
    owners: dict[str, str] = field(default_factory=dict)
    step_cis: dict[str, str] = field(default_factory=dict)


TEXTS = (
    "why",
    "requester",
    "approver",
    "change_reference",
    "urgent_reason",
    "checker",
    "checker_phone",
    "checker_deputy",
    "checker_deputy_phone",
    "before_text",
    "workaround",
    "impact_text",
    "vendor_case",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """The new outage, and how to take it back."""

    outage_id: OutageId
    code: str
    undo: Undo


def plan_outage(uow: UnitOfWork, plan: Plan) -> Planned:
    """A new outage in Draft, with its runbook's steps. Raises BadInput."""
    outage = Outage(
        organisation_id=uow.organisation_id,
        code=_next_code(uow, plan.window.start.year),
        title=_title(plan.title),
        start_wall="",
        end_wall="",
        zone=plan.window.zone,
        start_utc=plan.window.start_utc,
        end_utc=plan.window.end_utc,
        promised_end_utc=plan.window.end_utc,
        state_since=uow.now,
    )
    uow.add(outage)
    _set_facts(uow, outage, plan)
    uow.session.flush()
    _set_scope(uow, outage, plan)
    if plan.runbook:
        apply_runbook(uow, outage, plan.runbook, plan.owners, plan.step_cis)
    uow.log(f"drafted {outage.code} {outage.title}, {speak_window(plan.window)}", outage)
    uow.emit(OutageChanged(outage.id))
    undo = uow.undo(f"planning {outage.code}", outage.id)
    return Planned(OutageId(outage.id), outage.code, undo)


def change_outage(uow: UnitOfWork, outage_id: str, plan: Plan, seen: int) -> Undo:
    """Change the facts; what waits and is no longer true does not leave. An announced window is
    moved by `move_window`, which voids what was agreed. Raises BadInput, NotAllowed, Stale."""
    outage = uow.fetch(Outage, outage_id, seen)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()} and changes no more.")
    moved = plan.window != outage.window
    if moved and outage.state not in (State.DRAFT, State.PLANNED):
        raise NotAllowed(
            f"People were already told of {speak_window(outage.window)}. Use Move, which says "
            "whom that concerns and owes them the new time.",
            announced=True,
        )
    from app.services.outages.scope_freeze import scope_watch
    from app.services.outages.voiding import void_for_move, withdraw_untrue

    marked = scope_watch(uow, outage)
    outage.title = _title(plan.title)
    _set_facts(uow, outage, plan)
    _set_scope(uow, outage, plan)
    uow.session.flush()
    if moved:
        void_for_move(uow, outage)
    else:
        withdraw_untrue(uow, outage.id)
    uow.log(f"changed the plan of {outage.code}{marked()}", outage)
    owe_event(uow, outage)
    uow.emit(OutageChanged(outage.id))
    untrue = partial(withdraw_untrue, outage_id=outage.id)
    return uow.undo(f"changing {outage.code}", outage.id, also=untrue)


def fly_again(uow: UnitOfWork, outage_id: str, window: Window) -> Planned:
    """A linked copy in Draft with the same facts and steps, nothing of what was done; whoever is on
    duty then leads it. Raises BadInput for a window that has begun already: most often the old one,
    left as it stood."""
    old = uow.fetch(Outage, outage_id)
    if window.start_utc <= uow.now:
        raise BadInput("That window has begun already; give one still to come.")
    duty = on_duty(uow, window.start.date())
    plan = replace(plan_of(uow, old), window=window, runbook="")
    if duty is not None and duty.person_id != plan.coordinator_id:
        deputy = plan.deputy_id if plan.deputy_id != duty.person_id else None
        plan = replace(plan, coordinator_id=duty.person_id, deputy_id=deputy)
    copy = plan_outage(uow, plan)
    outage = uow.fetch(Outage, copy.outage_id)
    outage.flown_again_from = old.id
    outage.runbook, outage.runbook_revision = old.runbook, old.runbook_revision
    copy_steps(uow, old.id, outage)
    for step in uow.all(Step, col(Step.outage_id) == outage.id, col(Step.role) == COORDINATOR_ROLE):
        if step.owner_id == old.coordinator_id:
            step.owner_id = outage.coordinator_id
    copy_reach(uow, old.id, outage.id)
    uow.log(f"{outage.code} flies {old.code} again", outage)
    return replace(copy, undo=uow.undo(f"flying {old.code} again", outage.id))


def plan_of(uow: UnitOfWork, outage: Outage) -> Plan:
    """The facts of an outage as they would be typed."""
    bridge = bridge_of(uow, outage.id)
    return Plan(
        title=outage.title,
        window=outage.window,
        services=tuple(service_ids(uow, outage.id)),
        cis=tuple(ci_ids(uow, outage.id)),
        audiences=tuple(audience_ids(uow, outage.id)),
        impact=outage.impact,
        coordinator_id=outage.coordinator_id,
        deputy_id=outage.deputy_id,
        vendor_id=outage.vendor_id,
        bridge_line=bridge.line if bridge else "",
        card=card_from(outage.decision_card),
        runbook=outage.runbook,
        **{name: getattr(outage, name) for name in TEXTS},
    )


def find_outage(uow: UnitOfWork, code: str) -> Outage:
    """By code, in any case. Raises NotFound."""
    found = uow.all(Outage, col(Outage.code) == code.strip().upper())
    if not found:
        raise NotFound(f"There is no outage {code}; `outages` lists those there are.")
    return found[0]


def service_ids(uow: UnitOfWork, outage_id: str) -> list[str]:
    rows = uow.all(OutageService, col(OutageService.outage_id) == outage_id)
    return [row.service_id for row in rows]


def ci_ids(uow: UnitOfWork, outage_id: str) -> list[str]:
    return [row.ci_id for row in uow.all(OutageCi, col(OutageCi.outage_id) == outage_id)]


def audience_ids(uow: UnitOfWork, outage_id: str) -> list[str]:
    rows = uow.all(OutageAudience, col(OutageAudience.outage_id) == outage_id)
    return [row.audience_id for row in rows]


def bridge_of(uow: UnitOfWork, outage_id: str) -> Bridge | None:
    rows = uow.all(Bridge, col(Bridge.outage_id) == outage_id)
    return rows[0] if rows else None


def _title(typed: str) -> str:
    title = " ".join(typed.split())
    if not title:
        raise BadInput("The outage needs a title, a few words people will recognise it by.")
    if len(title) > TITLE_LENGTH:
        raise BadInput(f"The title is {len(title)} characters long; {TITLE_LENGTH} is the most.")
    return title


def _set_facts(uow: UnitOfWork, outage: Outage, plan: Plan) -> None:
    outage.set_window(plan.window)
    outage.impact = plan.impact
    for name in TEXTS:
        setattr(outage, name, getattr(plan, name).strip())
    outage.checker_phone = outage.checker_phone or _phone_of(uow, outage.checker)
    outage.checker_deputy_phone = outage.checker_deputy_phone or _phone_of(
        uow, outage.checker_deputy
    )
    for person in (plan.coordinator_id, plan.deputy_id):
        if person is not None:
            uow.fetch(Person, person)
    outage.coordinator_id, outage.deputy_id = plan.coordinator_id, plan.deputy_id
    outage.vendor_id = plan.vendor_id
    if plan.card or not outage.decision_card:
        outage.decision_card = card_to(plan.card or standard_card(uow.all(Person)))


def _phone_of(uow: UnitOfWork, name: str) -> str:
    """The directory's, where it knows them; at night nobody should have to look it up."""
    found = person_called(uow, name)
    return found.phone if found is not None else ""


def standard_card(people: Sequence[Person]) -> tuple[CardLine, ...]:
    """The default card with the organisation's first two leaders on it."""
    leaders = [person for person in people if "leader" in person.roles]
    first = leaders[0] if leaders else None
    second = leaders[1] if len(leaders) > 1 else None
    return default_card(
        first.name if first else "",
        first.phone if first else "",
        second.name if second else "",
        second.phone if second else "",
    )


def _set_scope(uow: UnitOfWork, outage: Outage, plan: Plan) -> None:
    """Services, CIs, audiences and the conference line."""
    if not plan.services:
        raise BadInput("Name at least one service that the outage takes down.")
    for service in plan.services:
        uow.fetch(Service, service)
    for ci in plan.cis:
        uow.fetch(ConfigurationItem, ci)
    audiences = plan.audiences
    if audiences is None:
        audiences = _audiences_of(uow, plan.services)
    for audience in audiences:
        uow.fetch(Audience, audience)
    owner = {"outage_id": outage.id}
    uow.set_links(OutageService, owner, "service_id", plan.services)
    uow.set_links(OutageCi, owner, "ci_id", plan.cis)
    uow.set_links(OutageAudience, owner, "audience_id", audiences)
    bridge = bridge_of(uow, outage.id)
    if bridge is None:
        uow.add(
            Bridge(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                line=plan.bridge_line.strip(),
            )
        )
    elif bridge.opened_at is None or outage.state not in FLYING:
        bridge.line = plan.bridge_line.strip()


def _audiences_of(uow: UnitOfWork, services: Sequence[str]) -> tuple[str, ...]:
    rows = uow.all(ServiceAudience, col(ServiceAudience.service_id).in_(services))
    return tuple(dict.fromkeys(row.audience_id for row in rows))


def _next_code(uow: UnitOfWork, year: int) -> str:
    """`OUT-2025-004`; never one used before, archived outages included."""
    prefix = f"OUT-{year}-"
    query = select(Outage.code).where(
        col(Outage.organisation_id) == uow.organisation_id, col(Outage.code).startswith(prefix)
    )
    numbers = [int(code.removeprefix(prefix)) for code in uow.session.exec(query)]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"
