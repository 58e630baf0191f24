"""What the store knows of one outage, gathered once for all of its notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Text, type_coerce
from sqlmodel import col, select

from app.models.directory.words import Role, name_keys
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import WorkDays
from app.models.notices.plan import PlanItem
from app.models.outages.debt import Debt
from app.models.outages.decisions import card_from
from app.models.outages.lifecycle import BEFORE_START, State
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import (
    Audience,
    ConfigurationItem,
    Organisation,
    Person,
    Service,
    Vendor,
)
from app.models.tables.live import Decision
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.times import speak_window
from app.services.bridge.joining import how_to_join
from app.services.crew.mailing import OnBoard, told_in_brief
from app.services.database import organisation
from app.services.directory.called import meant
from app.services.notices.audiences import (
    Recipient,
    Resolved,
    department_heads,
    reached_by,
    resolve,
)
from app.services.notices.planning import Left, left_of, plan_for
from app.services.notices.reach import dependent_services, reach_of
from app.services.notices.rendering import built_in
from app.services.notices.template import TemplateSource
from app.services.notices.templates import own_templates
from app.services.notices.workdays import workdays
from app.services.outages.debt import debts_of
from app.services.outages.planning import audience_ids, bridge_of, ci_ids, service_ids
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork

LEADS_IT = "because you lead IT"
MOST_NAMED = 4
"""Of the services that depend on its CIs so many are named in the greeting."""
COMING = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Known:
    """`services` are their names for users, `changes` what people will notice,
    `unreviewed` how many change records nobody confirmed yet, `left` the
    notices that left (oldest first), `desks` the addresses of those beside the flight,
    `vendor` its name, contact and phone, `templates` the organisation's own words, `coming` the
    other outages of the next weeks, `also_affected` the names of the services that rest on its CIs
    and brought somebody to be told."""

    now: datetime
    outage: Outage
    organisation: Organisation
    services: tuple[str, ...]
    service_ids: frozenset[str]
    audiences: tuple[str, ...]
    cis: tuple[str, ...]
    people: Mapping[str, Person]
    bridge: str
    steps: Loaded
    changes: tuple[str, ...]
    unreviewed: int
    decisions: tuple[Decision, ...]
    moved_because: str
    resolved: Resolved
    workdays: WorkDays
    plan: tuple[PlanItem, ...]
    debts: tuple[Debt, ...]
    left: tuple[Left, ...]
    heads: tuple[Recipient, ...]
    desks: Mapping[NoticeKind, tuple[Recipient, ...]]
    vendor: tuple[str, str, str] | None
    templates: Mapping[NoticeKind, TemplateSource]
    coming: tuple[str, ...] = ()
    also_affected: tuple[str, ...] = ()
    on_board: Mapping[str, OnBoard] = field(default_factory=dict)
    """Of the crew, by id; empty while the crew board is off."""

    def template(self, kind: NoticeKind) -> TemplateSource:
        """The words that hold for this outage."""
        return self.templates.get(kind) or built_in(kind)

    @property
    def coordinator(self) -> Person | None:
        return self.people.get(self.outage.coordinator_id or "")

    def person_named(self, name: str) -> Person | None:
        """Who is called so in the directory; a title before a comma is left out."""
        return meant(self.people.values(), name)


def gather(uow: UnitOfWork, outage: Outage) -> Known:
    resolved = resolve(uow, outage)
    years = {outage.window.start.year - 1, outage.window.start.year, outage.window.end.year + 1}
    services = {s.id: s for s in uow.all(Service)}
    names = {c.id: c.name for c in uow.all(ConfigurationItem)}
    bridge = bridge_of(uow, outage.id)
    records = uow.all(
        ChangeRecord,
        col(ChangeRecord.outage_id) == outage.id,
        order=(col(ChangeRecord.number),),
    )
    steps = load_steps(uow, outage.id)
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    decisions = uow.all(Decision, col(Decision.outage_id) == outage.id)
    return Known(
        now=uow.now,
        outage=outage,
        organisation=organisation(uow),
        services=tuple(
            services[i].plain_name or services[i].name
            for i in service_ids(uow, outage.id)
            if i in services
        ),
        service_ids=frozenset(service_ids(uow, outage.id)),
        audiences=_audience_names(uow, outage),
        cis=tuple(names[i] for i in ci_ids(uow, outage.id) if i in names),
        people=_people(uow, outage, steps),
        bridge=how_to_join(bridge),
        steps=steps,
        changes=tuple(
            dict.fromkeys(r.people_notice for r in records if r.people_notice and not r.undone)
        ),
        unreviewed=sum(1 for r in records if r.reviewed_at is None and not r.undone),
        decisions=tuple(sorted(decisions, key=lambda d: d.number)),
        moved_because=_moved_because(uow, outage),
        resolved=resolved,
        workdays=workdays(uow, resolved, years),
        plan=plan_for(uow, outage, resolved),
        debts=debts_of(uow, outage, resolved),
        left=left_of(uow, outage.id),
        heads=tuple(department_heads(uow)),
        desks={
            NoticeKind.SERVICE_DESK_BRIEF: _desk(uow, "service_desk", "service desk"),
            NoticeKind.MONITORING: _desk(uow, "monitoring", "monitoring"),
            NoticeKind.DIGEST: leaders(uow),
        },
        vendor=(vendor.name, vendor.contact, vendor.phone) if vendor else None,
        templates=own_templates(uow, service_ids(uow, outage.id)),
        coming=_coming(uow, outage),
        also_affected=tuple(
            services[i].plain_name or services[i].name
            for i in resolved.through
            if i not in service_ids(uow, outage.id)
        ),
        on_board=told_in_brief(uow, outage.id),
    )


def _people(uow: UnitOfWork, outage: Outage, steps: Loaded) -> dict[str, Person]:
    """Coordinator, owners of steps, and those named as checker or on the decision card."""
    ids = {row.owner_id for row in steps.rows} | {outage.coordinator_id, outage.deputy_id}
    named = [outage.checker, *(line.who for line in card_from(outage.decision_card))]
    keys = set().union(*(name_keys(name) for name in named))
    found = uow.all(Person, col(Person.id).in_(ids - {None}) | col(Person.key).in_(keys))
    return {person.id: person for person in found}


def _audience_names(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    named = {a.id: a.name for a in uow.all(Audience)}
    names = [named[i] for i in audience_ids(uow, outage.id) if i in named]
    reach = reach_of(uow, outage.id)
    if reach.depends:
        ids = dependent_services(uow, ci_ids(uow, outage.id))
        services = uow.all(Service, col(Service.id).in_(ids), order=(col(Service.name),))
        users = [f"users of {s.plain_name or s.name}" for s in services]
        users = ["users of what rests on it"] if len(users) > MOST_NAMED else users
        names += users
    return tuple(names) or (("colleagues concerned",) if reach.added else ())


def _coming(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    """Those that begin within four weeks, in the order of their windows."""
    found = uow.all(
        Outage,
        col(Outage.start_utc) >= uow.now,
        col(Outage.start_utc) < uow.now + COMING,
        col(Outage.id) != outage.id,
        col(Outage.state).in_(BEFORE_START - {State.DRAFT}),
        order=(col(Outage.start_utc), col(Outage.code)),
    )
    return tuple(f"{speak_window(o.window)}: {o.title}" for o in found)


def _moved_because(uow: UnitOfWork, outage: Outage) -> str:
    """The reason given with the last move, which only the log keeps."""
    query = (
        select(LogEntry)
        .where(
            col(LogEntry.organisation_id) == outage.organisation_id,
            col(LogEntry.outage_id) == outage.id,
            col(LogEntry.what).startswith(f"moved {outage.code} from "),
        )
        .order_by(col(LogEntry.number).desc())
    )
    moved = uow.session.exec(query).first()
    return moved.what.partition(": ")[2].strip() if moved else ""


def leaders(uow: UnitOfWork) -> tuple[Recipient, ...]:
    """The audience of leaders, else whose role in the directory that is."""
    if reached := _desk(uow, "leaders", "it leaders"):
        return reached
    leads = type_coerce(col(Person.roles), Text).like(f'%"{Role.LEADER.value}"%')
    return tuple(
        Recipient(p.name, p.email, p.zone, LEADS_IT)
        for p in uow.all(Person, leads, order=(col(Person.key),))
        if p.email
    )


def _desk(uow: UnitOfWork, setting: str, audience_key: str) -> tuple[Recipient, ...]:
    """The address of the organisation's policy, else whom the audience of that name reaches."""
    address = str(organisation(uow).policy.get(setting, "")).strip()
    if address:
        name = audience_key.capitalize()
        return (Recipient(name, address, organisation(uow).zone, f"because you are {name}"),)
    for audience in uow.all(Audience, col(Audience.key) == audience_key):
        return reached_by(uow, audience)
    return ()
