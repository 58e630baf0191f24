"""Who is offered for a new outage's roles: whoever had them last, a checker per service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from sqlmodel import col, select

from app.models.bridge import Provider
from app.models.errors import BadInput
from app.models.ids import key_of
from app.models.live.go import few
from app.models.outages.decisions import card_from
from app.models.runbook.steps import StepKind
from app.models.runbook.templates import CHECKER_ROLE, RunbookTemplate
from app.models.tables.bridge import Bridge
from app.models.tables.directory import (
    Audience,
    ConfigurationItem,
    Department,
    Person,
    ServiceAudience,
    ServiceCi,
)
from app.models.tables.outages import Outage, OutageService
from app.models.tables.runbook import Step
from app.services.directory.called import meant, person_called
from app.services.outages.planning import Plan, bridge_of
from app.services.runbook.applying import template_called
from app.services.runbook.roles import roles_of
from app.services.uow import UnitOfWork

Had = Mapping[tuple[str, str], str]
"""(runbook, role), or (service id, role) for a checker, → person id."""


def checks_for_users(role: str) -> bool:
    """Somebody from the users' side: who that is depends on the service, not on the runbook."""
    return role.casefold().endswith("checker")


def usual_owners(uow: UnitOfWork, people: AbstractSet[str]) -> Had:
    """Whoever had a role last most often has it again; ("", role): in any runbook."""
    had = (
        select(Outage.runbook, Step.role, Step.owner_id)
        .join(Outage, col(Step.outage_id) == col(Outage.id))
        .where(
            col(Step.role) != "", col(Step.owner_id).is_not(None), col(Step.archived_at).is_(None)
        )
        .order_by(col(Outage.start_utc))
    )
    usual: dict[tuple[str, str], str] = {}
    for runbook, role, owner in uow.session.exec(had):
        if owner is not None and owner in people and not checks_for_users(role):
            usual["", role] = usual[runbook, role] = owner
    return usual


def usual_checkers(uow: UnitOfWork, people: Sequence[Person]) -> Had:
    """Who checked each service last; where it was never flown, the head of a department that its
    audiences name."""
    known = {person.id for person in people}
    found: dict[tuple[str, str], str] = {}
    heads = {d.id: d.head_id for d in uow.all(Department)}
    audiences = {a.id: a for a in uow.all(Audience)}
    for told in uow.all(ServiceAudience):
        audience = audiences.get(told.audience_id)
        for department in audience.departments if audience is not None else ():
            head = heads.get(department)
            if head in known:
                found.setdefault((told.service_id, CHECKER_ROLE), str(head))
    flown = (
        select(OutageService.service_id, Outage.checker)
        .join(Outage, col(OutageService.outage_id) == col(Outage.id))
        .where(col(Outage.checker) != "", col(OutageService.archived_at).is_(None))
        .order_by(col(Outage.start_utc))
    )
    for service, checker in uow.session.exec(flown):
        person = meant(people, checker)
        if person is not None:
            found[service, CHECKER_ROLE] = person.id
    return found


def usual_owner(had: Had, checkers: Had, runbook: str, role: str, services: Sequence[str]) -> str:
    """Empty where nobody is known for it."""
    if checks_for_users(role):
        return next((checkers[s, role] for s in services if (s, role) in checkers), "")
    return had.get((runbook, role)) or had.get(("", role)) or ""


def usual_line(uow: UnitOfWork) -> str:
    """The conference line of the last outage; empty when that one was a meeting."""
    last = (
        select(Bridge.line, Bridge.provider)
        .join(Outage, col(Bridge.outage_id) == col(Outage.id))
        .order_by(col(Outage.start_utc).desc())
        .limit(1)
    )
    found = uow.session.exec(last).first()
    return found[0] if found is not None and found[1] == Provider.LINE else ""


def with_the_usual(uow: UnitOfWork, plan: Plan) -> Plan:
    """What was left open of a new outage's runbook: for each role the free person with the fewest
    off-hours of those who had it (where nobody is free, who had it last), a part's CI where only
    one can be meant, the conference line. Raises NotFound, and BadInput for an owner of a role
    that the runbook has not."""
    from app.services.rota.fairest import fairest  # Today, which says who is usual, does without
    from app.services.rota.loads import loads

    line = plan.bridge_line or usual_line(uow)
    template = template_called(uow, plan.runbook) if plan.runbook else RunbookTemplate("none", 1)
    given = {key_of(role): person for role, person in plan.owners.items()}
    if unknown := given.keys() - {key_of(role) for role in template.roles}:
        roles = ", ".join(template.roles) or "none"
        raise BadInput(
            f"The runbook has no role “{min(unknown)}”. Its roles: {roles}. Nothing was planned."
        )
    people = uow.all(Person)
    had, checkers = usual_owners(uow, {p.id for p in people}), usual_checkers(uow, people)
    named = person_called(uow, plan.checker) if plan.checker else None
    had_loads = loads(uow, plan.window.start.year)
    owners = {}
    for role in template.roles:
        if role == "coordinator":
            continue
        owner = usual_owner(had, checkers, template.name, role, plan.services)
        if not checks_for_users(role) and key_of(role) not in given:
            fair = fairest(uow, role, plan.window, known_loads=had_loads)
            owner = fair.person_id if fair is not None and fair.person_id else owner
        if role == CHECKER_ROLE and plan.checker:
            owner = named.id if named is not None else ""
        if owner := given.get(key_of(role), owner):
            owners[role] = owner
    return replace(plan, bridge_line=line, owners=owners, step_cis=_parts(uow, plan, template))


def why_these(uow: UnitOfWork, asked: Plan, full: Plan) -> tuple[str, ...]:
    """For each role that fell to the fairest of several: who, and the reason."""
    from app.services.rota.fairest import fairest
    from app.services.rota.loads import loads

    given = {key_of(role) for role in asked.owners}
    had = loads(uow, full.window.start.year)
    told = []
    for role, owner in full.owners.items():
        if key_of(role) in given or checks_for_users(role):
            continue
        fair = fairest(uow, role, full.window, known_loads=had)
        if fair is not None and fair.person_id == owner and fair.chosen:
            told.append(f"{role}: {fair.name} ({fair.why}).")
    return tuple(told)


def _parts(uow: UnitOfWork, plan: Plan, template: RunbookTemplate) -> dict[str, str]:
    """The only part is played by the only CI that the services rest on."""
    if plan.step_cis or plan.cis:
        return dict(plan.step_cis)
    resting = {c.ci_id for c in uow.all(ServiceCi, col(ServiceCi.service_id).in_(plan.services))}
    parts = template.ci_roles
    if len(resting) != 1 or len(parts) != 1:
        return {}
    return {parts[0]: uow.fetch(ConfigurationItem, resting.pop()).id}


def still_missing(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """What a flight needs and nobody has named yet, in words. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    bridge = bridge_of(uow, outage_id)
    missing = [] if outage.coordinator_id else ["a coordinator"]
    if not outage.runbook:
        missing.append("a runbook")
    for row in roles_of(uow, outage_id).rows:
        if row.unowned:
            missing.append(f"who is {row.role} (step {few(row.to_give)})")
    if nobody := _of_nobody(uow, outage_id):
        missing.append(f"who does step {few(nobody)}")
    if not outage.checker:
        missing.append("a user-side checker")
    elif not outage.checker_phone:
        missing.append(f"the phone of {outage.checker}")
    if bridge is None or not bridge.line:
        missing.append("a conference line")
    if not any(line.who for line in card_from(outage.decision_card)):
        missing.append("who decides on the decision card")
    return tuple(missing)


def _of_nobody(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """The codes of the work that no role plays and nobody owns."""
    rows = uow.all(
        Step,
        col(Step.outage_id) == outage_id,
        col(Step.owner_id).is_(None),
        col(Step.role) == "",
        col(Step.kind).in_([StepKind.WORK, StepKind.CHECK]),
        order=(col(Step.position),),
    )
    return tuple(row.code for row in rows)
