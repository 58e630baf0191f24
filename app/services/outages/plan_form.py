"""What the plan form offers to choose from, and what it is checked against while typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import col

from app.models.calendar.free import FreeWindow
from app.models.notices.policy import lead_rule_in
from app.models.outages.decisions import CardLine
from app.models.outages.lifecycle import ImpactClass, State
from app.models.severity import Severity
from app.models.tables.directory import (
    Audience,
    ConfigurationItem,
    Department,
    Person,
    RotaTurn,
    Service,
    ServiceAudience,
    ServiceCi,
    Vendor,
)
from app.models.tables.outages import Outage
from app.models.times import speak_date, speak_moment, speak_span, to_wall, zone_names
from app.services.calendar.conflicts import judge
from app.services.calendar.free import first_free
from app.services.calendar.lead import Lead, lead_of
from app.services.calendar.scopes import roles_in, scope_of
from app.services.calendar.surroundings import Scope
from app.services.database import organisation
from app.services.outages.brief import ConflictRow, conflict_row
from app.services.outages.moving import told_count
from app.services.outages.plan_series import first_date
from app.services.outages.planning import Plan, plan_of, standard_card
from app.services.outages.scope_freeze import scope_frozen_at
from app.services.outages.usual import usual_checkers, usual_line, usual_owners
from app.services.runbook.applying import templates
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Choice:
    """`sub` tells two of the same name apart."""

    id: str
    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class ServiceChoice(Choice):
    """Choosing it brings its audiences and what it rests on."""

    audiences: tuple[str, ...] = ()
    cis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunbookChoice:
    name: str
    summary: str
    steps: int
    roles: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Of the rota; both days are included."""

    person_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The choices, and where to begin: `plan` is that of the outage being changed, `told` how
    many were told of it, `version` the one seen; for a new outage None, 0 and 0."""

    services: tuple[ServiceChoice, ...]
    cis: tuple[Choice, ...]
    audiences: tuple[Choice, ...]
    people: tuple[Choice, ...]
    coordinators: tuple[Choice, ...]
    leaders: tuple[Choice, ...]
    vendors: tuple[Choice, ...]
    runbooks: tuple[RunbookChoice, ...]
    zones: tuple[str, ...]
    home_zone: str
    turns: tuple[Turn, ...]
    today: date
    card: tuple[CardLine, ...]
    outage_id: str = ""
    code: str = ""
    version: int = 0
    state: State = State.DRAFT
    plan: Plan | None = field(default=None)
    told: int = 0
    usual: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(runbook, role) → who had it last; ("", role): in any runbook."""
    checkers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(service, role) → who checks it from the users’ side."""
    usual_line: str = ""
    """The conference line of the last outage; empty when that one was a meeting."""

    leads: Mapping[ImpactClass, str] = field(default_factory=dict)
    """How far ahead people must hear, for each class, in words."""

    def on_duty(self, day: date) -> str:
        """Whose turn it is on `day`; where the rota does not reach, whose it is today."""
        for wanted in (day, self.today):
            for turn in self.turns:
                if turn.first <= wanted <= turn.last:
                    return turn.person_id
        return ""


def plan_form(uow: UnitOfWork, outage_id: str = "") -> PlanForm:
    """For a new outage, or (with an id) to change one. Raises NotFound."""
    home = organisation(uow)
    people = uow.all(Person, order=(col(Person.name),))
    departments = {d.id: d.name for d in uow.all(Department)}
    turns = uow.all(RotaTurn, order=(col(RotaTurn.starts),))
    outage = uow.fetch(Outage, outage_id) if outage_id else None

    def those(role: str) -> tuple[Choice, ...]:
        return tuple(_person(p, departments) for p in people if role in p.roles)

    return PlanForm(
        services=_services(uow),
        cis=tuple(
            Choice(ci.id, ci.name, ci.kind.value.replace("_", " "))
            for ci in uow.all(ConfigurationItem, order=(col(ConfigurationItem.name),))
        ),
        audiences=tuple(
            Choice(a.id, a.name) for a in uow.all(Audience, order=(col(Audience.name),))
        ),
        people=tuple(_person(p, departments) for p in people),
        coordinators=those("coordinator"),
        leaders=those("leader"),
        vendors=tuple(
            Choice(v.id, v.name, v.phone) for v in uow.all(Vendor, order=(col(Vendor.name),))
        ),
        runbooks=tuple(
            RunbookChoice(t.name, t.summary, len(t.steps), t.roles, t.ci_roles)
            for t in templates(uow)
        ),
        zones=zone_names(),
        home_zone=home.zone,
        leads={impact: lead_rule_in(home.policy, impact).words for impact in ImpactClass},
        turns=tuple(Turn(turn.person_id, turn.starts, turn.ends) for turn in turns),
        today=to_wall(uow.now, home.zone).date(),
        card=standard_card(people),
        outage_id=outage_id,
        code=outage.code if outage else "",
        version=outage.version if outage else 0,
        state=outage.state if outage else State.DRAFT,
        plan=plan_of(uow, outage) if outage else None,
        told=told_count(uow, outage_id) if outage_id else 0,
        usual={} if outage_id else usual_owners(uow, {p.id for p in people}),
        checkers={} if outage_id else usual_checkers(uow, people),
        usual_line="" if outage_id else usual_line(uow),
    )


def plan_conflicts(uow: UnitOfWork, plan: Plan, outage_id: str = "") -> tuple[ConflictRow, ...]:
    """What stands against a plan as it is typed, the worst first; nothing is stored."""
    found = tuple(conflict_row(c) for c in judge(uow, _scope_of_plan(uow, plan, outage_id)))
    if plan.window.end_utc <= uow.now:  # a slip of the year, more often than a flight told later
        ago = speak_span(uow.now - plan.window.end_utc)
        return (ConflictRow(Severity.WARN, "", f"This window passed {ago} ago."), *found)
    return found


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """`lead`: by when people must hear (too late is a conflict, which says which date the window
    would need), and that its scope is frozen; None for neither. `of` says which date of a series
    it is about; empty for a window that happens once."""

    conflicts: tuple[ConflictRow, ...]
    lead: Lead | None
    of: str = ""


def plan_check(
    uow: UnitOfWork,
    plan: Plan,
    outage_id: str = "",
    repeats: str = "",
    not_in_freeze: bool = True,
) -> PlanCheck:
    """What stands against a plan as it is typed, and by when people must hear of it; of one that
    `repeats` (a rule) against its first date, which need not be the one that was typed."""
    of = ""
    if repeats:
        first = first_date(uow, plan, repeats, not_in_freeze=not_in_freeze)
        if first is None:
            said = "None of its dates within the next year would be a flight."
            return PlanCheck((ConflictRow(Severity.WARN, "", said),), None)
        plan, of = first, f"of its first date, {speak_date(first.window.start.date())}"
    found = plan_conflicts(uow, plan, outage_id)
    if plan.impact is ImpactClass.URGENT and not (plan.approver and plan.urgent_reason):
        said = "It is urgent: it can be planned once it says who approved it, and why."
        found = (ConflictRow(Severity.WARN, "", said), *found)
    scope = _scope_of_plan(uow, plan, outage_id)
    told = scope.told or plan.window.end_utc <= uow.now
    lead = None if told else lead_of(uow, scope)
    if lead is not None and lead.late:
        lead = None
    return PlanCheck(found, _with_freeze(uow, outage_id, lead), of)


def _with_freeze(uow: UnitOfWork, outage_id: str, lead: Lead | None) -> Lead | None:
    outage = uow.fetch(Outage, outage_id) if outage_id else None
    frozen = scope_frozen_at(uow, outage) if outage is not None else None
    if outage is None or frozen is None:
        return lead
    said = (
        f"Services, items, audiences and window are frozen since "
        f"{speak_moment(frozen, outage.zone)}: what changes of them is marked."
    )
    return Lead(f"{lead.sentence} {said}" if lead is not None else said)


def plan_free(uow: UnitOfWork, plan: Plan, outage_id: str = "") -> tuple[FreeWindow, ...]:
    """The free windows nearest to a plan as it is typed. A query."""
    roles = roles_in(uow, outage_id) if outage_id else tuple(plan.owners)
    return first_free(uow, replace(_scope_of_plan(uow, plan, outage_id), roles=roles))


def _scope_of_plan(uow: UnitOfWork, plan: Plan, outage_id: str) -> Scope:
    scope = Scope(
        window=plan.window,
        impact=plan.impact,
        services=plan.services,
        cis=plan.cis,
        owners=tuple(dict.fromkeys(plan.owners.values())),
        audiences=plan.audiences,
        coordinator=plan.coordinator_id,
    )
    if not outage_id:
        return scope
    # its steps have owners already, and people may have been told of this very window
    saved = scope_of(uow, uow.fetch(Outage, outage_id))
    same = saved.window == plan.window
    return replace(scope, owners=saved.owners, exclude=outage_id, told=saved.told and same)


def _person(person: Person, departments: dict[str, str]) -> Choice:
    return Choice(person.id, person.name, departments.get(person.department_id or "", person.phone))


def _services(uow: UnitOfWork) -> tuple[ServiceChoice, ...]:
    audiences: dict[str, list[str]] = {}
    for told in uow.all(ServiceAudience):
        audiences.setdefault(told.service_id, []).append(told.audience_id)
    cis: dict[str, list[str]] = {}
    for link in uow.all(ServiceCi):
        cis.setdefault(link.service_id, []).append(link.ci_id)
    return tuple(
        ServiceChoice(
            s.id,
            s.name,
            s.plain_name if s.plain_name != s.name else "",
            tuple(audiences.get(s.id, ())),
            tuple(cis.get(s.id, ())),
        )
        for s in uow.all(Service, order=(col(Service.name),))
    )
